"""The move list as CSV, safe to open in a spreadsheet."""

import csv
from io import StringIO

from allocator.explain.breakdown import Breakdown
from allocator.report.rows import MOVE_HEADER, guarded, move_row


def render_moves_csv(breakdown: Breakdown) -> str:
    """Header and one line per move; texts that look like formulas are made plain."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(MOVE_HEADER)
    writer.writerows([guarded(value) for value in move_row(move)] for move in breakdown.moves)
    return out.getvalue()
