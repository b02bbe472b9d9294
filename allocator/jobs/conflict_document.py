"""One plain document that says why not everybody can be placed: the JSON of the command line."""

from dataclasses import asdict
from typing import Any

from allocator.explain.readers import (
    HIDDEN_WORDS,
    Reader,
    is_hidden,
    label_of,
    labels_of,
    words_of,
)
from allocator.explain.repair.answer import Status, WhyNot
from allocator.explain.repair.conflicts import Clash, ClashKind
from allocator.explain.repair.oracle import Fewest
from allocator.explain.repair.prices import CellKind, Price, Saving
from allocator.explain.repair.repairs import Line, Repair, until_words
from allocator.jobs.exits import ExitCode
from allocator.jobs.place_document import provenance_document
from allocator.jobs.told import rule_documents
from allocator.model.catalogue import RULE_BY_ID, RuleId
from allocator.model.plan import ShortfallCause
from allocator.model.scenario import Scenario
from allocator.report.form import plural

CODES = {
    Status.NO_CONFLICT: ExitCode.DONE,
    Status.SIGNATURES: ExitCode.LEAST_BAD,
    Status.PLACES_MISSING: ExitCode.LEAST_BAD,
    Status.UNDECIDED: ExitCode.NOTHING_FOUND,
}
NEXT_STEP = (
    "Nothing is signed and nobody is moved by this answer. A signature is the decision of a named "
    "person with a reason; lack of staff is never one. `allocator plan` makes the plan."
)
USE_WORDS = {"standard": "", "juvenile": "juvenile", "first_night": "first-night"}
ONE_AND_MANY = {"person": "people", "place": "places", "pair": "pairs", "minute": "minutes"}
SIZE_WORDS = {1: "single", 2: "double", 3: "triple"}


def conflict_document(
    scenario: Scenario, answer: WhyNot, reader: Reader = Reader.OFFICER
) -> dict[str, Any]:
    """Conflicts, repairs, shortfall, prices and what only new data would change.

    Where something hidden is part of a conflict or of a signature, the people are only counted.
    """
    repairs, reader = answer.repairs, reader.of(scenario)
    return {
        "scenario": scenario.name,
        "reader": reader.value,
        "words": _words(answer, len(scenario.people)),
        "exit_code": int(CODES[answer.status]),
        "status": answer.status.value,
        "people": len(scenario.people),
        "cells": len(scenario.estate.cells),
        "left_out_without_derogation": _fewest(answer.unsigned),
        "left_out_with_all_derogations": _fewest(answer.signed),
        "conflicts": [_clash(clash, reader) for clash in answer.clashes.found],
        "conflicts_complete": answer.clashes.is_complete,
        "repairs": [_repair(scenario, r, reader) for r in repairs.found if r.lines],
        "repairs_complete": repairs.is_complete,
        "shortfall_without_derogation": [_cause(c, reader) for c in answer.shortfall_unsigned],
        "shortfall_with_all_derogations": [_cause(c, reader) for c in answer.shortfall_signed],
        "prices": [_price(scenario, price) for price in answer.prices],
        "room_left": answer.room_left,
        "needs_data": _needs_data(answer, reader),
        "provenance": provenance_document(scenario),
        "next_step": NEXT_STEP,
    }


def _words(answer: WhyNot, people: int) -> str:
    everybody = plural(people, "person", "people")
    match answer.status:
        case Status.NO_CONFLICT:
            return f"No conflict: all {everybody} can be placed without any derogation."
        case Status.SIGNATURES:
            return (
                f"Not everybody can be placed without a derogation: of {everybody} "
                f"{_left(answer.unsigned)} no place. With signatures everybody has one."
            )
        case Status.PLACES_MISSING:
            return (
                f"Places are missing that nobody can sign for: of {everybody} "
                f"{_left(answer.signed)} no place whatever is signed, and "
                f"{_left(answer.unsigned)} none without a derogation."
            )
        case Status.UNDECIDED:
            return (
                f"Not decided: no placement of all {everybody} was found and none was proved to be "
                f"impossible; {_left(answer.signed)} no place in the best found."
            )


def _left(fewest: Fewest) -> str:
    if fewest.is_proven:
        return _have(fewest.found)
    return f"{fewest.least:,} to {_have(fewest.found)}"


def _have(people: int) -> str:
    return "1 has" if people == 1 else f"{people:,} have"


def _fewest(fewest: Fewest) -> dict[str, Any]:
    return {"found": fewest.found, "at_least": fewest.least, "proven": fewest.is_proven}


def _needs_data(answer: WhyNot, reader: Reader) -> list[dict[str, str]]:
    found = {
        label_of(rule, reader): HIDDEN_WORDS if is_hidden(rule, None, reader) else words
        for rule, words in answer.needs_data.items()
    }
    return [{"rule": label, "words": words} for label, words in found.items()]


def _clash(clash: Clash, reader: Reader) -> dict[str, Any]:
    reader = reader.about(*clash.person_ids)
    named = not any(is_hidden(rule, None, reader) for rule in clash.rules)
    signable = labels_of(clash.signable, reader)
    return {
        "kind": clash.kind.value,
        "words": _clash_words(clash),
        "rules": [
            {**entry, "may_be_signed": entry["rule"] in signable}
            for entry in rule_documents(clash.rules, reader)
        ],
        "people": len(clash.person_ids),
        "smallest_people": len(clash.core_ids),
        "smallest_person_ids": list(clash.core_ids) if named else [],
        "person_ids": list(clash.person_ids) if named else [],
        "cell_ids": list(clash.cell_ids),
        "places_needed": clash.demand,
        "places_there": clash.capacity,
        "missing": clash.missing,
        "proof": clash.proof,
        "smallest_proven": clash.is_smallest,
        "even_with_room": clash.with_room,
    }


