"""One screen of batches, with clock times, officers and what hinders; from the document alone."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from allocator.jobs.terminal import out, plain_table

HEADINGS = ("", "time", "person", "from", "to", "officers", "")

WINDOW_HEADINGS = (
    "window", "time", "moves", "steps", "officers", "unlawful after", "unplaced after",
)  # fmt: skip


def show_order(document: Mapping[str, Any], files: Sequence[Path] = ()) -> None:
    """Print the order of moves."""
    console = out()
    source = document["provenance"]
    title = (
        f"{document['scenario']}: order of moves; policy {source['policy']}, "
        f"profile {source['profile']}"
    )
    console.print(Text(title, style="bold"))
    console.print(Text(document["words"], style="yellow" if document["left_out"] else "green"))
    if document["assumption"]:
        console.print(Text(document["assumption"], style="bold red"))
    if document["held_over_night"]:
        console.print(Text(document["held_over_night"]["words"], style="bold red"))
    for line in _facts(document):
        console.print(line)
    _show_windows(console, document)
    if document["batches"]:
        console.print(plain_table(HEADINGS, _rows(document["batches"])))
    _show_hindrances(console, document)
    if document["waits_for_decision"]:
        console.print(Text(document["waits_for_decision"]["words"], style="yellow"))
        console.print("--assume-left PERSON shows the order as if that person had left.")
    elif document["undecided"]:
        console.print(
            f"Without a place in the plan, so they stay until somebody decides: "
            f"{', '.join(document['undecided'])}."
        )
    for file in files:
        console.print(f"Written: {file}")
    console.print(Text(document["next_step"], style="bold"))


def _facts(document: Mapping[str, Any]) -> Iterator[str]:
    if not document["batches"]:
        return
    fits = "within the window" if document["fits_window"] else "NOT within the window"
    yield (
        f"{document['steps']:,} steps in {len(document['batches']):,} batches, {document['opens']} "
        f"to {document['ends']}, {fits} ({document['opens']} to {document['closes']}); "
        f"{document['most_officers']} officers at a time at the most."
    )
    steps, bound = document["temporary_steps"], document["temporary_bound"]
    if steps:
        least = "which is the fewest" if steps == bound else f"at least {bound} are needed"
        number = "1 step is" if steps == 1 else f"{steps:,} of the steps are"
        yield f"{number} temporary, {least}."


def _show_windows(console: Console, document: Mapping[str, Any]) -> None:
    """One line per window, where there are several."""
    if not document["windows_words"]:
        return
    console.print(Text(document["windows_words"], style="yellow"))
    rows = [
        (
            str(window["window"]), f"{window['opens']}-{window['ends']}", window["moves"],
            window["steps"], window["most_officers"], window["unlawful_after"],
            window["unplaced_after"],
        )
        for window in document["windows"]
    ]  # fmt: skip
    console.print(Padding(plain_table(WINDOW_HEADINGS, rows), (0, 0, 0, 2), expand=False))


def _rows(batches: Sequence[Mapping[str, Any]]) -> Iterator[tuple[object, ...]]:
    for batch in batches:
        for at, step in enumerate(batch["steps"]):
            first = at == 0
            yield (
                str(batch["batch"]) if first else "",
                f"{batch['start']}-{batch['end']}" if first else "",
                step["person_id"],
                step["from_place"] or "arrival",
                step["to_place"],
                step["officers"],
                "waits there" if step["is_temporary"] else "",
            )


def _show_hindrances(console: Console, document: Mapping[str, Any]) -> None:
    for entry in document["hindrances"]:
        people = " waits for ".join(entry["person_ids"])
        closes = f" waits for {entry['person_ids'][0]}" if len(entry["person_ids"]) > 1 else ""
        places = f" ({', '.join(entry['places'])})" if entry["places"] else ""
        console.print(Text(f"Left out: {people}{closes}{places}.", style="yellow"))
        lines = [f"Missing: {entry['missing']}."]
        lines += [f"{rule['rule']}: {rule['words']}" for rule in entry["rules"]]
        for line in lines:
            console.print(Padding(Text(line), (0, 0, 0, 4), expand=False))
    nearest = document["nearest"]
    if nearest is None:
        return
    if nearest["verified"]:
        console.print(
            "The plan without the moves that are left out is verified; --out writes it as "
            "plan.json. Its values, and those of the plan that was asked for:"
        )
        rows = [
            (tier, value, nearest["tiers_of_plan"].get(tier))
            for tier, value in nearest["tiers"].items()
        ]
        table = plain_table(("tier", "can be carried out", "plan"), rows)
        console.print(Padding(table, (0, 0, 0, 2), expand=False))
    else:
        console.print(
            "The plan without the moves that are left out is not proposed as a plan: "
            f"{nearest['refused'][0]}."
        )
