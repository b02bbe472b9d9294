"""A plan as a JSON document and back; the same plan always gives the same text."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from allocator.errors import PlanError
from allocator.model.plan import (
    Breach,
    Conflict,
    Derogation,
    Placement,
    Plan,
    Provenance,
    ShortfallCause,
    TierValue,
)
from allocator.prepare.files import read_bytes
from allocator.prepare.folder import parse_json
from allocator.prepare.plan_wire import DerogationWire, PlanDocument
from allocator.prepare.problems import Problems, show
from allocator.prepare.raw import KeyPlaces
from allocator.prepare.table_specs import Column
from allocator.prepare.validate import validate_header

CAVEAT = (
    "Exposure is a modelling quantity for planning. There is no evidence that it predicts "
    "radicalisation, and no claim that this plan reduces it."
)


def plan_document(plan: Plan) -> dict[str, Any]:
    """The JSON document of a plan: keys in fixed order, no times of day or of computing."""
    return {
        "schema_version": 1,
        "scenario_name": plan.scenario_name,
        "verdict": plan.verdict.value,
        "verified": plan.verified,
        "caveat": CAVEAT,
        "provenance": plan_provenance(plan.provenance),
        "tiers": [
            {"tier": tier.tier.value, "value": tier.value, "bound": tier.bound}
            for tier in plan.tiers
        ],
        "exposure": _counts(plan.exposure),
        "exposure_before": _counts(plan.exposure_before),
        "shortfall": _counts(plan.shortfall),
        "shortfall_causes": [
            {
                "category": cause.category,
                "rules": [r.value for r in cause.rules],
                "places": cause.places,
            }
            for cause in plan.shortfall_causes
        ],
        "derogations": [_derogation(derogation) for derogation in plan.derogations],
        "conflicts": [_conflict(conflict) for conflict in plan.conflicts],
        "placements": [_placement(placement) for placement in plan.placements],
    }


def plan_provenance(provenance: Provenance) -> dict[str, Any]:
    """What is needed to make a plan again.

    A plan that started from no other says nothing of it, so that plans written before there were
    such keep their hashes.
    """
    found = asdict(provenance)
    if provenance.started_from is None:
        del found["made_by"], found["started_from"]
    return found


def plan_text(plan: Plan) -> str:
    """The JSON text of a plan, equal byte for byte for equal plans."""
    return json.dumps(plan_document(plan), ensure_ascii=False, indent=2) + "\n"


def plan_json_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of the plan document."""
    return PlanDocument.model_json_schema()


def read_plan(source: Path | Mapping[str, Any]) -> Plan:
    """The plan in a JSON file or document; `seconds` is not kept there and reads as 0.

    Raises
    ------
    PlanError
        If the document is no plan; all problems are in it.
    """
    problems = Problems()
    document, file = _document(source, problems)
    wire = None
    problems.document, keys = document, KeyPlaces(file)
    if document is not None:
        columns = {name: _column(name) for name in PlanDocument.model_fields}
        wire = validate_header(PlanDocument, dict(document), columns, keys, problems)
    if wire is not None:
        _check_people(wire, keys, problems)
        if wire.caveat != CAVEAT:
            action = "Put the sentence back: a plan does not leave without it (R49)."
            problems.add("caveat_changed", keys.at("caveat"), show(wire.caveat), CAVEAT, action)
    problems.raise_if_any(PlanError)
    if wire is None:
        message = "a plan could not be read although no problem was recorded"
        raise AssertionError(message)
    return _plan(wire)


def _column(name: str) -> Column:
    return Column(name, "", required=True, default=None, allowed="as in the plan schema")


def _document(
    source: Path | Mapping[str, Any], problems: Problems
) -> tuple[Mapping[str, Any] | None, str]:
    if isinstance(source, Mapping):
        return source, "plan"
    data = read_bytes(source, source.name, problems)
    return (None if data is None else parse_json(data, source.name, problems)), source.name


def _check_people(wire: PlanDocument, keys: KeyPlaces, problems: Problems) -> None:
    first: dict[str, int] = {}
    for at, placement in enumerate(wire.placements):
        known = first.setdefault(placement.person_id, at)
        if known != at:
            found = f"{show(placement.person_id)}, as in placements[{known}]"
            place = keys.at("placements", at, "person_id")
            allowed = "each person once"
            problems.add("person_twice", place, found, allowed, "Keep one of the placements.")


def _plan(wire: PlanDocument) -> Plan:
    return Plan(
        scenario_name=wire.scenario_name,
        verdict=wire.verdict,
        placements=tuple(Placement(**vars(placement)) for placement in wire.placements),
        tiers=tuple(TierValue(**vars(tier)) for tier in wire.tiers),
        derogations=tuple(_read_derogation(derogation) for derogation in wire.derogations),
        exposure=wire.exposure,
        exposure_before=wire.exposure_before,
        shortfall=wire.shortfall,
        shortfall_causes=tuple(ShortfallCause(**vars(cause)) for cause in wire.shortfall_causes),
        conflicts=tuple(Conflict(**vars(conflict)) for conflict in wire.conflicts),
        provenance=Provenance(**vars(wire.provenance)),
        verified=wire.verified,
    )


def _read_derogation(wire: DerogationWire) -> Derogation:
    breach = Breach(wire.rule, wire.person_ids, wire.place, wire.amount, wire.detail)
    return Derogation(breach, wire.price, wire.signed_by)


def _counts(counts: Mapping[Any, int]) -> dict[str, int]:
    return {key: counts[key] for key in sorted(map(str, counts))}


def _derogation(derogation: Derogation) -> dict[str, Any]:
    breach = derogation.breach
    return {
        "rule": breach.rule.value,
        "person_ids": list(breach.person_ids),
        "place": breach.place,
        "amount": breach.amount,
        "detail": breach.detail,
        "price": derogation.price,
        "signed_by": derogation.signed_by,
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "rules": [rule.value for rule in conflict.rules],
        "person_ids": list(conflict.person_ids),
        "cell_ids": list(conflict.cell_ids),
        "missing": conflict.missing,
        "proof": conflict.proof,
        "words": conflict.words,
    }


def _placement(placement: Placement) -> dict[str, Any]:
    return {
        "person_id": placement.person_id,
        "from_place": placement.from_place,
        "cell_id": placement.cell_id,
        "blocked_by": _counts(placement.blocked_by),
        **({"planned_place": placement.planned_place} if placement.planned_place else {}),
    }
