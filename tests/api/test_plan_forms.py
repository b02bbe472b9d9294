"""The workflow by forms of a page alone, as somebody does it whose browser runs no scripts."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from allocator.api.drawn_pages import OLDER_FORM
from allocator.service.access.accounts import add_account
from allocator.service.access.grants import Grant
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.service.workflow import proposing
from allocator.service.workflow.choices import NEXT
from allocator.service.workflow.order import NO_ORDER, SIGNED
from allocator.service.workflow.reasons import Seen
from allocator.service.workflow.records import SeenPlan
from allocator.service.workflow.states import PlanState
from allocator.store.tables import StoredPlan
from tests.api.access_app import KEEPER, PASSWORD, client_of, make_app, operations
from tests.api.browser import Browser, Page
from tests.api.conftest import audit
from tests.service.conftest import clock, make_service, sqlite_service
from tests.service.prison import (
    ALONE,
    ANSWERS,
    OFFICER,
    SIMPLE,
    draft,
    reviewed,
    signed,
)

__all__ = ["clock", "make_service", "sqlite_service"]
People = Callable[..., Browser]
SEEN = [entry.value for entry in Seen]
PLANN = {f"plann.{name}": getattr(ANSWERS, name) for name in ANSWERS.__slots__}


@pytest.fixture
def sits_down(sqlite_service: Service) -> Iterator[People]:
    """Somebody new with roles signs in: `sits_down("Rosa", Role.REVIEWER)`."""
    app = make_app(sqlite_service)
    with ExitStack() as stack:

        def make(name: str, *roles: Role, facility: str = "*") -> Browser:
            grant = Grant(frozenset(roles), frozenset({facility}))
            add_account(sqlite_service, KEEPER, name.lower(), PASSWORD, grant, name)
            client = stack.enter_context(client_of(app))
            return Browser(client, name.lower(), PASSWORD)

        yield make


def at(plan: SeenPlan) -> str:
    return f"/plans/{plan.plan_id}"


def test_from_a_draft_to_a_failed_step_by_forms_alone(
    sqlite_service: Service, sits_down: People
) -> None:
    _, plan = draft(sqlite_service)
    anna, rosa = sits_down("Anna", Role.OFFICER), sits_down("Rosa", Role.REVIEWER)
    siv, sam = sits_down("Siv", Role.SIGNER), sits_down("Sam", Role.SIGNER)
    assert at(plan) in anna.open("/").links

    def act(who: Browser, name: str, holding: str = "", **values: Any) -> Page:
        page = who.open(at(plan))
        return who.follow(who.send(page.form(name, holding), **values))

    page = act(anna, "proposal", text="for tonight\r\nand tomorrow")
    assert "You proposed it." in page.words
    assert "for tonight and tomorrow" in page.words
    assert page.named("review") == []
    page = act(rosa, "review", looked_at=SEEN, text="looked at everything")
    assert page.named("signatures") == []
    assert "Rosa" in page.words
    act(siv, "signatures", "move:P1", item_ids=[*SIMPLE], decision="approve", reason="conflict",
        text="")  # fmt: skip
    for signer in (siv, sam):
        for item_id in ALONE:
            page = signer.open(at(plan))
            form = next(
                form
                for form in page.named("signatures")
                if form.hidden.get("item_ids") == item_id and form.hidden["decision"] == "approve"
            )
            values = {"reason": "health", "text": "as reviewed"}
            values |= {"reason": "no_lawful_place"} if item_id.startswith("derogation") else {}
            values |= PLANN if "plann.lawful" in form.required else {}
            page = signer.follow(signer.send(form, **values))
    assert page.forms[-1].name == "rejection"
    assert page.words.count("2 of 2") == len(ALONE)
    page = act(anna, "execution")
    assert page.named("confirmation")[0].action.endswith("/steps/1/confirmation")
    page = anna.follow(anna.send(page.named("confirmation")[0]))
    assert "The step is recorded as done." in page.words
    failure = page.named("failure")[0]
    page = anna.follow(anna.send(failure, reason="cell_not_ready", text="a leak"))
    while page.named("confirmation"):
        page = anna.follow(anna.send(page.named("confirmation")[0]))
    assert "expired" in page.words
    assert "cell not ready: a leak" in page.words
    assert "Plan again from it" in page.words
    assert page.forms == []
    for name in ("Anna", "Rosa", "Siv", "Sam"):
        assert name in page.words


def test_who_records_steps_reads_their_order(sqlite_service: Service, sits_down: People) -> None:
    """Drawn and to print, with a way back to the steps; noted as read."""
    _, plan = draft(sqlite_service)
    signed(sqlite_service, plan)
    anna = sits_down("Anna", Role.OFFICER)
    order = f"/v1{at(plan)}/order"
    assert order not in anna.open(at(plan)).links
    early = anna.open(order)
    assert early.status == HTTPStatus.CONFLICT
    assert NO_ORDER in early.words
    page = anna.follow(anna.send(anna.open(at(plan)).form("execution")))
    assert page.links.count(order) == 2
    drawn = anna.open(order)
    assert drawn.status == HTTPStatus.OK
    assert {"/", at(plan)} <= set(drawn.links)
    steps = anna.client.get(f"/v1{at(plan)}/workflow").json()["steps"]
    told = anna.client.get(order, headers={"Accept": "application/json"}).json()["order"]
    assert [(s["person_id"], s["target"]) for s in steps] == [
        (s["person_id"], s["to_place"]) for batch in told["batches"] for s in batch["steps"]
    ]
    for step in steps:
        assert step["person_id"] in drawn.words
    assert told["windows"][0]["opens"] in drawn.words
    assert SIGNED in drawn.words
    assert NEXT[PlanState.EXECUTING] in drawn.words
    assert "not signed" not in drawn.words.lower()
    noted = [row for row in audit(sqlite_service) if row.detail.get("what") == "order"]
    assert [row.object_id for row in noted] == [plan.plan_id] * 2
    with sqlite_service.database.write() as session:
        stored = session.get_one(StoredPlan, plan.plan_id)
        stored.sequence = {k: v for k, v in (stored.sequence or {}).items() if k != "windows"}
    older = anna.open(order)
    assert older.status == HTTPStatus.OK
    assert OLDER_FORM in older.words
    assert f"{order}?as=json" in older.links
    anna.follow(anna.send(anna.open(at(plan)).form("halt"), reason="cell_not_ready", text=""))
    assert "EXPIRED AND OVER" in anna.open(order).words


def test_a_stale_form_says_what_changed(sqlite_service: Service, sits_down: People) -> None:
    _, plan = draft(sqlite_service)
    anna, rosa = sits_down("Anna", Role.OFFICER, Role.REVIEWER), sits_down("Rosa", Role.REVIEWER)
    old = anna.open(at(plan)).form("rejection")
    anna.follow(anna.send(anna.open(at(plan)).form("proposal"), text=""))
    rosa.follow(rosa.send(rosa.open(at(plan)).form("review"), looked_at=SEEN, text=""))
    answer = anna.send(old, reason="unfair", text="")
    page = Page(answer)
    assert page.status == HTTPStatus.PRECONDITION_FAILED
    assert "Changed meanwhile" in page.words
    assert "Anna proposed the plan; Rosa reviewed the plan." in page.words
    assert "Nothing of what you sent was carried out." in page.words
    assert at(plan) in page.links
    assert "reviewed" in anna.open(at(plan)).words


def test_the_same_form_twice_is_done_once(sqlite_service: Service, sits_down: People) -> None:
    _, plan = draft(sqlite_service)
    anna = sits_down("Anna", Role.OFFICER)
    form = anna.open(at(plan)).form("proposal")
    first, again = (anna.send(form, text="once") for _ in range(2))
    assert first.status_code == again.status_code == HTTPStatus.SEE_OTHER
    assert first.headers["Location"] == again.headers["Location"]
    other = Page(anna.send(form, text="twice"))
    assert other.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Open the page again" in other.words
    assert anna.open(at(plan)).words.count("once") == 1
    keys = {form.hidden["idempotency_key"] for form in anna.open(at(plan)).forms}
    assert len(keys | {form.hidden["idempotency_key"]}) == len(anna.open(at(plan)).forms) + 1


BAD_TOKENS: dict[str, dict[str, str]] = {
    "none": {},
    "empty": {"csrf_token": ""},
    "another": {"csrf_token": "A" * 43},
    "no ASCII": {"csrf_token": "é" * 43},
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_a_form_without_the_sessions_token(
    sqlite_service: Service, sits_down: People, name: str
) -> None:
    _, plan = draft(sqlite_service)
    anna = sits_down("Anna", Role.OFFICER)
    form = anna.open(at(plan)).form("proposal")
    hidden = {key: value for key, value in form.hidden.items() if key != "csrf_token"}
    page = Page(anna.post(form.action, {**hidden, **BAD_TOKENS[name], "text": ""}))
    assert page.status == HTTPStatus.FORBIDDEN
    assert "csrf_refused" in page.words
    assert "draft" in anna.open(at(plan)).words


def test_a_token_of_somebody_else(sqlite_service: Service, sits_down: People) -> None:
    _, plan = draft(sqlite_service)
    anna, omar = sits_down("Anna", Role.OFFICER), sits_down("Omar", Role.OFFICER)
    theirs = omar.open(at(plan)).form("proposal")
    assert anna.post(theirs.action, {**theirs.hidden, "text": ""}).status_code == 403
    assert "draft" in anna.open(at(plan)).words


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_form_from_another_page(
    sqlite_service: Service, sits_down: People, headers: dict[str, str]
) -> None:
    _, plan = draft(sqlite_service)
    anna = sits_down("Anna", Role.OFFICER)
    form = anna.open(at(plan)).form("proposal")
    answer = anna.post(form.action, {**form.hidden, "text": ""}, **headers)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "draft" in anna.open(at(plan)).words


def test_nobody_does_by_a_form_what_their_role_does_not(
    sqlite_service: Service, sits_down: People
) -> None:
    """A form of a colleague with one's own token; and each person is offered their own part."""
    offered = {
        Role.OFFICER: {"proposal", "rejection"},
        Role.PLANNER: {"proposal", "rejection"},
        Role.REVIEWER: {"rejection"},
        Role.SIGNER: {"rejection"},
        Role.SECURITY: {"rejection"},
        Role.INSPECTOR: set[str](),
    }
    _, plan = draft(sqlite_service)
    theirs = sits_down("Anna", Role.OFFICER).open(at(plan)).form("proposal")
    for role, names in offered.items():
        who = sits_down(f"A-{role}", role)
        page = who.open(at(plan))
        assert {form.name for form in page.forms} == names, role
        if "proposal" not in names:
            token = who.client.get("/v1/me").json()["csrf_token"]
            sent = {**theirs.hidden, "csrf_token": token, "text": ""}
            refused = Page(who.post(theirs.action, sent))
            assert (refused.status, "forbidden" in refused.words) == (403, True), role
    keeper = sits_down("Kim", Role.ADMINISTRATOR)
    assert keeper.open(at(plan)).status == HTTPStatus.FORBIDDEN
    stranger = sits_down("Ines", Role.OFFICER, facility="H")
    assert stranger.open(at(plan)).status == HTTPStatus.NOT_FOUND
    token = stranger.client.get("/v1/me").json()["csrf_token"]
    sent = {**theirs.hidden, "csrf_token": token, "text": ""}
    assert stranger.post(theirs.action, sent).status_code == HTTPStatus.NOT_FOUND


