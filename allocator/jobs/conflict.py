"""Why not everybody can be placed, for one scenario without a plan (R43)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocator.explain.readers import Reader
from allocator.explain.repair.answer import explain_why_not
from allocator.jobs.conflict_document import conflict_document
from allocator.jobs.request import Overrides
from allocator.jobs.task import read_source

MOST = 3


def answer_conflict(
    source: Path | Mapping[str, Any],
    overrides: Overrides,
    limit: int = MOST,
    reader: Reader = Reader.OFFICER,
) -> dict[str, Any]:
    """The document of a scenario's conflicts, repairs and prices of places.

    Parameters
    ----------
    limit : conflicts and repairs at the most, at least 1.

    Raises
    ------
    ScenarioError
        If the scenario's data is wrong.
    InternalError
        If the judge finds a breach of a hard rule in a placement behind a repair.
    """
    scenario = read_source(source, overrides)
    return conflict_document(scenario, explain_why_not(scenario, limit), reader)
