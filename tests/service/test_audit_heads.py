"""Heads noted in a file: what a log that was cut off, or restored from before, cannot hide."""

from pathlib import Path

import pytest
from sqlalchemy import delete
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.errors import ConfigError
from allocator.service.access.caller import operator_caller
from allocator.service.audit.anchors import heads_in, note_head, words_of
from allocator.service.audit.chain import Event, Head
from allocator.service.audit.reading import check_log
from allocator.service.root import Service
from allocator.store.tables import AuditEntry
from tests.service.conftest import SECRET, TestClock
from tests.service.test_audit import by_force

WHO = operator_caller()


def read_something(service: Service, times: int) -> None:
    for _ in range(times):
        service.note(WHO, Event("read", "plan", "1", ("F",)))


def cut_after(service: Service, number: int) -> None:
    rows = delete(AuditEntry).where(AuditEntry.number > number)
    by_force(service, lambda session: session.execute(rows))


def test_heads_are_noted_as_the_log_grows(
    service: Service, clock: TestClock, tmp_path: Path
) -> None:
    file = tmp_path / "heads"
    first = note_head(service, WHO, file).head
    read_something(service, 3)
    clock.forward(hours=1)
    second = note_head(service, WHO, file).head
    assert note_head(service, WHO, file).head == second  # nothing new, no line
    assert heads_in(file) == (first, second)
    assert (first.number, second.number) == (0, 3)
    assert file.read_text() == (
        f"2026-01-15T08:00:00+00:00 {words_of(first)}\n"
        f"2026-01-15T09:00:00+00:00 {words_of(second)}\n"
    )
    assert file.stat().st_mode & 0o077 == 0
    assert check_log(service, WHO, heads_in(file)).faults == ()


def test_a_cut_shows_at_the_next_note_and_nothing_is_added(
    service: Service, clock: TestClock, tmp_path: Path
) -> None:
    file = tmp_path / "heads"
    read_something(service, 5)
    note_head(service, WHO, file)
    before = file.read_text()
    cut_after(service, 2)
    assert note_head(service, WHO, file).faults == ("entry 5 was noted and is missing or another",)
    clock.forward(hours=1)
    read_something(service, 4)  # the log grows beyond what was noted
    assert note_head(service, WHO, file).faults == ("entry 5 was noted and is missing or another",)
    assert file.read_text() == before
    assert check_log(service, WHO, heads_in(file)).faults == (
        "entry 5 is another than the one noted",
    )


def test_two_heads_of_one_number_cannot_both_be_right(sqlite_service: Service) -> None:
    read_something(sqlite_service, 2)
    right = check_log(sqlite_service, WHO).head
    for noted in ((right, Head(2, "f" * 64)), (Head(2, "f" * 64), right)):
        found = check_log(sqlite_service, WHO, noted).faults
        assert found == ("entry 2 is another than the one noted",)


def test_a_file_that_is_no_list_of_heads_is_refused(
    sqlite_service: Service, tmp_path: Path
) -> None:
    file = tmp_path / "heads"
    file.write_text("yesterday 7:abc\n")
    with pytest.raises(ConfigError, match="NUMBER:HASH"):
        note_head(sqlite_service, WHO, file)
    with pytest.raises(ConfigError, match="cannot be noted"):
        note_head(sqlite_service, WHO, tmp_path / "nowhere" / "heads")


def test_the_commands_note_a_head_and_find_the_cut(
    sqlite_service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOCATOR_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("ALLOCATOR_SECRET_KEY", SECRET)
    file, run = str(tmp_path / "heads"), CliRunner().invoke
    read_something(sqlite_service, 3)
    assert run(app, ["audit", "head"]).stdout == run(app, ["audit", "head", "--to", file]).stdout
    assert run(app, ["audit", "verify", "--heads", file]).exit_code == 0
    cut_after(sqlite_service, 1)
    cut = run(app, ["audit", "head", "--to", file, "--json"])
    assert cut.exit_code == 4
    assert "entry 3 was noted and is missing or another" in cut.stdout
    checked = run(app, ["audit", "verify", "--heads", file])
    assert checked.exit_code == 4
    assert "entry 3" in checked.stdout
    missing = run(app, ["audit", "verify", "--heads", str(tmp_path / "none")])
    assert missing.exit_code == 2
