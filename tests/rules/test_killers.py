"""Each rule alone makes its scenario impossible, and its placement breaks nothing else."""

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.instance import Instance
from allocator.model.scenario import Scenario
from allocator.model.shapes import Placed, RuleShape
from allocator.model.vocabulary import Tier
from allocator.rules import compile_rules
from allocator.verify import verify
from tests.builders import bare_instance
from tests.rules.killers import KILLERS, Killer
from tests.shape_oracle import breach_amount, every_placement, hard_ok, tier_values

HARD_KILLERS = {rule: killer for rule, killer in KILLERS.items() if rule is not RuleId.ONE_BED}


def rule_of(shape: RuleShape) -> RuleId:
    return RuleId(shape.goal) if hasattr(shape, "goal") else shape.rule


def is_possible(scenario: Scenario, shapes: list[RuleShape]) -> bool:
    """True when some placement of everybody breaks no hard shape."""
    instance = bare_instance(scenario, shapes)
    return any(hard_ok(instance, p) for p in every_placement(instance, everyone_placed=True))


def cells_of(killer: Killer, instance: Instance) -> list[int]:
    at = {cell_id: c for c, cell_id in enumerate(instance.cell_ids)}
    return [at.get(killer.placement[p] or "", -1) for p in instance.person_ids]


def test_every_rule_has_a_killer() -> None:
    assert set(KILLERS) == set(RuleId)


@pytest.mark.parametrize("rule", HARD_KILLERS, ids=str)
def test_only_the_rule_makes_it_impossible(rule: RuleId) -> None:
    scenario = KILLERS[rule].scenario
    shapes = list(compile_rules(ScenarioIndex(scenario)))
    assert not is_possible(scenario, shapes)
    assert is_possible(scenario, [shape for shape in shapes if rule_of(shape) is not rule])


@pytest.mark.parametrize("rule", KILLERS, ids=str)
def test_the_placement_breaks_exactly_the_rule(rule: RuleId) -> None:
    killer = KILLERS[rule]
    shapes = compile_rules(ScenarioIndex(killer.scenario))
    instance = bare_instance(killer.scenario, shapes)
    placement = cells_of(killer, instance)
    broken = {rule_of(s) for s in shapes if breach_amount(instance, s, placement) > 0}
    assert broken == {rule}


def test_one_bed_prices_the_person_left_out() -> None:
    killer = KILLERS[RuleId.ONE_BED]
    shapes = compile_rules(ScenarioIndex(killer.scenario))
    instance = bare_instance(killer.scenario, shapes)
    assert any(isinstance(shape, Placed) for shape in shapes)
    assert tier_values(instance, cells_of(killer, instance))[Tier.UNPLACED] == 1


@pytest.mark.parametrize("rule", KILLERS, ids=str)
def test_the_judge_reports_exactly_the_rule(rule: RuleId) -> None:
    killer = KILLERS[rule]
    judged = verify(killer.scenario, killer.placement)
    priced = [*judged.derogations, *judged.conflicts]
    found = {breach.rule for breach in (*judged.unlawful, *(d.breach for d in priced))}
    assert found == ({rule} if rule is not RuleId.ONE_BED else set())
    assert judged.unplaced == (("p2",) if rule is RuleId.ONE_BED else ())
