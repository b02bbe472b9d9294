"""Where a breach goes: the setting of its rule decides, the policy's word before the profile's."""

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.profile import RuleSetting
from allocator.model.vocabulary import Enforcement, SecurityCategory, SharingRisk, Tier
from allocator.verify import verify
from tests.builders import HARD, OFF, cell, derogable, make_scenario, person, soft
from tests.verify.helpers import listed, put, scenario_of

PLACEMENT = put(c1="p1 p2 p3")
PEOPLE = [person(name, sharing_risk=SharingRisk.HIGH) for name in PLACEMENT]
FOUND = [("c1", "p1", 1), ("c1", "p2", 1), ("c1", "p3", 1)]


@pytest.mark.parametrize(
    ("setting", "section", "derogations", "protection"),
    [
        (HARD, "unlawful", 0, 0),
        (derogable(7), "derogations", 21, 0),
        (soft(5), "conflicts", 0, 15),
        (RuleSetting(Enforcement.REPORT, 9), "notes", 0, 0),
        (OFF, None, 0, 0),
    ],
)
@pytest.mark.parametrize("in_policy", [False, True])
def test_settings(
    setting: RuleSetting,
    section: str | None,
    derogations: int,
    protection: int,
    *,
    in_policy: bool,
) -> None:
    rule = RuleId.SINGLE_CELL
    policy = {"settings": {rule: setting}} if in_policy else {}
    profile = soft(100) if in_policy else setting
    scenario = scenario_of(rule, PLACEMENT, people=PEOPLE, setting=profile, policy=policy)
    judgement = verify(scenario, PLACEMENT)
    sections = {
        "unlawful": listed(judgement.unlawful),
        "derogations": listed(d.breach for d in judgement.derogations),
        "conflicts": listed(d.breach for d in judgement.conflicts),
        "notes": listed(judgement.notes),
    }
    assert {name: found for name, found in sections.items() if found} == (
        {section: FOUND} if section else {}
    )
    assert judgement.tiers[Tier.DEROGATIONS] == derogations
    assert judgement.tiers[Tier.PROTECTION] == protection
    assert judgement.is_lawful is (section != "unlawful")


def test_breaches_are_sorted_by_rule_place_and_people() -> None:
    people = [
        person(name, sharing_risk=SharingRisk.HIGH, security_category=SecurityCategory.A)
        for name in ("p3", "p1", "p2", "p5")
    ]
    cells = [cell(c, 2, security_category=SecurityCategory.B) for c in ("c2", "c1")]
    scenario = make_scenario(cells=cells, people=people)
    unlawful = verify(scenario, put(c2="p3 p1", c1="p5 p2")).unlawful
    order = [("c1", "p2", 1), ("c1", "p5", 1), ("c2", "p1", 1), ("c2", "p3", 1)]
    assert listed(unlawful) == order * 2
    assert [b.rule for b in unlawful] == [RuleId.SINGLE_CELL] * 4 + [RuleId.SECURITY_CATEGORY] * 4
