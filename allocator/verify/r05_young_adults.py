"""R05: young adults are held apart from older adults; children are in neither class."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.class_rule import class_breaches
from allocator.verify.view import View

RULE = RuleId.YOUNG_ADULTS


def check(view: View) -> Iterator[Breach]:
    """Units with both young adults and older adults."""
    limits = view.limits

    def age_class(person: Person) -> str | None:
        if person.age_years < limits.adult_age_years:
            return None
        is_young = person.age_years <= limits.young_adult_until_years
        return "young adults" if is_young else "older adults"

    yield from class_breaches(view, RULE, limits.young_adult_level, age_class)
