"""R19: leaders and recruiters are kept off the unit of receptive people, at the policy's level."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.class_rule import class_breaches
from allocator.verify.view import View

RULE = RuleId.SOURCE_RECEPTIVE_UNIT


def check(view: View) -> Iterator[Breach]:
    """Units with both classes; a person who is both counts as leading."""
    level = view.policy.sources_receptive_apart

    def class_of(person: Person) -> str | None:
        if view.records.is_leading(person):
            return "leading"
        return "receptive" if view.records.is_receptive(person) else None

    if level is not None:
        yield from class_breaches(view, RULE, level, class_of)
