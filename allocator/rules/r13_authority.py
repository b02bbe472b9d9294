r"""R13: a unit above the ordinary regime needs an authority of its kind.

In a cell of regime level above the ordinary ceiling with uses :math:`K_c`:

.. math:: x_{p,c} \le \left[\exists a \text{ of } p:\; k(a) \in K_c,\;
          a \text{ current or expired}\right]

Authorities that lie in the future do not count; those that are all expired are R15's case. A
restrictive cell without such a use holds nobody. The program never creates, extends or ranks an
authority.

Amount of a breach: 1 per person.

References
----------
.. [1] Prison Rules 1999 (England and Wales), rule 46A.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Authority
from allocator.model.shapes import Eligible, Penalty
from allocator.rules._regime import barred_by_authority

RULE = RuleId.AUTHORITY


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """Bar people without any authority of the cell's kinds that has begun."""
    day = index.scenario.day

    def has_begun(authority: Authority) -> bool:
        return authority.is_current(day) or authority.expires_at < day

    yield from barred_by_authority(
        index,
        RULE,
        penalty,
        "no authority of the cell's kind",
        has_begun,
        lambda _, begun: not any(begun),
    )
