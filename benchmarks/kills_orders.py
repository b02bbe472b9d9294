"""Runs asked for over HTTP by an account and by a key, again and again until each is accepted."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

AGAIN_SECONDS = 0.2
ANSWER_SECONDS = 20
START_SECONDS = 120.0
AHEAD = 6  # runs waiting or at work, so that servers are asked as long as kills go on
GONE = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


@dataclass(frozen=True)
class Client:
    """Somebody known to the service: headers that say who."""

    port: int
    headers: Mapping[str, str] = field(repr=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer's document, with the headers of the answer under `headers`.

        Raises
        ------
        HTTPError
            If it is refused.
        URLError, HTTPException, ConnectionError, TimeoutError
            If the server is gone before it answers.
        """
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", **self.headers, **headers},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
            return {"headers": answer.headers, **json.load(answer)}

    def wait_until_ready(self, pause: float = AGAIN_SECONDS) -> None:
        """Ask until the service says that it can take work."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.ask("GET", "/readyz")
            except GONE:  # an HTTPError is a URLError as well
                if time.monotonic() > deadline:
                    raise
                time.sleep(pause)
            else:
                return

    def signed_in(self, name: str, password: str) -> "Client":
        """The same as an account."""
        answer = self.ask("POST", "/v1/session", {"name": name, "password": password})
        cookie = answer["headers"]["Set-Cookie"].partition(";")[0]
        return Client(self.port, {"Cookie": cookie, "X-CSRF-Token": answer["csrf_token"]})


class Starter:
    """Starts runs, each with a key of its own, until every one was accepted.

    Parameters
    ----------
    clients : who starts them, by turns. ended : how many runs have ended by now.
    """

    def __init__(
        self, clients: tuple[Client, ...], body: Mapping[str, Any], jobs: int,
        ended: Callable[[], int],
    ) -> None:  # fmt: skip
        self.accepted: list[str] = []
        self.refused: list[str] = []
        self.requests = 0
        self.thread = threading.Thread(target=self._start_all, daemon=True)
        self._clients, self._body, self._jobs, self._ended = clients, body, jobs, ended

    def _start_all(self) -> None:
        left = deque(range(self._jobs))
        while left:
            if self._jobs - len(left) - self._ended() >= AHEAD:
                time.sleep(AGAIN_SECONDS)
                continue
            number = left.popleft()
            if not self._start(number):
                left.append(number)
                time.sleep(AGAIN_SECONDS)

    def _start(self, number: int) -> bool:
        """True once the run exists, whether or not its answer got lost with a server."""
        client = self._clients[number % len(self._clients)]
        self.requests += 1
        try:
            headers = {"Idempotency-Key": f"job-{number}"}
            self.accepted.append(client.ask("POST", "/v1/runs", self._body, **headers)["run_id"])
        except urllib.error.HTTPError as error:
            code = json.load(error)["code"]
            if code not in {"idempotency_in_progress", "idempotency_answer_lost"}:
                self.refused.append(f"request refused: {error.code} {code}")
                return True
            return bool(code == "idempotency_answer_lost")
        except GONE:
            return False
        return True
