"""Answers that may be asked for again: the same key and request give the same answer (24 hours).

The claim of a key is stored before the work begins, and the work's own transaction marks the claim
as carried out. After a crash one therefore knows whether a request took effect: if not, it may be
made again; if so, it never is. A request that was only slow, and was made again meanwhile, finds
its claim taken over when it would commit, and is undone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from allocator.service.access.caller import Caller
from allocator.service.errors import KeyReusedError, StateError
from allocator.service.root import Change, Service
from allocator.store.tables import IdempotentAnswer

STALLED = timedelta(minutes=2)
CARRIED_OUT: dict[str, Any] = {"carried-out": "yes"}
SHOWN_ONCE: dict[str, Any] = {"carried-out": "shown once"}
UNANSWERED = "The first request with this Idempotency-Key is still worked on; ask again later."
LOST = (
    "The request with this Idempotency-Key was carried out, and its answer was lost when a server "
    "stopped. Look for the result in the list; nothing was done again."
)
TAKEN_OVER = (
    "This request took so long that it was sent again and taken up anew; nothing of this one "
    "counts. Ask again with the same Idempotency-Key."
)
SHOWN = (
    "The request with this Idempotency-Key was carried out, and its answer held a secret, which is "
    "shown once and kept nowhere. If it did not reach you, end what was made and ask anew."
)


class ShownOnceError(StateError):
    """A request with the same key was answered with a secret."""

    code = "idempotency_shown_once"


class InProgressError(StateError):
    """A request with the same Idempotency-Key has not been answered yet."""

    code = "idempotency_in_progress"


class TakenOverError(StateError):
    """The same request was made again while this one was worked on, and this one is undone."""

    code = "idempotency_taken_over"


class AnswerLostError(StateError):
    """A request with the same key took effect, and a server stopped before it answered."""

    code = "idempotency_answer_lost"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status, the headers that matter, and the body as plain data."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """One request under its key; `at` is when it was made, and tells it from one made again."""

    actor: str
    key: str
    request_hash: str
    at: datetime

    def find(self, session: Session) -> IdempotentAnswer | None:
        """Its row, locked until the transaction ends; None where another request has the key."""
        row = session.get(IdempotentAnswer, (self.actor, self.key), with_for_update=True)
        return row if row is not None and row.at == self.at else None


@dataclass(frozen=True, slots=True)
class ClaimedService(Service):
    """The service for the work of one claim: what its actor commits says so on the claim.

    What the program itself commits on the way, such as the end of a plan that no longer fits, does
    not: the request may still be refused.
    """

    claim: Claim = field(kw_only=True)

    @contextmanager
    def change(self, caller: Caller) -> Iterator[Change]:
        """As `Service.change`, and the actor's claim is marked in the same transaction.

        Raises
        ------
        TakenOverError
            If the request was made again meanwhile; nothing is committed.
        """
        with Service.change(self, caller) as change:
            yield change
            if caller.actor != self.claim.actor:
                return
            row = self.claim.find(change.session)
            if row is None:
                raise TakenOverError(TAKEN_OVER)
            row.headers = CARRIED_OUT


def claimed(service: Service, claim: Claim) -> ClaimedService:
    """The service for the work of a claim."""
    parts = (service.database, service.keys, service.settings, service.clock)
    return ClaimedService(*parts, claim=claim)


def take(service: Service, claim: Claim) -> Answer | None:
    """Claim a key: None when the work is to be done, else the answer that was given before.

    Raises
    ------
    KeyReusedError
        If the key came with another request in the time that answers are kept.
    InProgressError
        If the first request is not answered yet.
    AnswerLostError
        If it took effect and its answer was lost.
    ShownOnceError
        If its answer held a secret.
    """
    with service.database.write() as session:
        forget_old(service, session)
        known = session.get(IdempotentAnswer, (claim.actor, claim.key), with_for_update=True)
        if known is None:
            _insert(session, _row(claim))
            return None
        if known.request_hash != claim.request_hash:
            raise KeyReusedError(
                "This Idempotency-Key was used for another request; take a new key."
            )
        if known.status is not None:
            return Answer(known.status, known.body, dict(known.headers))
        _take_over(claim, known)
        return None


def keep(service: Service, claim: Claim, answer: Answer) -> None:
    """Store the answer of a claim; one that was taken over keeps none."""
    with service.database.write() as session:
        row = claim.find(session)
        if row is not None:
            row.status, row.body, row.headers = answer.status, answer.body, dict(answer.headers)


def keep_secret(service: Service, claim: Claim) -> None:
    """Remember that a claim was answered, and nothing of the answer."""
    with service.database.write() as session:
        row = claim.find(session)
        if row is not None:
            row.headers = SHOWN_ONCE


def release(service: Service, claim: Claim) -> None:
    """Give up a claim whose work was refused: nothing took effect, so it may be tried again."""
    with service.database.write() as session:
        row = claim.find(session)
        if row is not None and row.status is None and row.headers != CARRIED_OUT:
            session.delete(row)


def _take_over(claim: Claim, known: IdempotentAnswer) -> None:
    """Take a claim whose first request was never answered and took no effect."""
    if known.headers == SHOWN_ONCE:
        raise ShownOnceError(SHOWN)
    if known.at + STALLED > claim.at:
        raise InProgressError(UNANSWERED)
    if known.headers == CARRIED_OUT:
        raise AnswerLostError(LOST)
    known.at = claim.at


def _insert(session: Session, row: IdempotentAnswer) -> None:
    """Add a claim; where two come at once, the database lets one of them in."""
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise InProgressError(UNANSWERED) from error


def _row(claim: Claim) -> IdempotentAnswer:
    return IdempotentAnswer(
        actor=claim.actor,
        key=claim.key,
        request_hash=claim.request_hash,
        status=None,
        headers={},
        body=None,
        at=claim.at,
    )


def forget_old(service: Service, session: Session) -> None:
    """Delete the answers that nobody may ask for again."""
    oldest = service.clock() - timedelta(hours=service.settings.idempotency_hours)
    session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.at < oldest))
