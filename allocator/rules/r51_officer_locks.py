r"""R51: what an officer has locked or forbidden stays so.

For each person with current locks, the cells :math:`L_p` locked and :math:`F_p` forbidden or
rejected:

.. math:: x_{p,c} = 0 \quad \forall c \in F_p, \qquad
          x_{p,c} = 0 \quad \forall c \notin L_p \text{ if } L_p \neq \emptyset

Amount of a breach: 1 per person, however many of the locks are broken.

References
----------
.. [1] Directive (EU) 2016/680, Article 11: no decision by a machine alone; here the officer's word
   comes before the plan's. The law comes before both: a lock opens no cell.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import Eligible, Penalty

RULE = RuleId.OFFICER_LOCKS


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """One `Eligible` per person with a current lock; it bars all that the locks leave out."""
    day = index.scenario.day
    locked: dict[int, set[int]] = {}
    forbidden: dict[int, set[int]] = {}
    for lock in index.scenario.locks:
        if lock.is_current(day):
            side = forbidden if lock.kind.is_ban else locked
            person = index.person_at[lock.person_id]
            side.setdefault(person, set()).add(index.cell_at[lock.cell_id])
    for person in sorted(locked.keys() | forbidden.keys()):
        barred = set(forbidden.get(person, ()))
        if person in locked:
            barred |= set(index.cell_at.values()) - locked[person]
        if barred:
            cells = int_array(sorted(barred))
            yield Eligible(RULE, int_array([person]), cells, penalty, "an officer's lock")
