"""Restricted records on the command line: documents, files and words for its two readers (R60)."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from allocator.errors import InternalError
from allocator.explain.audiences import MOST, audience_of, audiences
from allocator.explain.present import present_state
from allocator.explain.readers import RECORDED, Reader, label_of
from allocator.jobs.explain import Explainer
from allocator.jobs.explain_document import explain_document
from allocator.jobs.order import order_plan
from allocator.jobs.order_document import order_document
from allocator.jobs.place import Placer
from allocator.jobs.place_document import place_document
from allocator.jobs.ports import Planned
from allocator.jobs.results import write_results
from allocator.jobs.task import read_source
from allocator.model.catalogue import RuleId
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.sequence import Hindrance
from allocator.model.vocabulary import Marking, Restriction
from allocator.report.present import render_present
from allocator.service.workflow.changed import changes
from tests.api import marked_world as world
from tests.builders import make_scenario

TOLD_OF: dict[str, tuple[str, ...]] = {
    "non_association": ("R09",),
    "protection_need": ("R10",),
    "membership": ("R09",),
    "finding": ("R18", "R32"),
    "edge": ("R32",),
}


def marked(only: str, *release: str) -> Scenario:
    return read_source(world.marked_document(list(release), only))


Tell = Callable[[Reader], Any]


def answers(scenario: Scenario, planned: Planned) -> list[Tell]:
    """The answers about everybody, each to be told to any reader."""
    explainer, placer = Explainer(scenario, planned.plan), Placer(scenario)
    found: list[Tell] = []
    for person_id in world.PRESENT:
        why = explainer.check(explainer.explain(person_id))
        found.append(partial(explain_document, scenario, planned.plan, why))
        offers = placer.check(placer.place(person_id))
        found.append(partial(place_document, scenario, offers, placer.present))
    return found


def told(
    scenario: Scenario, planned: Planned, of_people: list[Tell], reader: Reader, folder: Path
) -> str:
    """Everything that the command line says of a plan to a reader, its own files included."""
    found = [tell(reader) for tell in of_people]
    parts = ("quality", "capacity", "space", "reviews")
    texts = [json.dumps(found), render_present(present_state(scenario, reader), parts)]
    for path in write_results(scenario, planned, folder / reader.value, reader):
        if path.suffix == ".xlsx":
            with ZipFile(path) as book:
                texts += [book.read(name).decode() for name in book.namelist()]
        elif path.name != "plan.json":
            texts.append(path.read_text("utf-8"))
    return "\n".join(texts)


@pytest.mark.parametrize("kind", world.RECORDS)
def test_a_rule_is_told_only_to_readers_to_whom_the_record_was_released(
    kind: str, tmp_path: Path
) -> None:
    for release in ([], ["reviewer"], ["officer"], ["security"]):
        scenario = marked(kind, *release)
        folder = tmp_path / "-".join(["to", *release])
        folder.mkdir()
        planned = world.planned(scenario, world.PLANNED)
        of_people = answers(scenario, planned)
        for reader in (Reader.OFFICER, Reader.SECURITY):
            text = told(scenario, planned, of_people, reader, folder)
            of_both = kind in {"non_association", "protection_need"}
            knows = reader.value in release and (of_both or reader.sees_intelligence)
            named = [rule for rule in TOLD_OF[kind] if rule in text]
            assert named == (list(TOLD_OF[kind]) if knows else []), (release, reader.value)
            canaries = [word for word in world.CANARIES if word in text and word != "network role"]
            assert knows or canaries == []


def test_people_whom_nothing_restricted_concerns_are_told_as_before() -> None:
    """Of two non-associations one is restricted: the other pair's is named, with its people."""
    hidden = NonAssociation(
        "a", "b", Restriction.CELL, marking=Marking.RESTRICTED, released_to=frozenset({"x"})
    )
    known = NonAssociation("c", "d", Restriction.CELL)
    cells = ["c1", "c2", "c3", "c4"]
    scenario = make_scenario(cells, ["a", "b", "c", "d"], non_associations=[hidden, known])
    places = dict(zip("abcd", cells, strict=True))
    people = tuple(replace(p, current_place=places[p.person_id]) for p in scenario.people)
    estate = replace(
        scenario.estate,
        cells=tuple(replace(c, working_capacity=2, max_capacity=2) for c in scenario.estate.cells),
    )
    scenario = replace(scenario, people=people, estate=estate)
    placer = Placer(scenario)

    def closing(person_id: str) -> dict[str, list[str]]:
        answer = placer.check(placer.place(person_id))
        document = place_document(scenario, answer, placer.present, Reader.OFFICER)
        return {c["cell_id"]: c["closed_by"] for c in document["other_cells"]}

    assert closing("c")["c4"] == ["R09-non-association"]
    assert closing("a")["c2"] == [RECORDED]


