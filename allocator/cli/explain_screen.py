"""One screen that says why a person is where the plan puts them; from the document alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from allocator.cli.place_screen import SHORT
from allocator.jobs.terminal import Change, out, plain_table
from allocator.report.evidence import evidence_words, total_words
from allocator.report.form import role_words

MOST_GROUPS = 6
MOST_BREACHES = 6


def show_explanation(document: Mapping[str, Any]) -> None:
    """Print the explanation."""
    console = out()
    source, place = document["provenance"], document["placement"]
    console.print(
        Text(
            f"{document['scenario']}: {document['person_id']}, now in "
            f"{place['present_place'] or 'no place'}; policy {source['policy']}, profile "
            f"{source['profile']}; for a reader with the role {document['reader']}",
            style="bold",
        )
    )
    console.print(Text(f"{place['words']} {document['choice']['words']}", style="green"))
    if document["leaving"]:
        console.print(document["leaving"]["words"], markup=False)
    _show_adds(console, document["adds"])
    if document["staying"]:
        console.print(_heading("Why staying is the choice"))
        _line(console, document["staying"]["words"])
        for other in document["staying"]["exchanges"][1:]:
            _line(console, other["words"])
    if document["asked"]:
        _show_asked(console, document["asked"])
    _show_alternatives(console, document["alternatives"])
    console.print("Verified: the judge finds the same in every cell named so far.")
    _show_closed(console, document["closed"])
    _show_change(console, document["change"])
    _show_data(console, document["data"])
    console.print(Text(document["caveat"], style="italic"))
    console.print(Text(document["next_step"], style="bold"))


def _show_adds(console: Console, adds: Mapping[str, Any]) -> None:
    rows = [
        (tier, Change(points), _term_words(adds["terms"], tier))
        for tier, points in adds["tiers"].items()
        if points or _term_words(adds["terms"], tier)
    ]
    if rows:
        console.print(
            _heading("What the placement adds, against being in no cell (lower is better)")
        )
        console.print(_indented(plain_table(("tier", "points", "made up of"), rows)))


def _show_asked(console: Console, asked: Mapping[str, Any]) -> None:
    console.print(_heading(f"Why not {asked['cell_id']}, wing {asked['wing_id']}?"))
    _line(console, asked["words"])
    _show_reasons(console, asked)


def _show_alternatives(console: Console, found: list[Mapping[str, Any]]) -> None:
    if not found:
        console.print(
            _heading("There is no lawful alternative while everybody else is as planned.")
        )
        return
    console.print(_heading("Main alternatives: change of each tier against the planned place"))
    tiers = next((list(cell["tiers"]) for cell in found if cell["tiers"]), [])
    headings = ("cell", "wing", "alike", *(SHORT.get(tier, tier) for tier in tiers))
    rows = [
        (
            f"{cell['cell_id']}{' (now)' if cell['is_present'] else ''}",
            cell["wing_id"],
            cell["alike"] if cell["tiers"] else None,
            *(Change(cell["tiers"][tier]) if cell["tiers"] else None for tier in tiers),
        )
        for cell in found
    ]
    console.print(_indented(plain_table(headings, rows)))
    for cell in found:
        _line(console, f"{cell['cell_id']}: {cell['words']}")
        _show_reasons(console, cell)


def _show_reasons(console: Console, cell: Mapping[str, Any]) -> None:
    """Term by term what a cell changes, or whom and what the rules that close it concern."""
    for tier in cell["tiers"]:
        words = _term_words(cell["terms"], tier)
        if words:
            _line(console, f"{tier}: {words}", indent=4)
    named = {breach["rule"] for breach in cell["breaches"] if breach["detail"]}
    for breach in cell["breaches"][:MOST_BREACHES]:
        start = "" if cell["closed_by"] else f"to be signed by {_role(breach)}: "
        _line(console, f"{start}{breach['rule']}: {breach['detail'] or breach['words']}", indent=4)
    left = len(cell["breaches"]) - MOST_BREACHES
    if left > 0:
        _line(console, f"and {left:,} more", indent=4)
    if not cell["breaches"]:
        for rule in cell["closed_by"]:
            if rule["rule"] not in named:
                _line(console, f"{rule['rule']}: {rule['words']}", indent=4)


def _show_closed(console: Console, closed: Mapping[str, Any]) -> None:
    if not closed["cells"]:
        return
    console.print(_heading(f"Cells that hard rules close to this person: {closed['cells']:,}"))
    rules = [(rule["rule"], rule["cells"], rule["words"]) for rule in closed["rules"]]
    console.print(_indented(plain_table(("rule", "cells", ""), rules)))
    groups = [
        (group["cells"], ", ".join(_short(rule) for rule in group["rules"]), group["such_as"])
        for group in closed["groups"][:MOST_GROUPS]
    ]
    rows = [(cells, rules, ", ".join(such)) for cells, rules, such in groups]
    console.print(_indented(plain_table(("cells", "closed by", "such as"), rows)))
    left = sum(group["cells"] for group in closed["groups"][MOST_GROUPS:])
    if left:
        _line(console, f"{left:,} more, by other sets of rules")


def _show_change(console: Console, change: Mapping[str, Any] | None) -> None:
    if change is None:
        return
    heading = f"What would have to be otherwise for {change['cell_id']} to be the choice"
    console.print(_heading(heading))
    _line(console, change["words"])
    _line(console, change["note"])


def _show_data(console: Console, data: Mapping[str, Any]) -> None:
    console.print(_heading(f"Data used, and their age on {data['day']}"))
    _line(console, data["released"])
    for row in data["rows"]:
        _line(console, f"{row['about']}: {_row_words(row)}")
    for pair in data["pairs"]:
        _line(console, pair_words(pair))
    if data["evidence"]["people"]:
        _line(console, total_words(data))


def pair_words(pair: Mapping[str, Any]) -> str:
    """What exposure with one other person is, and by how much another cell changes it."""
    change = pair["largest_change"]
    elsewhere = f"changed by up to {change:+,} elsewhere" if change else "the same elsewhere"
    return (
        f"with {pair['person_id']}: {pair['points']:+,} points in the planned place, {elsewhere}; "
        f"{evidence_words(pair)}"
    )


def _role(breach: Mapping[str, Any]) -> str:
    return role_words(breach["signed_by"] or "nobody")


def _row_words(row: Mapping[str, Any]) -> str:
    """What is recorded, by whom, of when and until when; the state where it is not current."""
    others = f"with {', '.join(row['person_ids'])}" if row["person_ids"] else ""
    source = f"({row['source'].replace('_', ' ')})" if row["source"] else ""
    what = " ".join(part for part in (row["value"], others, source) if part)
    age = row["age_days"]
    dated = "" if age is None else f"{row['on']}, {age:,} {'day' if age == 1 else 'days'} old"
    until = f"until {row['until']}" if row["until"] else ""
    state = "" if row["state"] == "current" else row["state"]
    return "; ".join(part for part in (what, dated, until, state) if part)


def _term_words(terms: Iterable[Mapping[str, Any]], tier: str) -> str:
    by_tier: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        by_tier[term["tier"]].append(f"{term['source']} {term['points']:+,}")
    return ", ".join(by_tier[tier])


def _short(rule: str) -> str:
    return rule.split("-", maxsplit=1)[0] if rule.startswith("R") else rule


def _heading(words: str) -> Text:
    return Text(words, style="bold")


def _line(console: Console, words: str, indent: int = 2) -> None:
    console.print(Padding(Text(words), (0, 0, 0, indent), expand=False))


def _indented(table: Any) -> Padding:
    return Padding(table, (0, 0, 0, 2), expand=False)
