"""Sequences written by hand: ``steps("a c1 swap!", "n - c3")`` is one batch, ``!`` is temporary."""

from dataclasses import replace
from typing import Any

from allocator.model.estate import VirtualPlace
from allocator.model.scenario import Scenario
from allocator.model.sequence import Batch, Hindrance, Sequence, Step
from allocator.model.vocabulary import (
    AuthorityKind,
    Status,
    UsedFor,
    VirtualPlaceKind,
)
from tests.builders import (
    authority,
    cell,
    facility,
    landing,
    make_scenario,
    person,
    wing,
)

SWAP = VirtualPlace("swap", "F", VirtualPlaceKind.CSWAP)
FAR_SWAP = VirtualPlace("far", "G", VirtualPlaceKind.CSWAP)
RECEPTION = VirtualPlace("reception", "F", VirtualPlaceKind.RECEPTION)
HASH = "7" * 64


def scenario_of(*args: Any, **fields: Any) -> Scenario:
    """As `make_scenario`, with a hash, two holding locations and a reception."""
    estate = {"virtual_places": (FAR_SWAP, RECEPTION, SWAP)} | fields.pop("estate", {})
    return replace(make_scenario(*args, estate=estate, **fields), content_hash=HASH)


def step(words: str, officers: int = 2) -> Step:
    """Person, place left (- for none) and place reached, with ! for a temporary one."""
    person_id, old, new = words.split()
    is_temporary = new.endswith("!")
    return Step(person_id, None if old == "-" else old, new.rstrip("!"), is_temporary, officers)


def steps(*words: str | Step) -> tuple[Step, ...]:
    """The steps of one batch."""
    return tuple(step(entry) if isinstance(entry, str) else entry for entry in words)


def hindered(*person_ids: str) -> Hindrance:
    """People who hinder one another."""
    return Hindrance(person_ids, (), (), "a free cell")


def sequence(*batches: tuple[Step, ...], target: str = "", **fields: Any) -> Sequence:
    """Batches one after the other, 30 minutes each; target is ``"a:c2 b:c1"``."""
    aims = [(name, cell) for name, cell in (pair.split(":") for pair in target.split())]
    made = tuple(Batch(30 * number, batch) for number, batch in enumerate(batches))
    n_temporary = sum(s.is_temporary for batch in batches for s in batch)
    defaults: dict[str, Any] = {
        "scenario_hash": HASH,
        "target": tuple(aims),
        "batches": made,
        "left_out": (),
        "undecided": (),
        "hindrances": (),
        "temporary_bound": n_temporary,
        "minutes": 30 * len(made),
        "window_minutes": 540,
    }
    return Sequence(**(defaults | fields))


UNITS = [
    facility("G"),
    wing("WG", "G"),
    landing("LG", "WG"),
    wing("WS", used_for=frozenset({UsedFor.SEPARATION}), regime_level=4),
    landing("LS", "WS"),
    wing("WX", sealed=True),
    landing("LX", "WX"),
]
CELLS = [
    *("c1", "c2", "c3"),
    cell("b1", buffer=True),
    cell("gone", status=Status.INACTIVE),
    cell("g1", parent="LG"),
    cell("s1", parent="LS"),
    cell("x1", parent="LX"),
]
PEOPLE = [person("a", current_place="c1"), person("b", current_place="c2"), person("n")]
ORDER = (steps("a c1 swap!", "n - c3"), steps("b c2 c1"), steps("a swap c2"))
TARGET = "a:c2 b:c1 n:c3"


HELD = {"authorities": [authority("a", AuthorityKind.SEPARATION, 4)]}


def prison(*people: Any, **fields: Any) -> Scenario:
    """Two full cells, a free one and one of every kind that a step may wrongly go to."""
    return scenario_of(CELLS, people or PEOPLE, units=UNITS, **fields)


def order(*batches: tuple[Step, ...], target: str = TARGET, **fields: Any) -> Sequence:
    """The swap of `a` and `b` by way of the holding location, unless batches are given."""
    return sequence(*(batches or ORDER), target=target, **fields)
