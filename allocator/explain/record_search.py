"""Which recorded data can have to do with a cell's not being the choice for a person."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from allocator.explain.case import Case, pair_points
from allocator.explain.records import AFFECTS, Record, RecordKind
from allocator.influence.evidence import current_edges
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import FindingKind, SecurityCategory, VeoStatus

MOST_PAIRS = 6
MOST_OCCUPANTS = 8
NO_PERSON = ""


def records_near(case: Case, target: int) -> tuple[Record, ...]:
    """Records that close the cell or make it dearer than another lawful one.

    In the order of `RecordKind`; evidence with the strongest ties first, and beyond a handful of
    people all the rest of it together.
    """
    person_id, scenario = case.person.person_id, case.scenario
    found = [
        *_pairs(RecordKind.NON_ASSOCIATION, _kept_apart(scenario, person_id)),
        *_pairs(RecordKind.PROTECTION_NEED, _in_need(scenario, person_id)),
        *_pairs(RecordKind.STABLE_PAIR, _partners(scenario, person_id)),
        *_evidence(case, target),
        *(Record(kind) for kind, is_held in HELD.items() if is_held(scenario, person_id)),
    ]
    order = {kind: place for place, kind in enumerate(RecordKind)}
    relevant = [record for record in found if _matters(case, record, target)]
    return tuple(sorted(relevant, key=lambda record: order[record.kind]))


def places_near(case: Case, target: int) -> tuple[Record, ...]:
    """Places of others: those planned into the cell, and those who make it dearest."""
    inside = case.occupants(target)
    if len(inside) > MOST_OCCUPANTS:
        ids = tuple(sorted(case.instance.person_ids[q] for q in inside))
        return (Record(RecordKind.PLACE, ids),)
    dearest = [q for q in _dearest(case, target) if q not in inside][:MOST_PAIRS]
    return tuple(
        Record(RecordKind.PLACE, (case.instance.person_ids[q],)) for q in (*inside, *dearest)
    )


def _pairs(kind: RecordKind, others: frozenset[str]) -> Iterator[Record]:
    """One record for each other person, and one without a person where none is named."""
    for other in sorted(others):
        yield Record(kind, (other,) if other != NO_PERSON else ())


def _kept_apart(scenario: Scenario, person_id: str) -> frozenset[str]:
    pairs = ((n.person_a, n.person_b) for n in scenario.non_associations if n.is_open)
    return _partners_of(pairs, person_id)


def _in_need(scenario: Scenario, person_id: str) -> frozenset[str]:
    """The other side of each need; `NO_PERSON` where the person's need is from a group."""
    pairs = ((need.person_id, need.from_person or NO_PERSON) for need in scenario.protection_needs)
    return _partners_of(pairs, person_id)


def _partners(scenario: Scenario, person_id: str) -> frozenset[str]:
    return _partners_of(((p.person_a, p.person_b) for p in scenario.stable_pairs), person_id)


def _partners_of(pairs: Iterator[tuple[str, str]], person_id: str) -> frozenset[str]:
    found = set()
    for one, other in pairs:
        if person_id in {one, other} and one != other:
            found.add(other if one == person_id else one)
    return frozenset(found)


def _evidence(case: Case, target: int) -> Iterator[Record]:
    edges = current_edges(case.scenario)
    linked = _partners_of(((e.source, e.target) for e in edges), case.person.person_id)
    ids = [case.instance.person_ids[q] for q in _dearest(case, target)]
    ids = [person_id for person_id in ids if person_id in linked]
    for person_id in ids[:MOST_PAIRS]:
        yield Record(RecordKind.EVIDENCE, (person_id,))
    if len(ids) > MOST_PAIRS:
        yield Record(RecordKind.EVIDENCE, tuple(sorted(ids[MOST_PAIRS:])))


