"""Surveys of heavy people: bounds against brute force, what is kept, and where scouts follow."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.shapes import IntArray
from allocator.solver.search.apply import load_placement
from allocator.solver.search.descent import RISE, _tell, descend
from allocator.solver.search.room_prices import (
    ANY,
    AT,
    COUNT,
    HIGH,
    MAY,
    ROOM,
    UNIT,
    Real,
    Whole,
    new_arrays,
    raise_bound,
)
from allocator.solver.search.scouts import Scout
from allocator.solver.search.survey import Deal, Survey
from allocator.solver.tables import UNLIMITED
from tests.shape_oracle import hard_ok, tier_values
from tests.solver.random_instances import random_instance
from tests.solver.test_scouts import EXPOSURE, few_heavy, field_of, started, with_contact

HEAVY, LIGHT, GROUPS = 2, 4, 3
Limits = tuple[IntArray, IntArray, IntArray]
NO_LIMITS = (
    np.zeros((0, HEAVY), dtype=np.int64),
    np.zeros((0, GROUPS), dtype=np.int64),
    np.zeros((0, 0), dtype=np.int64),
)


def random_problem(
    seed: int, limits: tuple[IntArray, IntArray, IntArray] = NO_LIMITS
) -> tuple[Whole, Real]:
    """Two heavy people, two rows of two light ones, three groups of cells of three classes."""
    rng = np.random.default_rng(seed)
    contact = rng.integers(0, 9, (GROUPS, GROUPS))
    among = np.array([[0, 1], [1, 0]]) * rng.integers(-5, 30)
    is_open = rng.random((2, GROUPS)) < 0.7
    is_open[:, 0] = True
    given_parts = (
        np.arange(GROUPS), rng.integers(0, GROUPS, HEAVY), np.ones((HEAVY, GROUPS)),
        np.array([0, 2, 4]), is_open,
    )  # fmt: skip
    points = (
        rng.integers(-5, 30, (HEAVY, LIGHT)), among, rng.integers(0, 9, (HEAVY, GROUPS)),
        contact + contact.T, np.array([1, 2]), np.ones(HEAVY), rng.integers(1, 5, GROUPS) + 3,
    )  # fmt: skip
    return new_arrays(given_parts, limits, tuple(np.asarray(p, dtype=float) for p in points))


def least_cost(q: Whole, f: Real, at: tuple[int, ...]) -> float:
    """By brute force: all placements of the light people, heavy ones where `at` says."""
    points, among, staying, contact, takes = (f[k] for k in range(5))
    own = sum(staying[h, at[h]] for h in range(HEAVY))
    own += among[1, 0] * contact[at[1], at[0]]
    room = f[ROOM][0] + np.bincount(q[AT][0], minlength=GROUPS) - np.bincount(at, minlength=GROUPS)
    best = np.inf
    for place in product(range(GROUPS), repeat=LIGHT):
        load = np.bincount(place, weights=takes[0][[0, 0, 1, 1]], minlength=GROUPS)
        is_open = all(q[4][i // 2, place[i]] for i in range(LIGHT))
        if is_open and np.all(load <= room):
            pairs = ((h, i) for h in range(HEAVY) for i in range(LIGHT))
            best = min(best, sum(points[h, i] * contact[place[i], at[h]] for h, i in pairs))
    return float(own + best)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_the_bound_is_below_every_placement_of_light_people_and_near_the_best(seed: int) -> None:
    q, f = random_problem(seed)
    for h in range(HEAVY):
        _tell(q, f, h, -1, int(q[AT][0, h]))
    at = tuple(q[AT][0].tolist())
    contact = f[3]
    own = sum(f[2][h, at[h]] for h in range(HEAVY)) + f[1][1, 0] * contact[at[1], at[0]]
    passes = np.zeros(1, dtype=np.int64)
    bound = own + raise_bound(q, f, ANY, RISE, 400, passes)
    least = least_cost(q, f, at)
    assert bound <= least + 1e-6
    assert 1 <= passes[0] <= 400


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_a_search_ends_lawfully_and_says_no_more_than_is_true(seed: int) -> None:
    unit = np.array([[0, 0, 1]])
    limits = (np.ones((1, HEAVY), dtype=np.int64), unit, np.array([[2, 1]]))
    q, f = random_problem(seed, limits)
    while np.bincount(unit[0][q[AT][0]], minlength=2)[1] > 1:
        q[AT][0, 0] = 0
    q[MAY][1, 2] = int(q[AT][0, 1] == 2)
    total = f[ROOM][0].sum()
    value = descend(q, f, started(few_heavy())[1].flat, 20)
    at = tuple(q[AT][0].tolist())
    assert all(q[MAY][h, at[h]] for h in range(HEAVY))
    counts = np.bincount(q[UNIT][0][list(at)], weights=q[COUNT][0], minlength=2)
    assert np.all(counts <= q[HIGH][0])
    assert np.all(f[ROOM][0] >= 0)
    assert f[ROOM][0].sum() == total
    assert value <= least_cost(q, f, at) + 1e-6


def test_one_of_a_few_searches_finds_the_best_classes_where_there_is_room() -> None:
    random = started(few_heavy())[1].flat
    for seed in range(20):
        q, f = random_problem(seed)
        f[ROOM][:] = UNLIMITED
        best = min(least_cost(q, f, at) for at in product(range(GROUPS), repeat=HEAVY))
        values = []
        for _ in range(12):
            q, f = random_problem(seed)
            f[ROOM][:] = UNLIMITED
            values.append(descend(q, f, random, 5))
        assert abs(min(values) - best) < 1e-6


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_surveys_open_no_cells_and_following_them_keeps_values_and_hard_shapes(seed: int) -> None:
    instance = random_instance(seed, n_persons=7, n_cells=5)
    tables, state, chain = started(instance, seed % 1000)
    before = state.place.copy()
    heavy = np.flatnonzero(tables.fixed < 0)[:3].astype(np.int64)
    survey = Survey.start(tables, EXPOSURE, before, heavy)
    if survey is None:
        assert np.all(before[heavy] < 0)
        return
    deal = survey.look(state.flat, shaken=True)
    for i, k in zip(deal.heavy.tolist(), deal.classes.tolist(), strict=True):
        own = set(tables.contact_class[tables.elig[tables.elig_row[i]] != 0].tolist())
        assert k in own or k == tables.contact_class[before[i]]
        if tables.fixed[i] >= 0:
            assert k == tables.contact_class[tables.fixed[i]]
    field = field_of(tables)
    scout = Scout.start(type(field)(tables, np.arange(7), heavy), [chain], 3)[0]
    scout.follow(before, deal)
    placement = state.place.tolist()
    assert tuple(state.values[1:].tolist()) == tuple(tier_values(instance, placement).values())
    assert (state.values[0] == 0) == hard_ok(instance, placement)


def test_scouts_follow_a_deal_by_exchanges_with_those_who_should_leave() -> None:
    instance = with_contact(few_heavy())
    tables, state, chain = started(instance)
    field = field_of(tables)
    scout = Scout.start(field, [chain], 3)[0]
    classes = tables.contact_class[state.place[field.heavy]]
    wanted = np.roll(classes, 1)
    scout.set_out = lambda: None  # type: ignore[method-assign]
    load_placement(tables.packed, state.flat, state.place.copy())
    scout.follow(state.place.copy(), Deal(0.0, field.heavy, wanted))
    assert tables.contact_class[state.place[field.heavy]].tolist() == wanted.tolist()
    assert state.place.min() >= 0


def test_looks_repeat() -> None:
    tables, state, _ = started(with_contact(few_heavy()))
    survey = Survey.start(tables, EXPOSURE, state.place.copy(), field_of(tables).heavy)
    assert survey is not None
    first = survey.look(state.flat.copy(), shaken=True)
    again = survey.look(state.flat.copy(), shaken=True)
    assert first.value == again.value
    assert first.classes.tolist() == again.classes.tolist()
