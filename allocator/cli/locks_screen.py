"""One screen that says what each decision costs; rendered from the document alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.padding import Padding
from rich.text import Text

from allocator.jobs.terminal import Change, out, plain_table

KIND_WORDS = {"lock": "locked in", "forbid": "kept out of", "reject": "rejected"}


def show_locks(document: Mapping[str, Any]) -> None:
    """Print the cost of each decision, then what was not looked at."""
    console = out()
    source = document["provenance"]
    console.print(
        Text(
            f"{document['scenario']}: officers' decisions; policy {source['policy']}, profile "
            f"{source['profile']}, effort {source['effort']}",
            style="bold",
        )
    )
    decisions = document["decisions"]
    if not decisions and not document["not_looked_at"]:
        console.print("No decision is current, so there is nothing to price.")
        return
    if document["interrupted"]:
        console.print(Text("Interrupted: only the decisions below were looked at.", style="yellow"))
    if decisions:
        console.print("Change of each tier by the decision (more is worse), in the tiers' order")
        console.print(Padding(_table(decisions), (0, 0, 0, 2), expand=False))
    for decision in decisions:
        console.print(f"{decision['person_id']} {_rows(decision['rows'])}: {decision['words']}")
    if left := document["not_looked_at"]:
        names = "; ".join(f"{rows[0]['person_id']} {_rows(rows)}" for rows in left[:5])
        more = " and others" if len(left) > 5 else ""
        console.print(f"Not looked at ({len(left)}; --most N looks at more): {names}{more}")
    console.print("Verified: the judge confirms both plans of every line.")
    console.print(Text(document["caveat"], style="italic"))
    console.print(Text(document["next_step"], style="bold"))


def _table(decisions: Iterable[Mapping[str, Any]]) -> Any:
    known = list(decisions)
    tiers = [tier["tier"] for tier in known[0]["tiers"]]
    rows = [
        (
            decision["person_id"],
            _rows(decision["rows"]),
            *(Change(tier["difference"]) for tier in decision["tiers"]),
        )
        for decision in known
    ]
    return plain_table(("person", "decision", *tiers), rows)


def _rows(rows: Iterable[Mapping[str, Any]]) -> str:
    known = list(rows)
    cells = " or ".join(row["cell_id"] for row in known)
    return f"{KIND_WORDS[known[0]['kind']]} {cells}"
