"""One module per rule: words, formula, source, and a function that compiles it to shapes.

A new rule is one new file `rNN_name.py` with `RULE` and `compile_rule`; it is found by itself.
"""

import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TypeAlias

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.profile import RuleSetting
from allocator.model.shapes import CellPoints, Penalty, RuleShape
from allocator.model.vocabulary import Enforcement, Tier
from allocator.rules._common import setting_of

RuleModuleFunction: TypeAlias = Callable[[ScenarioIndex, Penalty | None], Iterator[RuleShape]]

PRICED_TIER = {
    Enforcement.DEROGABLE: Tier.DEROGATIONS,
    Enforcement.SOFT: Tier.PROTECTION,
}
NO_PRICE = Penalty(Tier.PROTECTION, 1)


def _find_rules() -> Mapping[RuleId, RuleModuleFunction]:
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name.startswith("r"))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    found: dict[RuleId, RuleModuleFunction] = {m.RULE: m.compile_rule for m in modules}
    if len(found) != len(modules):
        message = f"two of {names} compile one rule"
        raise ValueError(message)
    return MappingProxyType(found)


ALL_RULES: Mapping[RuleId, RuleModuleFunction] = _find_rules()


def penalty_of(setting: RuleSetting) -> Penalty | None:
    """Price of a breach under a setting; None for a hard rule."""
    tier = PRICED_TIER.get(setting.enforcement)
    return None if tier is None else Penalty(tier, setting.price)


def compile_rules(
    index: ScenarioIndex, only: Collection[RuleId] = tuple(RuleId)
) -> tuple[RuleShape, ...]:
    """Shapes of every rule among `only`, as the policy, or else the legal profile, applies it.

    A rule that is off gives none. One that is only reported gives its always-hard parts and
    its preferences. R01 is compiled whatever its setting: being unplaced has its own tier.
    """
    shapes: list[RuleShape] = []
    for rule, compile_rule in ALL_RULES.items():
        if rule not in only:
            continue
        setting = setting_of(index.scenario, rule)
        if setting.enforcement is Enforcement.REPORT:
            shapes.extend(filter(_is_unpriced, compile_rule(index, NO_PRICE)))
        elif setting.enforcement is not Enforcement.OFF or rule is RuleId.ONE_BED:
            shapes.extend(compile_rule(index, penalty_of(setting)))
    return tuple(shapes)


def _is_unpriced(shape: RuleShape) -> bool:
    """True for parts that the setting of the rule does not price: always hard, or a preference."""
    return isinstance(shape, CellPoints) or shape.penalty is None or shape.rule is RuleId.ONE_BED
