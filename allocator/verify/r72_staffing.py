r"""R72: caps fall in wings without enough trained staff.

.. math:: \text{cap}' = \lfloor \text{cap} \cdot s / M \rfloor \quad \text{where } s < M

for the trained staff s of the wing, its own or inherited, and the minimum M.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.verify.caps import cap_breach, small_groups, wing_leaders, wing_veo
from allocator.verify.sites import nearest
from allocator.verify.view import View

RULE = RuleId.STAFFING
FALLING_CAPS = (
    (RuleId.UNIT_GROUP_CAP, small_groups),
    (RuleId.LEADERS, wing_leaders),
    (RuleId.DISPERSAL_CAP, wing_veo),
)


def check(view: View) -> Iterator[Breach]:
    """Groups over the lower cap of a wing that is short of trained staff."""
    minimum = view.limits.min_trained_staff_per_shift
    for rule, groups in FALLING_CAPS:
        if not view.applies(rule):
            continue
        for group in groups(view):
            staff = trained_staff(view, group.wing)
            if staff is not None and staff < minimum:
                yield from cap_breach(RULE, group, group.cap * staff // minimum)


def trained_staff(view: View, wing: str) -> int | None:
    """Trained staff per shift of a wing, its own or inherited; None when not recorded."""
    estate = view.scenario.estate
    unit = estate.unit_by_id[wing]
    found = nearest((unit, *estate.ancestors(unit)), "trained_staff_per_shift")
    return found if isinstance(found, int) else None
