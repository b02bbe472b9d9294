"""Callers as readers of one version of a scenario: what its owners marked counts too (R60)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from allocator.explain.markings import Records, records_of
from allocator.explain.readers import Reader
from allocator.jobs.task import read_source
from allocator.service.access.caller import Caller
from allocator.service.access.readers import reader_of
from allocator.service.kept import Kept
from allocator.service.root import Service
from allocator.store.tables import ScenarioVersion

_KNOWN: Kept[str, Records] = Kept(
    64
)  # by content hash, so that no service sees what is not its own


def reader_of_version(service: Service, caller: Caller, scenario_id: str, number: int) -> Reader:
    """The caller as a reader of a version whose scope was checked."""
    with service.database.read() as session:
        return reader_in(session, caller, scenario_id, number)


def reader_in(session: Session, caller: Caller, scenario_id: str, number: int) -> Reader:
    """As `reader_of_version`, within a transaction.

    Of a version whose data retention has deleted nobody knows what was marked, so that everything
    that can be marked counts as withheld.
    """
    key = (ScenarioVersion.scenario_id == scenario_id, ScenarioVersion.number == number)
    columns = (ScenarioVersion.content_hash, ScenarioVersion.document.is_not(None))
    row = session.execute(select(*columns).where(*key)).first()
    if row is None or not row[1]:
        return reader_of(caller).of_records(None)

    def load() -> Records:
        return records_of(
            read_source(session.scalars(select(ScenarioVersion.document).where(*key)).one())
        )

    return reader_of(caller).of_records(_KNOWN.get(row[0], load))
