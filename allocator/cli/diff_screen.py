"""Two plans against each other on one screen; rendered from the document alone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from allocator.jobs.terminal import Change, out, plain_table
from allocator.report.form import role_words

MOST_LISTED = 8
STANDING_WORDS = {"better": "better off", "worse": "worse off", "mixed": "better and worse"}


def show_diff(document: Mapping[str, Any], *, list_people: bool) -> None:
    """Print the comparison; with `list_people` everybody who differs, with every measure."""
    console = out()
    source = document["provenance"]
    console.print(
        Text(
            f"{document['scenario']}: plan A against plan B; policy {source['policy']}, profile "
            f"{source['profile']}, contact weights {source['contact_weights']}",
            style="bold",
        )
    )
    _show_plans(console, document["plans"])
    for note in document["notes"]:
        console.print(Text(note, style="yellow"))
    console.print(Text(document["words"], style="bold"))
    _show_values(console, document)
    _show_people(console, document, list_all=list_people)
    _show_worst(console, document["worst_off"])
    _show_burden(console, document["burden"])
    _show_derogations(console, document["derogations"])
    _show_unplaced(console, document["unplaced"])
    if document["files"]:
        console.print("Written: " + ", ".join(document["files"]))
    console.print(Text(document["caveat"], style="italic"))
    console.print(Text(document["next_step"], style="bold"))


def _show_plans(console: Console, plans: Mapping[str, Any]) -> None:
    headings = ("", "plan", "policy", "moves", "unplaced", "derogations")
    rows = [
        (key.upper(), p["file"], p["policy"], p["moves"], p["unplaced"], p["derogations"])
        for key, p in plans.items()
    ]
    console.print(_indented(plain_table(headings, rows)))
    for key, plan in plans.items():
        rules = ", ".join(sorted({breach["rule"] for breach in plan["unlawful"]}))
        if rules:
            words = f"Plan {key.upper()} breaks hard rules here: {rules}. Nobody may act on it."
            console.print(Text(words, style="bold red"))


def _show_values(console: Console, document: Mapping[str, Any]) -> None:
    for words, key in (
        ("Tiers (lower is better)", "tier"),
        ("Exposure (points × contact)", "kind"),
    ):
        lines = document["tiers" if key == "tier" else "exposure"]
        rows = [(x[key], x["now"], x["a"], x["b"], Change(x["change"])) for x in lines]
        console.print(words)
        console.print(_indented(plain_table((key, "now", "A", "B", "B − A"), rows)))


def _show_people(console: Console, document: Mapping[str, Any], *, list_all: bool) -> None:
    people, places = document["people"], document["placements"]
    if people["by_measure"]:
        rows = [(x["words"], x["better"], x["worse"]) for x in people["by_measure"]]
        console.print("People for whom B is better or worse, by measure")
        console.print(_indented(plain_table(("measure", "better", "worse"), rows)))
    if not list_all:
        for standing, sign in (("worse", -1), ("better", 1)):
            found = [x for x in people["changes"] if x["standing"] == standing]
            order = "by id" if any(x["received_change"] is None for x in found) else "most first"
            ranked = sorted((sign * (x["received_change"] or 0), x["person_id"]) for x in found)
            names = _listed([person_id for _, person_id in ranked])
            console.print(f"{STANDING_WORDS[standing].capitalize()} in B, {order}: {names}")
    _show_places(console, places["differ"], list_all=list_all)
    if list_all:
        rows = [_person(line) for line in people["changes"]]
        console.print("Everybody for whom something differs (A → B)")
        console.print(_indented(plain_table(("person", "in B", "what differs"), rows)))


def _show_places(console: Console, lines: Sequence[Mapping[str, Any]], *, list_all: bool) -> None:
    shown = lines if list_all else lines[:MOST_LISTED]
    rows = [
        (x["person_id"], x["present_place"], x["a"] or "nowhere", x["b"] or "nowhere")
        for x in shown
    ]
    if rows:
        console.print(f"People in different places: {len(lines):,}")
        console.print(_indented(plain_table(("person", "now", "A", "B"), rows)))
    if len(lines) > len(shown):
        console.print(f"  and {len(lines) - len(shown):,} more; --people and --json list all")


def _person(line: Mapping[str, Any]) -> tuple[str, str, str]:
    differences = "; ".join(
        " ".join(
            filter(None, (d["words"], d["change"], f"({'better' if d['is_better'] else 'worse'})"))
        )
        for d in line["differences"]
    )
    return line["person_id"], STANDING_WORDS[line["standing"]], differences


def _show_worst(console: Console, worst: Iterable[Mapping[str, Any]]) -> None:
    for line in worst:
        if line["a"]["value"] is None or line["b"]["value"] is None:
            continue
        name = "Most" if line["less_is_better"] else "Least"
        sides = "; ".join(
            f"{key.upper()} {line[key]['value']:,}{_who(line[key])}" for key in ("a", "b")
        )
        console.print(f"{name} {line['words']}, any one person: {sides}")


def _who(side: Mapping[str, Any]) -> str:
    """Who has the worst value; nobody is named where the reader may not know."""
    return f" ({_listed(side['person_ids'])})" if side["person_ids"] else ""


def _show_burden(console: Console, burden: Mapping[str, Any]) -> None:
    a, b = burden["a"], burden["b"]
    rows = [
        (words, len(a[key]), len(b[key]), _listed(sorted(set(b[key]) - set(a[key]))))
        for key, words in (
            ("moved", "moved"),
            ("moved_again", "moved again within the cooldown"),
            ("crowded_again", "below the warning floor again"),
        )
    ]
    console.print("Who carries it")
    console.print(_indented(plain_table(("people", "A", "B", "only in B"), rows)))


def _show_derogations(console: Console, found: Mapping[str, Any]) -> None:
    console.print(f"Derogations in both: {found['both']}")
    for key, name in (("only_a", "A"), ("only_b", "B")):
        rows = [
            (
                x["rule"],
                _listed(x["person_ids"]),
                x["place"] or None,
                x["points"],
                role_words(x["signed_by"]),
            )
            for x in found[key][:MOST_LISTED]
        ]
        console.print(f"Only in {name}: {len(found[key])}")
        headings = ("rule", "people", "place", "points", "signed by")
        if rows:
            console.print(_indented(plain_table(headings, rows)))
        if len(found[key]) > MOST_LISTED:
            console.print(f"  and {len(found[key]) - MOST_LISTED:,} more; --json lists all")


def _show_unplaced(console: Console, found: Mapping[str, Any]) -> None:
    console.print(
        f"Unplaced in both: {len(found['both'])}; only in A: {_listed(found['only_a'])}; "
        f"only in B: {_listed(found['only_b'])}"
    )


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "nobody"
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more:,} more" if more > 0 else "")


def _indented(table: Any) -> Padding:
    return Padding(table, (0, 0, 0, 2), expand=False)
