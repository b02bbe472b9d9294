"""Small random instances with a target, for orders of moves: every shape that holds on the way."""

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.shapes import Alone, Apart, Count, Eligible, IntArray, OneClass, Penalty, Shape
from allocator.model.vocabulary import Level, Tier
from tests.solver.random_instances import STRICT_TIERS

SIGNED = Penalty(Tier.DEROGATIONS, 3)


def plain_facts(
    instance: Instance,
    *,
    holding: str | tuple[str | None, ...] | None = None,
    **fields: object,
) -> MoveFacts:
    """One facility, two officers for each move, no buffer and no limit of officers."""
    n, m = instance.n_persons, instance.n_cells
    known: dict[str, object] = {
        "start_places": tuple(
            instance.cell_ids[c] if c >= 0 else None for c in instance.current.tolist()
        ),
        "start_facility": np.zeros(n, dtype=np.int64),
        "is_held": np.zeros(n, dtype=np.bool_),
        "facility": np.zeros(m, dtype=np.int64),
        "facilities": ("F",),
        "holding": holding if isinstance(holding, tuple) else (holding,),
        "buffer_places": np.zeros(m, dtype=np.int64),
        "person_officers": np.zeros(n, dtype=np.int64),
        "cell_officers": np.zeros(m, dtype=np.int64),
        "officers_per_move": 2,
        "person_class": np.zeros(n, dtype=np.int64),
        "is_restrictive": np.zeros(m, dtype=np.bool_),
        "escort_officers": None,
        "minutes_per_move": 30,
        "window_minutes": 540,
        "holding_limit_minutes": 60,
    }
    return MoveFacts(**(known | fields))  # type: ignore[arg-type]


def bare_instance(
    places: list[int],
    current: list[int],
    shapes: tuple[Shape, ...] = (),
    landings: list[int] | None = None,
) -> Instance:
    """People of one place each in cells of the given places; landings by cell."""
    n, m = len(current), len(places)
    unit_of = {Level.LANDING: np.array(landings or [0] * m, dtype=np.int64)}
    one = np.ones((1, 1), dtype=np.int64)
    return Instance(
        person_ids=tuple(f"p{i}" for i in range(n)),
        cell_ids=tuple(f"c{c}" for c in range(m)),
        places=np.ones(n, dtype=np.int64),
        max_places=np.array(places, dtype=np.int64),
        current=np.array(current, dtype=np.int64),
        unit_of=unit_of,
        contact_class=np.zeros(m, dtype=np.int64),
        contact=one,
        cell_contact=np.ones(m, dtype=np.int64),
        shapes=shapes,
        tiers=STRICT_TIERS,
    )


def array(*values: int) -> IntArray:
    return np.array(values, dtype=np.int64)


def random_moves(seed: int, n: int = 4, m: int = 5) -> tuple[Instance, MoveFacts, IntArray]:
    """An instance, its facts, and a target for most people; the same seed gives the same."""
    rng = np.random.default_rng(seed)
    places = rng.choice([1, 1, 2], m).tolist()
    start, target = (_placement(rng, n, places) for _ in range(2))
    if rng.random() < 0.5:
        start[rng.integers(n)] = -1
    landings = rng.integers(0, 2, m).tolist()
    shapes = tuple(_shape(rng, n, m) for _ in range(int(rng.integers(1, 5))))
    instance = bare_instance(places, start, shapes, landings)
    is_buffer = rng.random() < 0.3
    buffers = np.zeros(m + is_buffer, dtype=np.int64)
    if is_buffer:
        buffers[m] = 1
        instance = bare_instance([*places, 0], start, shapes, [*landings, 0])
    holding = "F-CSWAP" if rng.random() < 0.3 else None
    facts = plain_facts(
        instance, holding=holding, buffer_places=buffers, holding_limit_minutes=6000
    )
    return instance, facts, np.array(target, dtype=np.int64)


def _placement(rng: np.random.Generator, n: int, places: list[int]) -> list[int]:
    beds = [c for c, k in enumerate(places) for _ in range(k)]
    return [int(c) for c in rng.permutation(beds)[:n]]


def _shape(rng: np.random.Generator, n: int, m: int) -> Shape:
    penalty = None if rng.random() < 0.6 else SIGNED
    some = np.flatnonzero(rng.random(n) < 0.5).astype(np.int64)
    level = Level.CELL if rng.random() < 0.4 else Level.LANDING
    match int(rng.integers(6)):
        case 0:
            barred = np.flatnonzero(rng.random(m) < 0.3).astype(np.int64)
            return Eligible(RuleId.SPECIAL_NEEDS, some, barred, penalty)
        case 1:
            return Alone(RuleId.SINGLE_CELL, some[:1], penalty)
        case 2:
            first, second = np.triu_indices(n, 1)
            keep = rng.random(len(first)) < 0.35
            pairs = (first[keep].astype(np.int64), second[keep].astype(np.int64))
            return Apart(RuleId.NON_ASSOCIATION, *pairs, level, penalty)
        case 3:
            classes = rng.integers(0, 2, len(some)).astype(np.int64)
            return OneClass(RuleId.REMAND_SENTENCED, some, classes, level, penalty)
        case 4:
            cells = np.flatnonzero(rng.random(m) < 0.3).astype(np.int64)
            everyone = np.arange(n, dtype=np.int64)
            low, ones = np.full_like(cells, 2), np.ones(n, dtype=np.int64)
            return Count(
                RuleId.NO_SOLITARY, everyone, ones, Level.CELL, cells, low, np.full_like(cells, n)
            )
        case _:
            units = array(0, 1)
            return Count(
                RuleId.SPACE_FLOOR, some, np.ones_like(some), Level.LANDING, units, array(0, 0),
                rng.integers(1, 3, 2).astype(np.int64), penalty=penalty,
            )  # fmt: skip
