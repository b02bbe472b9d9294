"""Tables as CSV (RFC 4180), safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from allocator.report.rows import Value, guarded


def csv_text(header: Sequence[str], rows: Iterable[Iterable[Value]]) -> str:
    """Header and rows; texts that look like formulas are made plain."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guarded(value) for value in row] for row in rows)
    return out.getvalue()
