"""The move list as CSV, safe to open in a spreadsheet."""

from allocator.explain.breakdown import Breakdown
from allocator.report.csv_text import csv_text
from allocator.report.rows import MOVE_HEADER, move_row


def render_moves_csv(breakdown: Breakdown) -> str:
    """Header and one line per move; texts that look like formulas are made plain."""
    return csv_text(MOVE_HEADER, map(move_row, breakdown.moves))
