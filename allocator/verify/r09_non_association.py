"""R09: people with an open non-association, and members of rival groups, share no such unit."""

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

RULE = RuleId.NON_ASSOCIATION


def check(view: View) -> Iterator[Breach]:
    """Pairs who share what they may not, each once."""
    yield from separation_breaches(view, RULE, near(view))


def near(view: View) -> Iterator[Found]:
    """Pairs who share what they may not, once for each restriction that says so."""
    for entry in view.scenario.non_associations:
        if entry.is_open:
            yield from near_pairs(view, [(entry.person_a, entry.person_b)], entry.restriction)
    members = members_of_groups(view)
    for rivalry in view.scenario.group_rivalries:
        ones, others = members.get(rivalry.group_a, ()), members.get(rivalry.group_b, ())
        yield from near_members(view, ones, others, rivalry.restriction)
