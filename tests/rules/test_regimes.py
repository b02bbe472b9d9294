"""R11 to R17 and R73: who may be in which cell."""

from allocator.model.catalogue import RuleId
from allocator.model.person import Authority
from allocator.model.vocabulary import (
    AccommodationType,
    AuthorityKind,
    SecurityCategory,
    SpecialistCellType,
    Status,
    UsedFor,
)
from tests.builders import (
    DAY,
    authority,
    cell,
    days_ago,
    landing,
    make_scenario,
    person,
    soft,
    wing,
)
from tests.rules.plain import Plain, compiled

SEPARATION, SEGREGATION = AuthorityKind.SEPARATION, AuthorityKind.SEGREGATION
UNITS = [
    landing("L3", regime_level=3, used_for=frozenset({UsedFor.SEPARATION})),
    landing("L5", regime_level=5, used_for=frozenset({UsedFor.SEPARATION, UsedFor.SEGREGATION})),
    landing("L4", regime_level=4),
    landing("L2", regime_level=2, used_for=frozenset({UsedFor.SEPARATION})),
]
CELLS = [cell("c1"), *(cell(f"c{k}", parent=f"L{k}") for k in (2, 3, 4, 5))]


def barred(rule: RuleId, *authorities: Authority, people: int = 2) -> list[Plain]:
    """Blocks of one rule for people with these authorities."""
    names = [f"p{k}" for k in range(1, people + 1)]
    scenario = make_scenario(CELLS, names, units=UNITS, authorities=authorities)
    return compiled(scenario, rule)


def test_security_category_own_then_inherited() -> None:
    a, b, c, d = SecurityCategory
    people = [person(f"p{k}", security_category=held) for k, held in enumerate((a, b, c, d), 1)]
    scenario = make_scenario(
        [cell("c1", security_category=b), cell("c2", parent="L2"), cell("c3", parent="L3"), "c4"],
        people,
        units=[landing("L2", security_category=c), landing("L3", security_category=a)],
        settings={RuleId.SECURITY_CATEGORY: soft(2)},
    )
    assert compiled(scenario, RuleId.SECURITY_CATEGORY) == [
        ("eligible", "p1", "c1 c2", ("protection", 2)),
        ("eligible", "p2", "c2", ("protection", 2)),
    ]


def test_least_restrictive_takes_the_highest_current_authority_of_the_kind() -> None:
    blocks = barred(
        RuleId.LEAST_RESTRICTIVE,
        authority("p1", SEPARATION, 3),
        authority("p2", SEPARATION, 2),
        authority("p2", SEGREGATION, 5),
        authority("p3", SEPARATION, 2, expires_at=days_ago(1)),
        authority("p5", SEPARATION, 2),
        authority("p5", SEPARATION, 5),
        people=5,
    )
    assert blocks == [("eligible", "p1", "c5", None), ("eligible", "p2", "c3", None)]


def test_authority_of_the_kind_current_or_past() -> None:
    blocks = barred(
        RuleId.AUTHORITY,
        authority("p1", SEPARATION, 3),
        authority("p2", SEGREGATION, 5),
        authority("p3", SEPARATION, 3, expires_at=days_ago(2)),
        authority("p4", SEPARATION, 3, issued_at=days_ago(-2)),
        people=5,
    )
    assert blocks == [
        ("eligible", "p1 p3", "c4", None),
        ("eligible", "p2", "c3 c4", None),
        ("eligible", "p4 p5", "c3 c4 c5", None),
    ]


def test_medical_consideration_of_one_current_authority_is_enough() -> None:
    blocks = barred(
        RuleId.MEDICAL_CONSIDERED,
        authority("p1", SEPARATION, 3, medical_considered=False),
        authority("p2", SEPARATION, 3, medical_considered_at=None),
        authority("p2", SEGREGATION, 3),
        authority("p3", SEPARATION, 3, medical_considered=False, expires_at=days_ago(1)),
        authority("p3", SEPARATION, 3),
        authority("p4", SEPARATION, 3, medical_considered=False, expires_at=days_ago(1)),
        people=4,
    )
    assert blocks == [("eligible", "p1", "c3 c5", None), ("eligible", "p2", "c3", None)]


def test_a_lesser_authority_does_not_lend_its_medical_consideration() -> None:
    blocks = barred(
        RuleId.MEDICAL_CONSIDERED,
        authority("p1", SEPARATION, 5, medical_considered=False),
        authority("p1", SEPARATION, 2),
        authority("p2", SEPARATION, 5),
        authority("p2", SEPARATION, 2, medical_considered=False),
    )
    assert [block[:2] for block in blocks] == [("eligible", "p1")]


