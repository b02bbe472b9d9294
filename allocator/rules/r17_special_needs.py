r"""R17: a cell has what the person needs; cells reserved for a need go to those who have it.

With the person's needs :math:`D_p` and the cell's specialist types :math:`S_c`:

.. math:: x_{p,c} \le [D_p \subseteq S_c]

Healthcare cells hold exactly the people with a healthcare need; mother-and-baby cells and cells
used for vulnerable people hold only those people.

Amount of a breach: 1 per person.

References
----------
.. [1] European Prison Rules, 39-43; Bangkok Rules, 48-52.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import Eligible, Penalty
from allocator.model.vocabulary import AccommodationType, SpecialistCellType, UsedFor
from allocator.rules._common import barred_blocks

RULE = RuleId.SPECIAL_NEEDS
MOTHER_AND_BABY = SpecialistCellType.MOTHER_AND_BABY

Needs = tuple[frozenset[SpecialistCellType], bool, bool, bool]


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """One block per set of needs."""
    yield from barred_blocks(
        index,
        RULE,
        penalty,
        "cells without what the person needs, or reserved for another need",
        _needs_of,
        lambda cell: _offer_of(index, cell),
        _is_barred,
    )


def _needs_of(person: Person) -> Needs:
    with_baby = MOTHER_AND_BABY in person.needs
    return person.needs, person.healthcare_need, with_baby, person.vulnerable


def _offer_of(index: ScenarioIndex, cell: Cell) -> Needs:
    """What a cell has, and whether it is for healthcare, mothers with babies, the vulnerable."""
    estate = index.scenario.estate
    uses, types = estate.uses(cell), cell.specialist_cell_types
    is_inpatient = estate.accommodation_of(cell) is AccommodationType.HEALTHCARE_INPATIENTS
    return (
        types,
        is_inpatient or UsedFor.HEALTHCARE in uses,
        MOTHER_AND_BABY in types or UsedFor.MOTHER_BABY in uses,
        UsedFor.VULNERABLE in uses,
    )


def _is_barred(person: Needs, cell: Needs) -> bool:
    needs, needs_healthcare, with_baby, is_vulnerable = person
    types, for_healthcare, for_babies, for_vulnerable = cell
    return (
        not needs <= types
        or needs_healthcare != for_healthcare
        or (for_babies and not with_baby)
        or (for_vulnerable and not is_vulnerable)
    )
