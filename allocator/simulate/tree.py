"""The units of a scenario document as a tree of plain rows."""

from dataclasses import dataclass
from typing import Any

from allocator.model.vocabulary import Status
from allocator.simulate.rows import Document, Row


@dataclass(frozen=True, slots=True)
class Tree:
    """Units of a document by id, with what each inherits."""

    units: dict[str, Row]

    def above(self, unit_id: str | None) -> list[Row]:
        """The unit and those above it."""
        found: list[Row] = []
        while unit_id is not None:
            found.append(self.units[unit_id])
            unit_id = self.units[unit_id].get("parent_id")
        return found

    def inherited(self, unit_id: str, key: str) -> Any:
        """Nearest value that is given."""
        return next((u[key] for u in self.above(unit_id) if u.get(key) is not None), None)

    def wing_id(self, unit_id: str) -> str:
        """The wing above a unit, or its facility."""
        above = self.above(unit_id)
        wing = next((u for u in above if u["unit_type"] == "wing"), above[-1])
        return str(wing["unit_id"])

    def facility_id(self, unit_id: str) -> str:
        """The facility above a unit."""
        return str(self.above(unit_id)[-1]["unit_id"])

    def in_use(self, unit_id: str) -> bool:
        """True when the unit and all above it are active."""
        return all(u.get("status") != Status.INACTIVE for u in self.above(unit_id))


def read_tree(document: Document) -> Tree:
    """Units of a document."""
    return Tree({row["unit_id"]: row for row in document["units"]})
