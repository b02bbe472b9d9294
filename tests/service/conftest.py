"""Services of the tests' own, each on an empty database of either kind."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.root import Service, open_service
from allocator.service.settings import read_settings
from tests.service.postgres import find_programs, running_server
from tests.service.template import Template

SECRET = "for-tests-only-0123456789-abcdefghijklmnop"  # noqa: S105
START = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)


class TestClock:
    """A clock that stands still until a test moves it."""

    __test__ = False

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """Where a server of this test session listens; a test is skipped where none is installed."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with running_server(programs) as address:
        yield address


@pytest.fixture
def postgres_url(postgres_address: str) -> str:
    """An empty schema of a PostgreSQL database; quicker to make and smaller than a database."""
    name, address = f"t{uuid.uuid4().hex}", postgres_address.format(name="postgres")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return f"{address}&options=-csearch_path%3D{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind: a test that takes it runs twice."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


MakeService = Callable[..., Service]


@pytest.fixture
def make_service(tmp_path: Path, clock: TestClock, template: Template) -> Iterator[MakeService]:
    """Opens services that are closed after the test; keywords are settings."""
    opened: list[Service] = []

    def make(**options: object) -> Service:
        settings = read_settings(**{"data_folder": tmp_path, "secret_key": SECRET} | options)
        template.fill(settings.database)
        opened.append(open_service(settings, clock))
        return opened[-1]

    yield make
    for service in opened:
        service.database.close()


@pytest.fixture
def service(make_service: MakeService, database_url: str) -> Service:
    """A service on either database."""
    return make_service(database_url=database_url)


@pytest.fixture
def sqlite_service(make_service: MakeService) -> Service:
    """A service on SQLite, for what does not depend on the database."""
    return make_service()


def caller(
    *roles: Role, facilities: tuple[str, ...] = ("F",), actor: str = "account:one"
) -> Caller:
    """Somebody with roles."""
    return Caller(actor, actor, frozenset(roles), frozenset(facilities), "request-1")
