"""The HTML report: complete, self-contained, well formed, and equal to its breakdown."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from allocator.explain import readers
from allocator.explain.breakdown import Breakdown, break_down
from allocator.explain.headline import CAVEAT
from allocator.model.catalogue import RuleId
from allocator.model.locks import LockKind
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.prepare.last_plan import with_planned_places
from allocator.report.form import plural, signed, thousands
from allocator.report.page import CONTENTS, change_words, render_page
from allocator.report.tables import derogation_table, unplaced_table
from tests.builders import cell, complaint, days_ago, landing, lock, make_scenario, person, wing
from tests.report.sample import make_plan, sample_plan, sample_scenario

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Reader(HTMLParser):
    """Text, ids and addresses of a page; refuses tags that do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.headings: list[int] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"] or "")
        self.addresses += [v or "" for k, v in attrs if k in {"src", "href", "action", "srcset"}]
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "title"}:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return sample_scenario()


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    return sample_plan(scenario)


@pytest.fixture(scope="module")
def breakdown(scenario: Scenario, plan: Plan) -> Breakdown:
    return break_down(scenario, plan, readers.Reader.SECURITY)


@pytest.fixture(scope="module")
def page(breakdown: Breakdown) -> str:
    return render_page(breakdown)


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    return Reader(page)


def test_every_section_is_there_and_every_anchor_leads_somewhere(reader: Reader) -> None:
    for anchor, name in CONTENTS:
        if anchor in {"revision", "decisions"}:
            continue
        assert anchor in reader.ids
        assert name in reader.text
    assert {a[1:] for a in reader.addresses} <= set(reader.ids)
    assert len(reader.ids) == len(set(reader.ids))


def test_totals_that_leave_people_out_are_not_compared(breakdown: Breakdown) -> None:
    tile = "now {}; not to be compared, 1 person is left out"
    for unplaced, is_told in ((1, True), (0, False)):
        headline = replace(breakdown.headline, unplaced=unplaced)
        text = Reader(render_page(replace(breakdown, headline=headline))).text
        for kind in breakdown.kinds[:2]:
            assert (tile.format(thousands(kind.before)) in text) == is_told
            before = f"now {thousands(kind.before)}: {change_words(kind)}"
            assert (before in text) != is_told


def test_changes_against_the_last_plan_have_a_section_of_their_own(reader: Reader) -> None:
    assert "revision" not in reader.ids
    places = {"P005": "A1-01", "P009": "B1-09", "P070": "pulled-down"}
    scenario = with_planned_places(sample_scenario(), places, "a7" * 32)
    plan = sample_plan(scenario)
    placements = (replace(p, planned_place=places.get(p.person_id)) for p in plan.placements)
    revised = replace(plan, placements=tuple(placements))
    found = break_down(scenario, revised, readers.Reader.SECURITY)
    assert found.revision is not None
    assert [line.person_id for line in found.revision.departures] == ["P005", "P070"]
    page = Reader(render_page(found))
    assert "revision" in page.ids
    assert "2 of 3 people with a place in it depart from it; 69 people are new to it." in page.text
    assert "The planned cell is not there any more." in page.text


def test_decisions_and_complaints_have_a_section_of_their_own(reader: Reader) -> None:
    assert "decisions" not in reader.ids
    scenario = replace(
        sample_scenario(),
        locks=(
            lock("P005", "B1-09", LockKind.REJECT, text="beside the stairs", by="officer-7"),
            lock("P009", "A1-01"),
        ),
        complaints=(complaint("P003", "A1-02", opened_at=days_ago(5), by="officer-3"),),
    )
    page = Reader(render_page(break_down(scenario, sample_plan(scenario), readers.Reader.SECURITY)))
    assert "decisions" in page.ids
    assert "1 open complaint to decide" in page.text
    assert "rejected B1-09 conflict: beside the stairs officer-7" in page.text
    assert "10 Jan 2026, 5 days ago safety officer-3" in page.text
    assert "Open complaint against A1-02: somebody decides" in page.text


def test_restrictive_placements_say_what_would_end_them(reader: Reader) -> None:
    assert "Restrictive placements and what would end them" in reader.text
    assert "No current authority carries it: it must end now." in reader.text


def test_headings_never_skip_a_level(reader: Reader) -> None:
    assert reader.headings[0] == 1
    pairs = zip(reader.headings, reader.headings[1:], strict=False)
    assert all(after <= before + 1 for before, after in pairs)


def test_the_page_needs_nothing_else(page: str, reader: Reader) -> None:
    assert all(address.startswith("#") for address in reader.addresses)
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert "@import" not in page
    assert "http" not in page
    assert page.count("url(") == page.count("url(#hatch)")


def test_caveat_and_status_are_printed_before_any_section(page: str, reader: Reader) -> None:
    assert page.index(CAVEAT) < page.index("<section>")
    assert reader.text.count(CAVEAT) == 2
    assert "Nobody is moved until a named person has reviewed it" in reader.text
    assert "Verified: yes" in reader.text


def test_unlawful_holds_come_first(page: str) -> None:
    assert page.index('id="unlawful-holds"') < page.index('class="figures"')
    assert "1 person in a unit without a current authority" in page


