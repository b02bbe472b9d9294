"""The move list as CSV, safe to open in a spreadsheet."""

import csv
from io import StringIO

from allocator.explain.breakdown import Breakdown
from allocator.report.rows import guarded, moves_sheet


def render_moves_csv(breakdown: Breakdown) -> str:
    """Header and one line per move; texts that look like formulas are made plain."""
    sheet = moves_sheet(breakdown)
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.header)
    writer.writerows([guarded(value) for value in row] for row in sheet.rows)
    return out.getvalue()
