"""Scenarios as tables on one screen."""

from collections.abc import Mapping, Sequence
from typing import Any

from allocator.jobs.terminal import out, plain_table

MOST_UNITS = 30
UNIT_KEYS = (
    "cna",
    "effective",
    "max_capacity",
    "buffer_places",
    "cells_out_of_use",
    "held",
    "occupancy_percent",
    "band",
)


def show_list(rows: Sequence[Mapping[str, Any]]) -> None:
    """One line per stored scenario; a scenario that cannot be read says how to see why."""
    console = out()
    if not rows:
        console.print("No scenarios are stored here.")
        return
    good = [row for row in rows if "problems" not in row]
    keys = ("name", "people", "places", "occupancy_percent", "policy", "path")
    headings = ("name", "people", "places", "occupancy %", "policy", "path")
    console.print(plain_table(headings, [[row[key] for key in keys] for row in good]))
    for row in rows:
        if "problems" in row:
            console.print(
                f"{row['path']}: {row['problems']} problems; see `allocator scenario check`."
            )


def show_picture(picture: Mapping[str, Any]) -> None:
    """Units with capacities and occupancy, categories, findings and graph."""
    console = out()
    console.print(
        f"{picture['scenario']}, {picture['day']}: {picture['people']:,} people", style="bold"
    )
    if picture["description"]:
        console.print(picture["description"])
    console.print(
        f"Policy {picture['policy']}, profile {picture['profile']}, "
        f"contact weights {picture['contact_weights']}, "
        f"move budget {_or_none(picture['max_moves'])}"
    )
    console.print(_unit_table(picture["units"]))
    if len(picture["units"]) > MOST_UNITS:
        console.print("Facilities and wings only; --json lists every unit.")
    rows = [
        [row[key] for key in ("category", "places", "people", "held", "band")]
        for row in picture["categories"]
    ]
    console.print(
        plain_table(("designated for", "places", "people", "held", "people to places"), rows)
    )
    for title in ("roles", "relations", "graph"):
        console.print(f"{title}: " + ", ".join(f"{k} {v:,}" for k, v in picture[title].items()))
    for line in picture["data_quality"]:
        if line["count"]:
            console.print(
                f"{line['words']}: {line['count']:,} of {line['of']:,} ({line['effect']})"
            )


def _unit_table(units: Sequence[Mapping[str, Any]]) -> Any:
    is_long = len(units) > MOST_UNITS
    shown = [unit for unit in units if not is_long or unit["type"] != "landing"]
    headings = ("unit", "CNA", "usable", "max", "buffer", "out of use", "held", "%", "band")
    rows = [
        ["  " * unit["depth"] + unit["name"], *(unit[key] for key in UNIT_KEYS)] for unit in shown
    ]
    return plain_table(headings, rows)


def _or_none(value: object) -> str:
    return "none" if value is None else str(value)
