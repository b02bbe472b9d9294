"""Generated networks keep the statistics of the observed ones."""

import numpy as np
import pytest

from allocator.simulate.network import (
    COVERT_NETWORK,
    PRISON_FRIENDSHIP,
    NetworkTarget,
    describe,
    generate_network,
)

SEEDS = range(8)


@pytest.mark.parametrize("target", [PRISON_FRIENDSHIP, COVERT_NETWORK])
@pytest.mark.parametrize("seed", SEEDS)
def test_statistics_within_tolerance(target: NetworkTarget, seed: int) -> None:
    found = describe(generate_network(target.people, target, np.random.default_rng(seed)))
    assert found["people"] == target.people
    assert found["mean_degree"] == pytest.approx(target.mean_degree, rel=0.02)
    assert found["degree_sd"] == pytest.approx(target.degree_sd, rel=0.2)
    assert target.max_degree - 3 <= found["max_degree"] <= target.max_degree
    assert found["reciprocity"] == pytest.approx(target.reciprocity, abs=0.02)
    assert found["transitivity"] == pytest.approx(target.transitivity, abs=0.03)
    assert abs(found["core"] - target.core) <= 1


def test_prison_network_has_the_published_arcs() -> None:
    graph = generate_network(67, PRISON_FRIENDSHIP, np.random.default_rng(0))
    assert graph.number_of_edges() == 182
    assert graph.to_undirected().number_of_edges() == 142


@pytest.mark.parametrize("people", [0, 1, 2, 3, 4, 5, 9, 30, 56])
def test_small_groups(people: int) -> None:
    graph = generate_network(people, COVERT_NETWORK, np.random.default_rng(people))
    assert graph.number_of_nodes() == people
    assert (graph.number_of_edges() > 0) == (people > 1)
    assert not any(a == b for a, b in graph.edges())


def test_same_seed_same_network() -> None:
    one, other = (generate_network(40, PRISON_FRIENDSHIP, np.random.default_rng(5)) for _ in "ab")
    assert sorted(one.edges()) == sorted(other.edges())
