"""What values must make together: the estate tree, beds, dates, findings, sources and points."""

from allocator.model.vocabulary import FindingKind, Grade, NetworkRole, UnitType
from allocator.prepare.checked import Checked
from allocator.prepare.problems import joined, show

_RANK = {UnitType.FACILITY: 0, UnitType.WING: 1, UnitType.SPUR: 2, UnitType.LANDING: 3}

# table, earlier date, later date
_ORDER = (
    ("findings", "assessed_at", "valid_until"),
    ("authorities", "issued_at", "expires_at"),
    ("authorities", "issued_at", "review_by"),
    ("influence_edges", "observed_at", "expires_at"),
    ("locks", "at", "until"),
    ("complaints", "opened_at", "closed_at"),
)
_PAST = (
    ("findings", "assessed_at"),
    ("people", "sharing_assessed_at"),
    ("people", "placed_since"),
    ("people", "last_moved_at"),
    ("influence_edges", "observed_at"),
    ("locks", "at"),
    ("complaints", "opened_at"),
    ("complaints", "closed_at"),
)

_CLOSING = ("closed_at", "closed_by", "outcome")


def check_sense(checked: Checked) -> None:
    """Every check that needs more than one value of a row or more than one row."""
    _check_nesting(checked)
    _check_roots(checked)
    _check_capacities(checked)
    _check_beds(checked)
    _check_dates(checked)
    _check_findings(checked)
    _check_finding_conflicts(checked)
    _check_sources(checked)
    _check_points(checked)
    _check_settings(checked)
    _check_closings(checked)


def _check_nesting(checked: Checked) -> None:
    units = checked["units"]
    types = {unit.unit_id: unit.unit_type for _, unit in units}
    for at, unit in units:
        above = types.get(unit.parent_id) if unit.parent_id else None
        if unit.unit_type is UnitType.FACILITY:
            if unit.parent_id is not None:
                action = "Leave parent_id empty for a facility."
                place = units.place(at, "parent_id")
                found = show(unit.parent_id)
                checked.problems.add("facility_has_parent", place, found, "empty", action)
        elif above is not None and _RANK[above] >= _RANK[unit.unit_type]:
            found = f"a {unit.unit_type} under the {above} {show(unit.parent_id)}"
            allowed = "facility, then wing, then spur, then landing; levels may be left out"
            action = "Correct parent_id or unit_type."
            place = units.place(at, "parent_id")
            checked.problems.add("unit_nesting", place, found, allowed, action)


def _check_roots(checked: Checked) -> None:
    """Each unit leads up to a facility; each circle is told once."""
    units = checked["units"]
    parents = {
        str(row["unit_id"]).strip(): str(row.get("parent_id", "")).strip()
        for row in units.raw.rows
        if "unit_id" in row
    }
    facilities = checked.facility_ids
    settled: set[str] = set()
    for at, unit in units:
        path: list[str] = []
        name = unit.unit_id
        while name in parents and name not in settled and name not in path:
            path.append(name)
            name = parents[name]
        if name in path:
            circle = [*path[path.index(name) :], name]
            found = " under ".join(circle)
            action = "Correct one parent_id, so that the facility is at the top."
            place = units.place(at, "parent_id")
            checked.problems.add("unit_cycle", place, found, "a tree without circles", action)
        elif not name and path and path[-1] not in facilities:
            action = "Give the topmost unit a parent_id that leads up to a facility."
            place = units.place(at, "parent_id")
            found = f"{show(path[-1])} at the top"
            checked.problems.add("unit_no_facility", place, found, "a facility at the top", action)
        settled.update(path)


def _check_capacities(checked: Checked) -> None:
    cells = checked["cells"]
    for at, cell in cells:
        for name in ("cna", "working_capacity"):
            value = getattr(cell, name)
            if value > cell.max_capacity:
                allowed = f"at most max_capacity, which is {cell.max_capacity}"
                action = f"Lower {name} or raise max_capacity."
                place = cells.place(at, name)
                checked.problems.add("capacity_order", place, str(value), allowed, action)
    if cells.raw.known and not cells.raw.rows:
        action = "Add at least one cell."
        place = cells.raw.table_place(None, "cells" if cells.raw.is_json else "cell_id")
        checked.problems.add("no_cells", place, "no rows", "at least one cell", action)


def _check_beds(checked: Checked) -> None:
    """No cell holds more people tonight than it can hold at all."""
    people = checked["people"]
    room = {cell.cell_id: cell.max_capacity for _, cell in checked["cells"]}
    inside: dict[str, list[int]] = {}
    for at, person in people:
        if person.current_place in room:
            inside.setdefault(person.current_place, []).append(at)
    for cell_id, positions in inside.items():
        taken = sum(people.wires[at].places_needed for at in positions)
        if taken > room[cell_id]:
            found = f"{taken} places taken in {show(cell_id)} by {people.rows_in_words(positions)}"
            allowed = f"max_capacity of the cell, which is {room[cell_id]}"
            action = "Correct current_place of one of them, or max_capacity of the cell."
            place = people.place(positions[-1], "current_place")
            checked.problems.add("bed_taken", place, found, allowed, action)


