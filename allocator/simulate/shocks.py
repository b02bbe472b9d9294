"""Three shocks to a scenario: a wing closes, twelve people arrive, an authority expires."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, TypeAlias

import numpy as np
from numpy.random import Generator

from allocator.errors import ConfigError
from allocator.simulate.arrivals import arrive, come_back
from allocator.simulate.closing import close_wing
from allocator.simulate.rows import Document, copy_document

ShockKind: TypeAlias = Literal["wing_closes", "arrivals", "authority_expires"]


def shock_document(document: Document, kind: ShockKind, seed: int) -> Document:
    """A new document in which the shock has happened; nobody has been moved yet.

    Raises
    ------
    ConfigError
        If there is no such shock.
    """
    if kind not in SHOCKS:
        raise ConfigError(f'There is no shock "{kind}". Choose one of: {", ".join(SHOCKS)}.')
    shocked = copy_document(document)
    rng = np.random.default_rng([seed, *kind.encode(), *str(document["name"]).encode()])
    words = SHOCKS[kind](shocked, rng)
    shocked["name"] = f"{document['name']}_{kind}"
    shocked["description"] = f"{document['description']} Shock: {words}"
    return shocked


def _expire(document: Document, rng: Generator) -> str:
    """The authority of somebody in a restrictive unit expired yesterday.

    Where no unit needs one, it is that of somebody who was held in another prison's unit.
    """
    cells = {cell["cell_id"] for cell in document["cells"]}
    placed = {p["person_id"] for p in document["people"] if p.get("current_place") in cells}
    day = document["day"]
    yesterday = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    current = [
        row
        for row in document["authorities"]
        if row["issued_at"] <= yesterday and row["expires_at"] >= day and row["person_id"] in placed
    ]
    if not current:
        return come_back(document, rng)
    row = current[int(rng.integers(len(current)))]
    row["expires_at"] = yesterday
    row["review_by"] = min(row["review_by"], yesterday)
    return f"authority {row['authority_id']} expired yesterday and has not been renewed."


SHOCKS: dict[ShockKind, Callable[[Document, Generator], str]] = {
    "wing_closes": close_wing,
    "arrivals": arrive,
    "authority_expires": _expire,
}
