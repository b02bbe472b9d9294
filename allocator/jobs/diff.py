"""Two plans of one scenario against each other: which settings, which plans, the numbers (R40).

Both plans are judged under one policy, profile and set of contact weights, because values under
different ones are different units. The settings are those of plan A unless the caller names others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allocator.explain.diff import PlanDiff, diff_placements
from allocator.jobs.foreign import Brought, bring_plan
from allocator.jobs.request import NO_OVERRIDES, Overrides
from allocator.jobs.task import read_source
from allocator.jobs.verification import as_revision, overrides_of
from allocator.model.plan import Plan, Provenance
from allocator.model.scenario import Scenario
from allocator.prepare.last_plan import plan_hash, with_last_plan

SETTING_WORDS = {
    "policy": "policy",
    "profile": "legal profile",
    "contact_weights": "contact weights",
    "max_moves": "move limit",
}


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two plans and what they come to under the settings of `scenario`.

    Parameters
    ----------
    notes : sentences on what the reader must know first: other settings, earlier versions.
    """

    scenario: Scenario
    a: Brought
    b: Brought
    diff: PlanDiff
    notes: tuple[str, ...]


def compare_plans(
    source: Path | Mapping[str, Any],
    plan_a: Plan,
    plan_b: Plan,
    chosen: Overrides = NO_OVERRIDES,
) -> Compared:
    """Verify two plans and compare them.

    Parameters
    ----------
    chosen : policy, profile and contact weights to judge both under; those of plan A where None.

    Raises
    ------
    ConfigError
        If a plan is not verified or is of other data, or a setting is not known.
    """
    own = read_source(source)
    a, b = (bring_plan(source, own, plan, name) for plan, name in ((plan_a, "A"), (plan_b, "B")))
    common = _common_settings(own, plan_a.provenance, plan_b.provenance, chosen)
    scenario = own if common == NO_OVERRIDES else read_source(source, common)
    scenario, revision = _as_common_revision(scenario, plan_a, plan_b)
    diff = diff_placements(scenario, a.placement, b.placement)
    notes = (*_setting_notes(scenario, a, b), *revision, *_version_notes(a), *_version_notes(b))
    return Compared(scenario, a, b, diff, notes)


def _common_settings(own: Scenario, a: Provenance, b: Provenance, chosen: Overrides) -> Overrides:
    """Plan A's settings with the chosen ones in their place; the larger of two move limits."""
    base = overrides_of(own, a)
    limits = (a.max_moves, b.max_moves)
    most = None if None in limits else max(limit for limit in limits if limit is not None)
    return Overrides(
        policy=chosen.policy or base.policy,
        legal_profile=chosen.legal_profile or base.legal_profile,
        contact_weights=chosen.contact_weights or base.contact_weights,
        max_moves=None if most == own.max_moves else most,
    )


def _as_common_revision(scenario: Scenario, a: Plan, b: Plan) -> tuple[Scenario, tuple[str, ...]]:
    """The last plan that both are compared with: the one they revise, or one of the two."""
    revised_a, revised_b = a.provenance.revised_plan, b.provenance.revised_plan
    if revised_a is not None and revised_a == revised_b:
        return as_revision(scenario, a, None), ()
    for name, plan, other, revised in (("A", a, "B", revised_b), ("B", b, "A", revised_a)):
        if revised is not None and revised == plan_hash(plan):
            note = f"Plan {other} revises plan {name}; departures are counted from plan {name}."
            return with_last_plan(scenario, plan), (note,)
    if revised_a is None and revised_b is None:
        return scenario, ()
    note = (
        "The plans do not revise the same plan: departures are counted only from places that the "
        "scenario's own tables plan."
    )
    return scenario, (note,)


def _setting_notes(scenario: Scenario, a: Brought, b: Brought) -> tuple[str, ...]:
    """What the plans were made under, where it is not what both are judged under."""
    here = {
        "policy": scenario.policy.name,
        "profile": scenario.profile.name,
        "contact_weights": scenario.contact_weights.name,
        "max_moves": scenario.max_moves,
    }
    return tuple(
        f"Plan {side.name} was made under {words} {_named(made)}; here both plans are judged "
        f"under {_named(here[key])}."
        for key, words in SETTING_WORDS.items()
        for side in (a, b)
        if (made := getattr(side.plan.provenance, key)) != here[key]
    )


def _named(value: object) -> str:
    return "none" if value is None else f"{value}"


def _version_notes(side: Brought) -> tuple[str, ...]:
    """What a plan of an earlier version lacks; nothing for a plan of these data."""
    if side.is_current:
        return ()
    counts = (
        (len(side.gone), "of its people are gone"),
        (len(side.new), "people are new to it"),
        (len(side.gone_cells), "of its cells are gone"),
    )
    found = "; ".join(f"{count:,} {words}" for count, words in counts if count)
    words = (
        f"Plan {side.name} was made for an earlier version of these data "
        f"({side.plan.provenance.scenario_hash[:12]}), under which it cannot be verified again; "
        f"its places are judged in today's data{': ' + found if found else ''}."
    )
    return (words,)
