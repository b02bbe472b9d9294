"""Consoles and small renderers; NO_COLOR and pipes are respected by rich itself."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def out() -> Console:
    """Console on standard output."""
    return Console(highlight=False, markup=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """Console on standard error, for progress and notes."""
    return Console(stderr=True, highlight=False, markup=False)


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def plain_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table without lines; numbers go right, everything else left, None becomes a dash."""
    known = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, heading in enumerate(headings):
        is_number = any(isinstance(row[position], int) for row in known)
        table.add_column(heading, justify="right" if is_number else "left")
    for row in known:
        table.add_row(*(cell_text(value) for value in row))
    return table


def cell_text(value: object) -> Text:
    """A value as a table shows it."""
    if value is None:
        return Text("–")
    return Text(
        f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    )
