"""The audit log: whatever is done to it shows."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from allocator.api.examples import SCENARIO
from allocator.errors import InternalError
from allocator.service import scenarios
from allocator.service.access.caller import operator_caller
from allocator.service.access.roles import Role
from allocator.service.audit.chain import Event, Head, entry_hash
from allocator.service.audit.reading import Asked, check_log, read_log
from allocator.service.errors import ForbiddenError
from allocator.service.root import Service
from allocator.store.tables import AuditEntry
from tests.service.conftest import caller

PLANNER = caller(Role.PLANNER)
INSPECTOR = caller(Role.INSPECTOR)
TRIGGERS = {
    "sqlite": ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"],
    "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER ALL"],
}


@pytest.fixture
def filled(service: Service) -> Service:
    """A service whose log has five entries."""
    made = scenarios.upload(service, PLANNER, SCENARIO)
    for number in range(4):
        service.note(PLANNER, Event("read", "plan", made.scenario_id, ("F",), f"P{number}"))
    return service


def by_force(service: Service, change: Callable[[Session], object]) -> None:
    """Change the log as somebody would who owns the database."""
    with service.database.write() as session:
        for statement in TRIGGERS[service.database.engine.dialect.name]:
            session.execute(text(statement))
        change(session)


def faults(service: Service, *noted: Head) -> tuple[str, ...]:
    return check_log(service, operator_caller(), noted).faults


def test_a_log_is_whole_until_somebody_touches_it(filled: Service) -> None:
    assert faults(filled) == ()


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEntry).where(AuditEntry.number == 2).values(actor="account:other"),
        delete(AuditEntry).where(AuditEntry.number == 2),
    ],
    ids=["update", "delete"],
)
def test_the_database_itself_refuses_a_change(filled: Service, statement: object) -> None:
    with pytest.raises(DatabaseError, match="never changed"), filled.database.write() as session:
        session.execute(statement)  # type: ignore[call-overload]
    assert faults(filled) == ()


@pytest.mark.parametrize("column", ["actor", "action", "object_id", "subject", "request_id"])
def test_a_changed_entry_is_found(filled: Service, column: str) -> None:
    rows = update(AuditEntry).where(AuditEntry.number == 3)
    by_force(filled, lambda session: session.execute(rows.values({column: "x"})))
    assert faults(filled) == ("entry 3 was changed",)


def test_a_gap_is_found(filled: Service) -> None:
    rows = delete(AuditEntry).where(AuditEntry.number == 3)
    by_force(filled, lambda session: session.execute(rows))
    assert faults(filled) == ("entries 3 to 3 are missing",)


def test_another_order_is_found(filled: Service) -> None:
    def swap(session: Session) -> None:
        for old, new in ((2, 99), (4, 2), (99, 4)):
            row = update(AuditEntry).where(AuditEntry.number == old)
            session.execute(row.values(number=new))

    by_force(filled, swap)
    found = faults(filled)
    assert "entry 2 does not follow entry 1" in found
    assert "entry 4 was changed" in found


def test_a_rewritten_chain_without_the_secret_is_found(filled: Service) -> None:
    def rewrite(session: Session) -> None:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.number == 5)).one()
        entry.actor = "account:other"
        forged = filled.keys.__class__(b"0" * 32)
        entry.entry_hash = entry_hash(forged, entry)

    by_force(filled, rewrite)
    assert faults(filled) == ("entry 5 was changed",)


def test_a_log_cut_off_at_its_end_is_found_against_a_noted_head(filled: Service) -> None:
    head = check_log(filled, operator_caller()).head
    rows = delete(AuditEntry).where(AuditEntry.number >= 5)
    by_force(filled, lambda session: session.execute(rows))
    found = faults(filled, head)
    assert found == ("entry 5 was noted and is missing: the log was cut off after 4",)
    assert faults(filled, head) == ("entry 5 is another than the one noted",)


def test_the_log_names_nobody_and_answers_who_looked(filled: Service) -> None:
    found = read_log(filled, INSPECTOR, Asked(person_id="P2"))
    assert [entry.number for entry in found] == [4]
    assert all("P2" not in str(vars(entry)) for entry in found)


def test_entries_of_other_facilities_are_not_there(filled: Service) -> None:
    stranger = caller(Role.INSPECTOR, facilities=("G",))
    assert [e.object_kind for e in read_log(filled, stranger, Asked())] == []
    assert len(read_log(filled, INSPECTOR, Asked())) == 6


def test_a_planner_does_not_read_the_log(filled: Service) -> None:
    with pytest.raises(ForbiddenError):
        read_log(filled, PLANNER, Asked())


def test_a_change_that_notes_nothing_is_undone(service: Service) -> None:
    with pytest.raises(InternalError), service.change(PLANNER) as change:
        change.session.execute(text("INSERT INTO rate_bucket VALUES ('x', 1, '2026-01-01')"))
    with service.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM rate_bucket")).scalar_one() == 0