def test_items_that_are_signed_alone_are_never_offered_together(
    sqlite_service: Service, sits_down: People
) -> None:
    _, plan = draft(sqlite_service)
    reviewed(sqlite_service, plan)
    siv = sits_down("Siv", Role.SIGNER)
    page = siv.open(at(plan))
    together = page.form("signatures", "move:P1")
    assert together.choices["item_ids"] == [*SIMPLE]
    assert {form.hidden.get("item_ids") for form in page.named("signatures")} == {None, *ALONE}
    values: dict[str, Any] = {
        "item_ids": ["move:P1", "move:P4"],
        "decision": "approve",
        "reason": "conflict",
    }
    refused = Page(siv.post(together.action, {**together.hidden, **values}))
    assert refused.status == HTTPStatus.CONFLICT
    assert "Sign each of these by itself" in refused.words
    nothing = Page(siv.post(together.action, {**together.hidden, "decision": "approve"}))
    assert nothing.status == HTTPStatus.UNPROCESSABLE_ENTITY
    refusal = next(
        form
        for form in page.named("signatures")
        if form.hidden.get("item_ids") == "move:P4" and form.hidden["decision"] == "refuse"
    )
    page = siv.follow(siv.send(refusal, reason="health", text=""))
    approvals = [form for form in page.named("signatures") if form.hidden.get("decision")]
    assert {form.hidden["decision"] for form in approvals} == {"refuse"}
    assert page.form("signatures", "move:P1").choices["decision"] == ["refuse"]
    rejection = page.form("rejection")
    page = siv.follow(siv.send(rejection, reason="items_refused", keeps_refusals="true", text=""))
    assert "rejected" in page.words


