"""Every page of the service can be read and used without seeing it and without a mouse."""

from http import HTTPStatus

import pytest

from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.service.workflow import execution
from tests.api.access_app import begin_session, direct_client, make_app
from tests.api.browser import ACCEPT
from tests.api.structure import Structure
from tests.service.conftest import clock, make_service, sqlite_service
from tests.service.prison import OFFICER, draft, draft_of, proposed, reviewed, signed

__all__ = ["clock", "make_service", "sqlite_service"]
READER = (Role.OFFICER, Role.REVIEWER, Role.SIGNER, Role.PLANNER)


def test_every_page_has_its_structure(sqlite_service: Service) -> None:
    service = sqlite_service
    version, first = draft(service)
    plans = [first, *(draft(service)[1] for _ in range(4))]
    for plan, make in zip(plans[1:], (proposed, reviewed, signed, signed), strict=True):
        make(service, plan)
    execution.start(service, OFFICER, plans[4])
    other = draft_of(service, version, {"P1": "W-3", "P2": "W-1", "P3": "W-2"})
    scenario, plan_id = f"/v1/scenarios/{version.scenario_id}", first.plan_id
    paths = [
        "/", "/docs", *(f"/plans/{plan.plan_id}" for plan in plans), scenario,
        f"{scenario}/versions", f"{scenario}/reviews", f"{scenario}/report",
        f"/v1/plans/{plan_id}/explanations/P1", f"/v1/plans/{plan_id}/notices/P1",
        f"/v1/plans/{plan_id}/verification", f"/v1/plans/{plan_id}/document",
        f"/v1/plans/{plan_id}/diff/report?against={other.plan_id}", "/v1/plans", "/v1/runs",
        f"/v1/plans/{plans[4].plan_id}/workflow",
        f"/v1/plans/{plans[4].plan_id}/order", f"/v1/plans/{'0' * 32}", "/v1/users", "/readyz",
    ]  # fmt: skip
    with direct_client(make_app(service)) as client:
        for role in READER:
            headers = {"Cookie": begin_session(service, role, "*")["Cookie"], **ACCEPT}
            for path in paths if role is Role.OFFICER else paths[:7]:
                answer = client.get(path, headers=headers)
                assert answer.headers["Content-Type"].startswith("text/html"), path
                assert Structure(answer.text).faults == [], (role, path)
        asked = client.get(paths[2], headers=ACCEPT)
        assert asked.status_code == HTTPStatus.OK
        assert Structure(asked.text).faults == []


GOOD = (
    '<html lang="en"><head><title>t</title></head><body><main id="main"><h1>a</h1>{}</main></body>'
    "</html>"
)


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<h3>b</h3>", "a level of headings is left out"),
        ('<input name="x" id="x">', "a field without its label"),
        ('<label for="y">y</label>', "a label for nothing"),
        ("<table><tbody></tbody></table>", "a table has no caption and is in no labelled region"),
        ("<table><caption>c</caption><tr><th>x</th></tr></table>", "th without scope"),
        ('<svg class="a"></svg>', "a picture without words: {'class': 'a'}"),
        ('<div class="scroll"></div>', "what scrolls cannot be reached by keys"),
        ('<a href="/"></a>', "a without words: {'href': '/'}"),
        ('<p id="main"></p>', "an id stands twice"),
        ('<div aria-labelledby="z"></div>', "a name that is not there"),
        ("<h1>again</h1>", "not one first heading"),
    ],
)
def test_a_fault_is_seen(part: str, fault: str) -> None:
    assert Structure(GOOD.format("")).faults == []
    assert fault in Structure(GOOD.format(part)).faults