def test_expired_authority_unless_another_is_current() -> None:
    gone = {"expires_at": days_ago(1)}
    blocks = barred(
        RuleId.EXPIRED_AUTHORITY,
        authority("p1", SEPARATION, 3, **gone),
        authority("p2", SEPARATION, 3, **gone),
        authority("p2", SEGREGATION, 3),
        authority("p3", SEPARATION, 3, expires_at=DAY),
        authority("p4", SEPARATION, 3, issued_at=days_ago(-1)),
        people=4,
    )
    assert blocks == [("eligible", "p1", "c3 c5", None), ("eligible", "p2", "c3", None)]


def test_no_solitary_in_single_cells_and_never_one_alone_in_larger_ones() -> None:
    low = landing("L1", unlock_hours=1.5, meaningful_contact_hours=1.9)
    open_door = landing("L2", unlock_hours=2.0, meaningful_contact_hours=1.0)
    permits = {"permits_solitary": True}
    scenario = make_scenario(
        [
            cell("c1", 1, "L1"),
            cell("c2", 1, "L2"),
            cell("c3", 3, "L1"),
            cell("c4", 2, "L1"),
            cell("c5", 2, "L1", status=Status.INACTIVE),
        ],
        [
            person("p1"),
            person("p2"),
            person("p3", days_in_solitary=14),
            person("p4", days_in_solitary=15),
            person("p5", age_years=17),
            person("p6", solitary_contraindicated=True),
            person("p7"),
        ],
        units=[low, open_door],
        authorities=[
            *(authority(f"p{k}", SEPARATION, 3, **permits) for k in (2, 3, 4, 5, 6)),
            authority("p7", SEPARATION, 3, expires_at=days_ago(1), **permits),
        ],
        settings={RuleId.NO_SOLITARY: soft(5)},
    )
    everyone = "p1 p2 p3 p4 p5 p6 p7"
    assert compiled(scenario, RuleId.NO_SOLITARY) == [
        ("eligible", "p1 p4 p5 p6 p7", "c1", ("protection", 5)),
        ("count", everyone, "cell", {"c3": (2, 7), "c4": (2, 7)}, None),
    ]


def test_special_needs_and_reserved_cells() -> None:
    flat, baby = SpecialistCellType.LOCATE_FLAT_CELL, SpecialistCellType.MOTHER_AND_BABY
    inpatients = AccommodationType.HEALTHCARE_INPATIENTS
    scenario = make_scenario(
        [
            "c1",
            cell("c2", specialist_cell_types=frozenset({flat})),
            cell("c3", accommodation_type=inpatients),
            cell("c4", used_for=frozenset({UsedFor.HEALTHCARE})),
            cell("c5", specialist_cell_types=frozenset({baby, flat})),
            cell("c6", used_for=frozenset({UsedFor.MOTHER_BABY})),
            cell("c7", used_for=frozenset({UsedFor.VULNERABLE})),
        ],
        [
            person("p1"),
            person("p2", needs=frozenset({flat})),
            person("p3", healthcare_need=True),
            person("p4", needs=frozenset({baby})),
            person("p5", vulnerable=True),
        ],
    )
    assert compiled(scenario, RuleId.SPECIAL_NEEDS) == [
        ("eligible", "p1", "c3 c4 c5 c6 c7", None),
        ("eligible", "p2", "c1 c3 c4 c5 c6 c7", None),
        ("eligible", "p3", "c1 c2 c5 c6 c7", None),
        ("eligible", "p4", "c1 c2 c3 c4 c6 c7", None),
        ("eligible", "p5", "c3 c4 c5 c6", None),
    ]


def test_monitoring_orders_need_monitored_cells() -> None:
    scenario = make_scenario(
        ["c1", cell("c2", parent="L2"), cell("c3", parent="L3")],
        [
            person("p1", communications_order_until=DAY),
            person("p2", communications_order_until=days_ago(1)),
            person("p3", communications_order_until=days_ago(-5)),
            person("p4"),
        ],
        units=[
            wing("W", communications_monitoring=True),
            landing("L2", communications_monitoring=False),
            wing("W3"),
            landing("L3", "W3"),
        ],
    )
    assert compiled(scenario, RuleId.COMMUNICATIONS) == [("eligible", "p1 p3", "c2 c3", None)]
