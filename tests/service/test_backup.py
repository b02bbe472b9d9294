"""Backups: from either database into either, or not at all."""

from pathlib import Path

import pytest

from allocator.api.examples import SCENARIO
from allocator.errors import ConfigError
from allocator.service import scenarios
from allocator.service.access.caller import operator_caller
from allocator.service.access.roles import Role
from allocator.service.audit.reading import check_log
from allocator.service.operations import sealed
from allocator.service.operations.backup import restore_backup, write_backup
from allocator.service.root import Service
from allocator.store.tables import ScenarioLine
from tests.service.conftest import MakeService, caller

PASSPHRASE = "a passphrase of some length"  # noqa: S105
OTHER_SECRET = "another-secret-0123456789-zyxwvu"  # noqa: S105
PLANNER = caller(Role.PLANNER)
OWN = dict(sealed.SCRYPT)


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes guessing a passphrase slow makes every backup slow."""
    monkeypatch.setitem(sealed.SCRYPT, "n", 1 << 4)


@pytest.fixture
def own_keys(quick_keys: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's own keys, in the place of quick ones."""
    del quick_keys
    monkeypatch.setattr(sealed, "SCRYPT", OWN)


@pytest.fixture
def file(service: Service, tmp_path: Path) -> Path:
    """A backup of a service with two versions of a scenario."""
    made = scenarios.upload(service, PLANNER, SCENARIO)
    scenarios.revise(service, PLANNER, made, {**SCENARIO, "name": "second"})
    write_backup(service, operator_caller(), tmp_path / "made.backup", PASSPHRASE)
    return tmp_path / "made.backup"


@pytest.fixture
def sqlite_file(sqlite_service: Service, tmp_path: Path) -> Path:
    """A backup whose file matters and not where its rows came from."""
    scenarios.upload(sqlite_service, PLANNER, SCENARIO)
    write_backup(sqlite_service, operator_caller(), tmp_path / "made.backup", PASSPHRASE)
    return tmp_path / "made.backup"


def empty_service(make_service: MakeService, tmp_path: Path, **options: str) -> Service:
    return make_service(database_url=f"sqlite:///{tmp_path / 'other.sqlite3'}", **options)


def test_guessing_a_passphrase_takes_long() -> None:
    assert (OWN["n"], OWN["r"]) >= (1 << 15, 8)


@pytest.mark.usefixtures("own_keys")
def test_everything_is_back(make_service: MakeService, file: Path, tmp_path: Path) -> None:
    other = empty_service(make_service, tmp_path)
    made = restore_backup(other, file, PASSPHRASE)
    with other.database.read() as session:
        line = session.query(ScenarioLine).one()
    found = scenarios.find(other, PLANNER, line.scenario_id, 1)
    assert (line.head, found.document, found.day) == (2, SCENARIO, SCENARIO["day"])
    checked = check_log(other, operator_caller(), [made.head])
    assert (checked.faults, checked.head) == ((), made.head)


def test_sqlite_goes_to_postgresql(
    make_service: MakeService, sqlite_service: Service, postgres_url: str, tmp_path: Path
) -> None:
    made = scenarios.upload(sqlite_service, PLANNER, SCENARIO)
    write_backup(sqlite_service, operator_caller(), tmp_path / "made.backup", PASSPHRASE)
    other = make_service(database_url=postgres_url)
    restore_backup(other, tmp_path / "made.backup", PASSPHRASE)
    assert scenarios.find(other, PLANNER, made.scenario_id) == made


def test_nothing_of_a_person_is_readable_in_the_file(file: Path) -> None:
    content = file.read_bytes()
    assert not [word for word in (b"person_id", b"legal_category", b"second") if word in content]
    assert file.stat().st_mode & 0o077 == 0


def test_an_existing_file_is_not_replaced(service: Service, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(ConfigError, match="never replaces"):
        write_backup(service, operator_caller(), file, PASSPHRASE)
    assert file.read_bytes() == before
    assert not list(file.parent.glob(".*.part"))


@pytest.mark.parametrize("place", [5, 30, 60, -1, -20])
def test_a_changed_file_is_refused(
    make_service: MakeService, sqlite_file: Path, tmp_path: Path, place: int
) -> None:
    data = bytearray(sqlite_file.read_bytes())
    data[place] ^= 1
    sqlite_file.write_bytes(data)
    other = empty_service(make_service, tmp_path)
    with pytest.raises(ConfigError):
        restore_backup(other, sqlite_file, PASSPHRASE)
    with other.database.read() as session:
        assert session.query(ScenarioLine).count() == 0


@pytest.mark.parametrize("kept", [10, 40, -1])
def test_a_file_that_was_cut_off_is_refused(
    make_service: MakeService, sqlite_file: Path, tmp_path: Path, kept: int
) -> None:
    sqlite_file.write_bytes(sqlite_file.read_bytes()[:kept])
    with pytest.raises(ConfigError):
        restore_backup(empty_service(make_service, tmp_path), sqlite_file, PASSPHRASE)


def test_another_passphrase_or_secret_opens_nothing(
    make_service: MakeService, file: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="cannot be opened"):
        restore_backup(empty_service(make_service, tmp_path), file, PASSPHRASE + ".")
    stranger = empty_service(make_service, tmp_path, secret_key=OTHER_SECRET)
    with pytest.raises(ConfigError, match="not whole"):
        restore_backup(stranger, file, PASSPHRASE)


def test_a_database_with_rows_is_not_filled(service: Service, file: Path) -> None:
    with pytest.raises(ConfigError, match="not empty"):
        restore_backup(service, file, PASSPHRASE)
