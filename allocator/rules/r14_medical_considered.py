r"""R14: the authority shows that medical considerations were taken into account.

In a cell of regime level above the ordinary ceiling, for people with a current authority of a kind
among the cell's uses :math:`K_c`:

.. math:: x_{p,c} \le \left[\exists a \text{ current}:\; k(a) \in K_c,\;
          a \text{ has a medical consideration dated up to the day}\right]

Amount of a breach: 1 per person.

References
----------
.. [1] Prison Rules 1999 (England and Wales), rule 46A(5).
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Authority
from allocator.model.shapes import Eligible, Penalty
from allocator.rules._regime import barred_by_authority

RULE = RuleId.MEDICAL_CONSIDERED


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """Bar people whose current authorities of the cell's kinds all lack the consideration."""
    day = index.scenario.day

    def medical_now(authority: Authority) -> bool | None:
        return authority.has_medical(day) if authority.is_current(day) else None

    yield from barred_by_authority(
        index,
        RULE,
        penalty,
        "authority without medical consideration",
        medical_now,
        lambda _, medical: False in medical and True not in medical,
    )
