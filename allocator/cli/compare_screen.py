"""A comparison of policies as one table per contact-weight set."""

from collections.abc import Mapping
from typing import Any

from allocator.jobs.terminal import out, plain_table

HEADINGS = (
    "policy",
    "spillover",
    "coercion",
    "collusion",
    "support",
    "worst-off",
    "unplaced",
    "derogations",
    "moves",
    "verified",
)


def show_comparison(document: Mapping[str, Any]) -> None:
    """Print the tables, the sentence about the order, and the caveat."""
    console = out()
    console.print(f"{document['scenario']}: policies compared on the same data", style="bold")
    for weight_set in document["weight_sets"]:
        console.print(f"\nScored under contact weights {weight_set}", style="bold")
        rows = [_row(row, weight_set) for row in document["policies"]]
        console.print(plain_table(HEADINGS, rows))
    console.print()
    for sentence in document["order"]:
        console.print(sentence)
    if document["files"]:
        console.print("Written: " + ", ".join(document["files"]))
    console.print(document["caveat"], style="italic")


def _row(row: Mapping[str, Any], weight_set: str) -> list[object]:
    summary = row["summary"]
    if weight_set not in row["scores"]:
        return [row["policy"], *[None] * 8, "no plan"]
    scores = row["scores"][weight_set]
    exposure = scores["exposure"]
    return [
        row["policy"],
        exposure["spillover"],
        exposure["coercion"],
        exposure["collusion"],
        exposure["support"],
        scores["worst_off"],
        len(summary["unplaced"]),
        len(summary["derogations"]),
        len(summary["moves"]),
        "yes" if summary["verified"] else "no",
    ]
