"""A scenario that comes as an archive of tables becomes a document, as `scenario export` does."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from allocator.prepare.archive import unpack_archive
from allocator.prepare.document import scenario_document
from allocator.prepare.problems import Problems
from allocator.prepare.read import read_scenario


def archive_document(data: bytes) -> dict[str, Any]:
    """The document of a zipped scenario folder, read as every folder is.

    Raises
    ------
    ScenarioError
        If the archive is refused, or its tables are no valid scenario: file, row and column.
    """
    problems = Problems()
    with TemporaryDirectory(prefix="allocator-") as name:
        folder = Path(name)
        unpack_archive(data, folder, problems)
        problems.raise_if_any()
        return scenario_document(read_scenario(folder))
