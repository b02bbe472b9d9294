"""One screen that says why not everybody can be placed; rendered from the document alone."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from allocator.jobs.terminal import out, plain_table
from allocator.report.form import role_words

MOST_NAMED = 8
STYLES = {0: "green", 4: "yellow", 5: "red"}
TITLES = {
    "room": "too little room",
    "limits": "limits on groups, categories or moves",
    "groups": "people who must be apart",
}


def show_conflict(document: Mapping[str, Any]) -> None:
    """Print the answer for a scenario."""
    console = out()
    source = document["provenance"]
    console.print(
        Text(
            f"{document['scenario']}: {document['people']:,} people, {document['cells']:,} cells; "
            f"policy {source['policy']}, profile {source['profile']}",
            style="bold",
        )
    )
    console.print(Text(document["words"], style=STYLES[document["exit_code"]]))
    _show_room(console, document["room_left"])
    _show_conflicts(console, document)
    _show_shortfall(console, document)
    _show_repairs(console, document)
    _show_prices(console, document["prices"])
    _show_data(console, document["needs_data"])
    console.print(Text(document["next_step"], style="bold"))


def _show_room(console: Console, room: Mapping[str, int]) -> None:
    for category, places in room.items():
        console.print(
            f"  Room left, counted alone: {places:,} further {category} people at the most, by room"
        )


def _show_conflicts(console: Console, document: Mapping[str, Any]) -> None:
    for number, entry in enumerate(document["conflicts"], start=1):
        console.print(Text(f"Conflict {number}: {TITLES[entry['kind']]}", style="bold"))
        console.print(Padding(Text(entry["words"]), (0, 0, 0, 2), expand=False))
        for rule in entry["rules"]:
            may = "may be signed" if rule["may_be_signed"] else "nobody may sign"
            console.print(f"  {rule['rule']} ({may}): {rule['words']}")
        if not entry["rules"]:
            console.print("  R02-capacity (nobody may sign): what the cells can hold at all.")
        people = _named(entry["smallest_person_ids"]) or f"{entry['smallest_people']:,}, not named"
        console.print(f"  people: {people}")
        smallest = "" if entry["smallest_proven"] else "; not proved to be the smallest"
        console.print(f"  proof: {entry['proof']}{smallest}")
    if document["conflicts"] and not document["conflicts_complete"]:
        console.print("There may be further conflicts; --limit looks for more.")


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _show_shortfall(console: Console, document: Mapping[str, Any]) -> None:
    for title, key in (
        ("without a derogation", "shortfall_without_derogation"),
        ("whatever is signed", "shortfall_with_all_derogations"),
    ):
        causes = document[key]
        if causes:
            console.print(Text(f"Shortfall {title}", style="bold"))
            for cause in causes:
                console.print(f"  {cause['words']}")


def _show_repairs(console: Console, document: Mapping[str, Any]) -> None:
    repairs = document["repairs"]
    if document["exit_code"] and not repairs:
        console.print("No signature would give anybody else a place.")
    left = document["left_out_with_all_derogations"]["found"]
    people = "person" if left == 1 else "people"
    aim = f"all but {left:,} {people}" if left else "everybody"
    for number, repair in enumerate(repairs, start=1):
        proved = "" if repair["minimal_proven"] else "; not proved that none can be left out"
        console.print(
            Text(
                f"Repair {number}: {_signatures(repair)} {aim}; {_points(repair)}{proved}",
                style="bold",
            )
        )
        headings = ("signed by", "rule", "where", "too many", "of people", "points", "until")
        rows = [
            (
                role_words(line["signed_by"]),
                line["rule"],
                f"{line['place'] or 'anywhere'} {line['category']}".strip(),
                f"{line['too_many']:,} {line['unit']}".strip(),
                line["people"],
                line["points"],
                line["until"],
            )
            for line in repair["signatures"]
        ]
        console.print(Padding(plain_table(headings, rows), (0, 0, 0, 2), expand=False))
    if repairs and not document["repairs_complete"]:
        console.print("There may be further repairs; --limit looks for more.")


def _signatures(repair: Mapping[str, Any]) -> str:
    count = len(repair["signatures"])
    return "1 signature places" if count == 1 else f"{count} signatures place"


def _points(repair: Mapping[str, Any]) -> str:
    points, least = repair["points"], repair["points_at_least"]
    if points == least:
        return f"{points:,} points, the fewest"
    return f"{points:,} points found, {least:,} at least"


def _show_prices(console: Console, prices: list[Mapping[str, Any]]) -> None:
    if prices:
        console.print(Text("What one more cell would save", style="bold"))
        rows = [(price["words"], price["saving_words"]) for price in prices]
        console.print(Padding(plain_table(("cell", "saves"), rows), (0, 0, 0, 2), expand=False))


def _show_data(console: Console, needs: list[Mapping[str, Any]]) -> None:
    if needs:
        console.print(
            Text(
                "In the way, and not to be signed: only a new record would change it", style="bold"
            )
        )
        for entry in needs:
            console.print(f"  {entry['rule']}: {entry['words']}. Never a way to make room.")
