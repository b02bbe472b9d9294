"""What the influence formulas read of each person, as arrays in the scenario's order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.influence.evidence import current_edges
from allocator.model.facts import LEADING_ROLES, is_newcomer, network_of, receptivity_of, role_of
from allocator.model.scenario import Scenario
from allocator.model.shapes import BoolArray, IntArray
from allocator.model.vocabulary import FindingKind, Grade, NetworkRole

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PeopleFacts:
    """Facts of the day; shape (n_persons,) each.

    Parameters
    ----------
    position : index of each person id.
    id_rank : rank of each person by id.
    strength : P3 strength of the recorded role, 0 for roles without one.
    is_leading, is_enforcer : recorded leader or recruiter; recorded enforcer.
    network : number of the recorded network, -1 for none.
    multiplier : P5 multiplier of the receptivity, known or not.
    in_pool : receptivity known; or unknown and once recorded, or a newcomer. People with an edge
        to the source join pair by pair.
    newness : P7 multiplier of newcomers and first-time prisoners, else 1.
    """

    position: dict[str, int]
    id_rank: IntArray
    strength: IntArray
    is_leading: BoolArray
    is_enforcer: BoolArray
    network: IntArray
    multiplier: FloatArray
    in_pool: BoolArray
    newness: FloatArray

    @property
    def count(self) -> int:
        """Number of people."""
        return len(self.strength)

    def same_network(self, first: IntArray, second: IntArray) -> BoolArray:
        """True for pairs whose recorded roles name one network."""
        same: BoolArray = (self.network[first] == self.network[second]) & (self.network[first] >= 0)
        return same


def people_facts(scenario: Scenario) -> PeopleFacts:
    """Read the findings of the day once for everyone."""
    parameters = scenario.policy.influence
    people = scenario.people
    ids = [person.person_id for person in people]
    roles = [role_of(scenario, person) for person in people]
    grades = [receptivity_of(scenario, person) for person in people]
    is_new = [is_newcomer(scenario, person) for person in people]
    recorded = [scenario.has_finding(i, FindingKind.RECEPTIVITY) for i in ids]
    networks = [network_of(scenario, person) for person in people]
    number = {name: k for k, name in enumerate(sorted({n for n in networks if n is not None}))}
    rank = np.empty(len(ids), dtype=np.int64)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return PeopleFacts(
        position={person_id: i for i, person_id in enumerate(ids)},
        id_rank=rank,
        strength=np.array([parameters.role_strength.get(r, 0) for r in roles], dtype=np.int64),
        is_leading=np.array([r in LEADING_ROLES for r in roles], dtype=np.bool_),
        is_enforcer=np.array([r is NetworkRole.ENFORCER for r in roles], dtype=np.bool_),
        network=np.array([number[n] if n is not None else -1 for n in networks], dtype=np.int64),
        multiplier=np.array([parameters.receptivity[g] for g in grades], dtype=np.float64),
        in_pool=np.array(
            [
                g is not Grade.UNKNOWN or r or n
                for g, r, n in zip(grades, recorded, is_new, strict=True)
            ],
            dtype=np.bool_,
        ),
        newness=np.array(
            [
                parameters.newcomer if n or p.first_time else 1.0
                for n, p in zip(is_new, people, strict=True)
            ],
            dtype=np.float64,
        ),
    )


def linked_pairs(scenario: Scenario, facts: PeopleFacts) -> tuple[IntArray, IntArray]:
    """Ordered pairs with current evidence between them, both ways round, each once."""
    at = facts.position
    edges = {(at[e.source], at[e.target]) for e in current_edges(scenario)}
    both = sorted(edges | {(t, s) for s, t in edges})
    pairs = np.array(both, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
