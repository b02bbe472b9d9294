"""What a server does by itself."""

from sqlalchemy import func, select

from allocator.service.operations.housekeeping import Duty, Housekeeper, keep_retention
from allocator.service.operations.retention import RETENTION
from allocator.service.root import Service
from allocator.store.tables import AuditEntry
from tests.service.conftest import TestClock


def retentions(service: Service) -> int:
    with service.database.read() as session:
        rows = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == RETENTION)
        return session.scalar(rows) or 0


def test_retention_is_applied_once_a_day_by_whichever_server(
    service: Service, clock: TestClock
) -> None:
    for hours, expected in ((0, 1), (1, 1), (22.5, 1), (1, 2)):
        clock.forward(hours=hours)
        keep_retention(service)
        assert retentions(service) == expected


def test_a_duty_that_fails_stops_no_other_and_is_tried_again(sqlite_service: Service) -> None:
    done: list[str] = []

    def fails(_: Service) -> None:
        done.append("fails")
        raise OSError("no room")

    duties = (Duty("one", fails), Duty("two", lambda _: done.append("two")))
    keeper = Housekeeper(sqlite_service, duties)
    keeper.do_all()
    keeper.do_all()
    assert done == ["fails", "two", "fails", "two"]


def test_it_stops_when_asked(sqlite_service: Service) -> None:
    keeper = Housekeeper(sqlite_service, (Duty("none", lambda _: None),))
    keeper.start()
    keeper.stop()
