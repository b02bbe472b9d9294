"""The order of policies in words: whether it survives other assumptions (R41).

Two kinds of assumption are tried: sets of contact weights, and influence graphs drawn around the
record (`allocator.influence.draws`). No policy is singled out where either changes the order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from allocator.explain.sensitivity import range_of
from allocator.model.shapes import IntArray

ONE_SET = (
    "There is one set of contact weights only, so whether the order of the policies depends on"
    " that assumption is not known."
)
MEASURES = {
    "spillover": ("spillover",),
    "collusion": ("collusion",),
    "spillover and collusion together": ("spillover", "collusion"),
}


@dataclass(frozen=True, slots=True)
class Scored:
    """One policy under one set of contact weights.

    Parameters
    ----------
    exposure : by kind, under the recorded graph.
    draws : by kind, one for each drawn graph; graphs come in the same order for all policies.
    """

    policy: str
    contact_weights: str
    exposure: Mapping[str, int]
    draws: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    """One measure of one policy under one set; `draws` of shape (n_draws,)."""

    policy: str
    contact_weights: str
    value: int
    draws: IntArray

    def overlaps(self, other: "_Measured") -> bool:
        """True when the two ranges have a value in common."""
        (low, high), (other_low, other_high) = (range_of(m.value, m.draws) for m in (self, other))
        return low <= other_high and other_low <= high


def order_sentences(scores: Sequence[Scored]) -> tuple[str, ...]:
    """For each measure, whether the order is the same under every set and where it is in doubt."""
    sets = tuple(dict.fromkeys(score.contact_weights for score in scores))
    if len(sets) < 2:
        return (ONE_SET,)
    return tuple(
        _sentence(measure, {name: _ranked(scores, name, kinds) for name in sets})
        for measure, kinds in MEASURES.items()
    )


def _ranked(scores: Iterable[Scored], weights: str, kinds: tuple[str, ...]) -> list[_Measured]:
    """The sum of some kinds under one set of contact weights, from low to high."""
    found = (
        _Measured(
            score.policy,
            weights,
            sum(score.exposure[kind] for kind in kinds),
            np.sum([score.draws[kind] for kind in kinds], axis=0, dtype=np.int64),
        )
        for score in scores
        if score.contact_weights == weights
    )
    return sorted(found, key=lambda one: (one.value, one.policy))


def _sentence(measure: str, ranked: Mapping[str, Sequence[_Measured]]) -> str:
    sets_of: dict[str, list[str]] = {}
    equal = [name for name, policies in ranked.items() if _are_equal(policies)]
    for name, policies in ranked.items():
        if name not in equal:
            sets_of.setdefault(_order(policies), []).append(name)
    return f"By {measure}, {_order_words(sets_of, equal)}. {_doubts(ranked.values())}"


def _are_equal(ranked: Sequence[_Measured]) -> bool:
    return len({one.value for one in ranked}) == 1 and len(ranked) > 1


def _order_words(sets_of: Mapping[str, Sequence[str]], equal: Sequence[str]) -> str:
    """Orders with the sets that give them; sets under which all policies are equal come last."""
    if not sets_of:
        return f"the policies are equal under all {len(equal)} sets of contact weights"
    also = f"; under {', '.join(equal)} they are equal" if equal else ""
    if len(sets_of) == 1:
        ((order, names),) = sets_of.items()
        those = " that tell them apart" if equal else ""
        return (
            f"the order of the policies is the same under all {len(names)} sets of contact weights"
            f"{those}, from low to high: {order}{also}"
        )
    listed = "; ".join(f"{', '.join(names)}: {order}" for order, names in sets_of.items())
    return f"the order differs by assumption. From low to high, {listed}{also}"


def _order(ranked: Iterable[_Measured]) -> str:
    groups: dict[int, list[str]] = {}
    for one in ranked:
        groups.setdefault(one.value, []).append(one.policy)
    return ", ".join(" = ".join(names) for names in groups.values())


def _doubts(ranked_by_set: Iterable[Sequence[_Measured]]) -> str:
    """Pairs of policies whose ranges overlap, and in how many graphs they keep their order."""
    doubts: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for ranked in ranked_by_set:
        for low, high in combinations(ranked, 2):
            if low.value != high.value and low.overlaps(high):
                pair = (min(low.policy, high.policy), max(low.policy, high.policy))
                kept = int((low.draws < high.draws).sum())
                found = (low.contact_weights, kept, len(low.draws))
                doubts.setdefault(pair, []).append(found)
    if not doubts:
        return "No ranges under uncertain edges overlap."
    return f"Ranges under uncertain edges overlap: {'; '.join(_doubt_words(doubts))}."


def _doubt_words(
    doubts: Mapping[tuple[str, str], Sequence[tuple[str, int, int]]],
) -> Iterator[str]:
    for (one, other), found in sorted(doubts.items()):
        sets = ", ".join(name for name, _, _ in found)
        kept, graphs = min((kept, graphs) for _, kept, graphs in found)
        count = f"all {graphs}" if kept == graphs else f"{kept} of {graphs}"
        least = " at the least" if len({kept for _, kept, _ in found}) > 1 else ""
        yield f"{one} and {other} under {sets}, their order the same in {count} drawn graphs{least}"
