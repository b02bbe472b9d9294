"""The list of placements as CSV, XLSX, JSON, Parquet, and as a page to be printed."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date
from typing import Any

from allocator.explain.placement_list import COLUMNS, PlacementLine
from allocator.prepare.plan_document import CAVEAT
from allocator.report.csv_text import csv_text
from allocator.report.form import STATUS
from allocator.report.page import environment, style_sheet
from allocator.report.rows import guarded
from allocator.report.tables import Table, columns

TITLE = "Placements"
_WIDTHS = (16, 16, 12, 14, 16, 16, 14, 16, 16)


@dataclass(frozen=True, slots=True)
class PlacementList:
    """The lines of one plan with what is said above them."""

    scenario_name: str
    day: date
    lines: Sequence[PlacementLine]

    def document(self) -> dict[str, Any]:
        """The list as plain data."""
        return {
            "scenario": self.scenario_name,
            "day": self.day.isoformat(),
            "status": STATUS,
            "caveat": CAVEAT,
            "placements": [asdict(line) for line in self.lines],
        }


def render_list(made: PlacementList, form: str) -> bytes:
    """The list as a file of a form of `FORMS`.

    Raises
    ------
    ConfigError
        If pyarrow is needed and not installed.
    """
    return FORMS[form](made)


def _csv(made: PlacementList) -> bytes:
    return csv_text(COLUMNS, map(astuple, made.lines)).encode("utf-8")


def _json(made: PlacementList) -> bytes:
    return (json.dumps(made.document(), indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _parquet(made: PlacementList) -> bytes:
    from allocator.prepare.table_specs import Column
    from allocator.prepare.tables_parquet import table_parquet

    texts = [Column(name, "text", required=True, default=None, allowed="") for name in COLUMNS]
    return table_parquet(texts, [asdict(line) for line in made.lines])


def _xlsx(made: PlacementList) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=False)
    sheet: Any = book.active
    sheet.title = TITLE
    for row, values in enumerate([COLUMNS, *map(astuple, made.lines)], 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column)
            cell.value, cell.data_type, cell.number_format = guarded(value), "s", "@"
    for column, width in enumerate(_WIDTHS, 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.oddHeader.left.text = made.scenario_name.replace("&", "&&")
    sheet.oddHeader.right.text = f"{made.day.isoformat()} – {STATUS}"
    sheet.oddFooter.left.text = CAVEAT
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _html(made: PlacementList) -> bytes:
    from markupsafe import Markup

    lines = made.lines
    table = Table(
        "placements",
        f"{TITLE}, by person",
        columns(*(name.replace("_", " ") for name in COLUMNS)),
        tuple(astuple(line) for line in lines),
        first=len(lines),
        cap=len(lines),
    )
    page = environment().get_template("placements.html.j2")
    text = page.render(
        made=made,
        table=table,
        status=STATUS,
        caveat=CAVEAT,
        style=Markup(style_sheet()),  # noqa: S704 - our own file
    )
    return text.encode("utf-8")


FORMS: Mapping[str, Callable[[PlacementList], bytes]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "html": _html,
}
