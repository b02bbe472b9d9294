"""R17: a cell has what the person needs; cells reserved for a need go to those who have it."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import AccommodationType, SpecialistCellType, UsedFor
from allocator.verify.each import first_of, person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.SPECIAL_NEEDS
MOTHER_AND_BABY = SpecialistCellType.MOTHER_AND_BABY


def check(view: View) -> Iterator[Breach]:
    """People without what they need, and people in cells reserved for others."""
    accommodation_of = view.scenario.estate.accommodation_of

    def fault_of(person: Person, site: Site) -> str | None:
        types = site.cell.specialist_cell_types
        inpatient = accommodation_of(site.cell) is AccommodationType.HEALTHCARE_INPATIENTS
        healthcare = inpatient or UsedFor.HEALTHCARE in site.uses
        for_mothers = MOTHER_AND_BABY in types or UsedFor.MOTHER_BABY in site.uses
        lacking = ", ".join(sorted(person.needs - types))
        return first_of(
            (bool(lacking), f"the cell lacks {lacking}"),
            (healthcare and not person.healthcare_need, "healthcare cell, no healthcare need"),
            (person.healthcare_need and not healthcare, "healthcare need, no healthcare cell"),
            (for_mothers and MOTHER_AND_BABY not in person.needs, "cell for mothers with a child"),
            (
                UsedFor.VULNERABLE in site.uses and not person.vulnerable,
                "cell for vulnerable people",
            ),
        )

    yield from person_breaches(view, RULE, fault_of)
