"""R20: assessment, intervention, separation and dedicated groups stay small, per landing."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.verify.caps import cap_breach, small_groups
from allocator.verify.view import View

RULE = RuleId.UNIT_GROUP_CAP


def check(view: View) -> Iterator[Breach]:
    """Landings with more people than `unit_group_cap`."""
    for group in small_groups(view):
        yield from cap_breach(RULE, group, group.cap)
