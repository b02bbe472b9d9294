"""Answers that are computed while one waits: placements, reasons, notices, comparisons, reviews.

What takes seconds to load is kept by content, so that the next question about the same data takes
milliseconds. Whom an answer concerns is noted in the audit log before it leaves.
"""

from collections.abc import Mapping
from typing import Any

from allocator.errors import ConfigError
from allocator.explain.present import Present, present_state
from allocator.jobs.diff import compare_plans
from allocator.jobs.explain import Explainer
from allocator.jobs.place import Placer
from allocator.jobs.task import read_source
from allocator.jobs.verification import scenario_of_plan, verify_plan
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.service import scenarios, told
from allocator.service.access.caller import Caller
from allocator.service.access.judged import MOST_NOTED, asked_about, told_verdict
from allocator.service.access.masking import masked
from allocator.service.access.rates import take
from allocator.service.access.readers import reader_of
from allocator.service.access.roles import Action
from allocator.service.access.sight import reader_of_version
from allocator.service.audit.chain import Event
from allocator.service.errors import NotFoundError
from allocator.service.kept import Kept
from allocator.service.reading import ScenarioHeading, heading_of, require_id
from allocator.service.reading_plans import (
    PlanHeading,
    heading_of_plan,
    plan_unnoted,
    reader_of_plan,
)
from allocator.service.root import Service

KIND = scenarios.KIND
PLAN = "plan"
MOST_OFFERS = 50


class Desk:
    """What one process has loaded; holds data of every facility and answers nobody by itself."""

    def __init__(self) -> None:
        self.placers: Kept[str, Placer] = Kept(4, are_large=True)
        self.explainers: Kept[str, Explainer] = Kept(4, are_large=True)
        self.verdicts: Kept[str, Mapping[str, Any]] = Kept(64)
        self.calendars: Kept[str, Scenario] = Kept(4, are_large=True)


def place(
    service: Service, desk: Desk, caller: Caller, scenario_id: str, wanted: tuple[str, int]
) -> tuple[ScenarioHeading, dict[str, Any]]:
    """The best lawful cells for one person while everybody else stays (R59), judged.

    With the heading of the version that they are of.

    Parameters
    ----------
    wanted : the person's id, and how many cells at the most (1 to 50).

    Raises
    ------
    NotFoundError
        If there is no such scenario or person in the caller's scope.
    """
    caller.require(Action.PLACE)
    person_id, count = wanted
    heading, facilities = heading_of(service, caller, scenario_id)

    def load() -> Placer:
        return Placer(_scenario(service, caller, scenario_id, heading.number))

    placer = desk.placers.get(heading.content_hash, load)
    require_person_in(placer.scenario, person_id)
    answer = placer.check(placer.place(person_id, count))
    detail = {"version": heading.number}
    service.note(caller, Event(Action.PLACE, KIND, scenario_id, facilities, person_id, detail))
    return heading, told.offers(placer, answer, caller)


def explain(
    service: Service, desk: Desk, caller: Caller, plan_id: str, asked: tuple[str, str | None]
) -> dict[str, Any]:
    """Why a plan puts a person where it does, and why nowhere else (R42).

    Parameters
    ----------
    asked : the person's id, and a cell that the reader asks about, None for none.

    Raises
    ------
    NotFoundError
        If there is no such plan, person or cell in the caller's scope.
    """
    caller.require(Action.EXPLAIN)
    person_id, cell_id = asked
    explainer, facilities = _explainer(service, desk, caller, plan_id)
    require_person_in(explainer.scenario, person_id)
    if cell_id is not None:
        require_cell_in(explainer.scenario, cell_id)
    found = explainer.check(explainer.explain(person_id, cell_id))
    service.note(caller, Event(Action.EXPLAIN, PLAN, plan_id, facilities, person_id))
    return told.reasons(explainer, found, caller)


def notice(
    service: Service, desk: Desk, caller: Caller, plan_id: str, person_id: str
) -> dict[str, Any]:
    """What the person concerned is told, without anything recorded (R54).

    Raises
    ------
    NotFoundError
        If there is no such plan or person in the caller's scope.
    """
    caller.require(Action.EXPLAIN)
    explainer, facilities = _explainer(service, desk, caller, plan_id)
    require_person_in(explainer.scenario, person_id)
    detail = {"what": "notice"}
    service.note(caller, Event(Action.EXPLAIN, PLAN, plan_id, facilities, person_id, detail))
    return told.notice(explainer, person_id)


def compare(service: Service, caller: Caller, plan_id: str, against_id: str) -> dict[str, Any]:
    """What differs in plan B (`against_id`) from plan A (`plan_id`), both of one scenario (R40).

    Raises
    ------
    NotFoundError
        If one of the plans is not there or out of scope.
    ConfigError
        If they are of two scenarios.
    """
    first, facilities = heading_of_plan(service, caller, plan_id)
    second, _ = heading_of_plan(service, caller, against_id)
    if first.scenario_id != second.scenario_id:
        raise ConfigError("The plans are of two scenarios, so their values do not compare.")
    plans = plan_unnoted(service, plan_id), plan_unnoted(service, against_id)
    newer = max(first.version, second.version)
    version = scenarios.find(service, caller, first.scenario_id, newer)
    found = compare_plans(version.require_document(), *plans)
    detail = {"what": "diff", "against": against_id}
    service.note(caller, Event(Action.READ_PLAN, PLAN, plan_id, facilities, detail=detail))
    return told.differences(found, (plan_id, against_id), caller)