def _dearest(case: Case, target: int) -> list[int]:
    """Others with whom the cell is dearer than the planned or the best one, the dearest first."""
    rivals = (target, case.chosen, *case.open_cells[:1].tolist())
    extra = {q: int(v[0] - v[1:].min()) for q, v in pair_points(case, rivals).items()}
    return sorted((q for q, more in extra.items() if more > 0), key=lambda q: (-extra[q], q))


def _matters(case: Case, record: Record, target: int) -> bool:
    """True when a rule or goal that reads the record closes the cell or is cheaper elsewhere."""
    sources, prices = AFFECTS[record.kind], case.prices
    if any(rule in sources and mask[target] for rule, mask in prices.closed.items()):
        return True
    cells = case.open_cells
    return any(
        term.source in sources and len(cells) > 0 and points[target] > np.min(points[cells])
        for term, points in prices.points.items()
    )


def _has_finding(kind: FindingKind) -> Callable[[Scenario, str], bool]:
    return lambda scenario, person_id: scenario.has_finding(person_id, kind)


def _is_member(scenario: Scenario, person_id: str) -> bool:
    return any(m.person_id == person_id for m in scenario.keep_apart_memberships)


def _is_locked(scenario: Scenario, person_id: str) -> bool:
    return any(
        lock.person_id == person_id and lock.is_current(scenario.day) for lock in scenario.locks
    )


def _is_frozen(scenario: Scenario, person_id: str) -> bool:
    return scenario.person_by_id[person_id].out or any(
        freeze.person_id == person_id and freeze.is_current(scenario.day)
        for freeze in scenario.freezes
    )


def _complains(scenario: Scenario, person_id: str) -> bool:
    return any(
        known.person_id == person_id and known.is_open(scenario.day)
        for known in scenario.complaints
    )


def _has_needs(scenario: Scenario, person_id: str) -> bool:
    person = scenario.person_by_id[person_id]
    return bool(person.needs) or person.healthcare_need or person.vulnerable


def _has_burden(scenario: Scenario, person_id: str) -> bool:
    person = scenario.person_by_id[person_id]
    return person.moves_last_90_days > 0 or person.days_below_warning_floor > 0


def _always(_: Scenario, __: str) -> bool:
    return True


def _has(field: str) -> Callable[[Scenario, str], bool]:
    return lambda scenario, person_id: bool(getattr(scenario.person_by_id[person_id], field))


HELD: Mapping[RecordKind, Callable[[Scenario, str], bool]] = {
    RecordKind.LOCK: _is_locked,
    RecordKind.FREEZE: _is_frozen,
    RecordKind.COMPLAINT: _complains,
    RecordKind.LAST_MOVE: _has("last_moved_at"),
    RecordKind.SHARING_RISK: _always,
    RecordKind.LAST_PLAN: _has("planned_place"),
    RecordKind.SINGLE_CELL: _has("prefers_single"),
    RecordKind.PROGRAMME: _has("programme"),
    RecordKind.HOME_AREA: _has("home_area"),
    RecordKind.BURDEN: _has_burden,
    RecordKind.NEEDS: _has_needs,
    RecordKind.SECURITY_CATEGORY: lambda scenario, person_id: (
        scenario.person_by_id[person_id].security_category is not SecurityCategory.D
    ),
    RecordKind.COMMUNICATIONS_ORDER: _has("communications_order_until"),
    RecordKind.AUTHORITY: lambda scenario, person_id: person_id in scenario.authorities_by_person,
    RecordKind.KEEP_APART_GROUP: _is_member,
    RecordKind.NETWORK_ROLE: _has_finding(FindingKind.NETWORK_ROLE),
    RecordKind.RECEPTIVITY: _has_finding(FindingKind.RECEPTIVITY),
    RecordKind.FIRST_TIME: _has("first_time"),
    RecordKind.VEO_STATUS: lambda scenario, person_id: (
        scenario.person_by_id[person_id].veo_status is not VeoStatus.NONE
    ),
    RecordKind.MOVE_LIMIT: _always,
}
"""Whether something is recorded of a kind for the person alone."""
