r"""R15: nobody is held in a unit on an authority that has expired.

In a cell of regime level above the ordinary ceiling with uses :math:`K_c`:

.. math:: x_{p,c} = 0 \text{ if } p \text{ has an expired authority with } k(a) \in K_c
          \text{ and none that is current}

Whoever is there now is planned out, and named at the top of the plan until he is.

Amount of a breach: 1 per person.

References
----------
.. [1] Prison Rules 1999 (England and Wales), rule 46A(3).
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Authority
from allocator.model.shapes import Eligible, Penalty
from allocator.rules._regime import barred_by_authority

RULE = RuleId.EXPIRED_AUTHORITY
CURRENT, EXPIRED, FUTURE = range(3)


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """Bar people whose authorities of the cell's kinds have run out."""
    day = index.scenario.day

    def state(authority: Authority) -> int:
        if authority.is_current(day):
            return CURRENT
        return EXPIRED if authority.expires_at < day else FUTURE

    yield from barred_by_authority(
        index,
        RULE,
        penalty,
        "authority of the cell's kind has expired",
        state,
        lambda _, states: EXPIRED in states and CURRENT not in states,
    )
