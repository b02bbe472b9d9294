"""A comparison of policies: one table of the plans, then one per contact-weight set."""

from collections.abc import Mapping
from typing import Any

from allocator.jobs.terminal import out, plain_table
from allocator.report.form import hours_words

PLAN_HEADINGS = ("policy", "unplaced", "derogations", "moves", "verified")
OUTCOME_HEADINGS = ("policy", "officer hours", "alone in a cell", "near home")
KINDS = ("spillover", "coercion", "collusion", "support")
SCORE_HEADINGS = ("policy", *KINDS, "worst-off")


def show_comparison(document: Mapping[str, Any]) -> None:
    """Print the tables, the sentence about the order, and the caveat."""
    console = out()
    console.print(f"{document['scenario']}: policies compared on the same data", style="bold")
    console.print(plain_table(PLAN_HEADINGS, [_plan_row(row) for row in document["policies"]]))
    made = [_outcome_row(row) for row in document["policies"] if row["scores"]]
    console.print(plain_table(OUTCOME_HEADINGS, made))
    for weight_set in document["weight_sets"]:
        console.print(f"\nScored under contact weights {weight_set}", style="bold")
        rows = [line for row in document["policies"] for line in _score_rows(row, weight_set)]
        console.print(plain_table(SCORE_HEADINGS, rows))
    console.print(_range_words(document["edge_uncertainty"]), style="italic")
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
        row["outcomes"]["moves"],
        "yes" if summary["verified"] else "no",
    ]


def _outcome_row(row: Mapping[str, Any]) -> list[object]:
    """Hours of escort of the moves, and counts of people; no home where none is recorded."""
    counts = row["outcomes"]
    return [
        row["policy"],
        hours_words(counts["officer_minutes"]),
        f"{counts['alone']:,} of {counts['placed']:,}",
        f"{counts['near_home']:,} of {counts['with_home']:,}" if counts["with_home"] else None,
    ]


def _score_rows(row: Mapping[str, Any], weight_set: str) -> list[list[object]]:
    """The exposures of a policy, then the lower and the upper ends of their ranges."""
    if weight_set not in row["scores"]:
        return [[row["policy"], *[None] * 5]]
    scores = row["scores"][weight_set]
    values = [scores["exposure"][kind] for kind in KINDS]
    low, high = ([scores["range"][kind][end] for kind in KINDS] for end in (0, 1))
    return [
        [row["policy"], *values, scores["worst_off"]],
        ["  from", *low, ""],
        ["  to", *high, ""],
    ]


def _range_words(uncertainty: Mapping[str, Any]) -> str:
    low, high = uncertainty["percent"]
    return (
        f"\nfrom, to: {low}th and {high}th percentile under {uncertainty['graphs']} influence "
        "graphs drawn around the recorded edges, the recorded value included."
    )
