"""The one place where the service is put together; doors and workers start from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from allocator.errors import InternalError
from allocator.service.access.caller import Caller
from allocator.service.audit.chain import Event, append
from allocator.service.clock import Clock, utc_now
from allocator.service.keys import Keys
from allocator.service.settings import DATABASE_FILE, Settings, secret_of
from allocator.store.database import Database
from allocator.store.migrate import migrate


@dataclass(frozen=True, slots=True)
class Change:
    """A writing transaction and what the audit log will say of it."""

    session: Session
    events: list[Event] = field(default_factory=list)

    def note(self, event: Event) -> None:
        """Have the audit log say this, if the transaction is committed."""
        self.events.append(event)


@dataclass(frozen=True, slots=True)
class Service:
    """What every use case needs: where things are kept, the keys, the time, the settings."""

    database: Database
    keys: Keys
    settings: Settings
    clock: Clock = utc_now

    @contextmanager
    def change(self, caller: Caller) -> Iterator[Change]:
        """A writing transaction that ends with its entries in the audit log, or not at all.

        Raises
        ------
        InternalError
            If the block notes nothing: a change that nobody can see later is a mistake of ours.
        """
        with self.database.write() as session:
            change = Change(session)
            yield change
            if not change.events:
                raise InternalError("A change was not noted in the audit log; it was undone.")
            session.flush()
            for event in change.events:
                append(session, self.keys, caller, self.clock(), event)

    def note(self, caller: Caller, *events: Event) -> None:
        """Write that something was read or exported, before the answer leaves."""
        with self.change(caller) as change:
            change.events.extend(events)


def open_service(settings: Settings, clock: Clock = utc_now) -> Service:
    """The service with its schema brought to the newest version.

    Raises
    ------
    ConfigError
        If the secret or the database cannot be used.
    """
    keys = Keys(secret_of(settings))
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.database_url is None:
        (settings.data_folder / DATABASE_FILE).touch(mode=0o600)
    database = Database(settings.database)
    migrate(database)
    return Service(database, keys, settings, clock)
