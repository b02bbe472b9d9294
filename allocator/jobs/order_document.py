"""One plain document that says in which order a plan is carried out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocator import __version__
from allocator.errors import ConfigError
from allocator.explain.headline import STATUS
from allocator.explain.readers import Reader
from allocator.jobs.exits import ExitCode
from allocator.jobs.order import Ordered
from allocator.jobs.order_hindrances import hindrance_documents
from allocator.jobs.order_holding import holding_document
from allocator.jobs.order_words import (
    assumption_words,
    clock,
    decision_document,
    window_documents,
    window_words,
)
from allocator.jobs.outputs import (
    PLAN_FILE,
    SEQUENCE_FILE,
    SEQUENCE_PAGE,
    SEQUENCE_TABLE,
    replace_folder,
    write_json,
)
from allocator.model.sequence import DAY_MINUTES, Batch, Sequence, Step
from allocator.prepare.plan_document import plan_document
from allocator.report.csv_text import csv_text
from allocator.report.form import plural
from allocator.report.move_sheet import render_order_html

TABLE_HEADER = (
    "window", "batch", "start", "end", "person_id", "from", "to", "temporary", "officers",
    "assumed_left",
)  # fmt: skip


def order_document(ordered: Ordered, reader: Reader = Reader.OFFICER) -> dict[str, Any]:
    """Batches with clock times and officers, temporary steps, and what cannot be carried out."""
    sequence, reader = ordered.sequence, reader.of(ordered.scenario)
    minutes = ordered.scenario.profile.thresholds.minutes_per_move
    held = holding_document(ordered)
    batches = [_batch(n, batch, minutes) for n, batch in enumerate(sequence.batches, 1)]
    return {
        "scenario": ordered.scenario.name,
        "reader": reader.value,
        "words": _words(sequence),
        "assumed_left": list(ordered.assumed_left),
        "assumption": assumption_words(ordered),
        "exit_code": int(_exit_code(ordered) if held is None else ExitCode.LEAST_BAD),
        "moves": len(sequence.target),
        "steps": len(sequence.steps),
        "temporary_steps": sequence.temporary_steps,
        "temporary_bound": sequence.temporary_bound,
        "minutes": sequence.minutes,
        "window_minutes": sequence.window_minutes,
        "fits_window": sequence.fits_window,
        "opens": clock(0),
        "closes": clock(sequence.window_minutes),
        "ends": clock(sequence.minutes),
        "most_officers": max((batch["officers"] for batch in batches), default=0),
        "windows": window_documents(ordered),
        "windows_words": window_words(sequence),
        "batches": batches,
        "target": dict(sequence.target),
        "left_out": list(sequence.left_out),
        "left_out_bound": sequence.left_out_bound,
        "undecided": list(sequence.undecided),
        "waits_for_decision": decision_document(ordered),
        "held_over_night": held,
        "hindrances": hindrance_documents(ordered, reader),
        "nearest": _nearest(ordered, reader),
        "seconds": round(ordered.seconds, 3),
        "provenance": _provenance(ordered),
        "next_step": STATUS,
    }


def _provenance(ordered: Ordered) -> dict[str, Any]:
    made = ordered.plan.provenance
    return {
        "scenario_hash": ordered.sequence.scenario_hash,
        "profile": made.profile,
        "profile_version": made.profile_version,
        "policy": made.policy,
        "policy_version": made.policy_version,
        "software_version": __version__,
    }


def write_order(
    ordered: Ordered, document: Mapping[str, Any], folder: Path, plan_file: Path
) -> tuple[Path, ...]:
    """Write sequence.json, sequence.csv, order.html and the nearest plan, if any, as plan.json.

    Raises
    ------
    ConfigError
        If the plan itself is in the folder, or as `replace_folder` does.
    """
    if folder.resolve() == plan_file.resolve().parent:
        raise ConfigError(f"{folder} holds the plan; give another folder for the order of moves.")

    page = render_order_html(document)

    def fill(fresh: Path) -> None:
        write_json(fresh / SEQUENCE_FILE, document)
        (fresh / SEQUENCE_TABLE).write_text(sequence_table(document), "utf-8", newline="")
        (fresh / SEQUENCE_PAGE).write_text(page, "utf-8")
        if ordered.nearest is not None:
            write_json(fresh / PLAN_FILE, plan_document(ordered.nearest))

    return replace_folder(folder, fill)


def sequence_table(document: Mapping[str, Any]) -> str:
    """One line per step as CSV, safe to open in a spreadsheet."""
    rows = (
        (
            batch["window"], batch["batch"], batch["start"], batch["end"], step["person_id"],
            step["from_place"] or "", step["to_place"],
            "yes" if step["is_temporary"] else "no", step["officers"],
            ", ".join(document["assumed_left"]),
        )
        for batch in document["batches"]
        for step in batch["steps"]
    )  # fmt: skip
    return csv_text(TABLE_HEADER, rows)


def _least_words(sequence: Sequence) -> str:
    """How far from proved it is that as few as possible are left out."""
    left, least = len(sequence.left_out), sequence.left_out_bound
    if left == least:
        return "Fewer are not possible."
    proved = f"at least {least:,} have to" if least else "no number is proved"
    return f"Whether fewer could stay is not known: {proved}."


def _words(sequence: Sequence) -> str:
    moves = len(sequence.target)
    if not moves:
        return "Nobody moves."
    can_go = moves - len(sequence.left_out)
    if sequence.left_out:
        is_proved = len(sequence.left_out) == sequence.left_out_bound
        why = "no order brings them" if is_proved else "no order was found that brings them"
        return (
            f"{can_go:,} of {moves:,} moves have a safe order; {len(sequence.left_out):,} people "
            f"stay where they are, because {why} to where the plan wants them. "
            + _least_words(sequence)
        )
    moved = "The only move is" if moves == 1 else f"All {moves:,} moves are"
    return f"{moved} safe in this order: no state adds a breach that neither start nor end has."


def _exit_code(ordered: Ordered) -> ExitCode:
    """An assumption has to be decided by somebody, like people who are left out."""
    is_open = ordered.sequence.left_out or ordered.assumed_left
    return ExitCode.LEAST_BAD if is_open else ExitCode.DONE


def _batch(number: int, batch: Batch, minutes: int) -> dict[str, Any]:
    return {
        "batch": number,
        "window": batch.start_minute // DAY_MINUTES + 1,
        "start_minute": batch.start_minute,
        "start": clock(batch.start_minute),
        "end": clock(batch.start_minute + minutes),
        "officers": sum(step.officers for step in batch.steps),
        "steps": [_step(step) for step in batch.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "person_id": step.person_id,
        "from_place": step.from_place,
        "to_place": step.to_place,
        "is_temporary": step.is_temporary,
        "officers": step.officers,
    }


def _nearest(ordered: Ordered, reader: Reader) -> dict[str, Any] | None:
    """The plan that can be carried out; None where that is the plan itself."""
    if not ordered.sequence.left_out:
        return None
    nearest = ordered.nearest
    tiers = () if nearest is None else nearest.tiers
    refused = ordered.nearest_refused
    if refused and not reader.sees_whole_scenario:
        refused = (f"the judge has {plural(len(refused), 'fault')} to find with it",)
    return {
        "verified": nearest is not None,
        "refused": list(refused),
        "tiers": {entry.tier.value: entry.value for entry in tiers},
        "tiers_of_plan": {entry.tier.value: entry.value for entry in ordered.plan.tiers},
    }
