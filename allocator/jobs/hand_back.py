"""A workbook to fill in, and one handed back with its errors."""

from pathlib import Path

from allocator.errors import ConfigError, ScenarioError
from allocator.jobs.outputs import check_new_file, write_bytes
from allocator.jobs.task import read_source
from allocator.model.scenario import Scenario

WORKBOOK = ".xlsx"


def write_template(file: Path) -> None:
    """Write the empty workbook.

    Raises
    ------
    ConfigError
        If the path does not end in .xlsx, is there already, or cannot be written.
    """
    from allocator.prepare.write_workbook import scenario_workbook

    _require_workbook(file)
    check_new_file(file)
    write_bytes(file, scenario_workbook())


def checked_workbook(source: Path, errors_to: Path) -> Scenario:
    """The scenario of a workbook; where it is invalid, the workbook with its errors is written.

    Raises
    ------
    ScenarioError
        If the scenario is invalid, after writing.
    ConfigError
        If one of the two is no .xlsx file, or `errors_to` is there already or cannot be written.
    """
    from allocator.prepare.workbook_errors import with_errors

    for path in (source, errors_to):
        _require_workbook(path)
    check_new_file(errors_to)
    try:
        return read_source(source)
    except ScenarioError as error:
        if any(problem.sheet for problem in error.problems):
            write_bytes(errors_to, with_errors(source.read_bytes(), error.problems))
        raise


def _require_workbook(path: Path) -> None:
    if path.suffix != WORKBOOK or path.is_dir():
        raise ConfigError(f"{path} is no workbook; give a file that ends in {WORKBOOK}.")
