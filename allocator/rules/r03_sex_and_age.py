r"""R03: women and men never share a wing; children share no wing or exercise group with adults.

In each wing, and for age in each unit of the profile's child/adult level and each exercise group,
the people present are of one class:

.. math:: \min(F_w, M_w) = 0; \qquad \min(\text{children}_u, \text{adults}_u) = 0

A cell used for ``women`` holds only women, one used for ``juvenile`` only people under adult age.

Amount of a breach: people of the smaller class, per unit and level; 1 per person for the uses.

References
----------
.. [1] ICCPR art. 10; Nelson Mandela Rules, rule 11.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import Eligible, OneClass, Penalty
from allocator.model.vocabulary import Level, Sex, UsedFor
from allocator.rules._common import barred_blocks, class_rule

RULE = RuleId.SEX_AND_AGE


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[OneClass | Eligible]:
    """Class rules by sex and by age, then cells reserved by their use."""
    thresholds = index.scenario.profile.thresholds

    def is_man(person: Person) -> bool:
        return person.sex is Sex.MALE

    def is_adult(person: Person) -> bool:
        return person.age_years >= thresholds.adult_age_years

    yield from class_rule(index, RULE, penalty, Level.WING, lambda p: int(is_man(p)))
    age_levels = dict.fromkeys((thresholds.child_adult_level, Level.EXERCISE_GROUP))
    for level in age_levels:
        yield from class_rule(index, RULE, penalty, level, lambda p: int(is_adult(p)))
    yield from barred_blocks(
        index,
        RULE,
        penalty,
        "cells used for another sex or age group",
        lambda person: (is_man(person), is_adult(person)),
        lambda cell: _reserved(index, cell),
        lambda person, cell: any(a and b for a, b in zip(person, cell, strict=True)),
    )


def _reserved(index: ScenarioIndex, cell: Cell) -> tuple[bool, bool]:
    uses = index.scenario.estate.uses(cell)
    return UsedFor.WOMEN in uses, UsedFor.JUVENILE in uses
