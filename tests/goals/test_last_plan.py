"""R76 by hand: who departs from the last plan, and where the tier stands."""

from allocator.model.catalogue import GoalId
from allocator.model.policy import TierSetting
from allocator.model.vocabulary import Tier
from allocator.prepare.instance import prepare_instance
from allocator.verify import verify
from tests.builders import cell, make_policy, make_scenario, person
from tests.goals.one_goal import WEIGHTS, scenario_for, values

CELLS = [cell("c1", 7), cell("c2", 7), cell("c3", 7)]
PLANNED = {"p1": "c1", "p2": "c1", "p3": "c2", "p4": "pulled-down", "p5": None}
PEOPLE = [person(name, planned_place=place) for name, place in PLANNED.items()]
PRICE = WEIGHTS[GoalId.LAST_PLAN]


def test_whoever_is_elsewhere_or_nowhere_departs() -> None:
    scenario = scenario_for(GoalId.LAST_PLAN, CELLS, PEOPLE)
    everyone = {"p1": "c1", "p2": "c1", "p3": "c2", "p4": "c3", "p5": "c3"}
    assert values(scenario, **everyone) == {Tier.DEPARTURES: 1 * PRICE}
    assert values(scenario, **(everyone | {"p2": "c2"})) == {Tier.DEPARTURES: 2 * PRICE}
    without = {name: place for name, place in everyone.items() if name in {"p1", "p5"}}
    assert values(scenario, **without) == {Tier.DEPARTURES: 3 * PRICE}
    for placement in (everyone, everyone | {"p2": "c2"}, dict.fromkeys(PLANNED) | without):
        judged = verify(scenario, placement).tiers[Tier.DEPARTURES]
        present = {name: place for name, place in placement.items() if place is not None}
        assert judged == values(scenario, **present)[Tier.DEPARTURES]


def test_without_a_last_plan_there_is_no_such_tier() -> None:
    scenario = make_scenario(["c1", "c2"], ["p1", "p2"])
    assert Tier.DEPARTURES not in {setting.tier for setting in prepare_instance(scenario).tiers}
    assert Tier.DEPARTURES not in verify(scenario, {"p1": "c1", "p2": "c2"}).tiers


def test_the_policy_says_where_the_tier_stands() -> None:
    order = [Tier.EXPOSURE, Tier.UNPLACED, Tier.DEPARTURES]
    policy = make_policy(tiers=tuple(TierSetting(tier, 5) for tier in order))
    people = [person("p1", planned_place="c1")]
    scenario = make_scenario(["c1"], people, policy={"tiers": policy.tiers})
    assert [setting.tier for setting in prepare_instance(scenario).tiers] == order
