"""A plan that somebody brings to a scenario: of these data, of an earlier version, or of others.

Nothing is compared with a plan that nobody has verified. A plan of these data is judged again under
the settings that it names; one of an earlier version cannot be: its word is taken, as is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allocator.errors import ConfigError
from allocator.jobs.request import NO_OVERRIDES
from allocator.jobs.task import read_source
from allocator.jobs.verification import as_revision, overrides_of, verification_document
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario

KNOWN_SHARE = 2  # one in so many placements must be of a known person in a known cell


@dataclass(frozen=True, slots=True)
class Brought:
    """A plan whose places are read into a scenario.

    Parameters
    ----------
    placement : cell id by person id for everybody of the scenario, None for nowhere.
    is_current : the plan is of these data and has been verified again; else of an earlier version.
    gone : people of the plan who are not in the scenario. new : people whom the plan does not know.
    gone_cells : cells of the plan that are not there; their people count as without a place.
    """

    name: str
    plan: Plan
    placement: Mapping[str, str | None]
    is_current: bool
    gone: tuple[str, ...]
    new: tuple[str, ...]
    gone_cells: tuple[str, ...]


def bring_plan(
    source: Path | Mapping[str, Any], scenario: Scenario, plan: Plan, name: str
) -> Brought:
    """Read a plan's places into a scenario.

    Parameters
    ----------
    source : of the scenario, read again under the settings of the plan.
    name : what the plan is called in messages.

    Raises
    ------
    ConfigError
        If the plan is not verified, is not what it says, or is of other data.
    """
    if not plan.verified:
        raise ConfigError(
            f"Plan {name} says of itself that it is not verified. Only verified plans are "
            "compared; make one with `allocator plan`."
        )
    is_current = plan.provenance.scenario_hash == scenario.content_hash
    if is_current:
        _refuse_discrepancies(source, scenario, plan, name)
    else:
        _refuse_foreign(scenario, plan, name)
    return _read(scenario, plan, name, is_current=is_current)


def _refuse_discrepancies(
    source: Path | Mapping[str, Any], scenario: Scenario, plan: Plan, name: str
) -> None:
    overrides = overrides_of(scenario, plan.provenance)
    under = scenario if overrides == NO_OVERRIDES else read_source(source, overrides)
    document = verification_document(as_revision(under, plan, None), plan)
    if not document["verified"]:
        found = document["discrepancies"]
        raise ConfigError(
            f"Plan {name} is not what it says: {found[0]}. {len(found)} such differences were "
            "found; `allocator verify` lists them. Only verified plans are compared."
        )


def _refuse_foreign(scenario: Scenario, plan: Plan, name: str) -> None:
    people, cells = scenario.person_by_id, scenario.estate.cell_by_id
    placed = [p for p in plan.placements if p.cell_id is not None]
    known = sum(p.person_id in people and p.cell_id in cells for p in placed)
    if known * KNOWN_SHARE < len(placed) or not known:
        raise ConfigError(
            f"Plan {name} does not belong to the scenario {scenario.name!r}: it was made for "
            f"{plan.scenario_name!r}, and of its {len(placed):,} placements {known:,} are of "
            "people and cells that the scenario knows. Give a plan of this scenario or of an "
            "earlier version of it."
        )


def _read(scenario: Scenario, plan: Plan, name: str, *, is_current: bool) -> Brought:
    people, cells = scenario.person_by_id, scenario.estate.cell_by_id
    place = {p.person_id: p.cell_id for p in plan.placements}
    return Brought(
        name=name,
        plan=plan,
        placement={
            key: there if (there := place.get(key)) in cells else None for key in sorted(people)
        },
        is_current=is_current,
        gone=tuple(sorted(place.keys() - people.keys())),
        new=tuple(sorted(people.keys() - place.keys())),
        gone_cells=tuple(sorted({c for c in place.values() if c is not None} - cells.keys())),
    )