def test_numbers_equal_the_breakdown(reader: Reader, breakdown: Breakdown) -> None:
    for kind in breakdown.kinds:
        assert f"{thousands(kind.before)} → {thousands(kind.after)}" in reader.text
        assert signed(kind.change) in reader.text
    for wing_line in breakdown.wings:
        assert thousands(wing_line.harm_after) in reader.text
    for move in breakdown.moves:
        assert f"{move.person_id} {move.from_place} {move.to_cell}" in reader.text
    for tier in breakdown.tiers:
        assert f"{tier.words} {thousands(tier.value)}" in reader.text
    for label, value in breakdown.provenance:
        assert f"{label} {value}" in reader.text
    assert f"receives is {thousands(breakdown.worst_after)} under the plan" in reader.text
    assert "1 remand place is missing." in reader.text
    assert "1 person has none under the plan: the totals are the exposure of those" in reader.text
    assert "Three people on remand need two cells" in reader.text


def test_tables_have_captions_and_headed_rows_and_columns(page: str, reader: Reader) -> None:
    assert reader.tags.count("table") == reader.tags.count("caption")
    assert page.count("<th ") == page.count('scope="row"') + page.count('scope="col"')


def test_every_cell_is_drawn_and_listed(page: str, breakdown: Breakdown) -> None:
    for wing_map in breakdown.cell_map.wings:
        for part in wing_map.landings:
            for cell_map in part.cells:
                assert f"<title>{cell_map.cell_id}: " in page
                assert f">{cell_map.cell_id}</th>" in page
    assert page.count('class="cell over') == 1 + 5
    assert page.count('class="cell out"') == 1 + 2
    assert page.count('class="cell buffer') == 1 + 1


def test_nothing_is_said_of_roles_networks_or_evidence(reader: Reader) -> None:
    text = reader.text.lower()
    for word in ("n1", "recruiter", "leader", "enforcer", "follower", "recruits", "wing staff"):
        assert word not in text.split()


def test_texts_are_escaped(breakdown: Breakdown) -> None:
    named = replace(breakdown, scenario_name="<script>alert(1)</script>")
    assert "<script>" not in render_page(named)


def test_the_same_plan_gives_the_same_page(scenario: Scenario, plan: Plan, page: str) -> None:
    assert render_page(break_down(scenario, plan, readers.Reader.SECURITY)) == page


def test_a_quiet_plan_says_so() -> None:
    scenario = make_scenario(people=[person("p1", current_place="c1")])
    page = render_page(break_down(scenario, make_plan(scenario, {}), readers.Reader.SECURITY))
    reader = Reader(page)
    for words in (
        "None. Every rule that the profile lets somebody sign away is kept.",
        "Nobody is moved.",
        "Nobody is below a floor.",
        "Nobody receives any exposure",
        "Nothing falls due",
        "everyone has a place",
    ):
        assert words in reader.text
    assert "shortfall" not in reader.ids
    assert 'id="unlawful-holds"' not in page


def test_an_unverified_plan_says_so_at_the_top() -> None:
    scenario = make_scenario()
    page = render_page(break_down(scenario, make_plan(scenario, {"p1": "c1"}, verified=False)))
    assert "Verified: no, do not use" in page
    assert "keeps every hard rule" not in page


def test_a_large_estate_gets_an_overview_and_stays_small() -> None:
    wings = [f"W{k:02d}" for k in range(30)]
    cells = [cell(f"{w}-{k:03d}", 2, f"{w}L") for w in wings for k in range(60)]
    scenario = make_scenario(
        cells=cells,
        people=[
            person(f"p{i:05d}", current_place=c.cell_id, sharing_assessed_at=None)
            for i, c in enumerate(c for c in cells for _ in range(2))
        ],
        units=[u for w in wings for u in (wing(w), landing(f"{w}L", w))],
        settings={RuleId.SINGLE_CELL: make_scenario().profile.settings[RuleId.CAPACITY]},
    )
    page = render_page(break_down(scenario, make_plan(scenario, {}), readers.Reader.SECURITY))
    reader = Reader(page)
    assert "1,800 cells, too many to draw one by one" in reader.text
    assert "Show 3590 more rows of “Derogations, person by person”" in reader.text
    assert "Show 18 more wings" in reader.text
    assert 'class="cell ' not in page
    assert len(page) < 1_500_000


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1234567, "1,234,567"), (-8960, "−8,960"), (None, "–")]
)
def test_thousands(value: int | None, text: str) -> None:
    assert thousands(value) == text


def test_signed_and_plural() -> None:
    assert [signed(n) for n in (-2, 0, 3000)] == ["−2", "no change", "+3,000"]
    assert [plural(n, "person", "people") for n in (0, 1, 1200)] == [
        "0 people",
        "1 person",
        "1,200 people",
    ]


def test_roles_have_no_underscores_and_one_cell_is_one_cell(breakdown: Breakdown) -> None:
    signed_by = replace(breakdown.derogations[0], signed_by="prison_service_director")
    person = replace(
        breakdown.unplaced[0], blocked_by=((RuleId.CAPACITY, "", 2000), (RuleId.SINGLE_CELL, "", 1))
    )
    rows = replace(breakdown, derogations=(signed_by,), unplaced=(person,))
    assert derogation_table(rows).rows[0][-1] == "prison service director"
    assert unplaced_table(rows).rows[0][-1] == "R02 excludes 2,000 cells; R08 excludes 1 cell"


def test_every_derogation_of_a_crowded_prison_is_in_the_page(breakdown: Breakdown) -> None:
    line = breakdown.derogations[0]
    many = tuple(replace(line, person_id=f"signed-{n}") for n in range(2438))
    crowded = replace(breakdown, derogations=many)
    shown = render_page(crowded)
    assert all(f">signed-{n}<" in shown for n in range(2438))
