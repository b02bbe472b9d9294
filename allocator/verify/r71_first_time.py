"""R71: first-time prisoners share no cell with leaders, recruiters or enforcers.

A first-time prisoner who holds such a role counts as holding the role.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level, NetworkRole
from allocator.verify.class_rule import class_breaches
from allocator.verify.people import LEADING
from allocator.verify.view import View

RULE = RuleId.FIRST_TIME
ROLES = LEADING | {NetworkRole.ENFORCER}


def check(view: View) -> Iterator[Breach]:
    """Cells with both classes."""

    def class_of(person: Person) -> str | None:
        if view.records.role_of[person.person_id] in ROLES:
            return "with a role"
        return "first time" if person.first_time else None

    yield from class_breaches(view, RULE, Level.CELL, class_of)
