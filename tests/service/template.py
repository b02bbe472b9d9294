"""New databases of services begin as one did that was migrated from nothing earlier in the session.

Each was migrated on its own, which took longer than most tests. The migrations themselves run once
for each kind of database and process, and step by step in `test_migrations`; `open_service` still
looks at every database for what is missing.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url

from allocator.store.database import Database
from allocator.store.migrate import migrate

CHANGES = re.compile(r"\s*(CREATE|ALTER|INSERT|UPDATE)\b")


class Template:
    """What an empty database of either kind is filled with.

    Parameters
    ----------
    folder : where the migrated SQLite file is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "migrated.sqlite3"
        self._script: str | None = None

    def fill(self, address: str) -> None:
        """Bring a database to the newest schema, if there is nothing in it."""
        found = make_url(address).database
        if address.startswith("sqlite") and found is not None:
            self._copy(Path(found))
        else:
            self._replay(address)

    def _copy(self, path: Path) -> None:
        if path.exists():
            return
        if not self._file.exists():
            _migrate(f"sqlite:///{self._file}")
        shutil.copyfile(self._file, path)
        path.chmod(0o600)

    def _replay(self, address: str) -> None:
        """Nothing had rows when it was changed, so that statements with values changed nothing."""
        engine = create_engine(address)
        is_empty = not inspect(engine).get_table_names()
        if is_empty and self._script is None:
            with _noted() as noted:
                _migrate(address)
            self._script = ";\n".join(noted)
        elif is_empty and self._script is not None:
            with engine.begin() as connection:
                connection.exec_driver_sql(self._script)
        engine.dispose()


def _migrate(address: str) -> None:
    database = Database(address)
    migrate(database)
    database.close()


@contextmanager
def _noted() -> Iterator[list[str]]:
    """The statements without values that change something, in their order."""
    noted: list[str] = []

    def note(*arguments: Any) -> None:
        _, _, statement, values, *_ = arguments
        if CHANGES.match(statement) and not values:
            noted.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(Engine, "before_cursor_execute", note)
