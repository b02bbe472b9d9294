"""R03: women and men never share a wing; children never share a unit or exercise group with adults.

A cell used for women holds only women; a cell used for juveniles only people under adult age.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level, Sex, UsedFor
from allocator.verify.class_rule import class_breaches
from allocator.verify.each import first_of, person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.SEX_AND_AGE


def check(view: View) -> Iterator[Breach]:
    """Mixed units, and people in cells used for others."""
    adult_age = view.limits.adult_age_years

    def sex_of(person: Person) -> str:
        return f"of sex {person.sex.value}"

    def age_class(person: Person) -> str:
        return "adults" if person.age_years >= adult_age else "children"

    def fault_of(person: Person, site: Site) -> str | None:
        is_man, is_adult = person.sex is not Sex.FEMALE, person.age_years >= adult_age
        return first_of(
            (is_man and UsedFor.WOMEN in site.uses, "the cell is used for women"),
            (
                is_adult and UsedFor.JUVENILE in site.uses,
                f"the cell is used for people under {adult_age}",
            ),
        )

    yield from class_breaches(view, RULE, Level.WING, sex_of, "sex")
    for level in sorted({view.limits.child_adult_level, Level.EXERCISE_GROUP}):
        yield from class_breaches(view, RULE, level, age_class, "age")
    yield from person_breaches(view, RULE, fault_of)
