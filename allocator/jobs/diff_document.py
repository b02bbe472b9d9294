"""One plain document that says what two plans have in common and what not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from allocator.explain.burden import Burden
from allocator.explain.diff import Difference, PersonChange, PlanDiff, Side, Standing, WorstOff
from allocator.explain.headline import CAVEAT, STATUS, TIER_WORDS
from allocator.explain.readers import RECORDED, Reader
from allocator.explain.standing import LESS_IS_BETTER, MEASURE_WORDS, YES_OR_NO, Measure
from allocator.jobs.diff import Compared
from allocator.jobs.exits import ExitCode
from allocator.jobs.foreign import Brought
from allocator.jobs.place_document import provenance_document
from allocator.jobs.told import breach_documents, derogation_documents
from allocator.model.plan import Derogation

UNCOUNTED = "People without a place have no exposure; exposures compare only between equal numbers."
WORST = (Measure.RECEIVED, Measure.SPACE)
HIDDEN_MEASURES = frozenset({Measure.RECEIVED, Measure.SUPPORT, Measure.FIRST_NIGHT})
"""What a person has by evidence or findings; who has how much of it is intelligence."""


def diff_document(
    found: Compared, files: tuple[str, str], reader: Reader = Reader.OFFICER
) -> dict[str, Any]:
    """Everything that a screen or page shows to a reader.

    A reader without access to intelligence sees exposure in totals, and of one person only that
    recorded information is better or worse.

    Parameters
    ----------
    files : where the plans A and B were read from, as the user named them.
    """
    diff, reader = found.diff, reader.of(found.scenario)
    return {
        "scenario": found.scenario.name,
        "reader": reader.value,
        "day": found.scenario.day.isoformat(),
        "words": _words(diff),
        "exit_code": int(ExitCode.DONE),
        "notes": [*found.notes, *_uncounted(diff)],
        "plans": {
            key: _plan(found, key, reader) | {"file": file}
            for key, file in zip(("a", "b"), files, strict=True)
        },
        "tiers": _tiers(found),
        "exposure": _exposure(diff),
        "placements": {
            "same": len(diff.a.placement) - len(diff.places),
            "differ": [
                {
                    "person_id": line.person_id,
                    "present_place": line.present_place,
                    "a": line.a,
                    "b": line.b,
                }
                for line in diff.places
            ],
        },
        "people": _people(diff, reader),
        "worst_off": [_worst(diff, measure, reader) for measure in WORST],
        "burden": {key: _burden(side.burden) for key, side in (("a", diff.a), ("b", diff.b))},
        "derogations": _derogations(found, reader),
        "unplaced": _unplaced(diff),
        "files": [],
        "provenance": _provenance(found),
        "caveat": CAVEAT,
        "next_step": STATUS,
    }


def _words(diff: PlanDiff) -> str:
    if not diff.places:
        return "The plans put everybody in the same place."
    better, worse, mixed = (
        len(diff.standing(s)) for s in (Standing.BETTER, Standing.WORSE, Standing.MIXED)
    )
    differ = len(diff.places)
    places = f"{differ:,} {'person is' if differ == 1 else 'people are'} elsewhere in B"
    return (
        f"{places}. In B {better:,} are better off than in A, {worse:,} are worse off, and for "
        f"{mixed:,} some things are better and others worse."
    )


def _uncounted(diff: PlanDiff) -> list[str]:
    counts = {len(side.judgement.unplaced) for side in (diff.now, diff.a, diff.b)}
    return [UNCOUNTED] if len(counts) > 1 else []


def _plan(found: Compared, key: str, reader: Reader) -> dict[str, Any]:
    brought: Brought = getattr(found, key)
    side: Side = getattr(found.diff, key)
    source = brought.plan.provenance
    return {
        "is_of_these_data": brought.is_current,
        "scenario_name": brought.plan.scenario_name,
        "scenario_hash": source.scenario_hash,
        "verdict": brought.plan.verdict.value,
        "policy": source.policy,
        "profile": source.profile,
        "contact_weights": source.contact_weights,
        "max_moves": source.max_moves,
        "effort": source.effort,
        "seed": source.seed,
        "gone_people": list(brought.gone),
        "new_people": list(brought.new),
        "gone_cells": list(brought.gone_cells),
        "moves": len(side.burden.moved),
        "unplaced": len(side.judgement.unplaced),
        "derogations": len(side.judgement.derogations),
        "unlawful": breach_documents(found.scenario, side.judgement.unlawful, reader),
    }


def _tiers(found: Compared) -> list[dict[str, Any]]:
    """Tiers in the order of the common policy."""
    now, a, b = (side.judgement.tiers for side in (found.diff.now, found.diff.a, found.diff.b))
    return [
        {
            "tier": setting.tier.value,
            "words": TIER_WORDS[setting.tier],
            "now": now[setting.tier],
            "a": a[setting.tier],
            "b": b[setting.tier],
            "change": b[setting.tier] - a[setting.tier],
        }
        for setting in found.scenario.tiers
    ]


def _exposure(diff: PlanDiff) -> list[dict[str, Any]]:
    now, a, b = (side.judgement.exposure for side in (diff.now, diff.a, diff.b))
    return [
        {"kind": kind.value, "now": now[kind], "a": had, "b": b[kind], "change": b[kind] - had}
        for kind, had in a.items()
    ]


def _people(diff: PlanDiff, reader: Reader) -> dict[str, Any]:
    counts = {standing.value: len(diff.standing(standing)) for standing in Standing}
    counts[Standing.SAME.value] = len(diff.a.placement) - len(diff.people)
    return {
        **counts,
        "by_measure": _by_measure(diff.people),
        "received": [
            {"person_id": key, "a": a[Measure.RECEIVED], "b": b[Measure.RECEIVED]}
            for key, a, b in (_both(diff) if reader.sees_exposure else ())
            if Measure.RECEIVED in a and Measure.RECEIVED in b
        ],
        "changes": [
            {
                "person_id": line.person_id,
                "standing": line.standing.value,
                "place_a": diff.a.placement[line.person_id],
                "place_b": diff.b.placement[line.person_id],
                "received_change": _received_change(line) if reader.sees_exposure else None,
                "differences": _differences(line, reader),
            }
            for line in diff.people
        ],
    }


def _received_change(line: PersonChange) -> int:
    """Exposure received in B less that in A; 0 for people without a place in one of them."""
    return sum(int(d.b - d.a) for d in line.differences if d.measure is Measure.RECEIVED)


def _both(diff: PlanDiff) -> Iterable[tuple[str, Mapping[Measure, Any], Mapping[Measure, Any]]]:
    """Values in A and B of everybody who is exposed to anything in one of them, by id."""
    b = diff.b.standings.by_person
    for key, values in sorted(diff.a.standings.by_person.items()):
        if values.get(Measure.RECEIVED) or b[key].get(Measure.RECEIVED):
            yield key, values, b[key]


def _by_measure(people: Sequence[PersonChange]) -> list[dict[str, Any]]:
    """For how many B is better and worse, measure by measure."""
    found = []
    for measure in Measure:
        said = [d.is_better for line in people for d in line.differences if d.measure is measure]
        if said:
            entry = {"measure": measure.value, "words": MEASURE_WORDS[measure]}
            found.append({**entry, "better": sum(said), "worse": len(said) - sum(said)})
    return found


def _differences(line: PersonChange, reader: Reader) -> list[dict[str, Any]]:
    """What differs for a person; all that is hidden and better, or worse, once without values."""
    found: dict[tuple[str, bool], dict[str, Any]] = {}
    for entry in line.differences:
        document = _difference(entry)
        if entry.measure in HIDDEN_MEASURES and not reader.sees_exposure:
            document |= {"measure": "recorded", "words": RECORDED, "a": None, "b": None}
            document["change"] = ""
        found[document["measure"], entry.is_better] = document
    return list(found.values())


def _difference(entry: Difference) -> dict[str, Any]:
    return {
        "measure": entry.measure.value,
        "words": MEASURE_WORDS[entry.measure],
        "a": entry.a,
        "b": entry.b,
        "change": f"{_value_words(entry, entry.a)} → {_value_words(entry, entry.b)}",
        "is_better": entry.is_better,
    }


def _value_words(entry: Difference, value: float) -> str:
    if entry.measure in YES_OR_NO:
        return "yes" if value else "no"
    return f"{value:,}"


def _worst(diff: PlanDiff, measure: Measure, reader: Reader) -> dict[str, Any]:
    sides = {"now": diff.now, "a": diff.a, "b": diff.b}
    worst = {key: side.worst(measure) for key, side in sides.items()}
    named = reader.sees_exposure or measure not in HIDDEN_MEASURES
    return {
        "measure": measure.value,
        "words": MEASURE_WORDS[measure],
        "less_is_better": measure in LESS_IS_BETTER,
        **{key: _worst_side(entry, named=named) for key, entry in worst.items()},
        "change": _change(worst["a"].value, worst["b"].value),
    }


def _worst_side(entry: WorstOff, *, named: bool) -> dict[str, Any]:
    """With nobody exposed at all everybody is worst off, so that nobody is named."""
    ids = entry.person_ids if entry.value and named else ()
    return {"value": entry.value, "person_ids": list(ids)}


def _change(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else round(b - a, 2)


def _burden(burden: Burden) -> dict[str, Any]:
    return {
        "moved": list(burden.moved),
        "moved_again": list(burden.moved_again),
        "crowded_again": list(burden.crowded_again),
        "move_points": burden.move_points,
        "repeated_move_points": burden.repeated_move_points,
        "crowded_months": burden.crowded_months,
    }


def _derogations(found: Compared, reader: Reader) -> dict[str, Any]:
    scenario, diff = found.scenario, found.diff
    total = len(diff.a.judgement.derogations)
    return {
        "both": total - len(diff.derogations_a),
        "only_a": derogation_documents(scenario, diff.derogations_a, reader),
        "only_b": derogation_documents(scenario, diff.derogations_b, reader),
        "signed_by": {
            key: _signers(side.judgement.derogations)
            for key, side in (("a", diff.a), ("b", diff.b))
        },
    }


def _signers(derogations: Iterable[Derogation]) -> dict[str, int]:
    """Derogations by the role that signs, sorted; nobody where the profile names none."""
    roles = [entry.signed_by or "nobody" for entry in derogations]
    return {role: roles.count(role) for role in sorted(set(roles))}


def _unplaced(diff: PlanDiff) -> dict[str, list[str]]:
    a, b = set(diff.a.judgement.unplaced), set(diff.b.judgement.unplaced)
    return {"only_a": sorted(a - b), "only_b": sorted(b - a), "both": sorted(a & b)}


def _provenance(found: Compared) -> dict[str, Any]:
    return {**provenance_document(found.scenario), "max_moves": found.scenario.max_moves}
