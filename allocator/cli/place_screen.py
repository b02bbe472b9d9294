"""One screen that says where a person can go; rendered from the document alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from allocator.jobs.terminal import Change, out, plain_table
from allocator.report.form import role_words

MOST_GROUPS = 6
MOST_NAMED = 3
SHORT = {
    "unplaced": "unpl.",
    "derogations": "derog.",
    "protection": "prot.",
    "preferences": "pref.",
}


def show_place(document: Mapping[str, Any], *, list_cells: bool) -> None:
    """Print the answer for one person; with `list_cells` every other cell in a line."""
    console = out()
    source = document["provenance"]
    console.print(
        Text(
            f"{document['scenario']}: {document['person_id']}, now in "
            f"{document['present_place'] or 'no place'}; policy {source['policy']}, "
            f"profile {source['profile']}",
            style="bold",
        )
    )
    style = "green" if document["exit_code"] == 0 else "yellow"
    console.print(Text(f"{document['words']} Nobody else moves.", style=style))
    _show_unlawful(console, document["now"]["unlawful"])
    if document["offers"]:
        _show_offers(console, document["offers"])
        console.print("Verified: the judge finds these changes and no new breach of a hard rule.")
    else:
        _show_nearest(console, document["nearest"])
    _show_others(console, document, list_cells=list_cells)
    console.print(Text(document["caveat"], style="italic"))
    console.print(Text(document["next_step"], style="bold"))


def _show_unlawful(console: Console, breaches: list[Mapping[str, Any]]) -> None:
    if breaches:
        rules = ", ".join(sorted({breach["rule"] for breach in breaches}))
        console.print(
            Text(f"Hard rules broken now, whatever is done here: {rules}.", style="bold red")
        )


def _show_offers(console: Console, offers: list[Mapping[str, Any]]) -> None:
    tiers = list(offers[0]["tiers"])
    headings = ("", "cell", *(SHORT.get(tier, tier) for tier in tiers), "places", "m² each")
    rows = [
        (
            offer["rank"],
            offer["cell_id"],
            *(Change(offer["tiers"][tier]) for tier in tiers),
            _places(offer["space"]),
            _area(offer["space"]),
        )
        for offer in offers
    ]
    console.print("Change of each tier against now (lower is better)")
    console.print(_indented(plain_table(headings, rows)))
    for offer in offers:
        console.print(f"{offer['rank']} {offer['cell_id']}: {_space_words(offer['space'])}")
        for line in _reasons(offer):
            console.print(Padding(line, (0, 0, 0, 4), expand=False))


def _places(space: Mapping[str, Any]) -> str:
    return f"{space['taken_before']}→{space['taken_after']} of {space['working_capacity']}"


def _area(space: Mapping[str, Any]) -> str:
    each = space["area_m2_per_place"]
    return "unknown" if each is None else f"{each:.1f}"


def _space_words(space: Mapping[str, Any]) -> str:
    words = (
        f"{space['taken_before']} → {space['taken_after']} places taken, working capacity "
        f"{space['working_capacity']}, maximum {space['max_capacity']}"
    )
    if space["area_m2"] is None:
        return f"{words}; area unknown"
    floors = f"space for {space['hard_floor_places']}, above warning floor for "
    broken = f"; {space['floor_broken']} floor NOT kept" if space["floor_broken"] else ""
    return f"{words}; {floors}{space['warning_floor_places']}{broken}"


def _reasons(offer: Mapping[str, Any]) -> Iterable[Text]:
    changes = [f"{kind} {value:+,}" for kind, value in offer["exposure"].items() if value]
    if offer["exposure"]:
        yield Text(f"exposure by kind: {', '.join(changes) or 'no change'}")
    by_tier: dict[str, list[str]] = defaultdict(list)
    for reason in offer["reasons"]:
        by_tier[reason["tier"]].append(f"{reason['source']} {reason['points']:+,}")
    if by_tier:
        yield Text("; ".join(f"{tier}: {', '.join(found)}" for tier, found in by_tier.items()))
    for entry in offer["signatures"]:
        yield Text(
            f"TO BE SIGNED by {role_words(entry['signed_by'])}: {entry['rule']}. {entry['words']}",
            style="yellow",
        )
    for entry in (*offer["soft_breaches"], *offer["notes"]):
        yield Text(f"not kept, weighed or reported: {entry['rule']} in {entry['place']}")
    if offer["equals"] > 1:
        yield Text(f"{offer['equals'] - 1:,} other lawful cells have the same changes")


def _show_nearest(console: Console, nearest: Mapping[str, Any] | None) -> None:
    if nearest is None:
        console.print("No step is named: every cell needs an authority or is closed as isolation.")
        return
    rules = nearest["closed_by"]
    state = "" if nearest["in_use"] else ", which nobody may use at present"
    others = nearest["cells"] - 1
    alike = f" (so {'is 1 other' if others == 1 else f'are {others:,} others'})" if others else ""
    if nearest["cell_id"] is None:
        console.print(
            "The least-bad step is a cell that recorded information closes. It is named to readers "
            "to whom that is released."
        )
        return
    console.print(
        f"Least-bad step: cell {nearest['cell_id']}{state}. It is closed only by hard rules that "
        f"nobody may sign away{alike}:"
    )
    for entry in rules:
        console.print(f"  {entry['rule']}: {entry['words']}")


def _show_others(console: Console, document: Mapping[str, Any], *, list_cells: bool) -> None:
    cells = document["other_cells"]
    console.print(f"Other cells: {len(cells):,}")
    if list_cells:
        rows = [(cell["cell_id"], _why(cell)) for cell in cells]
        console.print(_indented(plain_table(("cell", "not offered because of"), rows)))
    else:
        _show_groups(console, cells)
    closed = [
        (rule, entry["cells"], entry["words"]) for rule, entry in document["closed_by"].items()
    ]
    if closed:
        console.print("Hard rules that close cells")
        console.print(_indented(plain_table(("rule", "cells", ""), closed)))


def _show_groups(console: Console, cells: Iterable[Mapping[str, Any]]) -> None:
    """Cells by the rules that close them, the largest groups first."""
    groups: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        groups["lawful, ranked lower" if cell["rank"] else _why(cell)].append(cell["cell_id"])
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    rows = [(len(names), why, _named(names)) for why, names in ordered[:MOST_GROUPS]]
    console.print(_indented(plain_table(("cells", "closed by", "such as"), rows)))
    left = sum(len(names) for _, names in ordered[MOST_GROUPS:])
    if left:
        console.print(f"  {left:,} more; --cells lists every cell.")


def _why(cell: Mapping[str, Any]) -> str:
    rules = ", ".join(rule.split("-")[0] for rule in cell["closed_by"])
    if cell["is_present"]:
        return f"the present cell, broken there: {rules}" if rules else "the present cell, lawful"
    return f"lawful, rank {cell['rank']}" if cell["rank"] else rules


def _named(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED])


def _indented(table: Any) -> Padding:
    return Padding(table, (0, 0, 0, 2), expand=False)
