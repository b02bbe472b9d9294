"""What a plan takes and gives beside its tiers, counted from its places."""

from allocator.explain.outcomes import Outcomes, outcomes
from allocator.model.vocabulary import SecurityCategory
from tests.builders import cell, landing, make_scenario, person, wing
from tests.report.sample import make_plan


def test_escort_hours_people_alone_and_people_near_home() -> None:
    """a moves with many officers, b with few; c arrives, d stays, e has no place."""
    scenario = make_scenario(
        [cell("c1", 2), cell("c2", 2), cell("n1", 2, "N"), cell("n2", 1, "N")],
        [
            person(
                "a", current_place="c1", security_category=SecurityCategory.A, home_area="north"
            ),
            person("b", current_place="c1", home_area="south"),
            person("c", home_area="north"),
            person("d", current_place="c2"),
            person("e", home_area="north"),
        ],
        units=[wing("V", home_area="north"), landing("N", "V")],
        thresholds={"officers_per_move": 3, "officers_high_risk": 5, "minutes_per_move": 7},
    )
    plan = make_plan(scenario, {"a": "n1", "b": "c2", "c": "n2", "e": None})
    assert outcomes(scenario, plan) == Outcomes(
        moves=2, officer_minutes=(5 + 3) * 7, alone=2, placed=4, near_home=2, with_home=3
    )
