"""The judge: every rule and every goal of a placement, straight from the scenario."""

from collections.abc import Mapping
from typing import NamedTuple

from allocator.model.catalogue import RuleId
from allocator.model.judgement import Judgement
from allocator.model.plan import Breach, Derogation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Enforcement, Tier
from allocator.verify.discover import goal_values, rule_checks
from allocator.verify.holds import unlawful_holds
from allocator.verify.view import View

NEVER_OFF = frozenset({RuleId.ONE_BED})


class Findings(NamedTuple):
    """Breaches by what their settings make of them, each in order."""

    unlawful: tuple[Breach, ...]
    derogations: tuple[Derogation, ...]
    conflicts: tuple[Derogation, ...]
    notes: tuple[Breach, ...]


def verify(scenario: Scenario, placement: Mapping[str, str | None]) -> Judgement:
    """Judge a placement in plain Python, without solver, shapes or arrays.

    Parameters
    ----------
    placement : cell id by person id, None for unplaced. A person of the scenario who is missing,
        a person the scenario does not know and a cell the estate does not have are unlawful
        breaches of R01; the first and the last count as unplaced.
    """
    return judge(View(scenario, placement))


def judge(view: View) -> Judgement:
    """As `verify`, for a view."""
    findings = find_breaches(view)
    return Judgement(
        unlawful=findings.unlawful,
        derogations=findings.derogations,
        conflicts=findings.conflicts,
        notes=findings.notes,
        unlawful_holds=unlawful_holds(view),
        unplaced=view.unplaced,
        tiers=tier_values(view, findings),
        exposure=view.exposure,
    )


def find_breaches(view: View) -> Findings:
    """Breaches of every rule that is not off, sorted by rule, place and people."""
    by_setting = {
        enforcement: _breaches(view, enforcement)
        for enforcement in Enforcement
        if enforcement is not Enforcement.OFF
    }
    always = _always(view)
    return Findings(
        unlawful=_sorted([*always, *by_setting[Enforcement.HARD]]),
        derogations=_priced(view, by_setting[Enforcement.DEROGABLE]),
        conflicts=_priced(view, by_setting[Enforcement.SOFT]),
        notes=_sorted(by_setting[Enforcement.REPORT]),
    )


def tier_values(view: View, findings: Findings) -> Mapping[Tier, int]:
    """Value of every tier that the scenario has."""
    asked = {setting.tier for setting in view.scenario.tiers}
    tiers = {tier: 0 for tier in Tier if tier in asked}
    tiers[Tier.UNPLACED] = len(view.unplaced)
    tiers[Tier.DEROGATIONS] = sum(derogation.points for derogation in findings.derogations)
    tiers[Tier.PROTECTION] = sum(conflict.points for conflict in findings.conflicts)
    for goal in goal_values():
        if goal.tier in asked:
            tiers[goal.tier] += goal.value(view)
    return tiers


def _breaches(view: View, enforcement: Enforcement) -> list[Breach]:
    return [
        breach
        for rule in rule_checks()
        if view.setting(rule.rule).enforcement is enforcement
        for breach in rule.check(view)
    ]


def _always(view: View) -> list[Breach]:
    return [
        breach
        for rule in rule_checks()
        if rule.rule in NEVER_OFF or view.applies(rule.rule)
        for breach in rule.check_always(view)
    ]


def _sorted(breaches: list[Breach]) -> tuple[Breach, ...]:
    return tuple(sorted(breaches, key=lambda b: (b.rule, b.place, b.person_ids, b.detail)))


def _priced(view: View, breaches: list[Breach]) -> tuple[Derogation, ...]:
    settings = ((breach, view.setting(breach.rule)) for breach in _sorted(breaches))
    return tuple(Derogation(b, setting.price, setting.signed_by) for b, setting in settings)