def _check_dates(checked: Checked) -> None:
    for table, early, late in _ORDER:
        rows = checked[table]
        for at, row in rows:
            if getattr(row, late) is not None and getattr(row, late) < getattr(row, early):
                found = f"{getattr(row, late)} before {early} {getattr(row, early)}"
                place = rows.place(at, late)
                allowed = f"not before {early}"
                action = "Correct one of the two dates."
                checked.problems.add("dates_out_of_order", place, found, allowed, action)
    if checked.day is None:
        return
    for table, column in _PAST:
        rows = checked[table]
        for at, row in rows:
            value = getattr(row, column)
            if value is not None and value > checked.day:
                place = rows.place(at, column)
                allowed = f"not after the scenario's day, {checked.day}"
                action = "Correct the date, or `day` in scenario.yaml."
                checked.problems.add("date_in_future", place, str(value), allowed, action)


def _check_findings(checked: Checked) -> None:
    findings = checked["findings"]
    for at, finding in findings:
        is_role = finding.kind is FindingKind.NETWORK_ROLE
        scale: list[str] = [*(NetworkRole if is_role else Grade)]
        if finding.value not in scale:
            place = findings.place(at, "value")
            allowed = f"for {finding.kind}: {joined(scale)}"
            action = "Write a value of this kind's scale."
            checked.problems.add("finding_value", place, show(finding.value), allowed, action)
        if finding.network_id is not None and not is_role:
            place = findings.place(at, "network_id")
            found = show(finding.network_id)
            action = "Leave network_id empty, or record it with the network_role."
            checked.problems.add("finding_network", place, found, "empty", action)


def _check_finding_conflicts(checked: Checked) -> None:
    findings = checked["findings"]
    first: dict[tuple[object, ...], tuple[int, tuple[object, ...]]] = {}
    for at, finding in findings:
        key = (finding.person_id, finding.kind, finding.assessed_at)
        said = (finding.value, finding.network_id)
        known_at, known = first.setdefault(key, (at, said))
        if known != said:
            place = findings.place(at, "value")
            both = findings.rows_in_words([known_at, at])
            found = f"{show(finding.value)} against {show(known[0])} in {both}"
            allowed = "one finding of a kind for a person and day"
            action = "Keep the finding that stands."
            checked.problems.add("finding_conflict", place, found, allowed, action)


def _check_sources(checked: Checked) -> None:
    needs = checked["protection_needs"]
    for at, need in needs:
        if (need.from_person is None) == (need.from_group is None):
            double = need.from_person is not None
            code = "source_double" if double else "source_missing"
            found = "both from_person and from_group" if double else "neither"
            place = needs.place(at, "from_person")
            allowed = "either from_person or from_group"
            action = "Write one row for each source of danger."
            checked.problems.add(code, place, found, allowed, action)


def _check_points(checked: Checked) -> None:
    edges = checked["influence_edges"]
    for at, edge in edges:
        if (edge.points is None) != (edge.points_kind is None):
            missing = "points" if edge.points is None else "points_kind"
            place = edges.place(at, missing)
            allowed = "points and points_kind both, or neither"
            action = f"Fill in {missing} or empty the other."
            checked.problems.add("points_incomplete", place, f"no {missing}", allowed, action)


def _check_settings(checked: Checked) -> None:
    settings = checked["settings"]
    kinds: dict[str, tuple[int, str]] = {}
    for at, row in settings:
        known_at, known = kinds.setdefault(row.setting_id, (at, row.kind))
        if known != row.kind:
            found = f"{row.kind} and {known} in {settings.rows_in_words([known_at, at])}"
            place = settings.place(at, "kind")
            action = "Give the two settings different names."
            checked.problems.add("setting_two_kinds", place, found, "one kind", action)


def _check_closings(checked: Checked) -> None:
    complaints = checked["complaints"]
    for at, complaint in complaints:
        closing = {name: getattr(complaint, name) for name in _CLOSING}
        missing = [name for name, value in closing.items() if value is None]
        if missing and len(missing) < len(closing):
            place = complaints.place(at, missing[0])
            allowed = f"{joined(_CLOSING)} all, or none while the complaint is open"
            found = f"no {' and no '.join(missing)}"
            action = f"Fill in {joined(missing)}, or empty the others."
            checked.problems.add("closing_incomplete", place, found, allowed, action)
