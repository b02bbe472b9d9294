"""The notice to the person concerned, from a plan that the judge confirms (R53, R54)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocator.errors import ConfigError
from allocator.explain.notice import Notice, notice_to
from allocator.explain.notice_words import Language
from allocator.jobs.known import check_known
from allocator.jobs.verification import scenario_of_plan
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.verify import check_plan


def answer_notice(
    source: Path | Mapping[str, Any],
    plan: Plan,
    person_id: str,
    language: Language = Language.ENGLISH,
    last_plan: Plan | None = None,
) -> dict[str, Any]:
    """The document of a person's notice; it is the same for every reader.

    Parameters
    ----------
    last_plan : the plan that this one revises, see `verification.verify_plan`.

    Raises
    ------
    ConfigError
        If the plan has no such person, or the judge does not confirm it: nobody is told of a plan
        that is not lawful.
    """
    scenario = scenario_of_plan(source, plan, last_plan)
    placements = {placement.person_id: placement for placement in plan.placements}
    check_known(person_id, placements, "person", f"the plan of {plan.scenario_name!r}")
    faults = check_plan(scenario, plan)
    if faults:
        raise ConfigError(
            f"The plan is not confirmed for {scenario.name!r}, so nobody is told of it. "
            "`allocator verify` names every discrepancy."
        )
    return notice_document(scenario, notice_to(scenario, placements[person_id], language))


def notice_document(scenario: Scenario, notice: Notice) -> dict[str, Any]:
    """A notice as plain data: its facts, and the text to be handed over."""
    return {
        "scenario": scenario.name,
        "person_id": notice.person_id,
        "day": scenario.day.isoformat(),
        "language": notice.language.value,
        "proposal": notice.proposal.value,
        "from_cell": notice.from_cell,
        "to_cell": notice.to_cell,
        "landing": notice.landing,
        "wing": notice.wing,
        "notice": list(notice.paragraphs),
    }
