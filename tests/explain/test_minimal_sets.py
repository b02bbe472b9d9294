"""Minimal sets of a monotone question, against every subset."""

from itertools import chain, combinations

import numpy as np
import pytest

from allocator.explain.repair.minimal_sets import Reply, hitting_sets, minimal_sets

SIZE = 6
SUBSETS = [
    frozenset(s) for s in chain.from_iterable(combinations(range(SIZE), k) for k in range(SIZE + 1))
]


def _minimal(sets: list[frozenset[int]]) -> set[frozenset[int]]:
    return {s for s in sets if not any(other < s for other in sets)}


@pytest.mark.parametrize("seed", range(40))
def test_all_minimal_sets_are_found(seed: int) -> None:
    draw = np.random.default_rng(seed)
    seeds = [SUBSETS[k] for k in draw.integers(0, len(SUBSETS), size=draw.integers(0, 5))]
    wanted = _minimal(seeds)

    def test(asked: frozenset[int]) -> Reply:
        enough = any(s <= asked for s in wanted)
        return Reply(enough, asked if enough else frozenset())

    found = minimal_sets(range(SIZE), test, limit=50)
    assert set(found.sets) == wanted
    assert found.is_complete
    assert all(found.proven)
    some = minimal_sets(range(SIZE), test, limit=1)
    assert set(some.sets) <= wanted
    assert len(some.sets) == min(1, len(wanted))


def test_what_was_not_decided_is_neither_proven_nor_complete() -> None:
    """{0} is enough, which nobody can tell; {0, 1} is known to be."""

    def test(asked: frozenset[int]) -> Reply:
        if {0, 1} <= asked:
            return Reply(enough=True, used=frozenset({0, 1}))
        return Reply(enough=None if 0 in asked else False)

    found = minimal_sets(range(3), test, limit=5)
    assert found.sets == (frozenset({0, 1}),)
    assert found.proven == (False,)
    assert not found.is_complete


@pytest.mark.parametrize("seed", range(20))
def test_hitting_sets_are_the_minimal_ones(seed: int) -> None:
    draw = np.random.default_rng(seed)
    sets = [SUBSETS[k] for k in draw.integers(1, len(SUBSETS), size=draw.integers(0, 5))]
    hits = [s for s in SUBSETS if all(s & other for other in sets)]
    assert set(hitting_sets(sets)) == _minimal(hits)


def test_nothing_hits_an_empty_set() -> None:
    assert hitting_sets([frozenset({1}), frozenset()]) == []
