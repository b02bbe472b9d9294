"""Restrictive regimes and the authorities that open them, for the rules on authorities."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.facts import authorities_of
from allocator.model.index import ScenarioIndex
from allocator.model.person import Authority
from allocator.model.shapes import Eligible, Penalty
from allocator.model.vocabulary import AuthorityKind
from allocator.rules._common import barred_blocks

Fact = TypeVar("Fact")
KIND_OF_USE = {kind.value: kind for kind in AuthorityKind}


@dataclass(frozen=True, slots=True)
class Regime:
    """A regime above the ordinary ceiling and the kinds of authority that open it."""

    level: int
    kinds: frozenset[AuthorityKind]


def regime_of(index: ScenarioIndex, cell: Cell) -> Regime | None:
    """Regime of a cell; None where anyone may be held."""
    estate = index.scenario.estate
    level = estate.inherited(cell, "regime_level") or 0
    if not isinstance(level, int) or (
        level <= index.scenario.profile.thresholds.ordinary_regime_ceiling
    ):
        return None
    uses = (KIND_OF_USE.get(use.value) for use in estate.uses(cell))
    return Regime(level, frozenset(kind for kind in uses if kind is not None))


def barred_by_authority(
    index: ScenarioIndex,
    rule: RuleId,
    penalty: Penalty | None,
    witness: str,
    fact_of: Callable[[Authority], Fact],
    is_barred: Callable[[Regime, list[Fact]], bool],
) -> Iterator[Eligible]:
    """Bar people from restrictive cells by the facts of their authorities of the cell's kinds."""

    def judge(held: frozenset[tuple[AuthorityKind, Fact]], regime: Regime | None) -> bool:
        if regime is None:
            return False
        return is_barred(regime, [fact for kind, fact in held if kind in regime.kinds])

    yield from barred_blocks(
        index,
        rule,
        penalty,
        witness,
        lambda person: frozenset(
            (a.kind, fact_of(a)) for a in authorities_of(index.scenario, person)
        ),
        lambda cell: regime_of(index, cell),
        judge,
    )
