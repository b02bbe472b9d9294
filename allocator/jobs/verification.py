"""Verification of a plan that came from outside, as one plain document."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocator.errors import ConfigError
from allocator.explain.placements import placement_planned
from allocator.explain.readers import Reader
from allocator.jobs.request import NO_OVERRIDES, Overrides
from allocator.jobs.task import read_source
from allocator.jobs.told import breach_documents, derogation_documents
from allocator.model.judgement import Judgement
from allocator.model.plan import Plan, Provenance
from allocator.model.scenario import Scenario
from allocator.prepare.last_plan import with_last_plan, with_planned_places
from allocator.verify import check_plan, verify


def verify_plan(
    source: Path | Mapping[str, Any], plan: Plan, last_plan: Plan | None = None
) -> dict[str, Any]:
    """Judge a plan under the policy, profile and weights that it says it was made with.

    Parameters
    ----------
    last_plan : the plan that this one revises; without it the planned places are those that the
        plan itself carries.
    """
    return verification_document(scenario_of_plan(source, plan, last_plan), plan)


def scenario_of_plan(
    source: Path | Mapping[str, Any], plan: Plan, last_plan: Plan | None = None
) -> Scenario:
    """The scenario under the settings that a plan names, with the planned places it revises."""
    scenario = read_source(source)
    overrides = overrides_of(scenario, plan.provenance)
    if overrides != NO_OVERRIDES:
        scenario = read_source(source, overrides)
    return as_revision(scenario, plan, last_plan)


def as_revision(scenario: Scenario, plan: Plan, last_plan: Plan | None) -> Scenario:
    """The scenario with the planned places that a plan is to be judged against."""
    if last_plan is not None:
        return with_last_plan(scenario, last_plan)
    if plan.provenance.revised_plan is None:
        return scenario
    places = {placement.person_id: placement.planned_place for placement in plan.placements}
    return with_planned_places(scenario, places, plan.provenance.revised_plan)


def overrides_of(scenario: Scenario, source: Provenance) -> Overrides:
    """What a command must have overridden to get from the scenario to the plan's provenance."""
    return Overrides(
        policy=_unless(scenario.policy.name, source.policy),
        legal_profile=_unless(scenario.profile.name, source.profile),
        contact_weights=_unless(scenario.contact_weights.name, source.contact_weights),
        max_moves=None if source.max_moves == scenario.max_moves else source.max_moves,
    )


def verification_document(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """Discrepancies between the plan and the judge, and the judgement.

    Raises
    ------
    ConfigError
        If the plan names people or cells that the scenario does not know.
    """
    _refuse_strangers(scenario, plan)
    judgement = verify(scenario, placement_planned(plan))
    discrepancies = list(check_plan(scenario, plan))
    return {
        "verified": not discrepancies and judgement.is_lawful,
        "discrepancies": discrepancies,
        "revised_plan": plan.provenance.revised_plan,
        "made_by": plan.provenance.made_by.value,
        "started_from": plan.provenance.started_from,
        "judgement": judgement_document(scenario, judgement),
    }


def judgement_document(scenario: Scenario, judgement: Judgement) -> dict[str, Any]:
    """A judgement as values that JSON can carry; whole, for whoever has the plan has it all."""
    reader = Reader.WHOLE
    return {
        "unlawful": breach_documents(scenario, judgement.unlawful, reader),
        "derogations": derogation_documents(scenario, judgement.derogations, reader),
        "soft_breaches": derogation_documents(scenario, judgement.conflicts, reader),
        "notes": breach_documents(scenario, judgement.notes, reader),
        "unlawful_holds": list(judgement.unlawful_holds),
        "unplaced": list(judgement.unplaced),
        "tiers": _by_name(judgement.tiers),
        "exposure": _by_name(judgement.exposure),
    }


def _refuse_strangers(scenario: Scenario, plan: Plan) -> None:
    people, cells = scenario.person_by_id, scenario.estate.cell_by_id
    strangers = [p.person_id for p in plan.placements if p.person_id not in people]
    strangers += [p.cell_id for p in plan.placements if p.cell_id and p.cell_id not in cells]
    if strangers:
        raise ConfigError(
            f"The plan does not belong to the scenario {scenario.name!r}: it names "
            f"{len(strangers)} people or cells that the scenario does not know, "
            f"{strangers[0]!r} first."
        )


def _unless(own: str, wanted: str) -> str | None:
    return None if own == wanted else wanted


def _by_name(values: Mapping[Any, int]) -> dict[str, int]:
    return {kind.value: value for kind, value in values.items()}
