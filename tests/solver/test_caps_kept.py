"""A chain that keeps to caps never gives up an earlier tier for a later one, whatever it gains."""

import numpy as np
import pytest

from allocator.solver.compile import build_tables
from allocator.solver.search.apply import load_placement
from allocator.solver.search.chain import FORBIDDEN, Chain, Schedule, Terrain
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.state import new_state
from allocator.solver.search.trials import ROW_CAP, new_decision
from tests.solver.random_instances import random_instance

PHASE = 4


@pytest.mark.parametrize("seed", range(40))
def test_chain_ends_within_the_caps_it_began_at(seed: int) -> None:
    instance = random_instance(seed, n_persons=9, n_cells=7)
    tables = build_tables(instance)
    state = new_state(tables, seed)
    load_placement(tables.packed, state.flat, initial_placement(tables, instance.current))
    width = len(state.values)
    rule = new_decision(
        PHASE, state.values.copy(), np.zeros_like(state.values), np.ones(width), np.ones(width) > 0
    )
    chain = Chain.start(state, rule, Schedule(0.7, 0.005, FORBIDDEN), np.full(width, 5.0))
    nobody = np.zeros(0, dtype=np.int64)
    for share in (0.0, 0.5):
        chain.advance(Terrain(tables.packed, nobody, nobody), (share, share + 0.5), 2000)
        caps = chain.rows[ROW_CAP, :PHASE].tolist()
        assert chain.state.values[:PHASE].tolist() <= caps  # in the order of the tiers
