"""Everything that is written about one verified plan."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocator.errors import InternalError
from allocator.explain.audiences import audiences
from allocator.explain.breakdown import break_down
from allocator.explain.readers import Reader
from allocator.jobs.compare import comparison_rows
from allocator.jobs.outputs import (
    COMPARISON_FILE,
    CURVE_FILE,
    DIFF_FILE,
    PLAN_FILE,
    replace_folder,
    write_json,
)
from allocator.jobs.ports import Planned
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.prepare.plan_document import plan_document
from allocator.report.compare import render_compare_html
from allocator.report.curve import render_curve_html
from allocator.report.diff import render_diff_html
from allocator.report.page import render_page
from allocator.report.write import write_report


def write_results(
    scenario: Scenario, planned: Planned, folder: Path, reader: Reader = Reader.OFFICER
) -> tuple[Path, ...]:
    """Write plan.json, the report and the move lists into a folder, all or nothing.

    The report and the lists are for a reader; plan.json is for the judge and has everything.

    Raises
    ------
    InternalError
        If the plan is not verified.
    ConfigError
        If the folder holds something else than an earlier plan.
    """
    plan = planned.plan
    if not plan.verified:
        raise InternalError("An unverified plan is never written.")
    breakdown = break_down(scenario, plan, reader)

    def fill(fresh: Path) -> None:
        write_json(fresh / PLAN_FILE, plan_document(plan))
        write_report(breakdown, plan, fresh)

    return replace_folder(folder, fill)


def plan_documents(scenario: Scenario, planned: Planned) -> dict[str, Any]:
    """The documents of a verified plan: `plan`, and `reports` by audience; None for any other."""
    plan = planned.plan
    if not plan.verified:
        return {"plan": None, "reports": None}
    return {"plan": plan_document(plan), "reports": report_documents(scenario, plan)}


def report_documents(scenario: Scenario, plan: Plan) -> dict[str, str]:
    """The HTML report of a plan by audience."""
    return {
        audience: render_page(break_down(scenario, plan, reader))
        for audience, reader in audiences(scenario).items()
    }


def comparison_page(document: Mapping[str, Any]) -> str:
    """One self-contained page of the document of `allocator compare`."""
    return render_compare_html(
        comparison_rows(document["policies"]),
        document["order"],
        f"Policies compared: {document['scenario']}",
    )


def write_comparison(document: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write comparison.json and comparison.html, all or nothing."""
    page = comparison_page(document)

    def fill(fresh: Path) -> None:
        write_json(fresh / COMPARISON_FILE, document)
        (fresh / "comparison.html").write_text(page, "utf-8")

    return replace_folder(folder, fill)


def write_diff(document: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write diff.json and diff.html, all or nothing."""
    page = render_diff_html(document)

    def fill(fresh: Path) -> None:
        write_json(fresh / DIFF_FILE, document)
        (fresh / "diff.html").write_text(page, "utf-8")

    return replace_folder(folder, fill)


def write_curve(
    document: Mapping[str, Any], plans: Mapping[str, Plan], folder: Path
) -> tuple[Path, ...]:
    """Write curve.json, curve.html and the plans by their file names, all or nothing."""
    page = render_curve_html(document)

    def fill(fresh: Path) -> None:
        write_json(fresh / CURVE_FILE, document)
        (fresh / "curve.html").write_text(page, "utf-8")
        for name, plan in plans.items():
            write_json(fresh / name, plan_document(plan))

    return replace_folder(folder, fill)