def _clash_words(clash: Clash) -> str:
    people = plural(len(clash.person_ids), "person", "people")
    cells = plural(len(clash.cell_ids), "cell")
    core = len(clash.core_ids)
    if clash.kind is not ClashKind.ROOM:
        words = f"These {people} cannot all be placed; at least {_have(clash.missing)} no place."
    elif not clash.cell_ids:
        words = f"No cell is open to {people}, whoever is moved."
    else:
        hold = "holds" if len(clash.cell_ids) == 1 else "hold"
        words = (
            f"{people} need {plural(clash.demand, 'place')} and may be only in {cells}, which "
            f"{hold} {clash.capacity:,}: {_have(clash.missing)} no place."
        )
    if clash.with_room:
        words = f"Even if every cell had room for everybody: {words}"
    if core < len(clash.person_ids):
        words += f" As few as {core:,} like them are too many."
    return words


def _repair(scenario: Scenario, repair: Repair, reader: Reader) -> dict[str, Any]:
    return {
        "points": repair.points,
        "points_at_least": repair.least_points,
        "minimal_proven": repair.is_minimal,
        "signatures": [_line(scenario, line, reader) for line in repair.lines],
        "roles": sorted({line.group.signed_by for line in repair.lines}),
        "placement": repair.placement,
    }


def _line(scenario: Scenario, line: Line, reader: Reader) -> dict[str, Any]:
    rule, reader = line.group.rule, reader.about(*line.person_ids)
    hidden = is_hidden(rule, None, reader)
    return {
        "signed_by": line.group.signed_by,
        "rule": label_of(rule, reader),
        "words": words_of(rule, reader),
        "place": line.group.place,
        "category": line.category,
        "too_many": line.amount,
        "unit": "" if hidden else unit_words(rule, line.amount),
        "people": len(line.person_ids),
        "person_ids": [] if hidden else list(line.person_ids),
        "places": list(line.places),
        "points": line.points,
        "until": until_words(scenario, rule),
    }


def _cause(cause: ShortfallCause, reader: Reader) -> dict[str, Any]:
    return {
        "category": cause.category,
        "places": cause.places,
        "is_room": cause.is_room,
        "words": _cause_words(cause, reader),
        "rules": list(labels_of(cause.rules, reader)),
    }


def _cause_words(cause: ShortfallCause, reader: Reader) -> str:
    places = plural(cause.places, f"{cause.category} place")
    if cause.is_room:
        return f"{places} missing"
    if not cause.rules:
        return f"{places} not filled by the search"
    are = "is" if cause.places == 1 else "are"
    closed = ", ".join(labels_of(cause.rules, reader))
    return f"{places} needed that {are} there and closed by {closed}"


def _price(scenario: Scenario, price: Price) -> dict[str, Any]:
    return {
        "words": f"one more {kind_words(scenario, price.kind)} like {price.like}",
        "saving_words": _saving_words(price),
        "like": price.like,
        "cells": price.cells,
        "kind": asdict(price.kind),
        "people": {**asdict(price.people), "exact": price.people.is_exact},
        "points": None
        if price.points is None
        else {**asdict(price.points), "exact": price.points.is_exact},
    }


def unit_words(rule: RuleId, amount: int) -> str:
    """What so much of a breach is counted in: "person over the cap", "people over the cap"."""
    words = RULE_BY_ID[rule].breach_unit.removeprefix("triangular ").split()
    for one, many in ONE_AND_MANY.items():
        old, new = (many, one) if amount == 1 else (one, many)
        words = [new if word == old else word for word in words]
    return " ".join(words)


def kind_words(scenario: Scenario, kind: CellKind) -> str:
    """A kind of cell in words, such as "remand double cell"."""
    several = len({scenario.estate.facility_of(c).unit_id for c in scenario.estate.cells}) > 1
    uses = [USE_WORDS.get(use, use.replace("_", " ")) for use in kind.uses]
    needs = [need.replace("_", " ").lower().removesuffix(" cell") for need in kind.specialist]
    size = SIZE_WORDS.get(kind.most, f"{kind.most}-place")
    parts = [kind.legal_category, *uses, *needs, size, "cell"]
    where = f" in {kind.facility_id}" if several else ""
    certified = f" (working capacity {kind.working})" if kind.working != kind.most else ""
    return " ".join(part for part in parts if part) + certified + where


def _saving_words(price: Price) -> str:
    exactly_one = price.people.is_exact and price.people.least == 1
    people = f"{_range(price.people)} more {'person' if exactly_one else 'people'} placed"
    if price.points is None:
        return f"{people}; points not compared"
    if price.points.is_exact and price.points.least == 0:
        return f"{people}; the same derogation points"
    if price.points.is_exact and price.points.least < 0:
        return f"{people}; {-price.points.least:,} more derogation points for them"
    return f"{people}; {_range(price.points)} derogation points less"


def _range(saving: Saving) -> str:
    if saving.is_exact:
        return f"{saving.least:,}"
    return f"{saving.found:,} found, proved {saving.least:,} to {saving.most:,}"
