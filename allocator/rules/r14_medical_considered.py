r"""R14: the authority shows that medical considerations were taken into account.

In a cell of regime level :math:`r` above the ordinary ceiling, for people with current authorities
of a kind among the cell's uses; :math:`A` are those of level at least r, or all where none is:

.. math:: x_{p,c} \le \left[\exists a \in A:\;
          a \text{ has a medical consideration dated up to the day}\right]

One authority has to carry the hold alone: the consideration of a lesser one does not count for it.

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
    """Bar people whose current authorities for the cell's regime all lack the consideration."""
    day = index.scenario.day

    def level_now(authority: Authority) -> tuple[int, bool] | None:
        if not authority.is_current(day):
            return None
        return authority.regime_level, authority.has_medical(day)

    yield from barred_by_authority(
        index,
        RULE,
        penalty,
        "authority without medical consideration",
        level_now,
        lambda regime, held: _lacks_medical(regime.level, [a for a in held if a is not None]),
    )


def _lacks_medical(level: int, held: list[tuple[int, bool]]) -> bool:
    """True when no authority that reaches the level has it; of any level where none reaches it."""
    reaching = [medical for reached, medical in held if reached >= level]
    medicals = reaching or [medical for _, medical in held]
    return bool(medicals) and not any(medicals)
