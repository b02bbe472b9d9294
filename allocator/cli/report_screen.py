"""The present placement on one screen; rendered from the document alone."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from allocator.jobs.terminal import out, plain_table

MOST_LISTED = 12
MOST_UNITS = 30


def show_report(document: Mapping[str, Any]) -> None:
    """Print the parts that the document has."""
    console = out()
    console.print(
        Text(
            f"{document['scenario']}, {document['day']}: {document['people']:,} people, "
            f"{document['without_cell']:,} without a cell; profile "
            f"{document['provenance']['profile']}",
            style="bold",
        )
    )
    shows: dict[str, Callable[[Console, Any], None]] = {
        "quality": _show_quality,
        "capacity": _show_capacity,
        "space": _show_space,
        "reviews": _show_reviews,
    }
    for part, show in shows.items():
        if part in document:
            show(console, document[part])
    for path in document["files"]:
        console.print(f"Written: {path}")
    console.print(Text(document["meaning"], style="italic"))


def _show_quality(console: Console, lines: list[Mapping[str, Any]]) -> None:
    _title(console, "Data quality")
    rows: list[Any] = [(line["words"], line["count"], line["of"], line["effect"]) for line in lines]
    _table(console, ("what", "number", "of", "what the program does"), rows)


def _show_capacity(console: Console, capacity: Mapping[str, Any]) -> None:
    _title(console, "Capacity: places taken against effective places")
    rows = [
        (c["category"], c["places"], c["people"], c["held"], c["in_designated"], _band(c))
        for c in capacity["categories"]
    ]
    headings = (
        "legal category",
        "designated",
        "people",
        "held",
        "in designated",
        "people to places",
    )
    _table(console, headings, rows)
    units = capacity["units"]
    is_long = len(units) > MOST_UNITS
    shown = [unit for unit in units if not is_long or unit["type"] != "landing"]
    rows = [
        (
            "  " * u["depth"] + u["name"],
            u["cna"],
            u["effective"],
            u["max_capacity"],
            u["held"],
            _band(u | {"percent": u["occupancy_percent"], "places": u["effective"]}),
        )
        for u in shown
    ]
    _table(console, ("unit", "certified", "effective", "maximum", "held", "occupancy"), rows)
    if is_long:
        console.print("  Facilities and wings only; --json and --out list every landing.")
    rooms = capacity["large_rooms"]
    if rooms["rooms"]:
        console.print(
            f"  {rooms['held']:,} people are in {rooms['rooms']:,} rooms for more than "
            f"{rooms['over_places']}, where allocation does not control who meets whom."
        )


def _band(line: Mapping[str, Any]) -> str:
    if not line["places"]:
        return "none"
    return f"{line['percent']} %, {line['band']}"


def _show_space(console: Console, space: Mapping[str, Any]) -> None:
    totals = space["totals"]
    _title(console, "Days below the space floors")
    console.print(
        f"  {totals['below_hard']:,} below {totals['hard_floor_m2']:g} m², "
        f"{totals['below_warning']:,} below {totals['warning_floor_m2']:g} m²; "
        f"{totals['limit_reached']:,} reach the limit of {totals['max_days']} days in a row by the "
        f"end of one more day; {totals['below_single']:,} in a cell for one under "
        f"{totals['single_floor_m2']:g} m²; {totals['in_unknown_area']:,} in cells of unknown area"
    )
    rows = [
        (
            line["person_id"],
            line["cell_id"],
            f"{line['area_per_place_m2']:.2f}",
            "hard" if line["below_hard"] else "warning",
            line["hard_days"],
            line["warning_days"],
            "limit reached" if line["limit_reached"] else "",
        )
        for line in space["people"]
    ]
    headings = ("person", "cell", "m² each", "floor", "days in a row", "days below warning", "")
    _listed(console, headings, rows)


def _show_reviews(console: Console, reviews: Mapping[str, Any]) -> None:
    _title(console, "Reviews due in 30 days; what is overdue blocks a renewal, never a release")
    rows: list[Any] = [
        (line["due"], _when(line["days"]), line["subject"], line["what"])
        for line in reviews["calendar"]
    ]
    _listed(console, ("due", "when", "person", "review"), rows)
    _show_restrictive(console, reviews["restrictive"])
    _title(console, "Open complaints, for a person to decide")
    rows = [
        (
            c["person_id"],
            c["cell_id"],
            c["opened_at"],
            c["reason"],
            "yes" if c["is_frozen"] else "no",
        )
        for c in reviews["complaints"]
    ]
    _listed(console, ("person", "against", "opened", "about", "held"), rows)
    _title(console, "Officers' decisions in force")
    rows = [
        (d["person_id"], d["kind"], d["cell_id"], d["reason"], d["by"], d["until"])
        for d in reviews["decisions"]
    ]
    _listed(console, ("person", "decision", "cell", "reason", "by", "until"), rows)


def _show_restrictive(console: Console, lines: list[Mapping[str, Any]]) -> None:
    _title(
        console, "Restrictive placements: each ends when its grounds no longer hold, or at latest"
    )
    rows: list[Any] = [
        (
            line["person_id"],
            line["cell_id"],
            line["regime_level"],
            line["kind"].replace("_", " ") or "NO CURRENT AUTHORITY",
            line["review_by"],
            line["expires_at"] or "now",
            line["solitary_ends"],
            line["steps_down_to"],
        )
        for line in lines
    ]
    headings = ("person", "cell", "level", "authority", "review by", "ends", "alone to")
    _listed(console, (*headings, "steps down to"), rows)


def _when(days: int) -> str:
    if days < 0:
        return f"overdue by {-days}"
    return f"in {days}" if days else "today"


def _title(console: Console, words: str) -> None:
    console.print(Text(words, style="bold"))


def _listed(console: Console, headings: tuple[str, ...], rows: list[Any]) -> None:
    if not rows:
        console.print("  None.")
        return
    _table(console, headings, rows[:MOST_LISTED])
    if len(rows) > MOST_LISTED:
        console.print(f"  and {len(rows) - MOST_LISTED:,} more; --json and --out list all")


def _table(console: Console, headings: tuple[str, ...], rows: list[Any]) -> None:
    console.print(Padding(plain_table(headings, rows), (0, 0, 0, 2), expand=False))
