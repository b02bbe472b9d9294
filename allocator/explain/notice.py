"""What the person concerned is told of a plan: what is proposed, and the rights (R53, R54).

Nothing recorded is read for it but the places of the person: no rule, reason or other person can
be in a notice, because none is looked at.
"""

from dataclasses import dataclass

from allocator.explain.notice_words import NOTICES, RIGHTS, Language, Part
from allocator.model.estate import Cell, Unit
from allocator.model.plan import Placement
from allocator.model.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to one person.

    Parameters
    ----------
    proposal : the part that says what is proposed.
    from_cell, to_cell : ids, None for none; landing, wing : names, "" without a cell.
    paragraphs : the whole text in the language, what is proposed first.
    """

    person_id: str
    language: Language
    proposal: Part
    from_cell: str | None
    to_cell: str | None
    landing: str
    wing: str
    paragraphs: tuple[str, ...]


def notice_to(scenario: Scenario, placement: Placement, language: Language) -> Notice:
    """The notice of one placement of a plan.

    Raises
    ------
    KeyError
        If the scenario has no such cell.
    """
    cells = scenario.estate.cell_by_id
    here = placement.from_place if placement.from_place in cells else None
    cell = None if placement.cell_id is None else cells[placement.cell_id]
    landing, wing = ("", "") if cell is None else _units(scenario, cell)
    proposal = _proposal(here, placement.cell_id)
    words = NOTICES[language]
    first = words[proposal].format(
        cell=placement.cell_id,
        from_cell=here,
        landing=landing,
        wing=wing,
        day=scenario.day.isoformat(),
    )
    return Notice(
        person_id=placement.person_id,
        language=language,
        proposal=proposal,
        from_cell=here,
        to_cell=placement.cell_id,
        landing=landing,
        wing=wing,
        paragraphs=(first, *(words[part] for part in RIGHTS)),
    )


def _proposal(here: str | None, there: str | None) -> Part:
    if there is None:
        return Part.NO_CELL if here is None else Part.NO_CELL_NOW_IN
    if here is None:
        return Part.FIRST_CELL
    return Part.STAY if here == there else Part.MOVE


def _units(scenario: Scenario, cell: Cell) -> tuple[str, str]:
    estate = scenario.estate
    return _name(estate.landing_of(cell)), _name(estate.wing_of(cell))


def _name(unit: Unit) -> str:
    return unit.name or f"{unit.unit_type.value} {unit.unit_id}"
