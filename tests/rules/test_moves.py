"""R24 to R27: who stays, how many move, and where transfers may go."""

from allocator.model.catalogue import RuleId
from allocator.model.estate import TransferPair, VirtualPlace
from allocator.model.vocabulary import (
    AuthorityKind,
    SecurityCategory,
    Status,
    UsedFor,
    VirtualPlaceKind,
)
from tests.builders import (
    DAY,
    authority,
    cell,
    complaint,
    days_ago,
    facility,
    freeze,
    make_scenario,
    person,
    soft,
    wing,
)
from tests.rules.plain import compiled

RECEPTION = {"virtual_places": (VirtualPlace("v1", "F", VirtualPlaceKind.RECEPTION),)}


def test_frozen_people_and_people_who_are_out_stay() -> None:
    scenario = make_scenario(
        ["c1", "c2"],
        [
            person("p1", current_place="c1"),
            person("p2", current_place="c2"),
            person("p3", current_place="c1", out=True),
            person("p4", current_place="v1"),
            person("p5"),
        ],
        freezes=[freeze("p1"), freeze("p2", days_ago(1)), freeze("p4"), freeze("p5")],
        estate=RECEPTION,
        settings={RuleId.FROZEN: soft(7)},
    )
    assert compiled(scenario, RuleId.FROZEN) == [("stay", "p1 p3", ("protection", 7))]


def test_an_open_complaint_freezes_all_but_urgent_moves() -> None:
    separation = frozenset({UsedFor.SEPARATION})
    scenario = make_scenario(
        ["c1", cell("c2", status=Status.INACTIVE), cell("c3", parent="X")],
        [
            person("p1", current_place="c1"),
            person("p2", current_place="c2"),
            person("p3", current_place="c3"),
            person("p4", current_place="c3"),
            person("p5", current_place="c1"),
            person("p6", current_place="c1", days_in_solitary=15),
            person("p7", current_place="c1", days_below_hard_floor=26),
            person("p8", current_place="c1", days_below_hard_floor=27),
        ],
        units=[wing("X", regime_level=4, used_for=separation)],
        authorities=[authority("p4", AuthorityKind.SEPARATION, 4)],
        complaints=[
            *(complaint(f"p{k}") for k in (1, 2, 3, 4, 6, 7, 8)),
            complaint("p5", closed_at=DAY),
        ],
    )
    assert compiled(scenario, RuleId.FROZEN) == [("stay", "p1 p4 p7", None)]


def test_cooldown_counts_whole_days_in_usable_cells() -> None:
    scenario = make_scenario(
        ["c1", cell("c2", status=Status.INACTIVE)],
        [
            person("p1", current_place="c1", last_moved_at=DAY),
            person("p2", current_place="c1", last_moved_at=days_ago(27)),
            person("p3", current_place="c1", last_moved_at=days_ago(28)),
            person("p4", current_place="c1", last_moved_at=days_ago(-1)),
            person("p5", current_place="c2", last_moved_at=days_ago(2)),
            person("p6", last_moved_at=days_ago(2)),
        ],
    )
    assert compiled(scenario, RuleId.COOLDOWN) == [("stay", "p1 p2", None)]


CELLS = [cell("c1"), cell("c2", parent="W2"), cell("c3", parent="G")]
UNITS = [wing("W2"), facility("G")]
PEOPLE = [
    person("p1", current_place="c1"),
    person("p2", current_place="c2"),
    person("p3", current_place="c2"),
    person("p4", current_place="c2"),
    person("p5", current_place="c3"),
    person("p6", current_place="v1"),
    person("p7"),
]


def test_move_budgets_of_the_scenario() -> None:
    scenario = make_scenario(
        CELLS,
        PEOPLE,
        units=UNITS,
        estate=RECEPTION,
        max_moves=3,
        max_moves_per_facility=2,
        max_moves_per_wing=0,
        thresholds={"escort_officers": 2, "move_window_minutes": 70, "minutes_per_move": 25},
        settings={RuleId.MOVE_BUDGET: soft(5)},
    )
    price = ("protection", 5)
    escorts = "escort officers of facility F"
    assert compiled(scenario, RuleId.MOVE_BUDGET) == [
        ("moves", "p1 p2 p3 p4 p5", [1] * 5, 3, "whole scenario", price),
        ("moves", "p1 p2 p3 p4", [1] * 4, 2, "facility F", price),
        ("moves", "p5", [1], 0, "wing G", price),
        ("moves", "p1", [1], 0, "wing W", price),
        ("moves", "p2 p3 p4", [1] * 3, 0, "wing W2", price),
        ("moves", "p1 p2 p3 p4", [50] * 4, 140, escorts, price),
    ]


def test_escort_time_counts_the_officers_of_the_person_and_the_cell_left() -> None:
    """It was `officers_per_move` for everybody; where a move ends is not known beforehand."""
    scenario = make_scenario(
        cells=["c1", cell("s1", parent="S"), cell("g1", used_for=frozenset({UsedFor.SEGREGATION}))],
        people=[
            person("p1", current_place="c1"),
            person("p2", current_place="c1", security_category=SecurityCategory.A),
            person("p3", current_place="s1", security_category=SecurityCategory.A),
            person("p4", current_place="g1"),
        ],
        units=[wing("S", sealed=True)],
        thresholds={
            "escort_officers": 2, "move_window_minutes": 70, "minutes_per_move": 10,
            "officers_per_move": 2, "officers_high_risk": 3, "officers_sealed_unit": 7,
        },
    )  # fmt: skip
    (limit,) = compiled(scenario, RuleId.MOVE_BUDGET)
    assert limit[1:4] == ("p1 p2 p3 p4", [20, 30, 70, 30], 140)


def test_the_policy_share_gives_way_to_the_scenario() -> None:
    policy = {"moves_per_1000": 300}
    scenario = make_scenario(CELLS, PEOPLE, units=UNITS, estate=RECEPTION, policy=policy)
    assert compiled(scenario, RuleId.MOVE_BUDGET)[0][3] == 2
    scenario = make_scenario(
        CELLS, PEOPLE, units=UNITS, estate=RECEPTION, policy=policy, max_moves=4
    )
    assert compiled(scenario, RuleId.MOVE_BUDGET)[0][3] == 4


def test_transfers_along_open_pairs_with_notice() -> None:
    people = [
        person("p1", current_place="c1"),
        person("p2", current_place="c1", transfer_notice_at=days_ago(6)),
        person("p3", current_place="v1", transfer_notice_at=days_ago(7)),
        person("p4", current_place="c2"),
        person("p5"),
    ]
    scenario = make_scenario(
        ["c1", cell("c2", parent="G"), cell("c3", parent="H")],
        people,
        units=[facility("G"), facility("H")],
        estate=RECEPTION
        | {
            "transfer_pairs": (
                TransferPair("F", "G", is_open=True, notice_days=7),
                TransferPair("F", "H", is_open=True),
                TransferPair("G", "F", is_open=False),
            )
        },
    )
    assert compiled(scenario, RuleId.TRANSFERS) == [
        ("eligible", "p1 p2", "c2", None),
        ("eligible", "p4", "c1 c3", None),
    ]
