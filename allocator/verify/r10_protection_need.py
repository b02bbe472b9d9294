"""R10: a person with a protection need is out of reach of the named person or group."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.verify.apart import (
    Found,
    members_of_groups,
    near_members,
    near_pairs,
    separation_breaches,
)
from allocator.verify.view import View

RULE = RuleId.PROTECTION_NEED


def check(view: View) -> Iterator[Breach]:
    """Pairs of a person and a source of danger within reach, each once."""
    yield from separation_breaches(view, RULE, near(view))


def near(view: View) -> Iterator[Found]:
    """Pairs who share what they may not, once for each restriction that says so."""
    members = members_of_groups(view)
    for need in view.scenario.protection_needs:
        if need.from_person is not None:
            yield from near_pairs(view, [(need.person_id, need.from_person)], need.reach)
        if need.from_group is not None:
            others = members.get(need.from_group, ())
            yield from near_members(view, [need.person_id], others, need.reach)