def test_an_unbound_reader_is_told_nothing() -> None:
    with pytest.raises(InternalError, match="reader of no scenario"):
        label_of(RuleId.NON_ASSOCIATION, Reader.SECURITY)


def test_audiences_are_those_that_differ() -> None:
    assert list(audiences(make_scenario())) == ["officer", "security"]
    found = audiences(marked("finding", "planner", "security"))
    assert list(found) == [
        "officer",
        'officer [["planner", "security"]]',
        'security [["planner", "security"]]',
    ]


@pytest.mark.parametrize(
    ("roles", "sees", "releases"),
    [
        ({"officer"}, False, []),
        ({"planner"}, False, [["planner"]]),
        ({"planner", "reviewer"}, False, [["planner"], ["reviewer"]]),
        ({"security", "reviewer"}, True, [["reviewer"]]),
    ],
)
def test_a_reader_gets_the_audience_that_knows_as_much(
    roles: set[str], sees: bool, releases: list[list[str]]
) -> None:
    pairs = (("a", "b", "planner"), ("c", "d", "reviewer"))
    rows = [
        NonAssociation(
            one, other, Restriction.CELL, marking=Marking.RESTRICTED, released_to=frozenset({role})
        )
        for one, other, role in pairs
    ]
    known = audiences(make_scenario(people=["a", "b", "c", "d"], non_associations=rows))
    kind = "security" if sees else "officer"
    name = audience_of(Reader(kind, sees, frozenset(roles)), known)
    assert name == (f"{kind} {json.dumps(releases)}" if releases else kind)
    assert len(known) <= 2 * MOST


@pytest.mark.parametrize("release", [[], ["officer"]])
def test_people_who_wait_for_one_another_are_named_where_the_rule_may_be(
    release: list[str],
) -> None:
    document = world.marked_document(release, "non_association")
    scenario = read_source(document)
    ordered = order_plan(document, world.planned(scenario, world.PLANNED).plan)
    waiting = Hindrance(
        ("P1", "P2"), ("W-1", "W-2"), (RuleId.NON_ASSOCIATION,), "a move of P2, who is left out"
    )
    ordered = replace(ordered, sequence=replace(ordered.sequence, hindrances=(waiting,)))
    shown = order_document(ordered, Reader.OFFICER)["hindrances"]
    assert [entry["person_ids"] for entry in shown] == (
        [["P1", "P2"]] if release else [["P1"], ["P2"]]
    )
    assert ("P2" in json.dumps(shown[0])) is bool(release)
    assert {rule["rule"] == RECORDED for entry in shown for rule in entry["rules"]} == {not release}


def test_a_record_that_is_restricted_since_has_not_gone() -> None:
    scenario = marked("non_association", "reviewer")
    (row,) = scenario.non_associations
    plain = replace(row, owner="", marking=Marking.UNMARKED, released_to=frozenset())
    (change,) = changes(replace(scenario, non_associations=(plain,)), scenario)
    assert (change.kind, change.count, change.ids) == ("recorded_information", 1, ())
    assert change.parts(frozenset({"officer"})) == ()
    (part,) = change.parts(frozenset({"reviewer"}))
    assert (part.kind, part.ids) == ("non_associations_added", ("P1", "P2"))
