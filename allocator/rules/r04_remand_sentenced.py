r"""R04: people on remand and sentenced people are held apart.

In each unit :math:`u` of the profile's level the people present are of one category; a cell whose
inherited legal category is set, or which is used for ``remand``, holds only that category:

.. math:: \min(\text{remand}_u, \text{sentenced}_u) = 0; \qquad
          x_{p,c} \le [\text{category}(p) = \text{category}(c)]

Amount of a breach: people of the smaller class, per unit; 1 per person in another category's cell.

References
----------
.. [1] European Prison Rules, 18.8 and 18.9: held apart, joint activities allowed by day.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import Eligible, OneClass, Penalty
from allocator.model.vocabulary import LegalCategory, UsedFor
from allocator.rules._common import barred_blocks, class_rule

RULE = RuleId.REMAND_SENTENCED


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[OneClass | Eligible]:
    """The class rule at the profile's level, then designated cells."""
    yield from class_rule(
        index,
        RULE,
        penalty,
        index.scenario.profile.thresholds.remand_sentenced_level,
        lambda person: int(person.legal_category is LegalCategory.SENTENCED),
    )
    yield from barred_blocks(
        index,
        RULE,
        penalty,
        "cells of the other legal category",
        lambda person: person.legal_category,
        lambda cell: _categories(index, cell),
        lambda category, reserved: any(other is not category for other in reserved),
    )


def _categories(index: ScenarioIndex, cell: Cell) -> frozenset[LegalCategory]:
    """Categories that a cell is reserved for; two exclude everyone."""
    estate = index.scenario.estate
    found = estate.inherited(cell, "legal_category")
    reserved = set() if found is None else {LegalCategory(str(found))}
    if UsedFor.REMAND in estate.uses(cell):
        reserved.add(LegalCategory.REMAND)
    return frozenset(reserved)
