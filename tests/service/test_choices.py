"""What is offered to somebody is what the workflow allows: everything else is tried and refused."""

from collections.abc import Callable
from functools import partial
from itertools import chain

import pytest

from allocator.errors import AllocatorError
from allocator.service.access.accounts import add_account
from allocator.service.access.api_keys import add_key
from allocator.service.access.caller import Caller
from allocator.service.access.grants import Grant
from allocator.service.access.names import names_of
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.service.workflow import execution, proposing, signing
from allocator.service.workflow.choices import NEXT, Choices, changed_since
from allocator.service.workflow.execution import Failure
from allocator.service.workflow.page import read_page
from allocator.service.workflow.proposing import Rejection
from allocator.service.workflow.reasons import Seen, values
from allocator.service.workflow.records import SeenPlan, Work
from allocator.service.workflow.signing import Signing
from allocator.service.workflow.states import PlanState
from tests.service.conftest import caller
from tests.service.prison import (
    ALONE,
    BOTH,
    FIRST,
    OFFICER,
    REVIEWER,
    SECOND,
    SIMPLE,
    approval,
    draft,
    reviewed,
    sign_all,
    signed,
)

Stage = Callable[[Service, SeenPlan], object]
PEOPLE = (
    OFFICER,
    REVIEWER,
    FIRST,
    SECOND,
    *(caller(role, facilities=BOTH, actor=f"account:other-{role}") for role in Role),
    caller(*Role, facilities=BOTH, actor="account:proposer"),
    caller(*Role, facilities=BOTH, actor="key:a-program"),
)
PROPOSER = PEOPLE[-2]


def _half_signed(service: Service, plan: SeenPlan) -> None:
    proposing.propose(service, PROPOSER, plan)
    proposing.review(service, REVIEWER, plan, values(Seen))
    signing.sign(service, FIRST, plan, approval("move:P1"))
    signing.sign(service, FIRST, plan, approval("move:P4"))


def _refused(service: Service, plan: SeenPlan) -> None:
    reviewed(service, plan)
    signing.sign(service, FIRST, plan, Signing(("move:P3",), False, "health"))


def _under_way(service: Service, plan: SeenPlan) -> None:
    signed(service, plan)
    execution.start(service, OFFICER, plan)
    execution.confirm(service, OFFICER, plan, 1)


def _rejected(service: Service, plan: SeenPlan) -> None:
    proposing.reject(service, OFFICER, plan, Rejection("unfair"))


STAGES: dict[str, Stage] = {
    "draft": lambda _service, _plan: None,
    "proposed": lambda service, plan: proposing.propose(service, PROPOSER, plan),
    "half signed": _half_signed,
    "refused": _refused,
    "signed": lambda service, plan: (reviewed(service, plan), sign_all(service, plan)),
    "under way": _under_way,
    "rejected": _rejected,
}


Act = Callable[[], object]


def _acts(service: Service, who: Caller, plan: SeenPlan) -> dict[str, Act]:
    """Every act that there is, by the name that `_offered` gives it."""
    here = (service, who, plan)
    acts: dict[str, Act] = {
        "propose": partial(proposing.propose, *here),
        "review": partial(proposing.review, *here, values(Seen)),
        "reject": partial(proposing.reject, *here, Rejection("unfair")),
        "start": partial(execution.start, *here),
        "halt": partial(execution.halt, *here, Failure("incident")),
    }
    for item_id in (*SIMPLE, *ALONE):
        refusal = Signing((item_id,), False, "health")
        acts[f"refuse {item_id}"] = partial(signing.sign, *here, refusal)
        acts[f"approve {item_id}"] = partial(signing.sign, *here, approval(item_id))
    for number in range(1, 6):
        acts[f"step {number}"] = partial(execution.confirm, *here, number)
    return acts


def _offered(choices: Choices) -> set[str]:
    flags = {
        "propose": choices.proposes,
        "review": choices.reviews,
        "reject": choices.rejects,
        "start": choices.starts,
        "halt": choices.halts,
    }
    found = {name for name, is_open in flags.items() if is_open}
    found |= {f"step {step['number']}" for step in choices.steps}
    for item in chain(choices.together, choices.alone):
        found.add(f"refuse {item['item_id']}")
        found |= {f"approve {item['item_id']}"} if choices.approves else set()
    return found


class _Undone(Exception):  # noqa: N818 - a way out of a transaction, no error
    """It would have been done."""


def _is_possible(act: Act, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the use case does it; nothing of it is kept."""
    with monkeypatch.context() as patch:

        def undo(_work: Work, *_args: object) -> None:
            raise _Undone

        patch.setattr(Work, "status", undo)
        try:
            act()
        except _Undone:
            return True
        except AllocatorError:
            return False
    message = "the use case ended otherwise"
    raise AssertionError(message)


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_offered_is_what_is_possible(
    sqlite_service: Service, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = sqlite_service
    _, plan = draft(service)
    STAGES[stage](service, plan)
    before = read_page(service, OFFICER, plan.plan_id).workflow.status
    readers = [who for who in PEOPLE if who.roles != {Role.ADMINISTRATOR}]
    for who in readers:
        page = read_page(service, who, plan.plan_id)
        possible = {
            name
            for name, act in _acts(service, who, plan).items()
            if _is_possible(act, monkeypatch)
        }
        assert _offered(page.choices) == possible, who
        assert page.choices.is_empty == (not possible)
        assert {item["item_id"] for item in page.choices.together} <= set(SIMPLE)
    assert read_page(service, OFFICER, plan.plan_id).workflow.status == before


def test_a_page_has_names_and_an_order_that_people_follow(service: Service) -> None:
    keeper = caller(Role.ADMINISTRATOR, facilities=("*",), actor="account:keeper")
    grant = Grant(frozenset({Role.PLANNER}), frozenset({"*"}))
    account = add_account(service, keeper, "anna", "three quiet green lamps", grant, "Anna B.")
    key = add_key(service, keeper, "night run", grant).key
    _, plan = draft(service)
    proposing.propose(
        service, caller(Role.PLANNER, facilities=BOTH, actor=f"key:{key.key_id}"), plan
    )
    anna = caller(Role.PLANNER, facilities=BOTH, actor=f"account:{account.account_id}")
    began = service.clock()
    proposing.reject(service, anna, plan, Rejection("unfair"))
    page = read_page(service, OFFICER, plan.plan_id)
    names = [page.names[row["by"]] for row in page.workflow.history]
    assert names == ["the program night run", "Anna B."]
    items = [item["item_id"] for item in page.workflow.items]
    assert items == ["derogation:1", "move:P1", "move:P3", "move:P4", "move:P5"]
    told = changed_since(page.workflow, began, page.names)
    assert told[-1] == "Anna B. rejected the plan"
    with service.database.read() as session:
        found = names_of(session, ["oidc:https://idp#omar", "os:root", "system:workflow", None])
    assert sorted(found.values()) == ["omar", "root", "the service itself"]


def test_every_state_says_what_it_waits_for() -> None:
    assert set(NEXT) == set(PlanState)


def test_a_plan_that_does_not_fit_offers_its_end_alone(sqlite_service: Service) -> None:
    _, plan = draft(sqlite_service)
    reviewed(sqlite_service, plan)
    sqlite_service.clock.forward(hours=100)  # type: ignore[attr-defined]
    page = read_page(sqlite_service, FIRST, plan.plan_id)
    assert not page.workflow.fits
    assert _offered(page.choices) == {"reject"}
