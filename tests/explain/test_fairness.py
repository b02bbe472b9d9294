"""Fairness by hand: outcomes, exact tests, alarms, and that nothing small can be worked out."""

from collections.abc import Mapping
from math import comb, exp, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.explain.fairness import (
    Alarms,
    Comparison,
    Outcome,
    audit,
    ever,
    outcomes_of,
    suppressed,
)
from allocator.model.catalogue import RuleId
from tests.builders import cell, derogable, make_scenario, person, wing
from tests.verify.helpers import put

ALARMS = Alarms()


def test_outcomes_are_the_judges() -> None:
    scenario = make_scenario(
        [
            cell("c1", 2, cna=1, area_m2=7.0),
            cell("c2", 3, area_m2=8.9),
            cell("c3", 1),
            cell("x1", 1, "X"),
        ],
        [
            person("p1", current_place="c1"),
            person("p2", current_place="c3"),
            person("p3", current_place="c2"),
            person("p4"),
            person("p5", current_place="c2"),
            person("p6"),
            person("p7", current_place="x1"),
        ],
        units=[wing("X", regime_level=3)],
        settings={RuleId.SPACE_FLOOR: derogable(5)},
    )
    placement = put(c1="p1 p2", c2="p3 p4 p5", x1="p7") | {"p6": None}
    found = outcomes_of(scenario, placement)
    assert {k.value: " ".join(sorted(v)) for k, v in found.items()} == {
        "moved": "p2",
        "crowded": "p1 p2",
        "below_floor": "p3 p4 p5",
        "restrictive": "p7",
        "derogation": "p3 p4 p5",
        "unplaced": "p6",
    }


def test_a_person_counts_once_over_several_plans() -> None:
    nights = [
        dict.fromkeys(Outcome, frozenset({"p1", "p2"})),
        dict.fromkeys(Outcome, frozenset({"p2", "p5"})),
    ]
    assert ever(nights)[Outcome.MOVED] == frozenset({"p1", "p2", "p5"})


def _compared(
    groups: Mapping[str, tuple[int, int]], alarms: Alarms = ALARMS
) -> dict[str, Comparison]:
    """Comparisons of one outcome from the people and the count of each group."""
    group_of: dict[str, str] = {}
    having: set[str] = set()
    for group, (people, count) in groups.items():
        names = [f"{group}-{k}" for k in range(people)]
        group_of |= dict.fromkeys(names, group)
        having |= set(names[:count])
    outcomes = {o: frozenset(having if o is Outcome.MOVED else ()) for o in Outcome}
    (one,) = audit({"a": group_of}, outcomes, alarms)
    return {c.group: c for c in one.comparisons}


def _fisher(count: int, people: int, others_count: int, others: int) -> float:
    """Two-sided p by adding up every table that is no likelier than the one found."""
    total, whole = count + others_count, people + others

    def chance(k: int) -> int:
        return comb(people, k) * comb(others, total - k) if total - k <= others else 0

    here = chance(count)
    tables = range(min(people, total) + 1)
    return sum(chance(k) for k in tables if chance(k) <= here) / comb(whole, total)


def test_ratio_interval_and_p_of_one_comparison() -> None:
    found = _compared({"g": (50, 20), "h": (70, 14)})["g"]
    assert (found.people, found.count, found.others, found.others_count) == (50, 20, 70, 14)
    assert found.ratio == pytest.approx(2.0)
    assert found.interval is not None
    step = exp(1.959964 * sqrt(1 / 20 - 1 / 50 + 1 / 14 - 1 / 70))  # Katz
    assert found.interval == pytest.approx((2 / step, 2 * step))
    assert found.p_value == pytest.approx(_fisher(20, 50, 14, 70))
    assert found.p_adjusted == pytest.approx(found.p_value)
    assert (found.is_alarm, found.is_higher) == (True, True)


@pytest.mark.parametrize(
    ("groups", "alarm"),
    [
        ({"g": (50, 20), "h": (70, 14)}, True),
        ({"g": (50, 16), "h": (70, 14)}, False),  # ratio 1.6, p 0.20: chance
        ({"g": (4000, 1200), "h": (6000, 1500)}, False),  # p 0.0000001, ratio 1.2: small
        ({"g": (4000, 1300), "h": (6000, 1500)}, True),  # ratio 1.3
        ({"g": (4000, 0), "h": (6000, 1500)}, True),
        ({"g": (60, 30), "h": (60, 0)}, True),
    ],
)
def test_alarms_need_a_ratio_and_a_test(
    groups: Mapping[str, tuple[int, int]], *, alarm: bool
) -> None:
    assert _compared(groups)["g"].is_alarm is alarm


def test_a_chance_among_many_comparisons_is_no_alarm() -> None:
    alone = _compared({"g": (40, 17), "h": (60, 13)})["g"]
    assert alone.is_alarm
    names = [f"q{k}" for k in range(100)]
    groups = {f"a{k}": {n: "g" if i < 40 else "h" for i, n in enumerate(names)} for k in range(1)}
    even = {f"b{k}": {n: f"e{i % 2}" for i, n in enumerate(names)} for k in range(20)}
    having = frozenset([*names[:17], *names[40:53]])
    outcomes = {o: having if o is Outcome.MOVED else frozenset() for o in Outcome}
    first = audit(groups | even, outcomes, ALARMS)[0].comparisons[0]
    assert first.p_value == pytest.approx(alone.p_value)
    assert not first.is_alarm


def test_small_groups_neither_show_nor_alarm() -> None:
    found = _compared({"g": (19, 19), "h": (500, 50), "k": (700, 60), "m": (23, 7)})
    assert set(found) == {"h", "k"}  # m goes with g, or g would be what is left
    assert set(_compared({"g": (12, 12), "h": (300, 50)})) == set()


def test_small_counts_are_hidden_with_another() -> None:
    found = _compared({"g": (100, 3), "h": (100, 7), "k": (100, 60)})
    assert {group: c.is_hidden for group, c in found.items()} == {"g": True, "h": True, "k": False}
    assert not any(c.is_hidden for c in _compared({"g": (90, 0), "h": (70, 6)}).values())


sizes = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), max_size=7)


@settings(max_examples=300, deadline=None)
@given(sizes)
def test_what_is_hidden_cannot_be_had_by_subtraction(found: dict[str, int]) -> None:
    hidden = suppressed(found, 20)
    assert all(size == 0 or size >= 20 or group in hidden for group, size in found.items())
    everything = hidden == frozenset(found)
    if hidden and not everything:
        together = sum(found[group] for group in hidden)
        assert len(hidden) > 1
        assert together >= 20
