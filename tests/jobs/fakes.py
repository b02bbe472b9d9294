"""Fake planners, beside their port `allocator.jobs.ports.Planner`; a child imports them by name."""

import os
import signal
import time
from itertools import zip_longest
from pathlib import Path

from allocator.errors import InternalError
from allocator.jobs.ports import Planned
from allocator.jobs.request import PlanRequest
from allocator.model.plan import Placement, Plan, Provenance, TierValue, Verdict
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier
from allocator.solver.options import Observer, Progress
from allocator.verify import verify

NEWS = Progress(0.5, "search", Tier.EXPOSURE, (0, 0, 3), 2)


def _planned(
    scenario: Scenario, request: PlanRequest, verdict: Verdict, placement: dict[str, str | None]
) -> Planned:
    """A plan of a given placement, judged by the real judge; no solver is loaded."""
    judgement = verify(scenario, placement)
    people = scenario.person_by_id
    provenance = Provenance(
        scenario_hash=scenario.content_hash,
        profile=scenario.profile.name,
        profile_version=scenario.profile.version,
        policy=scenario.policy.name,
        policy_version=scenario.policy.version,
        contact_weights=scenario.contact_weights.name,
        seed=request.seed,
        effort=request.effort,
        max_moves=scenario.max_moves,
        time_limit_seconds=request.time_limit_seconds,
        software_version="fake",
        solver_version="none",
        revised_plan=scenario.last_plan,
    )
    plan = Plan(
        scenario_name=scenario.name,
        verdict=verdict,
        placements=tuple(
            Placement(
                person_id,
                people[person_id].current_place,
                cell_id,
                {},
                people[person_id].planned_place,
            )
            for person_id, cell_id in sorted(placement.items())
        ),
        tiers=tuple(TierValue(tier, value, None) for tier, value in judgement.tiers.items()),
        derogations=judgement.derogations,
        exposure=judgement.exposure,
        exposure_before=judgement.exposure,
        shortfall={},
        conflicts=(),
        provenance=provenance,
        verified=bool(placement),
    )
    return Planned(plan, judgement)


def first_fit(
    scenario: Scenario, request: PlanRequest, observer: Observer | None = None
) -> Planned:
    """Fills cell after cell; good enough for people who may all share."""
    del observer
    return _filled(scenario, request, 1)


def last_fit(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """As `first_fit`, the last cell first."""
    del observer
    return _filled(scenario, request, -1)


def _filled(scenario: Scenario, request: PlanRequest, step: int) -> Planned:
    estate = scenario.estate
    cells = estate.cells[::step]
    free = [c.cell_id for c in cells for _ in range(estate.effective_capacity(c))]
    ids = [person.person_id for person in scenario.people]
    placement: dict[str, str | None] = dict(zip_longest(ids, free[: len(ids)]))
    return _planned(scenario, request, Verdict.FEASIBLE, placement)


def put(scenario: Scenario, placement: dict[str, str | None]) -> Plan:
    """A plan that puts people where a test wants them."""
    return _planned(scenario, PlanRequest(), Verdict.FEASIBLE, placement).plan


def out_of_time(
    scenario: Scenario, request: PlanRequest, observer: Observer | None = None
) -> Planned:
    """Ends without a plan, as the real planner does when the solver found nothing."""
    del observer
    return _planned(scenario, request, Verdict.OUT_OF_TIME, {})


def broken(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Fails as a plan that the judge refuses does."""
    del scenario, request, observer
    raise InternalError("The plan failed its own verification.", "judge 3, solver 5")


def crashing(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Meets a fault of the program whose text quotes a person."""
    del request, observer
    raise KeyError(scenario.people[0].person_id)


def _say_that_it_works() -> None:
    """Tell a test that started this program from outside that the solve is on."""
    marker = os.environ.get("ALLOCATOR_TEST_MARKER")
    if marker:
        Path(marker).touch()


def waiting(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Works until it is asked to stop, then gives the best plan so far."""
    assert observer is not None
    _say_that_it_works()
    while not observer.should_stop():
        observer.on_progress(NEWS)
        time.sleep(0.02)
    return first_fit(scenario, request)


def deaf(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Never ends."""
    del scenario, request
    assert observer is not None
    _say_that_it_works()
    while True:
        observer.on_progress(NEWS)
        time.sleep(0.02)


def dying(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Is killed, as by the system when memory runs out."""
    del scenario, request, observer
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
