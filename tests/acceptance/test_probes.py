"""What a domain expert tries first, one test each.

Whether dispersal shows more spillover and concentration more collusion on F01 is asked in
`tests/golden/test_policies_on_f01.py`, under the scenario's own contact weights.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from allocator.cli.app import app
from allocator.jobs.exits import ExitCode
from allocator.jobs.explain import Explainer
from allocator.jobs.order import order_placement
from allocator.model.catalogue import RuleId
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    AuthorityKind,
    Grade,
    LegalCategory,
    NetworkRole,
    Restriction,
    UsedFor,
)
from allocator.prepare.plan_document import plan_document
from allocator.verify import check_aim, check_sequence, verify
from tests.acceptance.planned import places, planned, told, why_unplaced
from tests.builders import (
    authority,
    cell,
    days_ago,
    derogable,
    landing,
    make_scenario,
    person,
    receptivity,
    role,
    wing,
)
from tests.jobs.test_compare import finding
from tests.prepare_read.small import SMALL, write_folder
from tests.scenario_documents import document, write


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_remand_prisoner_put_next_to_a_sentenced_one_is_found() -> None:
    cells = [cell("c1"), cell("c2"), cell("c3", parent="L2")]
    people = [person("s"), person("r", legal_category=LegalCategory.REMAND)]
    scenario = make_scenario(cells, people, units=[wing("W2"), landing("L2", "W2")])
    at = places(scenario)
    assert (at["s"] == "c3") != (at["r"] == "c3")
    (breach,) = verify(scenario, {"s": "c1", "r": "c2"}).unlawful
    assert breach.rule is RuleId.REMAND_SENTENCED
    assert "wing W holds 1 remand, 1 sentenced" in breach.detail


def test_a_child_does_not_get_the_only_free_bed_next_to_adults() -> None:
    people = [person("adult", current_place="c1"), person("child", age_years=16)]
    scenario = make_scenario(["c1", "c2"], people)
    assert why_unplaced(scenario) == {"child": {RuleId.CAPACITY, RuleId.SEX_AND_AGE}}
    (conflict,) = planned(scenario).plan.conflicts
    assert set(conflict.person_ids) == {"adult", "child"}
    assert conflict.rules == (RuleId.SEX_AND_AGE,)


def test_an_authority_that_expires_ends_the_hold_and_comes_first() -> None:
    valid = authority("p", AuthorityKind.SEPARATION, 4, expires_at=days_ago(0))
    scenario = make_scenario(
        ["c1", cell("s1", parent="LS")],
        [person("p", current_place="s1")],
        units=[
            wing("WS", used_for=frozenset({UsedFor.SEPARATION}), regime_level=4),
            landing("LS", "WS"),
        ],
        authorities=[valid],
    )
    assert places(scenario) == {"p": "s1"}
    assert told(scenario).unlawful_holds == ()
    past = replace(valid, expires_at=days_ago(1), review_by=days_ago(2))
    report = told(replace(scenario, authorities=(past,)))
    (hold,) = report.unlawful_holds
    assert (hold.person_id, hold.place_planned, hold.leaves) == ("p", "c1", True)
    assert [line.rules_settled for line in report.moves] == [(RuleId.EXPIRED_AUTHORITY,)]


def test_an_ethnicity_column_stops_every_command_and_nothing_is_written(tmp_path: Path) -> None:
    header, *rows = SMALL["people.csv"].splitlines()
    people = "\n".join([f"{header},ethnicity", *(f"{row},x" for row in rows), ""])
    folder = write_folder(tmp_path / "prison", {"people.csv": people})
    out = tmp_path / "out"
    for words in (
        ("plan", folder, "--out", out),
        ("scenario", "check", folder),
        ("place", folder, "p1"),
        ("compare", folder, "--policies", "dispersal", "--out", out),
    ):
        found = run(*words)
        assert found.exit_code == ExitCode.BAD_DATA, found.output
        said = " ".join(found.output.split())
        assert "ethnicity" in said
        assert "no place in a housing decision (R62)" in said
        assert not out.exists()


def test_nobody_can_ask_for_the_most_dangerous_ten(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "prison", {})
    for words in (
        ("rank", folder),
        ("plan", folder, "--top", "10"),
        ("place", folder, "--most-dangerous", "10"),
        ("scenario", "show", folder, "--sort-by", "risk"),
    ):
        assert run(*words).exit_code == ExitCode.USAGE
    people = SMALL["people.csv"].replace("current_place\n", "current_place,danger_score\n")
    scored = write_folder(tmp_path / "scored", {"people.csv": people.replace("C1\n", "C1,9\n")})
    assert run("plan", scored).exit_code == ExitCode.BAD_DATA


def test_a_plan_says_of_a_person_where_and_why_and_gives_no_number() -> None:
    placements = plan_document(planned(dormitory()).plan)["placements"]
    assert [row["person_id"] for row in placements] == [f"p{i:02}" for i in range(16)]
    for row in placements:
        assert not [name for name, value in row.items() if isinstance(value, int | float)]


def test_whoever_is_listed_by_exposure_is_listed_for_protection() -> None:
    """The only list of people by points names those who receive, never the source."""
    scenario = make_scenario(
        ["c1", "c2", "c3"],
        [person(key, current_place=f"c{n}") for n, key in enumerate(("a", "lead", "z"), 1)],
        findings=[
            role("lead", NetworkRole.LEADER),
            receptivity("a", Grade.MODERATE),
            receptivity("z", Grade.HIGH),
        ],
    )
    assert [line.person_id for line in told(scenario).most_exposed] == ["z", "a"]


def dormitory() -> Scenario:
    """Sixteen people, eight beds, 16 m²: a room of Idrizovo."""
    people = [person(f"p{i:02}", current_place="d", days_below_hard_floor=26) for i in range(16)]
    floors = (RuleId.SPACE_FLOOR, RuleId.SPACE_DAYS)
    return make_scenario(
        [cell("d", 8, max_capacity=16, area_m2=16.0)],
        people,
        settings=dict.fromkeys(floors, derogable(10)),
    )


def test_the_rooms_of_idrizovo_are_derogated_from_person_by_person() -> None:
    report = told(dormitory())
    assert report.headline.unplaced == 0
    per_rule = {
        rule: {line.person_id for line in report.derogations if line.rule == rule.value}
        for rule in (RuleId.CAPACITY, RuleId.SPACE_FLOOR)
    }
    assert [len(people) for people in per_rule.values()] == [16, 16]
    assert all(line.signed_by for line in report.derogations)
    assert {line.area_per_place_m2 for line in report.space} == {1.0}
    assert report.space_totals.limit_reached == 16
    assert (report.dormitories.rooms, report.dormitories.held_after) == (1, 16)


def test_the_same_question_has_the_same_answer() -> None:
    first, second = (plan_document(planned(dormitory()).plan) for _ in range(2))
    assert first == second


def two_landings() -> dict[str, Any]:
    """A leader and a follower in one cell, the other follower on another landing."""
    found = document(n_people=7, places=(2, 2, 2, 2, 2, 1))
    found["units"] += [
        {"unit_id": name, "unit_type": "landing", "parent_id": "W"} for name in ("L1", "L2")
    ]
    for number, row in enumerate(found["cells"]):
        row["parent_id"] = "L2" if number < 2 else "L1"
    where = ("W-5", "W-2", "W-5", "W-3", "W-1", "W-6", "W-3")
    for row, cell_id in zip(found["people"], where, strict=True):
        row["current_place"] = cell_id
    roles = {"P1": "leader", "P2": "follower", "P3": "follower"}
    found["findings"] = [
        *(finding(key, "network_role", value, network_id="N") for key, value in roles.items()),
        finding("P4", "receptivity", "high"),
        finding("P5", "receptivity", "moderate"),
    ]
    return found


def test_whether_an_order_of_policies_survives_other_contact_weights_is_said(
    tmp_path: Path,
) -> None:
    source = write(tmp_path / "prison.json", two_landings())
    words = ("compare", source, "--policies", "status_quo,concentration", "--effort", "quick")
    weights = ("--contact-weights", "default,no_cell", "--workers", "1")
    result = run(*words, *weights, "--json", "--out", tmp_path / "out")
    assert result.exit_code == ExitCode.DONE, result.output
    found = json.loads(result.stdout)
    collusion = {
        name: {row["policy"]: row["scores"][name]["exposure"]["collusion"] for row in rows}
        for name, rows in dict.fromkeys(("default", "no_cell"), found["policies"]).items()
    }
    assert collusion["default"]["concentration"] < collusion["default"]["status_quo"]
    assert collusion["no_cell"]["concentration"] > collusion["no_cell"]["status_quo"]
    (sentence,) = (line for line in found["order"] if line.startswith("By collusion,"))
    assert "the order differs by assumption" in sentence
    assert "default: concentration, status_quo; no_cell: status_quo, concentration" in sentence
    shown = (tmp_path / "out" / "comparison.html").read_text("utf-8").lower()
    assert "differs by assumption" in shown
    assert "best" not in shown
    assert "recommend" not in shown


def test_the_person_moved_four_times_is_left_in_peace() -> None:
    enemies = [NonAssociation("a", "b", Restriction.CELL)]
    for weary, mover in (("a", "b"), ("b", "a")):
        people = [
            person(key, current_place="c1", moves_last_90_days=4 if key == weary else 0)
            for key in "ab"
        ]
        scenario = make_scenario([cell("c1", 2), "c2"], people, non_associations=enemies)
        assert [move.person_id for move in planned(scenario).plan.moves] == [mover]


def test_a_swap_with_no_free_cell_is_named_and_nobody_is_moved() -> None:
    people = [person("a", current_place="c1"), person("b", current_place="c2")]
    scenario = make_scenario([cell("c1"), cell("c2")], people)
    placement = {"a": "c2", "b": "c1"}
    assert verify(scenario, placement).is_lawful
    sequence = order_placement(scenario, placement)
    assert sequence.steps == ()
    assert set(sequence.left_out) == {"a", "b"}
    assert {p for hindrance in sequence.hindrances for p in hindrance.person_ids} == {"a", "b"}
    assert check_sequence(scenario, sequence) == ()


def test_the_same_swap_goes_through_a_free_buffer_cell_and_no_state_is_unlawful() -> None:
    people = [person("a", current_place="c1"), person("b", current_place="c2")]
    cells = [cell("c1"), cell("c2"), cell("c3", buffer=True)]
    scenario = make_scenario(cells, people)
    sequence = order_placement(scenario, {"a": "c2", "b": "c1"})
    assert (sequence.temporary_steps, sequence.temporary_bound, len(sequence.steps)) == (1, 1, 3)
    assert check_sequence(scenario, sequence) == ()
    assert check_aim(scenario, {"a": "c2", "b": "c1"}, sequence) == ()


def test_why_somebody_is_moved_has_an_answer_in_the_judge_s_numbers() -> None:
    cells = [cell("c1"), cell("c2"), cell("c3", parent="L2")]
    people = [person("a", current_place="c1"), person("b", current_place="c2")]
    apart = NonAssociation("a", "b", Restriction.LANDING)
    scenario = make_scenario(cells, people, units=[landing("L2")], non_associations=(apart,))
    plan = planned(scenario).plan
    (move,) = plan.moves
    explainer = Explainer(scenario, plan)
    found = explainer.check(explainer.explain(move.person_id, move.from_place))
    assert found.is_checked
    assert found.is_move
    assert found.asked is not None
    assert RuleId.NON_ASSOCIATION in found.asked.closed_by
    assert found.leaving is not None
    assert found.leaving.settled == {RuleId.NON_ASSOCIATION}
