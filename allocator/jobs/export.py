"""A plan's placements as a file, once the judge has confirmed the plan."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocator.errors import ConfigError
from allocator.explain.placement_list import placement_list
from allocator.jobs.verification import scenario_of_plan
from allocator.model.plan import Plan
from allocator.report.placement_files import PlacementList
from allocator.verify import check_plan


def listed_placements(
    source: Path | Mapping[str, Any],
    plan: Plan,
    last_plan: Plan | None = None,
    *,
    only_changes: bool = False,
) -> PlacementList:
    """Everybody's place now and in the plan, or of those alone whose place changes.

    Parameters
    ----------
    last_plan : the plan that this one revises, see `verification.verify_plan`.

    Raises
    ------
    ConfigError
        If the judge does not confirm the plan.
    """
    scenario = scenario_of_plan(source, plan, last_plan)
    if check_plan(scenario, plan):
        raise ConfigError(
            f"The plan is not confirmed for {scenario.name!r}, so it is not given out. "
            "`allocator verify` names every discrepancy."
        )
    lines = placement_list(scenario, plan, only_changes=only_changes)
    return PlacementList(scenario.name, scenario.day, lines)
