r"""R06: floor space per person is not below the hard floor.

.. math:: L_c \le a_c = \lfloor A_c / f \rfloor,\qquad \text{amount} = T(L_c - a_c)

for the load L, the area A and the floor f. Cells of unknown area are not judged.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.verify.view import View, ids_of, load_of, triangular

RULE = RuleId.SPACE_FLOOR


def check(view: View) -> Iterator[Breach]:
    """Cells that hold more people than their area allows."""
    floor_m2 = view.limits.space_floor_hard_m2
    for site, people in view.occupied():
        load, allowed = load_of(people), site.places_of_size(floor_m2)
        if allowed is not None and load > allowed:
            words = (
                f"{site.cell_id} takes {load} places on {site.cell.area_m2} m²; "
                f"{allowed} allowed at {floor_m2} m² each"
            )
            yield Breach(RULE, ids_of(people), site.cell_id, triangular(load - allowed), words)
