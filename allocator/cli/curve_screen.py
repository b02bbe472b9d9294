"""What more moves are worth, on one screen; rendered from the document alone."""

from collections.abc import Mapping
from typing import Any

from rich.padding import Padding
from rich.text import Text

from allocator.jobs.terminal import out, plain_table


def show_curve(document: Mapping[str, Any]) -> None:
    """Print the points, what each step is worth, the knees and the notes."""
    console = out()
    if not document["points"]:
        console.print(Text(document["words"], style="yellow"))
        return
    source = document["provenance"]
    limit = document["own_limit"]
    console.print(
        Text(
            f"{document['scenario']}: plans by moves allowed; policy {source['policy']}, profile "
            f"{source['profile']}, own limit {'none' if limit is None else f'{limit:,}'}",
            style="bold",
        )
    )
    console.print(Text(document["words"], style="bold"))
    _show_points(console, document)
    console.print("What further moves are worth")
    for step in document["steps"]:
        console.print(f"  {step['words']}")
    for knee in document["knees"]:
        console.print(Text(knee["words"], style="bold"))
    if document["knees"]:
        console.print(f"The knee is found by {document['knees'][0]['method']}.")
    for note in document["notes"]:
        console.print(note)
    if document["files"]:
        console.print("Written: " + ", ".join(document["files"]))
    console.print(f"Planned in {document['seconds']:.1f} s.")
    console.print(Text(document["caveat"], style="italic"))
    console.print(Text(document["next_step"], style="bold"))


def _show_points(console: Any, document: Mapping[str, Any]) -> None:
    tiers = [line["tier"] for line in document["compared_tiers"]]
    headings = ("moves", "used", *tiers, f"proven bound of {tiers[-1]}", "plan")
    rows = [
        (
            point["moves_allowed"],
            point["moves_used"],
            *(point["tiers"][tier] for tier in tiers),
            point["bounds"][tiers[-1]],
            _plan_words(point),
        )
        for point in document["points"]
    ]
    console.print(Padding(plain_table(headings, rows), (0, 0, 0, 2), expand=False))


def _plan_words(point: Mapping[str, Any]) -> str:
    if point["plan_of"] != point["moves_allowed"]:
        return f"as with {point['plan_of']:,}"
    return "from the point before" if point["made_by"] == "onward" else "own"
