"""Exposure per person, wing and kind, now and under the plan, recomputed from the scenario.

Exposure of a pair is its influence points times the contact of the two cells (docs/rules.md).
What one person does to another (spillover, coercion, support) counts for the person who receives
it. Collusion has no direction: half of it counts for each of the two, the odd point for the
second by id. Sums over people or over wings are therefore the totals of the plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocator.explain.occupancy import large_rooms
from allocator.explain.placements import BeforeAfter
from allocator.influence.pairs import PairTable
from allocator.influence.points import InfluencePoints, influence_points
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import ExposureKind, Level
from allocator.prepare.contact import ContactTables, contact_tables

MOST_EXPOSED = 15
STEPS = 4
RECEIVED = (ExposureKind.SPILLOVER, ExposureKind.COERCION)
HARMFUL = (ExposureKind.SPILLOVER, ExposureKind.COERCION, ExposureKind.COLLUSION)


@dataclass(frozen=True, slots=True)
class KindExposure:
    """Exposure of one kind, now and under the plan; support is good and counted positive.

    `in_dormitories` is the part of `after` between people in one large room, which allocation
    does not control.
    """

    kind: ExposureKind
    before: int
    after: int
    in_dormitories: int

    @property
    def change(self) -> int:
        """Under the plan less now."""
        return self.after - self.before

    @property
    def change_percent(self) -> int | None:
        """Change in whole per cent of now, rounded half up, None when there is none now."""
        if not self.before:
            return None
        return (200 * self.change + self.before) // (2 * self.before)


@dataclass(frozen=True, slots=True)
class WingExposure:
    """Exposure of the people of one wing by kind, now and under the plan."""

    wing_id: str
    name: str
    before: Mapping[ExposureKind, int]
    after: Mapping[ExposureKind, int]
    harm_before: int
    harm_after: int


@dataclass(frozen=True, slots=True)
class PersonExposure:
    """Exposure that one person receives, by kind; collusion is half of each pair's.

    `received` counts spillover and coercion: what reaches the person from others.
    """

    person_id: str
    cell_before: str | None
    cell_after: str | None
    before: Mapping[ExposureKind, int]
    after: Mapping[ExposureKind, int]
    received_before: int
    received_after: int


@dataclass(frozen=True, eq=False)
class ExposureTables:
    """Exposure of each person by kind, shape (n_persons,) each.

    `shared` : exposure of all pairs a person is part of, on either side, support subtracted.
    """

    placed: BeforeAfter
    before: Mapping[ExposureKind, IntArray]
    after: Mapping[ExposureKind, IntArray]
    in_dormitories: Mapping[ExposureKind, int]
    shared_before: IntArray
    shared_after: IntArray


def exposure_tables(placed: BeforeAfter) -> ExposureTables:
    """Recompute every pair's exposure, now and under the plan."""
    contacts = contact_tables(placed.index)
    influence = influence_points(placed.scenario)
    before = _side(influence, contacts, placed.before)
    after = _side(influence, contacts, placed.after)
    return ExposureTables(
        placed=placed,
        before=before[0],
        after=after[0],
        in_dormitories=_in_dormitories(placed, influence, contacts),
        shared_before=before[1],
        shared_after=after[1],
    )


def pair_exposure(table: PairTable, contacts: ContactTables, cells: IntArray) -> IntArray:
    """Points times contact of each pair, 0 where one of the two has no cell; shape (n_pairs,)."""
    return table.points * pair_contact(table.source, table.target, contacts, cells)


def pair_contact(
    first: IntArray, second: IntArray, contacts: ContactTables, cells: IntArray
) -> IntArray:
    """Contact weight of each pair of people, 0 where one has no cell; shape (n_pairs,)."""
    one, other = cells[first], cells[second]
    both = (one >= 0) & (other >= 0)
    apart = contacts.contact[contacts.contact_class[one], contacts.contact_class[other]]
    weight = np.where(one == other, contacts.cell_contact[one], apart)
    return np.where(both, weight, 0).astype(np.int64)


def _side(
    influence: InfluencePoints, contacts: ContactTables, cells: IntArray
) -> tuple[dict[ExposureKind, IntArray], IntArray]:
    by_kind: dict[ExposureKind, IntArray] = {}
    shared = np.zeros(len(cells), dtype=np.int64)
    for kind in ExposureKind:
        table = influence.of(kind)
        values = pair_exposure(table, contacts, cells)
        person = np.zeros(len(cells), dtype=np.int64)
        to_source = values // 2 if kind is ExposureKind.COLLUSION else np.zeros_like(values)
        np.add.at(person, table.source, to_source)
        np.add.at(person, table.target, values - to_source)
        by_kind[kind] = person
        signed = -values if kind is ExposureKind.SUPPORT else values
        np.add.at(shared, table.source, signed)
        np.add.at(shared, table.target, signed)
    return by_kind, shared