CROOKED: dict[str, dict[str, Any]] = {
    "no version": {"if_match": ""},
    "any version": {"if_match": "*"},
    "weak version": {"if_match": 'W/"1"'},
    "two versions": {"if_match": ["1", "2"]},
    "key with a line break": {"idempotency_key": "a\r\nb"},
    "empty key": {"idempotency_key": ""},
    "long key": {"idempotency_key": "k" * 256},
    "time in words": {"read_at": "yesterday"},
    "time without zone": {"read_at": "2026-01-15T08:00:00"},
    "words with a bell": {"text": "a\x07b"},
    "many words": {"text": "x" * 4001},
    "words twice": {"text": ["a", "b"]},
    "words inside": {"text.inner": "a"},
    "unknown field": {"role": "signer"},
    "inside what is not there": {"a.b.c": "d"},
    "method in a field": {"_method": "DELETE"},
    "many fields": {f"f{number}": "" for number in range(300)},
}


@pytest.mark.parametrize("name", CROOKED)
def test_a_form_that_lies(sqlite_service: Service, sits_down: People, name: str) -> None:
    _, plan = draft(sqlite_service)
    anna = sits_down("Anna", Role.OFFICER)
    form = anna.open(at(plan)).form("proposal")
    answer = anna.post(form.action, {**form.hidden, "text": "", **CROOKED[name]})
    assert HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert "draft" in anna.open(at(plan)).words


