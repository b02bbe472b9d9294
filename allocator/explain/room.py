"""Too many people for the cells that the rules leave them: Hall's condition by maximum flow."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import BoolArray, Count, Eligible, IntArray, Shape, Stay
from allocator.solver.compile import build_tables
from allocator.solver.tables import Tables

PLENTY = 1 << 28


@dataclass(frozen=True, slots=True, eq=False)
class RoomConflict:
    """People whose cells hold fewer places than they need, `missing` of them.

    `rules` : the rules that keep these people out of other cells or places, none of which can be
    dropped without shrinking the shortage.
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


def open_cells(tables: Tables, person: int) -> BoolArray:
    """Cells that a person may be in, whoever else is there; shape (n_cells,)."""
    found: BoolArray = (tables.elig[tables.elig_row[person]] != 0) & (
        tables.cap >= tables.places[person]
    )
    if tables.fixed[person] >= 0:
        found &= np.arange(len(found)) == tables.fixed[person]
    return found


def kinds_of_people(tables: Tables) -> tuple[IntArray, IntArray]:
    """People by what decides their open cells: the first of each kind, and everyone's kind."""
    told_apart = np.column_stack((tables.elig_row, tables.fixed, tables.places))
    _, first, kind = np.unique(told_apart, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), kind.reshape(-1).astype(np.int64)


def places_short(tables: Tables, persons: IntArray) -> int:
    """Places that some people lack, whoever of them is where; everybody else is left out."""
    first, kind = kinds_of_people(tables)
    demand = np.bincount(kind[persons], weights=tables.places[persons], minlength=len(first))
    graph = _graph(tables, first, demand.astype(np.int64))
    return int(demand.sum()) - int(maximum_flow(graph, 0, graph.shape[0] - 1).flow_value)


def room_for_more(tables: Tables, like: int) -> int:
    """People like one of them for whom there is still room when everybody has a place.

    By room alone: whom one may not be with is not asked, so fewer may fit and never more.
    """
    first, kind = kinds_of_people(tables)
    demand = np.bincount(kind, weights=tables.places, minlength=len(first)).astype(np.int64)
    everybody = int(demand.sum())
    demand[kind[like]] += int(tables.cap.sum())
    graph = _graph(tables, first, demand)
    taken = int(maximum_flow(graph, 0, graph.shape[0] - 1).flow_value)
    return max(0, taken - everybody) // int(tables.places[like])


def _cells_of(t: Tables, persons: IntArray) -> IntArray:
    first, kind = kinds_of_people(t)
    union = np.zeros(len(t.cap), dtype=np.bool_)
    for k in np.unique(kind[persons]).tolist():
        union |= open_cells(t, int(first[k]))
    return np.flatnonzero(union).astype(np.int64)


def _graph(t: Tables, first: IntArray, demand: IntArray) -> csr_array:
    """Nodes: 0 the source, then kinds of people, then cells, last the sink."""
    n_kinds, n_cells = len(first), len(t.cap)
    rows, cols, flow = [0] * n_kinds, list(range(1, n_kinds + 1)), demand.tolist()
    for k, i in enumerate(first.tolist()):
        cells = np.flatnonzero(open_cells(t, i)).tolist()
        rows.extend([1 + k] * len(cells))
        cols.extend(1 + n_kinds + c for c in cells)
        flow.extend([PLENTY] * len(cells))
    sink = 1 + n_kinds + n_cells
    rows.extend(range(1 + n_kinds, sink))
    cols.extend([sink] * n_cells)
    flow.extend(t.cap.tolist())
    graph = csr_array(
        (np.array(flow, dtype=np.int32), (np.array(rows), np.array(cols))),
        shape=(sink + 1, sink + 1),
    )
    graph.eliminate_zeros()
    return graph


def _short_of_room(t: Tables) -> IntArray:
    """People on the source side of the smallest minimum cut; empty when everybody fits."""
    first, kind = kinds_of_people(t)
    demand = np.bincount(kind, weights=t.places, minlength=len(first)).astype(np.int64)
    graph = _graph(t, first, demand)
    result = maximum_flow(graph, 0, graph.shape[0] - 1)
    if result.flow_value >= int(demand.sum()):
        return np.zeros(0, dtype=np.int64)
    residual = csr_array(graph - result.flow)
    residual.data = np.maximum(residual.data, 0)
    residual.eliminate_zeros()
    reached = set(breadth_first_order(residual, 0, return_predecessors=False).tolist())
    short = [k for k in range(len(first)) if 1 + k in reached]
    return np.flatnonzero(np.isin(kind, short)).astype(np.int64)


def _needed_rules(instance: Instance, missing: int) -> tuple[RuleId, ...]:
    """Rules without which the shortage would be smaller, by deletion; R02 goes without saying."""
    shapes = instance.shapes
    for rule in _closing_rules(shapes):
        rest = tuple(s for s in shapes if getattr(s, "rule", None) is not rule)
        if _shortage(replace(instance, shapes=rest)) >= missing:
            shapes = rest
    return _closing_rules(shapes)


def _closing_rules(shapes: tuple[Shape, ...]) -> tuple[RuleId, ...]:
    """Hard rules that can close cells or places, sorted."""
    closing = (s for s in shapes if isinstance(s, Eligible | Stay | Count) and s.penalty is None)
    return tuple(sorted({s.rule for s in closing} - {RuleId.CAPACITY}))


def _shortage(instance: Instance) -> int:
    tables = build_tables(instance)
    return places_short(tables, np.arange(instance.n_persons))
