"""A comparison of policies: one table of the plans, then one per contact-weight set."""

from collections.abc import Mapping
from typing import Any

from allocator.jobs.terminal import out, plain_table

PLAN_HEADINGS = ("policy", "unplaced", "derogations", "moves", "verified")
SCORE_HEADINGS = ("policy", "spillover", "coercion", "collusion", "support", "worst-off")


def show_comparison(document: Mapping[str, Any]) -> None:
    """Print the tables, the sentence about the order, and the caveat."""
    console = out()
    console.print(f"{document['scenario']}: policies compared on the same data", style="bold")
    console.print(plain_table(PLAN_HEADINGS, [_plan_row(row) for row in document["policies"]]))
    for weight_set in document["weight_sets"]:
        console.print(f"\nScored under contact weights {weight_set}", style="bold")
        rows = [_score_row(row, weight_set) for row in document["policies"]]
        console.print(plain_table(SCORE_HEADINGS, rows))
    console.print()
    for sentence in document["order"]:
        console.print(sentence)
    if document["files"]:
        console.print("Written: " + ", ".join(document["files"]))
    console.print(document["caveat"], style="italic")


def _plan_row(row: Mapping[str, Any]) -> list[object]:
    summary = row["summary"]
    if not row["scores"]:
        return [row["policy"], None, None, None, "no plan"]
    return [
        row["policy"],
        len(summary["unplaced"]),
        len(summary["derogations"]),
        len(summary["moves"]),
        "yes" if summary["verified"] else "no",
    ]


def _score_row(row: Mapping[str, Any], weight_set: str) -> list[object]:
    if weight_set not in row["scores"]:
        return [row["policy"], *[None] * 5]
    scores = row["scores"][weight_set]
    kinds = ("spillover", "coercion", "collusion", "support")
    return [row["policy"], *(scores["exposure"][kind] for kind in kinds), scores["worst_off"]]
