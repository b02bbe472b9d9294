"""One screen that says what a plan is; rendered from the summary document alone."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from allocator.jobs.terminal import Change, out, plain_table
from allocator.report.form import role_words

MOST_LISTED = 8


def show_summary(document: Mapping[str, Any]) -> None:
    """Print the summary of a plan."""
    console = out()
    source = document["provenance"]
    console.print(
        Text(
            f"{document['scenario']}: {document['people']:,} people, policy {source['policy']}, "
            f"profile {source['profile']}",
            style="bold",
        )
    )
    console.print(_verdict(document))
    _show_holds(console, document["unlawful_holds"])
    _show_complaints(console, document["open_complaints"])
    if document["verified"]:
        _show_unplaced(console, document)
        _show_revision(console, document["revision"])
        _show_derogations(console, document["derogations"])
        _show_not_kept(console, document["not_kept"])
        _show_tables(console, document)
    _show_end(console, document)


def _verdict(document: Mapping[str, Any]) -> Text:
    style = "green" if document["exit_code"] == 0 else "yellow"
    words = "Verified. " if document["verified"] else ""
    interrupted = "Interrupted: the best plan so far. " if document.get("interrupted") else ""
    return Text(f"{interrupted}{words}{document['words']}", style=style)


def _show_holds(console: Console, holds: list[str]) -> None:
    if not holds:
        return
    console.print(
        Text(
            f"UNLAWFUL HOLDS: {len(holds)} held without a current authority: {_listed(holds)}",
            style="bold red",
        )
    )


def _show_complaints(console: Console, complaints: list[Mapping[str, Any]]) -> None:
    if complaints:
        held = sum(entry["is_frozen"] for entry in complaints)
        names = _listed([entry["person_id"] for entry in complaints])
        words = f"Open complaints, for a person to decide: {len(complaints)} ({names})"
        console.print(Text(f"{words}; {held} held until they are closed", style="yellow"))


def _show_unplaced(console: Console, document: Mapping[str, Any]) -> None:
    unplaced = document["unplaced"]
    if not unplaced:
        console.print("Unplaced: nobody")
        return
    console.print(f"Unplaced: {len(unplaced)} ({_listed([row['person_id'] for row in unplaced])})")
    for cause in document["shortfall_causes"]:
        console.print(f"  {cause['words']}")
    for words in document["conflicts"][:MOST_LISTED]:
        console.print(f"  {words}")


def _show_revision(console: Console, revision: Mapping[str, Any] | None) -> None:
    """Who departs from the last plan, and why."""
    if revision is None:
        return
    name = f"plan {revision['last_plan'][:12]}" if revision["last_plan"] else "last plan"
    lines = revision["departures"]
    new = f", {revision['new']:,} people are new to it" if revision["new"] else ""
    console.print(
        f"Against the {name}: {len(lines):,} of {revision['planned']:,} people depart{new}"
    )
    rows = [
        (line["person_id"], line["from"], line["to"] or "nowhere", line["words"])
        for line in lines[:MOST_LISTED]
    ]
    if rows:
        console.print(_indented(plain_table(("person", "planned", "now", "why"), rows)))
    if len(lines) > MOST_LISTED:
        console.print(f"  and {len(lines) - MOST_LISTED:,} more; --json and the report list all")


def _show_derogations(console: Console, derogations: list[Mapping[str, Any]]) -> None:
    if not derogations:
        console.print("Derogations: none")
        return
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for entry in derogations:
        groups[entry["rule"], entry["signed_by"]].append(entry)
    console.print(f"Derogations: {len(derogations)}")
    rows = [
        (rule, len(entries), sum(entry["points"] for entry in entries), role_words(signed_by))
        for (rule, signed_by), entries in sorted(groups.items())
    ]
    console.print(_indented(plain_table(("rule", "number", "points", "to be signed by"), rows)))


def _show_not_kept(console: Console, entries: list[Mapping[str, Any]]) -> None:
    """Rules that are only weighed or reported: no breach is silent."""
    if entries:
        groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for entry in entries:
            groups[entry["rule"]].append(entry)
        console.print(f"Weighed or reported rules not kept: {len(entries)}")
        rows = [
            (rule, len(found), sum(entry.get("points", 0) for entry in found))
            for rule, found in sorted(groups.items())
        ]
        console.print(_indented(plain_table(("rule", "number", "points"), rows)))


def _show_tables(console: Console, document: Mapping[str, Any]) -> None:
    before, after = document["exposure"]["before"], document["exposure"]["after"]
    rows = [(kind, before[kind], after[kind], Change(after[kind] - before[kind])) for kind in after]
    console.print("Exposure (points × contact)")
    console.print(_indented(plain_table(("kind", "now", "plan", "change"), rows)))
    _show_uncounted(console, len(document["unplaced"]))
    console.print(_moved(document["moves"]))
    tiers = [(tier["tier"], tier["value"], tier["bound"]) for tier in document["tiers"]]
    console.print(_indented(plain_table(("tier", "value", "proven bound"), tiers)))


def _moved(moves: list[Mapping[str, Any]]) -> str:
    """Moves as the limit of moves counts them (R25), and first placements beside them."""
    first = sum(move["first_placement"] for move in moves)
    besides = f"; first placements besides: {first:,}" if first else ""
    return f"People who move: {len(moves) - first:,}{besides}"


def _show_uncounted(console: Console, unplaced: int) -> None:
    """A fall of exposure that comes from leaving people out is not to be read as a gain."""
    if unplaced:
        people = "1 person" if unplaced == 1 else f"{unplaced:,} people"
        console.print(
            f"  The plan's exposure leaves out {people} without a cell: they count nowhere."
        )


def _show_end(console: Console, document: Mapping[str, Any]) -> None:
    files = document["files"]
    if files:
        names = ", ".join(Path(path).name for path in files)
        console.print(f"Written to {Path(files[0]).parent}: {names}")
    console.print(f"Planned in {document['seconds']:.1f} s.")
    console.print(Text(document["caveat"], style="italic"))
    console.print(Text(document["next_step"], style="bold"))


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_LISTED])
    more = len(names) - MOST_LISTED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _indented(table: Table) -> Padding:
    return Padding(table, (0, 0, 0, 2), expand=False)
