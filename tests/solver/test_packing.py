"""Packing of full cells: exact fills, brute force over rules, bounds and names."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from allocator.model.catalogue import RuleId
from allocator.model.flat import flat_instance, only_inside
from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.model.shapes import Apart, CellPoints, Count, Eligible, IntArray, OneClass, Shape
from allocator.model.vocabulary import Level, Tier
from allocator.solver.compile import build_tables
from allocator.solver.incumbent import Incumbent
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.packing.counts import with_names
from allocator.solver.packing.kinds import packing_kinds
from allocator.solver.packing.pack import Packing, lacks_room
from allocator.solver.packing.patterns import list_patterns
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.state import new_state
from allocator.solver.solve import solve
from allocator.solver.tables import Tables
from tests.shape_oracle import hard_ok, lawful_placements, tier_values
from tests.solver.incumbents import incumbent_of
from tests.solver.random_instances import Maker


def _instance(places: list[int], caps: list[int], *shapes: Shape) -> Instance:
    return flat_instance(np.array(places), np.array(caps), only_inside(len(caps)), shapes)


def _packed(
    t: Tables, instance: Instance, seed: int = 1, start: IntArray | None = None
) -> Incumbent:
    """From a start, else the first placement, by packing alone."""
    inc = incumbent_of(instance, t, seed)
    inc.take(initial_placement(t, instance.current) if start is None else start)
    if not inc.is_proven(1):
        Packing(inc, 1, np.zeros_like(inc.values)).run(2, None)
    return inc


def triplets(cells: int, seed: int) -> IntArray:
    """Places of people of whom three by three just fill cells of 1000."""
    rng = np.random.default_rng(seed)
    first = rng.integers(380, 491, cells)
    second = np.array([int(rng.integers(250, (1000 - a) // 2 + 1)) for a in first])
    places = np.concatenate((first, second, 1000 - first - second))
    return rng.permutation(places).astype(np.int64)


@pytest.mark.parametrize("cells", [20, 40])
def test_triplets_fill_every_cell(cells: int) -> None:
    """The search alone left 1 of 60 and 2 of 120 people out after 10 seconds."""
    places = triplets(cells, seed=cells)
    instance = flat_instance(places, np.full(cells, 1000), only_inside(cells), ())
    found = solve(instance, SolveOptions(Effort.QUICK))
    assert found.values == (0, 0)
    assert np.bincount(found.placement, weights=places, minlength=cells).tolist() == [1000] * cells


def random_packing(seed: int) -> Instance:
    """Six people of 1 to 5 places in three nearly full cells, with some hard rules."""
    rng = np.random.default_rng(seed)
    places = rng.integers(1, 6, 6)
    caps = np.full(3, places.sum() // 3)
    caps[: places.sum() % 3] += 1
    maker = Maker(seed, 6, 3)
    units = {Level.LANDING: np.array([0, 0, 1])}
    first, second = maker.pairs()
    level = Level.CELL if seed % 2 else Level.LANDING
    rules: list[Shape] = [
        Eligible(RuleId.SECURITY_CATEGORY, maker.some(6), np.array([int(rng.integers(3))])),
        Apart(RuleId.NON_ASSOCIATION, first[:2], second[:2], level),
        OneClass(RuleId.REMAND_SENTENCED, np.arange(6), rng.integers(0, 2, 6), level),
        Count(
            RuleId.UNIT_GROUP_CAP,
            np.arange(4),
            np.ones(4, dtype=np.int64),
            level,
            np.array([0, 1]),
            np.zeros(2, dtype=np.int64),
            np.array([2, 2]),
        ),
    ]
    chosen = tuple(rule for rule in rules if rng.random() < 0.4)
    return replace(flat_instance(places, caps, only_inside(3), chosen), unit_of=units)


@pytest.mark.parametrize("seed", range(40))
def test_packing_agrees_with_brute_force(seed: int) -> None:
    """No bound above the least number left out, and that number reached by packing alone."""
    instance = random_packing(seed)
    least = min(next(iter(tier_values(instance, p).values())) for p in lawful_placements(instance))
    inc = _packed(build_tables(instance), instance, seed + 1)
    assert hard_ok(instance, inc.placement.tolist())
    assert int(inc.bounds[1]) <= least <= int(inc.values[1])
    assert int(inc.values[1]) == least


def test_what_no_pattern_reaches_is_a_bound() -> None:
    """Four of 3 places in two cells of 6 fit, in two of 5 and 7 one is left out, and proved so."""
    fits, short = _instance([3] * 4, [6, 6]), _instance([3] * 4, [5, 7])
    assert _packed(build_tables(fits), fits).values[1] == 0
    inc = _packed(build_tables(short), short)
    assert (int(inc.values[1]), int(inc.bounds[1])) == (1, 1)
    assert solve(short, SolveOptions(Effort.QUICK)).verdict is Verdict.OPTIMAL


def test_points_below_zero_in_the_tier_pay_for_people_left_out() -> None:
    """Cells of 5 and 7: of four of 3 places and one of 7 two are left out, and no fewer can be.

    With the one of 7, who takes 3 points off, three are, which comes to 0.
    """
    points = CellPoints(RuleId.ONE_BED, Tier.UNPLACED, np.array([4]), np.array([1]), -3)
    instance = _instance([3, 3, 3, 3, 7], [5, 7], points)
    inc = _packed(build_tables(instance), instance, start=np.array([0, 1, 1, -1, -1]))
    assert int(inc.bounds[1]) <= 0
    assert solve(instance, SolveOptions(Effort.QUICK)).values[0] == 0


def test_patterns_are_all_sets_that_leave_little_room() -> None:
    """Of sizes 2, 3, 3, 5, 7 in a cell of 10 with a waste of 1."""
    t = build_tables(_instance([2, 3, 3, 5, 7], [10, 10]))
    kinds = packing_kinds(t, 1, np.full(5, -1))
    patterns = list_patterns(t, new_state(t, 1), kinds, 1)
    sizes = {int(k): int(w) for k, w in zip(kinds.person, t.places, strict=True)}
    found = sorted(sorted(sizes[k] for k in own.elements()) for own in patterns.members)
    assert found == [[2, 3, 5], [2, 7], [3, 7]]
    assert patterns.complete


def test_names_stay_where_they_were() -> None:
    """Alike people and cells keep their places as far as the sets allow."""
    instance = _instance([2, 2, 3, 3], [5, 5])
    t = build_tables(instance)
    place = np.array([1, 0, 1, -1])
    kinds = packing_kinds(t, 1, place)
    patterns = list_patterns(t, new_state(t, 1), kinds, 0)
    both = [(patterns.cell[0], patterns.members[0])] * 2
    assert with_names(kinds, both, place).tolist() == [1, 0, 1, 0]


def test_kinds_tell_apart_what_rules_tell_apart() -> None:
    """Of six people of one size: barred, kept apart and counted ones are kinds of their own."""
    two = np.array([0, 1])
    count = Count(
        RuleId.UNIT_GROUP_CAP,
        np.array([3]),
        np.array([1]),
        Level.CELL,
        two,
        np.zeros(2, dtype=np.int64),
        np.ones(2, dtype=np.int64),
    )
    barred = Eligible(RuleId.SECURITY_CATEGORY, np.array([0]), np.array([1]))
    apart = Apart(RuleId.NON_ASSOCIATION, np.array([1]), np.array([2]), Level.CELL)
    t = build_tables(_instance([2] * 6, [6, 6], count, barred, apart))
    kind = packing_kinds(t, 1, np.full(6, -1)).person.tolist()
    assert kind[4] == kind[5]
    assert len(set(kind)) == 5
    assert all(a != b for a, b in pairwise(kind[:5]))


@pytest.mark.parametrize(
    ("place", "lacking"),
    [
        ([0, 1, -1], False),  # a cell with two free places for one who needs two
        ([0, 0, -1], True),  # the free places are where they may not be
        ([0, 1, 1], False),  # nobody is out
    ],
)
def test_room_is_lacking_where_somebody_left_out_has_too_few_free_places(
    place: list[int], lacking: bool
) -> None:
    barred = Eligible(RuleId.SECURITY_CATEGORY, np.array([2]), np.array([1]))
    t = build_tables(_instance([2, 2, 2], [4, 3], barred))
    assert lacks_room(t, np.array(place)) is lacking
