"""The judge's list of rules and goals, found by the names of their files.

A file ``r<number>_<name>.py`` gives `RULE` and `check` (its breaches go where the rule's setting
says) or `check_always` (unlawful unless the rule is off), or both. A file ``g<number>_<name>.py``
gives `GOAL`, `TIER` and `value`. A new rule is one new file.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import allocator.verify as package
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.plan import Breach
from allocator.model.vocabulary import Tier
from allocator.verify.view import View

Check = Callable[[View], Iterator[Breach]]


def no_breach(_: View) -> Iterator[Breach]:
    """The check of a rule that has no part of this sort."""
    return iter(())


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """One rule as the judge reads it."""

    rule: RuleId
    check: Check
    check_always: Check


@dataclass(frozen=True, slots=True)
class GoalValue:
    """One goal in one tier as the judge reads it."""

    goal: GoalId
    tier: Tier
    value: Callable[[View], int]


@cache
def rule_checks() -> tuple[RuleCheck, ...]:
    """All rules, in the order of their ids."""
    checks = (
        RuleCheck(
            module.RULE,
            getattr(module, "check", no_breach),
            getattr(module, "check_always", no_breach),
        )
        for module in _modules(r"r\d+_\w+")
    )
    return tuple(sorted(checks, key=lambda check: check.rule))


@cache
def goal_values() -> tuple[GoalValue, ...]:
    """All goals, in the order of their files; a goal with values in two tiers has two."""
    modules = _modules(r"g\d+_\w+")
    return tuple(GoalValue(module.GOAL, module.TIER, module.value) for module in modules)


def _modules(pattern: str) -> Iterator[ModuleType]:
    for info in iter_modules(package.__path__):
        if re.fullmatch(pattern, info.name):
            yield import_module(f"{package.__name__}.{info.name}")
