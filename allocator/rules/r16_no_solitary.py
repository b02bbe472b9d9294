r"""R16: nobody is alone without contact unless an authority names it, never beyond the limit.

A cell :math:`c` is of low contact when unlock and contact hours are both under the profile's
solitary thresholds. With maximum capacity :math:`m_c` and :math:`N_c` people in it:

.. math:: m_c = 1:\; x_{p,c} \le [p \text{ may be alone}]; \qquad
          m_c > 1:\; N_c = 0 \lor N_c \ge 2

A person may be alone who is an adult, is not contraindicated, has been alone for fewer days than
the limit and has a current authority that permits it and shows a dated medical consideration. The
second part is always hard.

Amount of a breach: 1 per person.

References
----------
.. [1] Nelson Mandela Rules, rules 43-45; European Prison Rules, 53A.
"""

from collections.abc import Iterator

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.facts import authorities_of
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import Count, Eligible, Penalty
from allocator.model.vocabulary import Level
from allocator.rules._common import barred_blocks

RULE = RuleId.NO_SOLITARY
FULL_DAY_HOURS = 24.0


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible | Count]:
    """Bar single low-contact cells, and one person in a larger one."""
    yield from barred_blocks(
        index,
        RULE,
        penalty,
        "people who may not be held alone without contact",
        lambda person: _may_be_alone(index, person),
        lambda cell: cell.max_capacity == 1 and _is_low_contact(index, cell),
        lambda may_be_alone, single: single and not may_be_alone,
    )
    shared = index.cells_where(lambda c: c.max_capacity > 1 and _is_low_contact(index, c))
    if shared.size and index.everyone.size:
        low, high = np.full_like(shared, 2), np.full_like(shared, index.everyone.size)
        ones = np.ones_like(index.everyone)
        yield Count(RULE, index.everyone, ones, Level.CELL, shared, low, high, or_none=True)


def _is_low_contact(index: ScenarioIndex, cell: Cell) -> bool:
    estate = index.scenario.estate
    limits = index.scenario.profile.thresholds

    def hours(attribute: str) -> float:
        found = estate.inherited(cell, attribute)
        return float(found) if isinstance(found, int | float) else FULL_DAY_HOURS

    return (
        estate.is_in_use(cell)
        and hours("unlock_hours") < limits.solitary_unlock_hours
        and hours("meaningful_contact_hours") < limits.solitary_contact_hours
    )


def _may_be_alone(index: ScenarioIndex, person: Person) -> bool:
    scenario = index.scenario
    limits = scenario.profile.thresholds
    return (
        person.age_years >= limits.adult_age_years
        and not person.solitary_contraindicated
        and person.days_in_solitary < limits.solitary_limit_days
        and any(
            a.permits_solitary and a.is_current(scenario.day) and a.has_medical(scenario.day)
            for a in authorities_of(scenario, person)
        )
    )
