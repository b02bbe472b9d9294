"""R18: leaders and recruiters never share a cell with people who are receptive or new.

A person who is both is left out of the classes and kept apart from everyone who is either or both,
as pairs.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level
from allocator.verify.apart import Pair, pair_breach
from allocator.verify.class_rule import class_breaches
from allocator.verify.view import View

RULE = RuleId.SOURCE_RECEPTIVE_CELL


def check(view: View) -> Iterator[Breach]:
    """Cells with both classes, and pairs with someone who is both."""

    def class_of(person: Person) -> str | None:
        leading = view.records.is_leading(person)
        if leading == view.records.is_receptive_or_new(person):
            return None
        return "leading" if leading else "receptive or new"

    yield from class_breaches(view, RULE, Level.CELL, class_of)
    for pair in set(_dual_pairs(view)):
        yield pair_breach(view, RULE, pair)


def _dual_pairs(view: View) -> Iterator[Pair]:
    records = view.records
    for _, people in view.occupied():
        leading = {p.person_id for p in people if records.is_leading(p)}
        receptive = {p.person_id for p in people if records.is_receptive_or_new(p)}
        for one in leading & receptive:
            for other in (leading | receptive) - {one}:
                yield (one, other) if one < other else (other, one)
