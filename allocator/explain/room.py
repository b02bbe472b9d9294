"""Too many people for the cells that the rules leave them: Hall's condition by maximum flow."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import Eligible, IntArray, Stay
from allocator.solver.compile import build_tables
from allocator.solver.tables import Tables

PLENTY = 1 << 28


@dataclass(frozen=True, slots=True, eq=False)
class RoomConflict:
    """People whose cells hold fewer places than they need, `missing` of them.

    `rules` : the rules that keep these people out of other cells, none of which can be dropped
    without shrinking the shortage.
    """

    persons: IntArray
    cells: IntArray
    demand: int
    capacity: int
    rules: tuple[RuleId, ...]

    @property
    def missing(self) -> int:
        """Places missing, at least 1."""
        return self.demand - self.capacity


def room_conflict(instance: Instance) -> RoomConflict | None:
    """The set of people with the largest shortage and, among those, the fewest people."""
    tables = build_tables(instance)
    persons = _short_of_room(tables)
    if len(persons) == 0:
        return None
    cells = _cells_of(tables, persons)
    demand = int(tables.places[persons].sum())
    capacity = int(tables.cap[cells].sum())
    rules = _needed_rules(instance, demand - capacity)
    return RoomConflict(persons, cells, demand, capacity, rules)


def _open(t: Tables, i: int) -> IntArray:
    if t.fixed[i] >= 0:
        fixed = int(t.fixed[i])
        return np.array([fixed] if t.elig[t.elig_row[i], fixed] else [], dtype=np.int64)
    return np.flatnonzero(t.elig[t.elig_row[i]]).astype(np.int64)


def _cells_of(t: Tables, persons: IntArray) -> IntArray:
    found: set[int] = set()
    kinds = {(int(t.elig_row[i]), int(t.fixed[i])): int(i) for i in persons.tolist()}
    for i in kinds.values():
        found.update(_open(t, i).tolist())
    return np.array(sorted(found), dtype=np.int64)


def _short_of_room(t: Tables) -> IntArray:
    """People on the source side of the smallest minimum cut; empty when everybody fits.

    Nodes: 0 the source, then kinds of people, then cells, last the sink.
    """
    kinds, kind = np.unique(np.column_stack((t.elig_row, t.fixed)), axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    n_kinds, n_cells = len(kinds), len(t.cap)
    first = [int(np.flatnonzero(kind == k)[0]) for k in range(n_kinds)]
    demand = np.bincount(kind, weights=t.places, minlength=n_kinds).astype(np.int64)
    rows, cols, flow = [0] * n_kinds, list(range(1, n_kinds + 1)), demand.tolist()
    for k, i in enumerate(first):
        for c in _open(t, i).tolist():
            rows.append(1 + k)
            cols.append(1 + n_kinds + c)
            flow.append(PLENTY)
    sink = 1 + n_kinds + n_cells
    rows.extend(range(1 + n_kinds, sink))
    cols.extend([sink] * n_cells)
    flow.extend(t.cap.tolist())
    graph = csr_array(
        (np.array(flow, dtype=np.int32), (np.array(rows), np.array(cols))),
        shape=(sink + 1, sink + 1),
    )
    graph.eliminate_zeros()
    result = maximum_flow(graph, 0, sink)
    if result.flow_value >= int(demand.sum()):
        return np.zeros(0, dtype=np.int64)
    residual = csr_array(graph - result.flow)
    residual.data = np.maximum(residual.data, 0)
    residual.eliminate_zeros()
    reached = breadth_first_order(residual, 0, return_predecessors=False)
    short = [k for k in range(n_kinds) if 1 + k in set(reached.tolist())]
    return np.flatnonzero(np.isin(kind, short)).astype(np.int64)


def _needed_rules(instance: Instance, missing: int) -> tuple[RuleId, ...]:
    """Rules of eligibility without which the shortage would be smaller, by deletion."""
    shapes = instance.shapes
    candidates = {
        s.rule for s in shapes if isinstance(s, Eligible | Stay) and s.penalty is None
    } - {RuleId.CAPACITY}
    for rule in sorted(candidates):
        rest = tuple(s for s in shapes if getattr(s, "rule", None) is not rule)
        if _shortage(replace(instance, shapes=rest)) >= missing:
            shapes = rest
    kept = {s.rule for s in shapes if isinstance(s, Eligible | Stay) and s.penalty is None}
    return tuple(sorted(kept - {RuleId.CAPACITY}))


def _shortage(instance: Instance) -> int:
    t = build_tables(instance)
    persons = _short_of_room(t)
    if len(persons) == 0:
        return 0
    return int(t.places[persons].sum()) - int(t.cap[_cells_of(t, persons)].sum())
