"""What the page of a plan shows to one person: what was done, by whom, and what they can do now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from allocator.service.access.caller import Caller
from allocator.service.access.names import names_of
from allocator.service.reading_plans import PlanHeading, heading_of_plan
from allocator.service.root import Service
from allocator.service.workflow.choices import Choices, changed_since, choices_of
from allocator.service.workflow.views import Workflow, read_workflow


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan for a person to read and to act on.

    Parameters
    ----------
    names : of everybody who did something with the plan, by actor.
    read_at : a moment before anything of it was read.
    """

    heading: PlanHeading
    workflow: Workflow
    choices: Choices
    names: Mapping[str, str]
    read_at: datetime


def read_page(service: Service, caller: Caller, plan_id: str) -> PlanPage:
    """A plan's page; the read is noted in the audit log.

    Raises
    ------
    NotFoundError
        If there is no such plan, or it is out of scope.
    """
    read_at = service.clock()
    heading, _ = heading_of_plan(service, caller, plan_id)
    workflow = read_workflow(service, caller, plan_id)
    with service.database.read() as session:
        names = names_of(session, _actors(workflow))
    return PlanPage(heading, workflow, choices_of(workflow, caller), names, read_at)


def words_of_changes(
    service: Service, caller: Caller, plan_id: str, moment: datetime
) -> tuple[str, ...]:
    """What people did with a plan after a moment, in words; as `read_page`."""
    page = read_page(service, caller, plan_id)
    return changed_since(page.workflow, moment, page.names)


def _actors(workflow: Workflow) -> Iterator[str | None]:
    for rows in (workflow.history, workflow.steps):
        yield from (row["by"] for row in rows)
    for item in workflow.items:
        yield from (row["by"] for row in item["signatures"])
