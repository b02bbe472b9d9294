"""The schema's versions: bring a database to the newest, and say whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from allocator.store.database import WRITES, Database

FOLDER = Path(__file__).parent / "migrations"
LOCK = text("SELECT pg_advisory_xact_lock(7151)")  # two servers that start at once take turns


def migrate(database: Database, version: str = "head") -> None:
    """Bring the schema to a version, the newest as a rule; nothing happens when it is there."""
    with (
        database.engine.connect().execution_options(**{WRITES: True}) as connection,
        connection.begin(),
    ):
        if not database.is_sqlite:
            connection.execute(LOCK)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, version)


def is_current(database: Database) -> bool:
    """True when the schema is the newest that this program knows."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    return sorted(found) == heads()


def heads() -> list[str]:
    """The newest version of the schema that this program knows."""
    return sorted(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
