"""What a person whose request was refused can do, for the page of a problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True, slots=True)
class Refused:
    """A problem for a person: what it is in a few words, and what to do."""

    title: str
    advice: str


TITLES: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "Sign in first",
    HTTPStatus.FORBIDDEN: "Not allowed",
    HTTPStatus.NOT_FOUND: "Not there",
    HTTPStatus.CONFLICT: "Not possible now",
    HTTPStatus.PRECONDITION_FAILED: "Changed meanwhile",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something is missing or wrong",
    HTTPStatus.TOO_MANY_REQUESTS: "Too often",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Our own fault",
}
NOTHING = "Nothing of what you sent was carried out."
CORRECT = f"Go back, correct it and send it again. {NOTHING}"
LOAD_AGAIN = f"Open the page again and repeat it there. {NOTHING}"
ADVICE: Mapping[str, str] = {
    "not_authenticated": f"Go back to what runs and sign in. {NOTHING}",
    "csrf_refused": LOAD_AGAIN,
    "origin_refused": LOAD_AGAIN,
    "precondition_required": LOAD_AGAIN,
    "idempotency_key_reused": LOAD_AGAIN,
    "idempotency_in_progress": "Wait a moment and look whether it was carried out.",
    "idempotency_answer_lost": "Look whether it was carried out before you do it again.",
    "forbidden": "Somebody with another role has to do this. Your administrator knows who has it.",
    "second_person_needed": "Ask a colleague with the same role to do it.",
    "sign_one_by_one": f"Sign each of these by itself. {NOTHING}",
    "plan_expired": "Have another plan made from this one; it keeps whoever can stay as planned.",
    "state_conflict": "Look at the present state: it says what can follow and who does it.",
    "precondition_failed": f"Look at it as it is now and decide anew. {NOTHING}",
    "older_form": "Read what it says without the drawing, or start the run again.",
    "not_found": "Look in the lists of what runs; what belongs to other facilities is not there.",
    "reason_unfit": CORRECT,
    "request_invalid": CORRECT,
    "request_malformed": CORRECT,
    "rate_limited": "Wait a minute and do it again.",
}
OTHERWISE = "Try it again. If it is refused again, give your administrator the request's number."


def refused_as(status: int, problem: Mapping[str, Any]) -> Refused:
    """A problem document for a person to read; its status names it, its code says what to do."""
    title = TITLES.get(status, str(problem["title"]))
    return Refused(title, ADVICE.get(str(problem["code"]), OTHERWISE))
