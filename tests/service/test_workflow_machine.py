"""Random sequences of what people do: no plan gets where the table of states does not let it."""

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from allocator.errors import ConfigError
from allocator.service import decisions, scenarios
from allocator.service.decisions import Decision, DecisionKind
from allocator.service.errors import ServiceError, StateError
from allocator.service.root import Service
from allocator.service.scenarios import Version
from allocator.service.workflow import execution, proposing, signing
from allocator.service.workflow.execution import Failure
from allocator.service.workflow.proposing import Rejection
from allocator.service.workflow.reasons import Seen, values
from allocator.service.workflow.records import SeenPlan
from allocator.service.workflow.signing import Signing
from allocator.service.workflow.states import TRANSITIONS, PlanState
from allocator.service.workflow.views import read_workflow
from allocator.store.tables import FacilityExecution
from tests.service.prison import (
    ALONE,
    FIRST,
    OFFICER,
    PLANNED,
    PLANNER,
    PRESENT,
    REVIEWER,
    SECOND,
    SIMPLE,
    approval,
    draft,
)

Act = Callable[[Service, Version, SeenPlan], object]


def _sign(by: int, which: int) -> Act:
    signer, items = (FIRST, SECOND)[by], (SIMPLE, *((item,) for item in ALONE))[which]
    return lambda s, _, p: signing.sign(s, signer, p, approval(*items))


def _decide(kind: DecisionKind, person: str, cell: str | None) -> Act:
    def act(service: Service, version: Version, _plan: SeenPlan) -> object:
        seen = scenarios.find(service, OFFICER, version.scenario_id)
        reason = "safety" if kind is DecisionKind.COMPLAIN else "conflict"
        return decisions.decide(service, OFFICER, seen, Decision(kind, person, cell, reason))

    return act


def _confirm_next(service: Service, _version: Version, plan: SeenPlan) -> object:
    """What an officer does: the first step that is not done yet."""
    steps = read_workflow(service, OFFICER, plan.plan_id).steps
    number = next((step["number"] for step in steps if step["state"] == "pending"), 1)
    return execution.confirm(service, OFFICER, plan, number)


STEPS = st.integers(1, 4)
FORWARD: tuple[st.SearchStrategy[Act], ...] = (
    st.just(lambda s, _, p: proposing.propose(s, PLANNER, p)),
    st.just(lambda s, _, p: proposing.review(s, REVIEWER, p, values(Seen))),
    st.builds(_sign, st.integers(0, 1), st.integers(0, 3)),
    st.just(lambda s, _, p: execution.start(s, OFFICER, p)),
    STEPS.map(lambda n: lambda s, _, p: execution.confirm(s, OFFICER, p, n)),
)
ASIDE: tuple[st.SearchStrategy[Act], ...] = (
    STEPS.map(lambda n: lambda s, _, p: execution.fail(s, OFFICER, p, n, Failure("incident"))),
    st.just(lambda s, _, p: execution.halt(s, OFFICER, p, Failure("incident"))),
    st.just(lambda s, _, p: signing.sign(s, FIRST, p, Signing(("move:P1",), False, "health"))),
    st.just(lambda s, _, p: proposing.reject(s, REVIEWER, p, Rejection("unfair"))),
    st.builds(_decide, st.just(DecisionKind.LOCK), st.just("P1"), st.sampled_from(["W-1", "W-3"])),
    st.builds(_decide, st.just(DecisionKind.COMPLAIN), st.sampled_from(sorted(PRESENT)), st.none()),
)
ANY = st.one_of(st.just(_confirm_next), st.one_of(*FORWARD), st.one_of(*ASIDE))
WHOLE: list[Act] = [
    lambda s, _, p: proposing.propose(s, PLANNER, p),
    lambda s, _, p: proposing.review(s, REVIEWER, p, values(Seen)),
    *(_sign(by, which) for which in range(4) for by in range(2 if which else 1)),
    lambda s, _, p: execution.start(s, OFFICER, p),
]


@st.composite
def histories(draw: st.DrawFn) -> list[Act]:
    """The usual way, whole or up to some point, seldom disturbed; then acts of any kind."""
    length = draw(st.one_of(st.just(len(WHOLE)), st.integers(0, len(WHOLE))))
    acts = WHOLE[:length]
    for act in draw(st.lists(ANY, max_size=2)):
        acts.insert(draw(st.integers(0, len(acts))), act)
    return acts + draw(st.lists(ANY, max_size=8))


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=histories())
def test_no_sequence_of_acts_leaves_the_table_of_states(service: Service, acts: list[Act]) -> None:
    version, plan = draft(service)
    for act in acts:
        with suppress(ServiceError, ConfigError):
            act(service, version, plan)
    _check(service, version, plan)
    _free(service, plan)


def _check(service: Service, version: Version, plan: SeenPlan) -> None:
    found = read_workflow(service, REVIEWER, plan.plan_id)
    state = found.status.state
    path = ["draft", *(row["after"] for row in found.history)]
    assert [row["before"] for row in found.history] == path[:-1]
    assert path[-1] == state
    event(f"it ends {' '.join(path)}")
    for before, after in pairwise(path):
        assert PlanState(after) in TRANSITIONS[PlanState(before)]
    if "signed" in path:
        for item in found.items:
            names = {s["by"] for s in item["signatures"] if s["decision"] == "approve"}
            assert len(names) >= item["signatures_needed"]
            assert item["state"] == "signed"
    _check_steps(service, version, found.steps, state)


def _check_steps(service: Service, version: Version, steps: object, state: PlanState) -> None:
    assert isinstance(steps, list)
    pending = [step for step in steps if step["state"] == "pending"]
    assert bool(pending) == (state is PlanState.EXECUTING)
    with service.database.read() as session:
        held = session.scalars(select(FacilityExecution.facility_id)).all()
    assert bool(held) == (state is PlanState.EXECUTING)
    newest = scenarios.find(service, OFFICER, version.scenario_id).require_document()
    places = {row["person_id"]: row["current_place"] for row in newest["people"]}
    reached = {step["person_id"] for step in steps if step["state"] == "confirmed"}
    if state is PlanState.EXECUTING:
        reached = set()
    assert places == {k: PLANNED[k] if k in reached else PRESENT[k] for k in PRESENT}


def _free(service: Service, plan: SeenPlan) -> None:
    """Let the next example have the facilities."""
    with suppress(StateError):
        execution.halt(service, OFFICER, plan, Failure("incident"))
