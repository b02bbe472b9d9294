"""The shock "a wing closes": about a tenth of all places go out of use."""

from collections import Counter

from numpy.random import Generator

from allocator.model.vocabulary import DeactivatedReason, LegalCategory, Status, UsedFor
from allocator.simulate.rows import Document, Row
from allocator.simulate.tree import Tree, read_tree

CLOSED_SHARE, FULL_ENOUGH = 0.10, 0.5
ORDINARY_CEILING = 2
KEPT_OPEN = frozenset({UsedFor.JUVENILE, UsedFor.HEALTHCARE, UsedFor.SEGREGATION})


def _open_cells(document: Document, tree: Tree) -> list[Row]:
    return [
        cell
        for cell in document["cells"]
        if cell.get("status") != Status.INACTIVE and tree.in_use(cell["parent_id"])
    ]


def _places(cells: list[Row]) -> int:
    return sum(cell["working_capacity"] or cell["max_capacity"] for cell in cells)


def close_wing(document: Document, rng: Generator) -> str:
    """Close whole wings, else landings, else cells, until a tenth of the places is gone."""
    tree = read_tree(document)
    cells = _open_cells(document, tree)
    total = _places(cells)
    left = round(CLOSED_SHARE * total)
    closed: list[Row] = []
    for group in _closable(document, tree, cells, rng):
        if left <= 0:
            break
        part = group if _places(group) <= 1.25 * left else _part_of(group, left)
        closed += part
        left -= _places(part)
    _mark_closed(document, tree, closed, cells)
    ids = {cell["cell_id"] for cell in closed}
    displaced = {p["person_id"] for p in document["people"] if p.get("current_place") in ids}
    for person in document["people"]:
        if person["person_id"] in displaced:
            person.pop("out", None)
    document["freezes"] = [f for f in document["freezes"] if f["person_id"] not in displaced]
    share = 100 * _places(closed) / total
    return (
        f"{_places(closed)} places ({share:.0f} %) are closed for maintenance; {len(displaced)} "
        "people must leave them and holds on them are lifted."
    )


def _closable(document: Document, tree: Tree, cells: list[Row], rng: Generator) -> list[list[Row]]:
    """Cells of wings that may close, wing by wing, well-filled ones first.

    Dedicated wings stay open, and where there is a choice the wings for people on remand, for a
    special purpose and of a restrictive regime, because nowhere else could take their people.
    """
    kept = set(document.get("dedicated_units", ()))
    people = _people_in(document)
    by_wing: dict[str, list[Row]] = {}
    for cell in cells:
        uses = {*cell.get("used_for", ()), *(tree.inherited(cell["parent_id"], "used_for") or ())}
        wing = tree.wing_id(cell["parent_id"])
        if not uses & KEPT_OPEN and wing not in kept:
            by_wing.setdefault(wing, []).append(cell)
    names = sorted(by_wing)
    wings = [by_wing[names[int(k)]] for k in rng.permutation(len(names))]
    ordinary = [w for w in wings if _is_ordinary(w, tree, people)]

    def is_empty(wing: list[Row]) -> bool:
        return sum(len(people.get(c["cell_id"], ())) for c in wing) < FULL_ENOUGH * _places(wing)

    return sorted(ordinary or wings, key=is_empty)


def _people_in(document: Document) -> dict[str, list[Row]]:
    people: dict[str, list[Row]] = {}
    for person in document["people"]:
        people.setdefault(person.get("current_place", ""), []).append(person)
    return people


def _is_ordinary(wing: list[Row], tree: Tree, people: dict[str, list[Row]]) -> bool:
    """True for a wing of ordinary regime that holds nobody on remand."""
    level = tree.inherited(wing[0]["parent_id"], "regime_level") or 0
    return level <= ORDINARY_CEILING and not any(
        person["legal_category"] == LegalCategory.REMAND
        for cell in wing
        for person in people.get(cell["cell_id"], ())
    )


def _part_of(cells: list[Row], places: int) -> list[Row]:
    """Whole landings first, in their order, then single cells."""
    by_landing: dict[str, list[Row]] = {}
    for cell in cells:
        by_landing.setdefault(cell["parent_id"], []).append(cell)
    chosen: list[Row] = []
    for landing in sorted(by_landing):
        rows = by_landing[landing]
        if _places(rows) <= 1.25 * places:
            chosen += rows
            places -= _places(rows)
            continue
        for cell in rows:
            if 2 * places >= _places([cell]):
                chosen.append(cell)
                places -= _places([cell])
    return chosen


def _mark_closed(document: Document, tree: Tree, closed: list[Row], before: list[Row]) -> None:
    """Mark the units that are closed as a whole, and single cells otherwise."""
    mark = {
        "status": Status.INACTIVE.value,
        "deactivated_reason": DeactivatedReason.MAINTENANCE.value,
    }
    in_use = Counter(u["unit_id"] for c in before for u in tree.above(c["parent_id"]))
    gone = Counter(u["unit_id"] for c in closed for u in tree.above(c["parent_id"]))
    whole = {unit_id for unit_id, count in gone.items() if count == in_use[unit_id]}
    for unit in document["units"]:
        if unit["unit_id"] in whole and unit["unit_type"] != "facility":
            unit.update(mark)
    for cell in closed:
        if cell["parent_id"] not in whole:
            cell.update(mark)
