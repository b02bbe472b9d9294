"""One plain document that says where a person can go: the JSON of the command line."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from allocator import __version__
from allocator.explain.headline import CAVEAT, STATUS
from allocator.explain.offers import Answer, NearestCell, Offer, Signature, Space
from allocator.explain.readers import (
    RECORDED,
    Reader,
    label_of,
    labels_of,
    told_labels,
    words_of,
)
from allocator.jobs.exits import ExitCode
from allocator.jobs.told import (
    breach_documents,
    derogation_documents,
    rule_documents,
    share_documents,
)
from allocator.model.judgement import Judgement
from allocator.model.scenario import Scenario

ROOM_BY_PLANNING = (
    "Nobody else moves in an urgent placement. `allocator plan` says whether moves of others make "
    "room. Nothing changes until a named person decides and signs."
)


def place_document(
    scenario: Scenario, answer: Answer, present: Judgement, reader: Reader = Reader.OFFICER
) -> dict[str, Any]:
    """Offers with all changes and reasons, and every other cell with what closes it.

    Every cell is named, also where only recorded information closes it: that it is neither offered
    nor closed by anything else says as much, and nobody is to be put there by mistake. Where
    something else closes the cell too, nothing is said of what is recorded.

    Parameters
    ----------
    present : the judge's word on the present placement.
    """
    reader = reader.of(scenario).about(answer.person_id)
    return {
        "scenario": scenario.name,
        "person_id": answer.person_id,
        "reader": reader.value,
        "present_place": answer.present_place,
        "words": _words(answer),
        "exit_code": int(exit_code_of_answer(answer)),
        "verified": answer.is_checked,
        "cells": answer.cells,
        "lawful": answer.lawful,
        "lawful_without_derogation": answer.unsigned,
        "now": {
            "tiers": _by_name(present.tiers),
            "exposure": _by_name(present.exposure),
            "unlawful": breach_documents(scenario, present.unlawful, reader),
        },
        "offers": [_offer(scenario, offer, reader) for offer in answer.offers],
        "nearest": _nearest(answer.nearest, reader),
        "closed_by": _closed_by(answer, reader),
        "other_cells": [
            {
                "cell_id": cell.cell_id,
                "rank": cell.rank,
                "closed_by": list(told_labels(cell.closed_by, reader)),
                "is_present": cell.is_present,
            }
            for cell in answer.others
        ],
        "provenance": provenance_document(scenario),
        "caveat": CAVEAT,
        "next_step": STATUS if answer.offers else ROOM_BY_PLANNING,
    }


def _closed_by(answer: Answer, reader: Reader) -> dict[str, Any]:
    """How many cells each rule closes, all that is hidden together."""
    words: dict[str, str] = {}
    cells = Counter[str]()
    for other in answer.others:
        found = told_labels(other.closed_by, reader)
        words |= found
        cells.update(found.keys())
    order = labels_of(answer.closed_by, reader)
    return {
        label: {"cells": cells[label], "words": words[label]} for label in order if cells[label]
    }


def exit_code_of_answer(answer: Answer) -> ExitCode:
    """Done where some cell is lawful without a derogation."""
    return ExitCode.DONE if answer.unsigned else ExitCode.LEAST_BAD


def _words(answer: Answer) -> str:
    if not answer.lawful:
        return f"No lawful cell among {answer.cells:,} while everybody else stays."
    cells = "1 cell is" if answer.lawful == 1 else f"{answer.lawful:,} cells are"
    if not answer.unsigned:
        return f"{cells} lawful, and only by a derogation that somebody signs."
    return f"{cells} lawful, {answer.unsigned:,} without a derogation."


def _offer(scenario: Scenario, offer: Offer, reader: Reader) -> dict[str, Any]:
    return {
        "rank": offer.rank,
        "cell_id": offer.cell_id,
        "wing_id": offer.wing_id,
        "landing_id": offer.landing_id,
        "equals": offer.equals,
        "tiers": _by_name(offer.tiers),
        "exposure": _by_name(offer.exposure) if reader.sees_exposure else {},
        "reasons": share_documents(offer.shares, reader),
        "signatures": _signatures(offer.signatures, reader),
        "derogations": derogation_documents(scenario, offer.derogations, reader),
        "soft_breaches": derogation_documents(scenario, offer.conflicts, reader),
        "notes": breach_documents(scenario, offer.notes, reader),
        "space": _space(offer.space),
    }


def _signatures(entries: Iterable[Signature], reader: Reader) -> list[dict[str, Any]]:
    """Points to be signed by rule and role; what is hidden is one line for each role."""
    points = Counter[tuple[str, str]]()
    words: dict[str, str] = {}
    for entry in entries:
        label = label_of(entry.rule, reader)
        points[label, entry.signed_by] += entry.points
        words[label] = words_of(entry.rule, reader)
    return [
        {"rule": label, "points": total, "signed_by": role, "words": words[label]}
        for (label, role), total in points.items()
    ]


def _space(space: Space) -> dict[str, Any]:
    each = space.area_m2_per_place
    return {
        **asdict(space),
        "area_m2_per_place": None if each is None else round(each, 2),
        "floor_broken": space.floor_broken,
    }


def _nearest(nearest: NearestCell | None, reader: Reader) -> dict[str, Any] | None:
    if nearest is None:
        return None
    labels = labels_of(nearest.closed_by, reader)
    return {
        "cell_id": None if RECORDED in labels else nearest.cell_id,
        "closed_by": rule_documents(nearest.closed_by, reader),
        "cells": nearest.cells,
        "in_use": nearest.in_use,
        "tiers": _by_name(nearest.tiers),
    }


def provenance_document(scenario: Scenario) -> dict[str, Any]:
    """What an answer about a scenario rests on, where no plan is made."""
    return {
        "scenario_hash": scenario.content_hash,
        "profile": scenario.profile.name,
        "profile_version": scenario.profile.version,
        "policy": scenario.policy.name,
        "policy_version": scenario.policy.version,
        "contact_weights": scenario.contact_weights.name,
        "software_version": __version__,
    }


def _by_name(values: Mapping[Any, int]) -> dict[str, int]:
    return {kind.value: value for kind, value in values.items()}
