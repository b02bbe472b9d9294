"""`Idempotency-Key`: a POST that may safely be sent again.

A route takes `once: OnceOf` and answers with `once.answer(sent, make)`; `make` gets the service to
work with, and its answer is kept. Without the header the work is simply done.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from allocator.api.identity import CallerOf, ServiceOf
from allocator.service.access.caller import Caller
from allocator.service.answers import (
    Answer,
    Claim,
    claimed,
    keep,
    keep_secret,
    release,
    take,
)
from allocator.service.root import Service

LONGEST_KEY = 255
SIGNS_OF_KEY = r"^[\x21-\x7e]+$"
KeyOf = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=SIGNS_OF_KEY,
        description=(
            "Any text of your own, new for each request: sent again with the same body within "
            "24 hours, the request is not carried out again and the same answer comes back."
        ),
    ),
]


@dataclass(frozen=True, slots=True)
class Made:
    """What a route answers: a model or plain data, a status, and headers of its own.

    `is_secret` : the answer is shown this once and never kept.
    """

    body: BaseModel | Mapping[str, Any]
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Once:
    """The request's promise to be carried out at most once."""

    request: Request
    service: Service
    caller: Caller
    key: str | None

    def answer(self, sent: Any, make: Callable[[Service], Made]) -> JSONResponse:
        """The answer of `make`, or the one given before to the same request.

        Parameters
        ----------
        sent : the body as it was read; with method and path it says whether a request is the same.
        make : does the work with the service that it is given, which marks the claim.

        Raises
        ------
        KeyReusedError, InProgressError, AnswerLostError, ShownOnceError
            As `allocator.service.answers.take`.
        TakenOverError
            As `allocator.service.answers.ClaimedService.change`.
        """
        if self.key is None:
            return _response(_plain(make(self.service)))
        claim = Claim(self.caller.actor, self.key, self._hash(sent), self.service.clock())
        known = take(self.service, claim)
        if known is not None:
            return _response(known)
        try:
            made = make(claimed(self.service, claim))
        except BaseException:
            release(self.service, claim)
            raise
        answer = _plain(made)
        if made.is_secret:
            keep_secret(self.service, claim)
        else:
            keep(self.service, claim, answer)
        return _response(answer)

    def _hash(self, sent: Any) -> str:
        content = [self.request.method, self.request.url.path, jsonable_encoder(sent)]
        text = json.dumps(content, sort_keys=True)
        return self.service.keys.digest("idempotency", text.encode())


def once_of(request: Request, service: ServiceOf, caller: CallerOf, key: KeyOf = None) -> Once:
    """The dependency behind `OnceOf`."""
    return Once(request, service, caller, key)


OnceOf = Annotated[Once, Depends(once_of)]


def _plain(made: Made) -> Answer:
    return Answer(made.status, jsonable_encoder(made.body), dict(made.headers))


def _response(answer: Answer) -> JSONResponse:
    return JSONResponse(answer.body, answer.status, dict(answer.headers))
