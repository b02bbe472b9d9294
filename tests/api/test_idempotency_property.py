"""One effect for each Idempotency-Key, in whatever order requests come, stall, die and return."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from allocator.service import scenarios
from allocator.service.access.roles import Role
from allocator.service.answers import (
    STALLED,
    Answer,
    AnswerLostError,
    Claim,
    InProgressError,
    TakenOverError,
    claimed,
    keep,
    release,
    take,
)
from allocator.service.audit.chain import Event
from allocator.service.errors import KeyReusedError
from allocator.service.root import Service
from allocator.store.tables import AuditEntry
from tests.api.conftest import caller, client_of
from tests.api.test_idempotency import count as scenarios_of
from tests.scenario_documents import document
from tests.service.conftest import TestClock

PLANNER = caller(Role.PLANNER)
NEW = count()
SAME_SERVICE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
BODIES = st.integers(1, 3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), BODIES),
        st.tuples(st.sampled_from(["work", "answer", "refuse", "die"]), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.sampled_from([1, 3])),
    ),
    max_size=14,
)


@dataclass(eq=False)
class Sent:
    """A request that a server works on."""

    claim: Claim
    has_worked: bool = False


@dataclass
class World:
    """What requests under one key do, and what must come of it.

    `owner` : the request that has the key, `body` its body, `answered` what was answered to it.
    """

    service: Service
    clock: TestClock
    key: str
    open: list[Sent] = field(default_factory=list)
    owner: Sent | None = None
    body: int | None = None
    has_effect: bool = False
    answered: str | None = None

    def send(self, body: int) -> None:
        """A request comes."""
        sent = Sent(Claim(PLANNER.actor, self.key, f"hash {body}", self.clock()))
        expected = self._expected(sent, body)
        if expected is not None:
            with pytest.raises(expected):
                take(self.service, sent.claim)
            return
        known = take(self.service, sent.claim)
        if self.answered is not None:
            assert known is not None
            assert known.body == self.answered
            return
        assert known is None
        self.owner, self.body = sent, body
        self.open.append(sent)

    def _expected(self, sent: Sent, body: int) -> type[Exception] | None:
        if self.owner is None or (body == self.body and self.answered is not None):
            return None
        if body != self.body:
            return KeyReusedError
        if sent.claim.at < self.owner.claim.at + STALLED:
            return InProgressError
        return AnswerLostError if self.has_effect else None

    def work(self, at: int) -> None:
        """The effect of a request; it is undone where the request was made again meanwhile."""
        sent = self._pick(at)
        if sent is None or sent.has_worked:
            return
        event = Event("test.effect", "test", self.key)
        if sent is self.owner:
            claimed(self.service, sent.claim).note(PLANNER, event)
            sent.has_worked = self.has_effect = True
        else:
            with pytest.raises(TakenOverError):
                claimed(self.service, sent.claim).note(PLANNER, event)

    def answer(self, at: int) -> None:
        """A request that took effect is answered."""
        sent = self._pick(at)
        if sent is not None and sent.has_worked:
            self.open.remove(sent)
            self.answered = f"answer {next(NEW)}"
            keep(self.service, sent.claim, Answer(HTTPStatus.CREATED, self.answered))

    def refuse(self, at: int) -> None:
        """A request is refused; before any effect the key of the one that has it is free again."""
        sent = self._pick(at)
        if sent is None:
            return
        self.open.remove(sent)
        release(self.service, sent.claim)
        if sent is self.owner and not sent.has_worked:
            self.owner = self.body = None

    def die(self, at: int) -> None:
        """The server of a request is gone; nobody says so."""
        sent = self._pick(at)
        if sent is not None:
            self.open.remove(sent)

    def wait(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    def effects(self) -> int:
        """How often something took effect under the key."""
        rows = select(func.count()).select_from(AuditEntry).where(AuditEntry.object_id == self.key)
        with self.service.database.read() as session:
            return session.scalar(rows) or 0

    def _pick(self, at: int) -> Sent | None:
        return self.open[at % len(self.open)] if self.open else None


@SAME_SERVICE
@given(steps=STEPS)
def test_any_interleaving_of_retries_has_one_effect(
    service: Service, clock: TestClock, steps: list[tuple[str, int]]
) -> None:
    world = World(service, clock, f"key {next(NEW)}")
    for name, value in steps:
        getattr(world, name)(value)
        assert world.effects() == int(world.has_effect)


@SAME_SERVICE
@given(bodies=st.lists(BODIES, min_size=1, max_size=5))
def test_over_http_the_first_body_has_the_key(sqlite_service: Service, bodies: list[int]) -> None:
    client = client_of(sqlite_service, PLANNER)
    before, headers = scenarios_of(sqlite_service), {"Idempotency-Key": f"over-http-{next(NEW)}"}
    answers = [
        client.post("/v1/scenarios", json=document(body), headers=headers) for body in bodies
    ]
    for body, answer in zip(bodies, answers, strict=True):
        if body == bodies[0]:
            assert answer.status_code == HTTPStatus.CREATED
            assert answer.json() == answers[0].json()
            assert answer.headers["ETag"] == answers[0].headers["ETag"]
        else:
            assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
            assert answer.json()["code"] == "idempotency_key_reused"
    assert scenarios_of(sqlite_service) == before + 1


@settings(SAME_SERVICE, max_examples=15)
@given(first=BODIES, second=BODIES)
def test_two_threads_at_once_have_one_effect(service: Service, first: int, second: int) -> None:
    client = client_of(service, PLANNER)
    before, headers = scenarios_of(service), {"Idempotency-Key": f"at-once-{next(NEW)}"}
    together = Barrier(2)

    def send(body: int) -> Any:
        together.wait()
        return client.post("/v1/scenarios", json=document(body), headers=headers)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, (first, second)))
    assert scenarios_of(service) == before + 1
    made = [a for a in answers if a.status_code == HTTPStatus.CREATED]
    assert made
    codes = {a.json()["code"] for a in answers if a not in made}
    assert codes <= {"idempotency_in_progress"} | (
        {"idempotency_key_reused"} if first != second else set()
    )
    winner = first if answers[0] in made else second
    again = client.post("/v1/scenarios", json=document(winner), headers=headers)
    assert again.json() == made[0].json()


def test_a_request_that_was_only_slow_is_undone_when_it_was_made_again(
    service: Service, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was slow used to take effect a second time, after the one made again."""
    client, headers = client_of(service, PLANNER), {"Idempotency-Key": "slow-and-again"}
    real, again = scenarios.upload, list[Any]()

    def slow(*values: Any) -> Any:
        monkeypatch.setattr(scenarios, "upload", real)
        clock.forward(minutes=3)
        again.append(client.post("/v1/scenarios", json=document(), headers=headers))
        return real(*values)

    monkeypatch.setattr(scenarios, "upload", slow)
    late = client.post("/v1/scenarios", json=document(), headers=headers)
    assert again[0].status_code == HTTPStatus.CREATED
    assert late.status_code == HTTPStatus.CONFLICT
    assert late.json()["code"] == "idempotency_taken_over"
    assert scenarios_of(service) == 1
    third = client.post("/v1/scenarios", json=document(), headers=headers)
    assert third.json() == again[0].json()