def test_other_bodies_than_forms(sqlite_service: Service, sits_down: People) -> None:
    _, plan = draft(sqlite_service)
    anna = sits_down("Anna", Role.OFFICER)
    form = anna.open(at(plan)).form("proposal")
    token = {"X-CSRF-Token": form.hidden["csrf_token"]}
    as_json = anna.client.post(form.action, json=form.hidden, headers=token)
    assert as_json.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    files = {name: (None, value) for name, value in form.hidden.items()}
    in_parts = anna.client.post(form.action, files=files)
    assert in_parts.status_code == HTTPStatus.FORBIDDEN
    for number in ("0", "-1", "x", "9" * 400):
        step = anna.post(f"{at(plan)}/steps/{number}/confirmation", {**form.hidden})
        assert step.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}
    assert "draft" in anna.open(at(plan)).words


def test_a_form_after_the_session_has_ended(sqlite_service: Service, sits_down: People) -> None:
    _, plan = draft(sqlite_service)
    anna = sits_down("Anna", Role.OFFICER)
    form = anna.open(at(plan)).form("proposal")
    anna.send(anna.open("/").form("end"))
    page = Page(anna.send(form, text=""))
    assert page.status == HTTPStatus.UNAUTHORIZED
    assert "Go back to what runs and sign in" in page.words
    assert "/" in page.links
    assert anna.open(at(plan)).form("session").action == "/v1/session"


def test_an_expired_plan_says_what_moved_on(sqlite_service: Service, sits_down: People) -> None:
    version, plan = draft(sqlite_service)
    proposing.propose(sqlite_service, OFFICER, plan)
    rosa = sits_down("Rosa", Role.REVIEWER, Role.OFFICER)
    form = rosa.open(at(plan)).form("review")
    tag = rosa.client.get(f"/v1/scenarios/{version.scenario_id}").headers["ETag"]
    complaint = {"person_id": "P3", "reason": "safety"}
    headers = {"If-Match": tag, "X-CSRF-Token": form.hidden["csrf_token"]}
    path = f"/v1/scenarios/{version.scenario_id}/complaints"
    assert rosa.client.post(path, json=complaint, headers=headers).status_code == 201
    page = Page(rosa.send(form, looked_at=SEEN, text=""))
    assert page.status == HTTPStatus.PRECONDITION_FAILED
    assert "ended the plan" in page.words
    shown = rosa.open(at(plan))
    assert "complaints added: 1" in shown.words
    assert shown.forms == []


def test_what_is_written_never_becomes_markup(sqlite_service: Service, sits_down: People) -> None:
    _, plan = draft(sqlite_service)
    anna = sits_down("Anna", Role.OFFICER)
    evil = "<script>alert(1)</script>"
    page = anna.follow(anna.send(anna.open(at(plan)).form("proposal"), text=evil))
    assert evil in page.words  # as words, after the parser took entities apart
    answer = anna.client.get(at(plan))
    assert evil not in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert unquote(answer.headers["Cache-Control"]) == "no-store"
    assert evil not in anna.client.get(f"{at(plan)}?done={evil}").text
    signed_plan = draft(sqlite_service)[1]
    signed(sqlite_service, signed_plan)
    assert anna.open(at(signed_plan)).form("execution")


def test_what_is_for_browsers_alone_is_listed(sqlite_service: Service) -> None:
    described = make_app(sqlite_service)
    known = {
        f"{method.upper()} {path}"
        for path, methods in described.openapi()["paths"].items()
        for method in methods
    }
    ours = {f"{one.method} {one.path}" for one in operations(described)} - {"HEAD /"}
    text = (Path(__file__).parents[2] / "docs/http.md").read_text("utf-8")
    listed = set(
        re.findall(r"^\| `([^`]+)`", text.partition("## For browsers alone")[2], re.MULTILINE)
    )
    assert listed == ours - known
    forms = {one for one in listed if one.startswith("POST")}
    assert {one.replace(" /", " /v1/") for one in forms} <= known
