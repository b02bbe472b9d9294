"""One plain document that explains a person's place: the JSON of the command line.

Everything that a reader may not see is left out here, so that no door can show it by mistake.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from allocator.explain.alternatives import Alternative
from allocator.explain.headline import CAVEAT, STATUS
from allocator.explain.move_lines import told_reason
from allocator.explain.person import Explanation
from allocator.explain.readers import (
    RECORDED,
    Reader,
    label_of,
    labels_of,
    may_name,
    reader_of_breach,
    shown_ids,
    words_of,
)
from allocator.explain.records import RecordKind, by_kind
from allocator.explain.sentences import (
    alternative_words,
    change_words,
    choice_words,
    exchange_words,
    leaving_words,
    placement_words,
    stay_words,
)
from allocator.explain.smallest_change import Change
from allocator.explain.words import NOT_ADVICE, record_words
from allocator.jobs.exits import ExitCode
from allocator.jobs.explain_data import data_document
from allocator.jobs.told import rule_documents, share_documents
from allocator.model.catalogue import RuleId
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Enforcement


def explain_document(
    scenario: Scenario, plan: Plan, found: Explanation, reader: Reader
) -> dict[str, Any]:
    """Placement, alternatives, closed cells, what would have to change, and the data used."""
    reader = reader.of(scenario).about(found.person_id)

    def alternative(other: Alternative) -> dict[str, Any]:
        return _alternative(scenario, plan, other, reader)

    return {
        "scenario": scenario.name,
        "person_id": found.person_id,
        "reader": reader.value,
        "exit_code": int(ExitCode.DONE),
        "verified": found.is_checked,
        "placement": {
            "present_place": found.present_place,
            "planned_cell": found.planned_cell,
            "planned_wing": found.planned_wing,
            "is_move": found.is_move,
            "words": placement_words(found),
        },
        "leaving": _leaving(found, reader),
        "choice": {
            "cells": found.cells,
            "lawful": found.lawful,
            "better": found.better,
            "equally_good": found.equals,
            "words": choice_words(scenario, plan, found),
        },
        "adds": {"tiers": _by_name(found.adds), "terms": share_documents(found.shares, reader)},
        "alternatives": [alternative(other) for other in found.alternatives],
        "staying": _staying(found, reader),
        "asked": None if found.asked is None else alternative(found.asked),
        "closed": _closed(found, reader),
        "change": None if found.change is None else _change(found, found.change, reader),
        "data": data_document(scenario, found.data, reader),
        "provenance": _provenance(scenario, plan),
        "caveat": CAVEAT,
        "next_step": STATUS,
    }


def _alternative(
    scenario: Scenario, plan: Plan, other: Alternative, reader: Reader
) -> dict[str, Any]:
    verdict, words = alternative_words(scenario, plan, other, reader)
    return {
        "cell_id": other.cell_id,
        "landing_id": other.landing_id,
        "wing_id": other.wing_id,
        "is_present": other.is_present,
        "alike": other.alike,
        "rank": other.rank,
        "verdict": verdict,
        "words": words,
        "tiers": _by_name(other.tiers),
        "terms": share_documents(other.shares, reader),
        "closed_by": rule_documents(other.closed_by, reader),
        "breaches": _breaches(scenario, other, reader),
    }


def _leaving(found: Explanation, reader: Reader) -> dict[str, Any] | None:
    """What a move does for the person, in the words and with the reason of the move list."""
    if found.leaving is None:
        return None
    reason, rules = told_reason(
        found.leaving.settled, reader, lowers_exposure=found.leaving.lowers_exposure
    )
    return {
        "words": leaving_words(found, reader),
        "reason": reason.value,
        "rules_settled": rule_documents(rules, reader),
        "taken_by": list(found.leaving.taken_by),
    }


def _staying(found: Explanation, reader: Reader) -> dict[str, Any] | None:
    """Why staying is the choice: exchanges too, since in a full prison hardly a cell is open."""
    if found.exchanges is None:
        return None
    return {
        "words": stay_words(found, reader),
        "exchanges_tried": found.exchanges.tried,
        "exchanges": [
            {
                "person_id": other.person_id,
                "cell_id": other.cell_id,
                "wing_id": other.wing_id,
                "words": exchange_words(other, reader),
                "tiers": _by_name(other.tiers),
                "terms": share_documents(
                    other.shares, reader.about(found.person_id, other.person_id)
                ),
            }
            for other in found.exchanges.best
        ],
    }


def _closed(found: Explanation, reader: Reader) -> dict[str, Any]:
    """Cells by the rules that close them, and how many each rule closes.

    No cell is named that something hidden closes: it would tell who is in it.
    """
    by_set = Counter[tuple[str, ...]]()
    by_rule = Counter[str]()
    examples: dict[tuple[str, ...], list[str]] = {}
    words: dict[str, str] = {}
    for group in found.closed:
        rules = labels_of(group.rules, reader)
        labels = tuple(rules)
        by_set[labels] += group.cells
        by_rule.update(dict.fromkeys(labels, group.cells))
        named = () if RECORDED in labels else group.examples
        examples.setdefault(labels, []).extend(named)
        words |= rules
    return {
        "cells": by_set.total(),
        "groups": [
            {"rules": list(labels), "cells": cells, "such_as": examples[labels][:3]}
            for labels, cells in by_set.most_common()
        ],
        "rules": [
            {"rule": label, "cells": cells, "words": words[label]}
            for label, cells in by_rule.most_common()
        ],
    }


def _breaches(scenario: Scenario, other: Alternative, reader: Reader) -> list[dict[str, Any]]:
    """What is broken there; once without people and details for all that is hidden.

    What closes a cell nobody signs, even of a rule that may be signed up to some amount.
    """
    shown: dict[tuple[str, str], dict[str, Any]] = {}
    for breach in other.breaches:
        hidden = not may_name(breach, reader)
        told = reader_of_breach(breach, reader)
        label = label_of(breach.rule, told)
        entry = {
            "rule": label,
            "words": words_of(breach.rule, told),
            "place": breach.place,
            "person_ids": [] if hidden else list(breach.person_ids),
            "detail": "" if hidden else breach.detail,
            "signed_by": None if other.rank is None else _signed_by(scenario, breach.rule),
        }
        shown[label, breach.place if hidden else breach.detail] = entry
    return list(shown.values())


def _signed_by(scenario: Scenario, rule: RuleId) -> str | None:
    """The role that may sign the rule away; None where nobody may."""
    setting = scenario.policy.settings.get(rule) or scenario.profile.settings[rule]
    return setting.signed_by if setting.enforcement is Enforcement.DEROGABLE else None


def _change(found: Explanation, change: Change, reader: Reader) -> dict[str, Any]:
    found_records = by_kind(change.records)
    places = [record for record in found_records if record.kind is RecordKind.PLACE]
    records = {
        record_words(record, reader): record for record in found_records if record not in places
    }
    return {
        "cell_id": change.cell_id,
        "outcome": change.outcome.value,
        "words": change_words(found, change, reader),
        "records": [
            {"words": words, "person_ids": list(shown_ids(record, reader))}
            for words, record in records.items()
        ],
        "people_elsewhere": sum(len(record.person_ids) for record in places),
        "person_ids_elsewhere": [i for record in places for i in shown_ids(record, reader)],
        "equally_good": change.tied,
        "note": NOT_ADVICE,
    }


def _provenance(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    source = plan.provenance
    return {
        "scenario_hash": source.scenario_hash,
        "day": scenario.day.isoformat(),
        "profile": source.profile,
        "profile_version": source.profile_version,
        "policy": source.policy,
        "policy_version": source.policy_version,
        "contact_weights": source.contact_weights,
        "verdict": plan.verdict.value,
        "software_version": source.software_version,
    }


def _by_name(values: Mapping[Any, int]) -> dict[str, int]:
    return {kind.value: value for kind, value in values.items()}
