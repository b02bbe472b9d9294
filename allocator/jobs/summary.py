"""One plain document that says what a plan is: the JSON of the command line, batch and API."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from allocator.explain.decisions import complaint_lines
from allocator.explain.departures import revision_of
from allocator.explain.headline import CAVEAT, STATUS, conflict_words, headline, shortfall_lines
from allocator.explain.placements import read_placements
from allocator.explain.readers import Reader, label_of
from allocator.jobs.exits import exit_code_of_plan
from allocator.jobs.ports import Planned
from allocator.jobs.told import breach_documents, derogation_documents
from allocator.model.judgement import Judgement
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.prepare.plan_document import plan_provenance

NO_CHANGE = "No plan was found, so nothing changes: everybody stays where they are."


def summary_document(
    scenario: Scenario,
    planned: Planned,
    files: Iterable[Path] = (),
    reader: Reader = Reader.OFFICER,
) -> dict[str, Any]:
    """Everything a first screen shows to a reader, as values that JSON can carry."""
    plan, judgement, reader = planned.plan, planned.judgement, reader.of(scenario)
    title = headline(plan)
    return {
        "scenario": scenario.name,
        "reader": reader.value,
        "people": len(scenario.people),
        "verdict": plan.verdict.value,
        "words": f"{title.title}. {title.words}",
        "exit_code": int(exit_code_of_plan(plan)),
        "verified": plan.verified,
        "unlawful_holds": list(judgement.unlawful_holds),
        "unplaced": [_unplaced(plan, p, reader) for p in judgement.unplaced if plan.verified],
        "shortfall": dict(plan.shortfall),
        "places_missing": plan.places_missing,
        "shortfall_causes": _shortfall_causes(plan, reader),
        "conflicts": [conflict_words(conflict, reader) for conflict in plan.conflicts],
        "derogations": derogation_documents(scenario, plan.derogations, reader),
        "not_kept": _not_kept(scenario, judgement, reader) if plan.verified else [],
        "exposure": {"before": _by_name(plan.exposure_before), "after": _by_name(plan.exposure)},
        "moves": [
            {
                "person_id": move.person_id,
                "from": move.from_place,
                "to": move.cell_id,
                "first_placement": move.from_place not in scenario.estate.cell_by_id,
            }
            for move in plan.moves
        ],
        "tiers": [
            {"tier": tier.tier.value, "value": tier.value, "bound": tier.bound}
            for tier in plan.tiers
        ],
        "open_complaints": _complaints(scenario, plan),
        "revision": _revision(scenario, plan, reader),
        "seconds": round(plan.seconds, 3),
        "provenance": plan_provenance(plan.provenance),
        "files": [str(path) for path in files],
        "caveat": CAVEAT,
        "next_step": STATUS if plan.verified else NO_CHANGE,
    }


def _shortfall_causes(plan: Plan, reader: Reader) -> list[dict[str, Any]]:
    return [
        {
            "category": line.category,
            "rules": list(line.rules),
            "places": line.places,
            "words": line.words,
        }
        for line in shortfall_lines(plan, reader)
    ]


def _not_kept(scenario: Scenario, judgement: Judgement, reader: Reader) -> list[dict[str, Any]]:
    """Rules that are weighed or reported only."""
    return [
        *derogation_documents(scenario, judgement.conflicts, reader),
        *breach_documents(scenario, judgement.notes, reader),
    ]


def _complaints(scenario: Scenario, plan: Plan) -> list[dict[str, Any]]:
    """Open complaints, each a person's to decide before anybody acts on the plan."""
    if not scenario.complaints:
        return []
    return [
        {
            "person_id": line.person_id,
            "cell_id": line.cell_id,
            "opened_at": line.opened_at.isoformat(),
            "reason": line.reason.value,
            "is_frozen": line.is_frozen,
        }
        for line in complaint_lines(read_placements(scenario, plan))
    ]


def _revision(scenario: Scenario, plan: Plan, reader: Reader) -> dict[str, Any] | None:
    """The plan against the one that it revises; None where it revises none."""
    found = revision_of(scenario, plan, reader)
    if found is None:
        return None
    departures = [
        {
            "person_id": line.person_id,
            "from": line.planned_place,
            "to": line.cell_id,
            "rules": list(line.rules),
            "words": line.words,
        }
        for line in found.departures
    ]
    return {
        "last_plan": found.last_plan,
        "planned": found.planned,
        "new": found.new,
        "departures": departures,
    }


def _unplaced(plan: Plan, person_id: str, reader: Reader) -> dict[str, Any]:
    """Cells that each rule excludes; of hidden rules the one that excludes most stands for all."""
    blocked = next(p.blocked_by for p in plan.unplaced if p.person_id == person_id)
    cells: dict[str, int] = {}
    reader = reader.about(person_id)
    for rule, count in sorted(blocked.items()):
        label = label_of(rule, reader)
        cells[label] = max(count, cells.get(label, 0))
    return {"person_id": person_id, "blocked_by": cells}


def _by_name(values: Mapping[Any, int]) -> dict[str, int]:
    return {kind.value: value for kind, value in sorted(values.items())}
