"""What is attacked: a service with people, keys, a scenario, a plan and a run of facility F."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import select

from allocator.api.examples import SCENARIO
from allocator.service import scenarios
from allocator.service.access.api_keys import list_keys
from allocator.service.access.roles import Role
from allocator.service.root import Service, open_service
from allocator.service.settings import read_settings
from allocator.store.tables import Account, ApiKey, Run, ScenarioVersion, StoredPlan
from tests.api.access_app import (
    KEEPER,
    Operation,
    begin_session,
    direct_client,
    key_for,
    make_app,
    operations,
)
from tests.api.issuer import AUDIENCE, NAME, ROLES, Issuer, running_issuer
from tests.service.conftest import SECRET, TestClock, caller

ID = "f" * 32
ABSENT = "0" * 32


@dataclass(frozen=True)
class World:
    """Everything an attacker may know, and what must not change."""

    service: Service
    app: FastAPI
    client: httpx2.Client
    issuer: Issuer
    keeper: dict[str, str]
    key: str
    ids: dict[str, str]

    def operations(self, keep: Callable[[Operation], bool] = lambda _: True) -> list[Operation]:
        return [one for one in operations(self.app) if keep(one)]

    def state(self) -> list[Any]:
        """Rights and data as they are now."""
        with self.service.database.read() as session:
            rows = [
                (one.account_id, one.name, one.roles, one.facilities, one.is_disabled)
                for one in session.scalars(select(Account).order_by(Account.account_id))
            ]
            keys = [
                (one.key_id, one.roles, one.facilities, one.revoked_at)
                for one in session.scalars(select(ApiKey).order_by(ApiKey.key_id))
            ]
            versions = session.execute(select(ScenarioVersion.scenario_id, ScenarioVersion.number))
            plans = session.execute(select(StoredPlan.plan_id, StoredPlan.state))
            runs = session.execute(select(Run.run_id, Run.state, Run.asked))
            return [rows, keys, *(sorted(map(tuple, found)) for found in (versions, plans, runs))]


@contextmanager
def attacked_world(folder: Path) -> Iterator[World]:
    """A service that is there for a whole module of attacks."""
    clock = TestClock()
    with running_issuer(clock.now.timestamp()) as issuer:
        settings = read_settings(
            data_folder=folder, secret_key=SECRET, oidc_issuer=NAME, oidc_audience=AUDIENCE,
            oidc_jwks_url=issuer.url, oidc_roles=ROLES, max_body_mib=8, embedded_workers=0,
        )  # fmt: skip
        service = open_service(settings, clock)
        app = make_app(service)
        key = key_for(service, Role.PLANNER)
        begin_session(service, Role.OFFICER)
        ids = _fill(service)
        keeper = begin_session(service, Role.ADMINISTRATOR)
        with direct_client(app) as client:
            yield World(service, app, client, issuer, keeper, key, ids)
        service.database.close()


def _fill(service: Service) -> dict[str, str]:
    """Something of every kind of facility F, by the name that routes give its id."""
    made = scenarios.upload(service, caller(Role.PLANNER), SCENARIO)
    now = service.clock()
    with service.database.write() as session:
        account = session.scalars(select(Account)).one()
        session.add(
            StoredPlan(
                plan_id=ID, scenario_id=made.scenario_id, version=1, state="draft", made_at=now,
                content_hash=made.content_hash, document={}, summary={}, reports={}, made_by="x",
            )
        )  # fmt: skip
        session.add(
            Run(
                run_id=ID, kind="plan", scenario_id=made.scenario_id, version=1,
                request={"options": {}, "from_plan_id": None, "plan_id": None},
                state="done", progress={}, made_at=now, made_by="x",
            )
        )  # fmt: skip
    ids = {
        "scenario_id": made.scenario_id,
        "plan_id": ID,
        "run_id": ID,
        "person_id": "P1",
        "number": "1",
    }
    ids["key_id"] = list_keys(service, KEEPER)[0].key_id
    return ids | {"account_id": account.account_id}
