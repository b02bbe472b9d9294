"""Write the files that people read after a plan."""

from pathlib import Path

from allocator.errors import InternalError
from allocator.explain.breakdown import Breakdown
from allocator.model.plan import Plan
from allocator.report.moves_csv import render_moves_csv
from allocator.report.page import render_page
from allocator.report.workbook import render_workbook


def write_report(breakdown: Breakdown, plan: Plan, folder: Path) -> tuple[Path, ...]:
    """Write moves.csv, moves.xlsx and report.html; the same plan gives the same bytes.

    Raises
    ------
    InternalError
        If the breakdown is of another plan.
    """
    if breakdown.scenario_name != plan.scenario_name or breakdown.headline.people != len(
        plan.placements
    ):
        raise InternalError("The report and the plan do not belong together; run the plan again.")
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "moves.csv": render_moves_csv(breakdown).encode("utf-8"),
        "moves.xlsx": render_workbook(breakdown),
        "report.html": render_page(breakdown).encode("utf-8"),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in files)
