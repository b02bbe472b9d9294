"""Options are checked at once, errors become documents and come back, scenarios are found."""

from pathlib import Path
from typing import Any

import pytest

from allocator.errors import ConfigError, InternalError, JobError, ScenarioError
from allocator.jobs.exits import EXIT_WORDS, ExitCode, exit_code_of_error
from allocator.jobs.locate import find_scenario, scenarios_below
from allocator.jobs.problems import error_document, rebuild_error
from allocator.jobs.request import EFFORTS, PlanRequest
from allocator.solver.options import Effort
from tests.jobs.tasks import PROBLEM


@pytest.mark.parametrize(
    "fields",
    [
        {"effort": "heroic"},
        {"time_limit_seconds": 0},
        {"time_limit_seconds": float("nan")},
        {"time_limit_seconds": float("inf")},
        {"seed": -1},
        {"seed": 2**31},
        {"workers": 0},
    ],
)
def test_senseless_options_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        PlanRequest(**fields)


def test_efforts_are_the_solvers() -> None:
    assert set(EFFORTS) == {effort.value for effort in Effort}
    assert PlanRequest("quick", 7, 3, 5).options().effort is Effort.QUICK


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ScenarioError((PROBLEM,)), ExitCode.BAD_DATA),
        (ConfigError("a", "b"), ExitCode.USAGE),
        (JobError("a", "b"), ExitCode.OUR_FAULT),
        (InternalError("a", "b"), ExitCode.OUR_FAULT),
        (KeyError("x"), ExitCode.OUR_FAULT),
    ],
)
def test_errors_have_exit_codes_and_round_trip(error: Exception, code: ExitCode) -> None:
    assert exit_code_of_error(error) is code
    document = error_document(error)
    assert error_document(rebuild_error(document)) == document


def test_every_exit_code_is_explained() -> None:
    assert set(EXIT_WORDS) == set(ExitCode)


def test_scenarios_are_found_by_folder_file_and_name(tmp_path: Path) -> None:
    stored = tmp_path / "scenarios"
    for name in ("north", "group/south"):
        (stored / name).mkdir(parents=True)
        (stored / name / "scenario.yaml").write_text("name: x\n")
    (stored / "east.json").write_text("{}")
    (stored / ".hidden").mkdir()
    assert [path.stem for path in scenarios_below(stored)] == ["east", "south", "north"]
    assert find_scenario("north", stored) == stored / "north"
    assert find_scenario("east", stored) == stored / "east.json"
    assert find_scenario(str(stored / "north")) == stored / "north"
    with pytest.raises(ConfigError, match="east"):
        find_scenario("west", stored)
