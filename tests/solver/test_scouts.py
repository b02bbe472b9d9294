"""Scouts: who may be sent where, what is kept exact, and what their finds are worth."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import Apart, Count, IntArray, PairPoints, Penalty, Placed, Shape, Stay
from allocator.model.vocabulary import Level, Tier
from allocator.solver.compile import build_tables
from allocator.solver.options import Effort, Progress, SolveOptions
from allocator.solver.search import phases
from allocator.solver.search.apply import load_placement
from allocator.solver.search.chain import Chain
from allocator.solver.search.focus import heavy_people
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.scouting import SHARE, Allowance, send_scouts
from allocator.solver.search.scouts import COLD, PER_PERSON, Field, Find, Scout
from allocator.solver.search.send import send
from allocator.solver.search.state import State, new_state
from allocator.solver.search.trials import ROW_BEST, new_decision
from allocator.solver.solve import solve
from allocator.solver.tables import Tables
from tests.little_work import little_work
from tests.shape_oracle import hard_ok, tier_values
from tests.solver.random_instances import random_instance
from tests.solver.random_moves import array, bare_instance

EXPOSURE = 4


def started(instance: Instance, seed: int = 3) -> tuple[Tables, State, Chain]:
    """Tables, a state at the first placement, and a chain for exposure without caps."""
    tables = build_tables(instance)
    state = new_state(tables, seed)
    assert (
        load_placement(tables.packed, state.flat, initial_placement(tables, instance.current)) == 0
    )
    width = len(state.values)
    caps = np.full(width, 1 << 40, dtype=np.int64)
    rule = new_decision(EXPOSURE, caps, caps, np.ones(width), np.zeros(width, dtype=np.bool_))
    return tables, state, Chain.start(state, rule, COLD, np.ones(width))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None)
def test_sending_keeps_exact_values_and_hard_shapes(seed: int) -> None:
    instance = random_instance(seed, n_persons=7, n_cells=5)
    tables, state, chain = started(instance, seed % 1000)
    rng = np.random.default_rng(seed)
    frozen = np.flatnonzero(tables.fixed >= 0)
    before = state.place[frozen].copy()
    for _ in range(20):
        i, c = int(rng.integers(7)), int(rng.integers(5))
        there = np.flatnonzero(state.place == c)
        j = int(rng.choice(there)) if len(there) else -1
        if send(tables.packed, state.flat, chain.rule, i, c, j):
            assert state.place[i] == c
    placement = state.place.tolist()
    assert tuple(state.values[1:].tolist()) == tuple(tier_values(instance, placement).values())
    assert (state.values[0] == 0) == hard_ok(instance, placement)
    assert state.place[frozen].tolist() == before.tolist()


def apart_on_landings(*more: Shape) -> Instance:
    """Cells 0, 1 and 2, 3 on two landings; person 2, of the other landing, is kept from 0."""
    kept = Apart(RuleId.NON_ASSOCIATION, array(0), array(2), Level.LANDING)
    return bare_instance([1, 1, 1, 1], [0, 2, 3], (kept, *more), [0, 0, 1, 1])


def test_whoever_is_kept_apart_from_the_one_sent_is_put_out_of_the_way() -> None:
    instance = apart_on_landings()
    tables, state, chain = started(instance)
    assert state.place.tolist() == [0, 2, 3]
    assert send(tables.packed, state.flat, chain.rule, 0, 2, 1)
    assert state.place.tolist() == [2, 0, 1]
    assert hard_ok(instance, state.place.tolist())


def test_nobody_is_sent_to_where_a_frozen_person_is_kept_apart_from_them() -> None:
    tables, state, chain = started(apart_on_landings(Stay(RuleId.FROZEN, array(2))))
    assert not send(tables.packed, state.flat, chain.rule, 0, 2, 1)
    assert state.place.tolist() == [0, 2, 3]


def few_heavy(seed: int = 5) -> Instance:
    """48 people in 6 units of 9 places; 5 people have points with everybody, 3 are counted."""
    rng = np.random.default_rng(seed)
    n, first, second = 48, *(side.astype(np.int64) for side in np.triu_indices(48, 1))
    points = np.where(first < 5, rng.integers(20, 90, len(first)), rng.integers(0, 2, len(first)))
    keep = points > 0
    everyone = np.arange(n, dtype=np.int64)
    counted, ones = array(2, 7, 11), array(1, 1, 1)
    shapes = (
        Placed(RuleId.ONE_BED, everyone, Penalty(Tier.UNPLACED, 1)),
        PairPoints(
            GoalId.SPILLOVER, Tier.EXPOSURE, first[keep], second[keep],
            points[keep].astype(np.int64),
        ),
        Count(
            RuleId.DISPERSAL_CAP, counted, ones, Level.CELL, np.arange(6), np.zeros(6, np.int64),
            np.ones(6, np.int64),
        ),
    )  # fmt: skip
    return bare_instance([9] * 6, [-1] * n, shapes)


def field_of(tables: Tables) -> Field:
    return Field(tables, np.arange(48), heavy_people(tables, EXPOSURE))


def with_contact(instance: Instance) -> Instance:
    """The same with contact in a cell only, cells being classes of their own."""
    m = instance.n_cells
    zero: IntArray = np.zeros((m, m), dtype=np.int64)
    return replace(instance, contact_class=np.arange(m, dtype=np.int64), contact=zero)


def test_heavy_people_are_paired_with_each_other_and_with_fellows() -> None:
    field = field_of(build_tables(with_contact(few_heavy())))
    assert field.heavy.tolist() == [0, 1, 2, 3, 4]
    among = [[i, j] for i in range(5) for j in range(i + 1, 5)]
    assert field.pairs.tolist() == sorted([*among, [2, 7], [2, 11]])
    assert field.light.tolist() == list(range(5, 48))


def test_pairs_are_shared_out_among_the_chains() -> None:
    tables, _, chain = started(with_contact(few_heavy()))
    first, second = Scout.start(field_of(tables), [chain, chain], 7)
    assert len(first.pairs) == len(second.pairs) == 6
    both = np.concatenate((first.pairs, second.pairs)).tolist()
    assert sorted(both) == field_of(tables).pairs.tolist()


def test_finds_only_get_better_and_are_worth_what_they_say() -> None:
    instance = with_contact(few_heavy())
    tables, _, chain = started(instance)
    [scout] = Scout.start(field_of(tables), [chain], 7)
    scout.set_out()
    ranks = [scout.best.rank]
    for _ in range(6):
        scout.go(5)
        ranks.append(scout.best.rank)
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[-1] < ranks[0]
    placement = scout.best.placement.tolist()
    assert hard_ok(instance, placement)
    assert scout.best.value == tier_values(instance, placement)[Tier.EXPOSURE]
    scout.deal(scout.best.placement)
    assert scout.best.placement.tolist() != placement
    assert scout.best.placement.min() >= 0


def test_no_scouts_are_sent_where_the_trials_are_too_few() -> None:
    tables, _, chain = started(with_contact(few_heavy()))
    one = int(PER_PERSON * 48 / SHARE)
    allowance = Allowance.of(tables, one - 1, None)
    with ThreadPoolExecutor(1) as pool:
        assert not send_scouts(field_of(tables), [chain], allowance, pool, lambda: True)
        enough = Allowance.of(tables, 2 * one, None)
        assert len(send_scouts(field_of(tables), [chain], enough, pool, lambda: True)) == 1
    assert enough.done == 2


def test_what_scouts_find_is_told_before_the_long_chains_set_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, found = list[int](), list[int]()

    class Listener:
        def on_progress(self, progress: Progress) -> None:
            told.append(progress.values[EXPOSURE - 1])

        def should_stop(self) -> bool:
            return False

    def note(*arguments: Any) -> list[Find]:
        (_, chains, *_, goes_on), finds = arguments, send_scouts(*arguments)
        leader = min(chains, key=lambda chain: chain.rank)
        assert np.isfinite(leader.rows[ROW_BEST]).all()
        goes_on()
        found.extend((told[-1], int(leader.rows[ROW_BEST][EXPOSURE])))
        return finds

    monkeypatch.setattr(phases, "send_scouts", note)
    with little_work():
        solve(with_contact(few_heavy()), SolveOptions(Effort.QUICK), Listener())
    assert found[0] == found[1] < told[0]


def test_scouts_find_the_same_with_one_thread_and_two(monkeypatch: pytest.MonkeyPatch) -> None:
    instance, found = with_contact(few_heavy()), list[list[Find]]()

    def note(*arguments: Any) -> list[Find]:
        found.append(send_scouts(*arguments))
        return found[-1]

    monkeypatch.setattr(phases, "send_scouts", note)
    with little_work():
        one, two = (solve(instance, SolveOptions(Effort.QUICK, workers=k)) for k in (1, 2))
    assert one.placement.tolist() == two.placement.tolist()
    assert len(found) >= 2
    assert all(found)


def test_contact_classes_that_are_no_level_exchange_their_people() -> None:
    flat, classes = few_heavy(), array(0, 0, 1, 1, 1, 2)
    tables = build_tables(replace(flat, contact_class=classes, contact=np.zeros((3, 3), np.int64)))
    assert tables.whole_units.tolist() == [*tables.units.tolist(), classes.tolist()]
    same = build_tables(with_contact(flat))
    assert same.whole_units.tolist() == same.units.tolist()
