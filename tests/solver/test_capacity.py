"""The heat at which a problem is decided, and a chain that cools around it."""

import numpy as np
import pytest

from allocator.model.flat import flat_instance, only_inside, pair_points
from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.solver.compile import build_tables
from allocator.solver.search.apply import load_placement
from allocator.solver.search.capacity import HEATS, LEAST, MOST, Sweep
from allocator.solver.search.chain import FORBIDDEN, STEPS, Chain, Schedule, Terrain
from allocator.solver.search.flat import as_flat
from allocator.solver.search.flat_chain import ABOVE, BELOW, COLD, REST, STILL, FlatChain
from allocator.solver.search.state import new_state
from allocator.solver.search.trials import new_decision
from allocator.solver.tables import Tables

STEP = (MOST / LEAST) ** (1 / (HEATS - 1))
SCHOTTKY = 0.4168  # of the difference of two levels: where their heat capacity is largest
TIER = 2


def swept(rise: float, gap: float) -> Sweep:
    """Readings of many things in two states that differ by `gap`."""
    sweep = Sweep(rise)
    while not sweep.done:
        sweep.values.append(1000 * gap / (1 + np.exp(gap / sweep.heat)))
    return sweep


@pytest.mark.parametrize("gap", [20.0, 100.0, 700.0])
def test_of_two_levels_the_peak_is_where_physics_has_it(gap: float) -> None:
    peak = swept(400.0, gap).peak
    assert peak is not None
    assert SCHOTTKY * gap / STEP < peak < SCHOTTKY * gap * STEP


def test_the_peak_is_of_the_heats_and_not_of_the_unit_of_values() -> None:
    small, large = swept(4.0, 1.0), swept(400.0, 100.0)
    assert 100 * (small.peak or 0.0) == pytest.approx(large.peak)


def test_where_no_value_rises_there_is_no_peak() -> None:
    sweep = Sweep(10.0)
    while not sweep.done:
        sweep.values.append(-float(len(sweep.values)))
    assert sweep.peak is None


def grouping() -> Instance:
    """Forty people of points of either sign in eight cells of five."""
    points = np.random.default_rng(5).integers(-100, 101, (40, 40))
    return flat_instance(
        np.ones(40, dtype=np.int64), np.full(8, 5), only_inside(8), (pair_points(points),)
    )


def started(tables: Tables, place: IntArray, schedule: Schedule, rise: float) -> Chain:
    """A chain at a placement."""
    state = new_state(tables, 3)
    load_placement(tables.packed, state.flat, place)
    tiers = len(state.values)
    exact = np.ones(tiers, dtype=np.bool_)
    rule = new_decision(
        TIER, state.values.copy(), state.values.copy(), np.eye(tiers)[TIER], exact, 10, np.inf
    )
    return Chain.start(state, rule, schedule, np.full(tiers, rise))


def chain(tables: Tables, schedule: Schedule) -> FlatChain:
    """A chain; a usual rise is about as large as a person's points."""
    problem = as_flat(tables, TIER)
    assert problem is not None
    return FlatChain.of(started(tables, np.arange(40) // 5, schedule, 150.0), problem, ABOVE[0])


def run(one: FlatChain, tables: Tables, trials: list[int]) -> list[float]:
    """Take a chain through its schedule; the heat after each step."""
    everybody = np.arange(len(one.best))
    terrain = Terrain(tables.packed, everybody, everybody[:0])
    heats = []
    for step, number in enumerate(trials):
        one.advance(terrain, (step / STEPS, (step + 1) / STEPS), number)
        heats.append(one.heat((step + 1) / STEPS))
    return heats


def test_a_chain_heats_up_once_and_cools_from_above_the_peak_to_far_below_it() -> None:
    tables = build_tables(grouping())
    one = chain(tables, Schedule(2.0, 0.01, 2.0))
    heats = run(one, tables, [5_000] * STEPS)
    assert one.sweep.done
    assert one.sweep.peak is not None
    assert LEAST * 150 < one.sweep.peak < MOST * 150
    assert one.heat(one.warm) == pytest.approx(ABOVE[0] * one.sweep.peak)
    end = min(BELOW * one.sweep.peak, COLD * 150)
    assert one.heat(1.0 - REST * (1.0 - one.warm)) == pytest.approx(end)
    assert heats[-1] == pytest.approx(STILL * end)
    after = int(one.warm * STEPS)
    assert all(np.diff(heats[after:]) < 0)


def test_a_chain_waits_until_its_steps_are_as_long_as_they_will_be() -> None:
    tables = build_tables(grouping())
    one = chain(tables, Schedule(2.0, 0.01, 2.0))
    run(one, tables, [200, 800, 3_200, 12_800])
    assert not one.sweep.begun
    growing = chain(tables, Schedule(2.0, 0.01, 2.0))
    run(growing, tables, [200, 800, 3_200, 12_800, 15_000])
    assert growing.sweep.begun


@pytest.mark.parametrize(
    ("schedule", "trials"),
    [(Schedule(0.3, 0.01, FORBIDDEN), 5_000), (Schedule(2.0, 0.01, 2.0), 100)],
)
def test_chains_that_refine_or_are_short_are_not_heated_up(schedule: Schedule, trials: int) -> None:
    tables = build_tables(grouping())
    one = chain(tables, schedule)
    heats = run(one, tables, [trials] * STEPS)
    assert not one.sweep.begun
    assert heats[-1] == pytest.approx(150 * schedule.cold)