def _in_dormitories(
    placed: BeforeAfter, influence: InfluencePoints, contacts: ContactTables
) -> dict[ExposureKind, int]:
    large = large_rooms(placed)
    found = {}
    for kind in ExposureKind:
        table = influence.of(kind)
        source, target = placed.after[table.source], placed.after[table.target]
        same_room = (source == target) & (source >= 0) & large[source]
        found[kind] = int(pair_exposure(table, contacts, placed.after)[same_room].sum())
    return found


def total_of(by_kind: Mapping[ExposureKind, IntArray], kinds: tuple[ExposureKind, ...]) -> IntArray:
    """Sum over kinds; shape (n_persons,)."""
    total: IntArray = np.sum([by_kind[kind] for kind in kinds], axis=0, dtype=np.int64)
    return total


def kind_exposures(tables: ExposureTables) -> tuple[KindExposure, ...]:
    """Totals by kind."""
    return tuple(
        KindExposure(
            kind,
            int(tables.before[kind].sum()),
            int(tables.after[kind].sum()),
            tables.in_dormitories[kind],
        )
        for kind in ExposureKind
    )


def wing_exposures(tables: ExposureTables) -> tuple[WingExposure, ...]:
    """Exposure of the people of each wing; people without a cell are in none."""
    index = tables.placed.index
    names = index.unit_names(Level.WING)
    before = _by_wing(tables.before, tables.placed.before, index.unit_of(Level.WING), len(names))
    after = _by_wing(tables.after, tables.placed.after, index.unit_of(Level.WING), len(names))
    units = index.scenario.estate.unit_by_id
    return tuple(
        WingExposure(
            wing_id=wing_id,
            name=units[wing_id].name or wing_id,
            before={kind: int(before[kind][w]) for kind in ExposureKind},
            after={kind: int(after[kind][w]) for kind in ExposureKind},
            harm_before=sum(int(before[kind][w]) for kind in HARMFUL),
            harm_after=sum(int(after[kind][w]) for kind in HARMFUL),
        )
        for w, wing_id in enumerate(names)
    )


def _by_wing(
    person: Mapping[ExposureKind, IntArray], cells: IntArray, wing_of: IntArray, n_wings: int
) -> dict[ExposureKind, IntArray]:
    placed = cells >= 0
    wings = wing_of[cells[placed]]
    found = {}
    for kind in ExposureKind:
        total = np.zeros(n_wings, dtype=np.int64)
        np.add.at(total, wings, person[kind][placed])
        found[kind] = total
    return found


def harm_by_cell(tables: ExposureTables) -> tuple[IntArray, IntArray]:
    """Harmful exposure of the people of each cell, now and under the plan; shape (n_cells,)."""
    n_cells = len(tables.placed.scenario.estate.cells)
    found = []
    for person, cells in (
        (tables.before, tables.placed.before),
        (tables.after, tables.placed.after),
    ):
        held = cells >= 0
        total = np.zeros(n_cells, dtype=np.int64)
        np.add.at(total, cells[held], total_of(person, HARMFUL)[held])
        found.append(total)
    return found[0], found[1]


def exposure_steps(before: IntArray, after: IntArray) -> tuple[int, ...]:
    """Upper ends of up to four steps that split the cells with any exposure evenly.

    The last is the largest value; equal ends are merged; empty when nobody is exposed.
    """
    values = np.concatenate([before, after])
    values = values[values > 0]
    if not len(values):
        return ()
    shares = np.arange(1, STEPS + 1) / STEPS
    ends = np.quantile(values, shares, method="inverted_cdf").astype(np.int64)
    return tuple(int(end) for end in np.unique(ends))


def most_exposed(tables: ExposureTables, count: int = MOST_EXPOSED) -> tuple[PersonExposure, ...]:
    """People who receive most spillover and coercion under the plan, then now, then by id.

    Collusion does not rank anyone: the list is of people to look after, not of members of a
    network.
    """
    received_before = total_of(tables.before, RECEIVED)
    received_after = total_of(tables.after, RECEIVED)
    order = np.lexsort((tables.placed.index.everyone, -received_before, -received_after))
    chosen = [int(i) for i in order[:count] if received_before[i] > 0 or received_after[i] > 0]
    return tuple(
        _person(tables, i, int(received_before[i]), int(received_after[i])) for i in chosen
    )


def worst_received(tables: ExposureTables) -> tuple[int, int]:
    """Most spillover and coercion that any one person receives, now and under the plan."""
    before, after = (total_of(side, RECEIVED) for side in (tables.before, tables.after))
    return int(before.max(initial=0)), int(after.max(initial=0))


def _person(tables: ExposureTables, i: int, before: int, after: int) -> PersonExposure:
    scenario = tables.placed.scenario
    cells = scenario.estate.cells
    now, then = int(tables.placed.before[i]), int(tables.placed.after[i])
    return PersonExposure(
        person_id=scenario.people[i].person_id,
        cell_before=cells[now].cell_id if now >= 0 else None,
        cell_after=cells[then].cell_id if then >= 0 else None,
        before={kind: int(tables.before[kind][i]) for kind in ExposureKind},
        after={kind: int(tables.after[kind][i]) for kind in ExposureKind},
        received_before=before,
        received_after=after,
    )
