"""One screen of a fairness audit; rendered from the document alone, which names nobody."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from allocator.jobs.terminal import out, plain_table


def show_fairness(document: Mapping[str, Any]) -> None:
    """Print alarms first, then the rates of each attribute."""
    console = out()
    plans = len(document["provenance"]["plans"])
    nights = "1 plan" if plans == 1 else f"{plans} plans"
    console.print(
        Text(
            f"Fairness audit of {', '.join(document['scenarios'])}: {document['people']:,} people, "
            f"{nights}",
            style="bold",
        )
    )
    _show_alarms(console, document)
    for attribute in document["attributes"]:
        _show_attribute(console, document, attribute)
    settings = document["settings"]
    console.print(
        f"Alarm: ratio of rates above {settings['ratio']:g} or below {1 / settings['ratio']:.2g}, "
        f"adjusted p of Fisher's exact test at most {settings['level']:g}. Groups under "
        f"{settings['least_group']} people and counts under {settings['least_count']} are hidden, "
        "with as many more as would give them away."
    )
    if document["files"]:
        console.print("Written: " + ", ".join(document["files"]))
    console.print(Text(document["meaning"], style="italic"))


def _show_alarms(console: Console, document: Mapping[str, Any]) -> None:
    alarms = [row for row in document["comparisons"] if row["alarm"]]
    if not alarms:
        console.print(Text("No alarm.", style="green"))
    for row in alarms:
        words = document["outcomes"][row["outcome"]]
        start = f"ALARM {row['attribute']} {row['group']}: {words} {row['alarm']}"
        console.print(Text(f"{start} than for the others{_numbers(row)}.", style="yellow"))


def _numbers(row: Mapping[str, Any]) -> str:
    if row["hidden"]:
        return " (counts too small to show)"
    if row["ratio"] is None:
        return f", {row['percent']:g} % against 0 %, p {row['p_adjusted']:g}"
    interval = ""
    if row["ratio_low"] is not None:
        interval = f" ({row['ratio_low']:g} to {row['ratio_high']:g})"
    return (
        f", {row['percent']:g} % against {row['others_percent']:g} %, ratio {row['ratio']:g}"
        f"{interval}, p {row['p_adjusted']:g}"
    )


def _show_attribute(
    console: Console, document: Mapping[str, Any], attribute: Mapping[str, Any]
) -> None:
    name = attribute["attribute"]
    hidden = attribute["groups_hidden"]
    note = f"; {hidden} groups hidden" if hidden else ""
    console.print(f"{name}: % of the group with each outcome, the others' in brackets{note}")
    cells = {
        (row["group"], row["outcome"]): _cell(row)
        for row in document["comparisons"]
        if row["attribute"] == name
    }
    if not cells:
        console.print("  Nothing to compare: no two groups, or none that may be shown.")
        return
    kept = [o for o in document["outcomes"] if any(key[1] == o for key in cells)]
    rows = [
        (entry["group"], entry["people"], *(cells[entry["group"], o] for o in kept))
        for entry in attribute["groups"]
    ]
    headings = ("group", "people", *(o.replace("_", " ") for o in kept))
    console.print(Padding(plain_table(headings, rows), (0, 0, 0, 2), expand=False))
    absent = [o.replace("_", " ") for o in document["outcomes"] if o not in kept]
    if absent:
        console.print(f"  Nobody: {', '.join(absent)}.")


def _cell(row: Mapping[str, Any]) -> str:
    mark = " !" if row["alarm"] else ""
    if row["hidden"]:
        return f"hidden{mark}"
    return f"{row['percent']:g} ({row['others_percent']:g}){mark}"
