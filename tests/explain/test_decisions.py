"""Decisions, complaints and what ends restrictive placements, by hand."""

from datetime import date

from allocator.explain.decisions import complaint_lines, decision_lines
from allocator.explain.placements import BeforeAfter, read_placements
from allocator.explain.reviews import review_calendar
from allocator.explain.step_down import StepDown, step_downs
from allocator.model.locks import LockKind
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import AuthorityKind, Status, UsedFor
from allocator.report.decision_tables import end_words, target_words
from tests.builders import (
    DAY,
    authority,
    cell,
    complaint,
    days_ago,
    facility,
    lock,
    make_scenario,
    person,
    wing,
)
from tests.report.sample import make_plan

CELLS = [cell("c1", 3), cell("c2", 5), cell("c3", 7)]


def placed(scenario: Scenario, **changes: str | None) -> BeforeAfter:
    return read_placements(scenario, make_plan(scenario, changes))


def test_a_lock_is_kept_in_any_of_its_cells_and_a_ban_outside_its_own() -> None:
    scenario = make_scenario(
        CELLS,
        [person(f"p{k}", current_place="c1") for k in range(1, 6)],
        locks=[
            lock("p1", "c2"),
            lock("p1", "c3"),
            lock("p2", "c2"),
            lock("p3", "c1", LockKind.REJECT),
            lock("p3", "c2", LockKind.FORBID),
            lock("p4", "c3"),
            lock("p5", "c3", until=days_ago(1)),
        ],
    )
    found = decision_lines(placed(scenario, p1="c3", p3="c2", p4=None))
    assert [(line.person_id, line.cell_id, line.is_kept) for line in found] == [
        ("p1", "c2", True),
        ("p1", "c3", True),
        ("p2", "c2", False),
        ("p3", "c1", True),
        ("p3", "c2", False),
        ("p4", "c3", None),
    ]


def test_open_complaints_come_oldest_first_with_what_they_hold() -> None:
    scenario = make_scenario(
        [*CELLS, cell("c4", status=Status.INACTIVE)],
        [
            person("p1", current_place="c1"),
            person("p2", current_place="c4"),
            person("p3"),
            person("p5", current_place="c2"),
        ],
        complaints=[
            complaint("p1", "c3", opened_at=days_ago(2)),
            complaint("p2", "c4", opened_at=days_ago(11)),
            complaint("p3", "c1", opened_at=days_ago(5)),
            complaint("p5", "c2", opened_at=days_ago(9), closed_at=days_ago(3)),
        ],
    )
    found = complaint_lines(placed(scenario, p2="c2"))
    seen = [(x.person_id, x.days, x.place_now, x.place_planned, x.is_frozen) for x in found]
    assert seen == [
        ("p2", 11, "c4", "c2", False),
        ("p3", 5, "", "", False),
        ("p1", 2, "c1", "c1", True),
    ]
    calendar = review_calendar(scenario, 0)
    assert [(line.subject, line.days) for line in calendar] == [("p2", -4), ("p3", 2), ("p1", 5)]
    assert all("somebody decides" in line.what for line in calendar)


def _strict() -> Scenario:
    """Wing X of level 4 beside wings of levels 3 and 1; another facility has level 3 too."""
    separation = frozenset({UsedFor.SEPARATION})
    return make_scenario(
        [
            cell("x1", 1, "X"),
            cell("x2", 1, "X"),
            cell("y1", 3, "Y"),
            cell("y2", 2, "Y", status=Status.INACTIVE),
            cell("w1", 5, "W"),
            cell("k1", 9, "K"),
            cell("g1", 7, "G"),
            cell("h1", 1, "H"),
        ],
        [
            person("p1", current_place="x1", days_in_solitary=13),
            person("p2", current_place="x2"),
            person("p3", current_place="y1"),
            person("p4", current_place="w1"),
            person("p5", current_place="h1"),
        ],
        units=[
            wing("X", regime_level=4, used_for=separation),
            wing("Y", regime_level=3, used_for=separation),
            wing("W", regime_level=1),
            wing("K", regime_level=2, used_for=frozenset({UsedFor.HEALTHCARE})),
            facility("G", regime_level=3),
            facility("H", regime_level=3, used_for=separation),
        ],
        authorities=[
            authority("p1", AuthorityKind.SEPARATION, 4, grounds="recorded threats"),
            authority("p2", AuthorityKind.SEPARATION, 3),
            authority("p3", AuthorityKind.SEPARATION, 3, review_by=days_ago(-7)),
            authority("p5", AuthorityKind.SEPARATION, 3, review_by=days_ago(-9)),
        ],
    )


def test_each_restrictive_placement_names_its_end_and_the_next_lower_regime() -> None:
    found = step_downs(placed(_strict()))
    assert [(s.person_id, s.regime_level, s.has_authority) for s in found] == [
        ("p2", 4, False),
        ("p1", 4, True),
        ("p3", 3, True),
        ("p5", 3, True),
    ]
    by_id = {s.person_id: s for s in found}
    targets = {k: (s.next_level, s.next_units, s.free_places) for k, s in by_id.items()}
    assert targets == {
        "p1": (3, ("Y",), 2),
        "p2": (3, ("Y",), 2),
        "p3": (1, ("W",), 4),
        "p5": (None, (), 0),
    }
    assert by_id["p1"].solitary_ends == date(2026, 1, 17)
    assert by_id["p3"].solitary_ends is None


def test_words_of_an_end_and_of_a_target() -> None:
    line = StepDown(
        "p1", "x1", 4, "high_security", "recorded threats", days_ago(-20), days_ago(-30), DAY, 3,
        ("W5", "W7"), 2,
    )  # fmt: skip
    assert end_words(line) == (
        "Grounds that no longer hold (recorded threats); review of the high security authority by "
        "4 Feb 2026; at the latest the end of the high security authority on 14 Feb 2026, and "
        "being alone on 15 Jan 2026."
    )
    assert target_words(line) == "level 3: W5, W7; 2 places free"