def verify_stored(service: Service, desk: Desk, caller: Caller, plan_id: str) -> dict[str, Any]:
    """What the judge says of a stored plan under the version that it was made from."""
    caller.require(Action.VERIFY)
    heading, facilities = heading_of_plan(service, caller, plan_id)

    def judge_it() -> Mapping[str, Any]:
        return verify_plan(_document(service, caller, heading), plan_unnoted(service, plan_id))

    verdict = desk.verdicts.get(plan_id, judge_it)
    service.note(caller, Event(Action.VERIFY, PLAN, plan_id, facilities))
    return masked(verdict, reader_of_plan(service, caller, heading))


def verify_against_stored(
    service: Service, caller: Caller, plan: Plan, scenario_id: str, number: int | None
) -> dict[str, Any]:
    """What the judge says of a plan from outside against a stored version, the newest for None.

    The log says about whom it was asked, and never what the answer was.

    Raises
    ------
    RateError
        If somebody from whom records are withheld asks too often.
    """
    caller.require(Action.VERIFY)
    version = scenarios.find(service, caller, require_id(scenario_id, "scenario"), number)
    reader = reader_of_version(service, caller, scenario_id, version.number)
    if not reader.sees_whole_scenario:
        take(service, f"verify:{caller.actor}", service.settings.verifications_per_minute)
    document = version.require_document()
    verdict = verify_plan(document, plan)
    people = asked_about(document, plan)
    detail = {"version": version.number, "people": len(people)}
    named = people if 0 < len(people) <= MOST_NOTED else ("",)
    service.note(
        caller,
        *(
            Event(Action.VERIFY, KIND, scenario_id, version.facilities, person_id, detail)
            for person_id in named
        ),
    )
    return told_verdict(verdict, plan, reader)


def verify_posted(caller: Caller, plan: Plan, document: Mapping[str, Any]) -> dict[str, Any]:
    """What the judge says of a plan and a scenario that both come from outside."""
    caller.require(Action.VERIFY)
    verdict = verify_plan(document, plan)
    return masked(verdict, reader_of(caller).of(read_source(document)))


def reviews(service: Service, desk: Desk, caller: Caller, scenario_id: str) -> dict[str, Any]:
    """Reviews that are due or overdue, restrictive placements, complaints and decisions (R56)."""
    return told.reviews(_calendar(service, desk, caller, scenario_id, "reviews"), caller)


def present(service: Service, desk: Desk, caller: Caller, scenario_id: str) -> Present:
    """Everything about the present placement for a reader like the caller; the read is noted."""
    scenario = _calendar(service, desk, caller, scenario_id, "present report")
    return present_state(scenario, reader_of(caller))


def _calendar(
    service: Service, desk: Desk, caller: Caller, scenario_id: str, what: str
) -> Scenario:
    """The newest version of a scenario; that it is read is noted."""
    heading, facilities = heading_of(service, caller, scenario_id)

    def load() -> Scenario:
        return _scenario(service, caller, scenario_id, heading.number)

    scenario = desk.calendars.get(heading.content_hash, load)
    detail = {"what": what, "version": heading.number}
    event = Event(Action.READ_SCENARIO, KIND, scenario_id, facilities, detail=detail)
    service.note(caller, event)
    return scenario


def _explainer(
    service: Service, desk: Desk, caller: Caller, plan_id: str
) -> tuple[Explainer, tuple[str, ...]]:
    heading, facilities = heading_of_plan(service, caller, plan_id)

    def load() -> Explainer:
        plan = plan_unnoted(service, plan_id)
        return Explainer(scenario_of_plan(_document(service, caller, heading), plan), plan)

    return desk.explainers.get(plan_id, load), facilities


def _document(service: Service, caller: Caller, heading: PlanHeading) -> Mapping[str, Any]:
    version = scenarios.find(service, caller, heading.scenario_id, heading.version)
    return version.require_document()


def _scenario(service: Service, caller: Caller, scenario_id: str, number: int) -> Scenario:
    return read_source(scenarios.find(service, caller, scenario_id, number).require_document())


def require_cell_in(scenario: Scenario, cell_id: str) -> None:
    """Refuse a cell that the scenario does not have.

    Raises
    ------
    NotFoundError
        If there is none of this id.
    """
    if cell_id not in scenario.estate.cell_by_id:
        raise NotFoundError("There is no such cell in the scenario.")


def require_person_in(scenario: Scenario, person_id: str) -> None:
    """Refuse a person whom the scenario does not have.

    Raises
    ------
    NotFoundError
        If there is nobody of this id.
    """
    if person_id not in scenario.person_by_id:
        raise NotFoundError("There is no such person in the scenario.")
