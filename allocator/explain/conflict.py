"""Why somebody has no place: the cells each rule closes, the shortfall, and the smallest conflict.

A conflict is a claim, so each kind is proved again before it is shown: by a maximum flow (people
and cells alone, Hall's condition), or by CP-SAT on the people concerned.

References
----------
.. [1] Hall (1935), On representatives of subsets: a set of people with fewer places than members.
.. [2] Liffiton and Sakallah (2008); cpmpy.tools.explain.mus: minimal sets by deletion.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from allocator.explain.blocking import Placed, closed_cells, fewest_rules, standing_bars
from allocator.explain.room import RoomConflict, kinds_of_people, open_cells, room_conflict
from allocator.explain.shortfall import keeping_out, shortfall_causes
from allocator.model.catalogue import RULE_BY_ID, RuleId
from allocator.model.instance import Instance
from allocator.model.plan import Conflict, ShortfallCause
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.solver.compile import build_tables
from allocator.solver.conflict import cannot_all_be_placed
from allocator.solver.options import Solution

MOST_CONFLICTS = 5
MOST_PROOF_PEOPLE = 60


@dataclass(frozen=True, slots=True)
class Explanation:
    """Reasons for the people without a place.

    Parameters
    ----------
    blocked_by : for each unplaced person id, cells that each rule closes as things stand.
    shortfall : places that they need per legal category; `causes` splits it.
    conflicts : sets that cannot hold together, re-proved; at most `MOST_CONFLICTS`.
    """

    blocked_by: Mapping[str, Mapping[RuleId, int]]
    shortfall: Mapping[str, int]
    causes: tuple[ShortfallCause, ...]
    conflicts: tuple[Conflict, ...]


def explain_unplaced(scenario: Scenario, instance: Instance, solution: Solution) -> Explanation:
    """Everything that can be said about the people whom a solution leaves without a place."""
    unplaced = np.flatnonzero(solution.placement < 0)
    at = Placed(instance, solution.placement)
    blocked: dict[str, Mapping[RuleId, int]] = {}
    kept_out: dict[int, tuple[RuleId, ...]] = {}
    for i in unplaced.tolist():
        closed = closed_cells(at, i)
        blocked[instance.person_ids[i]] = {rule: int(m.sum()) for rule, m in closed.items()}
        kept_out[i] = keeping_out(closed, instance.n_cells)
    causes = shortfall_causes(scenario, instance, solution.placement, kept_out)
    needed: Counter[str] = Counter()
    for cause in causes:
        needed[cause.category] += cause.places
    return Explanation(blocked, dict(needed), causes, _conflicts(instance, unplaced))


def _conflicts(instance: Instance, unplaced: IntArray) -> tuple[Conflict, ...]:
    found: list[Conflict] = []
    room = room_conflict(instance)
    if room is not None:
        found.append(_room_words(instance, room))
    covered = set(room.persons.tolist()) if room is not None else set()
    for i in unplaced.tolist():
        if i in covered or len(found) >= MOST_CONFLICTS:
            continue
        conflict = _no_cell(instance, i) or group_conflict(instance, i)
        if conflict is not None:
            found.append(conflict)
    return tuple(found)


def _room_words(instance: Instance, room: RoomConflict) -> Conflict:
    rules = (RuleId.CAPACITY, *(r for r in room.rules if r is not RuleId.CAPACITY))
    people, named = _counted(len(room.persons), "person", "people"), ", ".join(rules)
    if len(room.cells):
        need, these, hold = ("need", "these", "hold")
        if len(room.persons) == 1:
            need = "needs"
        if len(room.cells) == 1:
            these, hold = "this", "holds"
        words = (
            f"{people} {need} {_counted(room.demand, 'place')} and may lawfully be only in {these} "
            f"{_counted(len(room.cells), 'cell')}, which {hold} {room.capacity} at the most: "
            f"{_counted(room.missing, 'place')} missing. Rules: {named}."
        )
    else:
        words = f"No cell is lawfully open to {people}, whoever is moved. Rules: {named}."
    return Conflict(
        rules,
        tuple(instance.person_ids[i] for i in room.persons.tolist()),
        tuple(instance.cell_ids[c] for c in room.cells.tolist()),
        room.missing,
        "maximum flow",
        words,
    )


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _no_cell(instance: Instance, person: int) -> Conflict | None:
    """A person whom the standing rules keep out of every cell; fewest rules by deletion."""
    every_cell = np.ones(instance.n_cells, dtype=np.bool_)
    rules = fewest_rules(standing_bars(instance, person), every_cell)
    if not rules:
        return None
    name = instance.person_ids[person]
    said = "; ".join(f"{rule}: {RULE_BY_ID[rule].words}" for rule in rules)
    words = f"No cell is open to {name} whoever is moved. Together these rules close all: {said}"
    return Conflict(rules, (name,), (), 1, "eligibility", words)


def group_conflict(instance: Instance, person: int) -> Conflict | None:
    """People who cannot all be placed for reasons other than room, shrunk by deletion."""
    people = _neighbourhood(instance, person)
    if len(people) > MOST_PROOF_PEOPLE or not cannot_all_be_placed(instance, people):
        return None
    for i in [*people[people != person].tolist(), person]:
        fewer = people[people != i]
        if cannot_all_be_placed(instance, fewer):
            people = fewer
    shapes = instance.shapes
    for rule in sorted({s.rule for s in shapes if hasattr(s, "rule")}):
        rest = tuple(s for s in shapes if getattr(s, "rule", None) is not rule)
        if cannot_all_be_placed(replace(instance, shapes=rest), people):
            shapes = rest
    rules = tuple(
        sorted({s.rule for s in shapes if hasattr(s, "rule") and s.rule is not RuleId.ONE_BED})
    )
    names = tuple(instance.person_ids[i] for i in np.sort(people).tolist())
    words = f"These {len(names)} people cannot all be placed under {', '.join(rules)}."
    return Conflict(rules, names, (), 1, "CP-SAT", words)


def _neighbourhood(instance: Instance, person: int) -> IntArray:
    """A person and those who may share any of the cells open to that person."""
    tables = build_tables(instance)
    mine = open_cells(tables, person)
    first, kind = kinds_of_people(tables)
    meets = [bool(np.any(open_cells(tables, i) & mine)) for i in first.tolist()]
    rivals = np.flatnonzero(np.array(meets, dtype=np.bool_)[kind])
    rivals = rivals[rivals != person][:MOST_PROOF_PEOPLE]
    return np.concatenate(([person], rivals)).astype(np.int64)
