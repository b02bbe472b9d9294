"""One plain document that says where a person can go: the JSON of the command line."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from allocator import __version__
from allocator.explain.headline import CAVEAT, STATUS
from allocator.explain.offers import Answer, NearestCell, Offer, Space
from allocator.explain.signing import NEUTRAL_WORDS
from allocator.jobs.exits import ExitCode
from allocator.jobs.summary import breach_document, derogation_document
from allocator.model.catalogue import GOAL_BY_ID, RULE_BY_ID, GoalId, RuleId
from allocator.model.judgement import Judgement
from allocator.model.scenario import Scenario

ROOM_BY_PLANNING = (
    "Nobody else moves in an urgent placement. `allocator plan` says whether moves of others make "
    "room. Nothing changes until a named person decides and signs."
)


def place_document(scenario: Scenario, answer: Answer, present: Judgement) -> dict[str, Any]:
    """Offers with all changes and reasons, and every other cell with what closes it.

    Parameters
    ----------
    present : the judge's word on the present placement.
    """
    return {
        "scenario": scenario.name,
        "person_id": answer.person_id,
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
            "unlawful": [breach_document(breach) for breach in present.unlawful],
        },
        "offers": [_offer(offer) for offer in answer.offers],
        "nearest": _nearest(answer.nearest),
        "closed_by": {
            rule.value: {"cells": cells, "words": words_of(rule)}
            for rule, cells in answer.closed_by.items()
        },
        "other_cells": [
            {
                "cell_id": cell.cell_id,
                "rank": cell.rank,
                "closed_by": [rule.value for rule in cell.closed_by],
                "is_present": cell.is_present,
            }
            for cell in answer.others
        ],
        "provenance": provenance_document(scenario),
        "caveat": CAVEAT,
        "next_step": STATUS if answer.offers else ROOM_BY_PLANNING,
    }


def exit_code_of_answer(answer: Answer) -> ExitCode:
    """Done where some cell is lawful without a derogation."""
    return ExitCode.DONE if answer.unsigned else ExitCode.LEAST_BAD


def words_of(source: RuleId | GoalId) -> str:
    """A rule or goal in words that tell nothing about findings on a person."""
    if isinstance(source, GoalId):
        return GOAL_BY_ID[source].words
    return NEUTRAL_WORDS.get(source, RULE_BY_ID[source].words)


def _words(answer: Answer) -> str:
    if not answer.lawful:
        return f"No lawful cell among {answer.cells:,} while everybody else stays."
    cells = "1 cell is" if answer.lawful == 1 else f"{answer.lawful:,} cells are"
    if not answer.unsigned:
        return f"{cells} lawful, and only by a derogation that somebody signs."
    return f"{cells} lawful, {answer.unsigned:,} without a derogation."


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "rank": offer.rank,
        "cell_id": offer.cell_id,
        "wing_id": offer.wing_id,
        "landing_id": offer.landing_id,
        "equals": offer.equals,
        "tiers": _by_name(offer.tiers),
        "exposure": _by_name(offer.exposure),
        "reasons": [
            {
                "tier": share.tier.value,
                "source": share.source.value,
                "points": share.points,
                "words": words_of(share.source),
            }
            for share in offer.shares
        ],
        "signatures": [
            {
                "rule": entry.rule.value,
                "points": entry.points,
                "signed_by": entry.signed_by,
                "words": words_of(entry.rule),
            }
            for entry in offer.signatures
        ],
        "derogations": [derogation_document(entry) for entry in offer.derogations],
        "soft_breaches": [derogation_document(entry) for entry in offer.conflicts],
        "notes": [breach_document(breach) for breach in offer.notes],
        "space": _space(offer.space),
    }


def _space(space: Space) -> dict[str, Any]:
    each = space.area_m2_per_place
    return {
        **asdict(space),
        "area_m2_per_place": None if each is None else round(each, 2),
        "floor_broken": space.floor_broken,
    }


def _nearest(nearest: NearestCell | None) -> dict[str, Any] | None:
    if nearest is None:
        return None
    return {
        "cell_id": nearest.cell_id,
        "closed_by": [{"rule": rule.value, "words": words_of(rule)} for rule in nearest.closed_by],
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
