r"""R18: leaders and recruiters never share a cell with receptive people.

In each cell, of the people who are leading (leader or recruiter) and those who are receptive
(moderate or high, or unknown and new), one class at a time:

.. math:: \min(\text{leading}_c, \text{receptive}_c) = 0

A person who is both is in neither class and never shares a cell with anyone who is either or both.

Amount of a breach: people of the smaller class, per cell; 1 per pair with a person who is both.

References
----------
.. [1] GCTF, Rome Memorandum; Recommendation (EU) 2023/681.
"""

from collections.abc import Iterator

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.facts import is_leading, is_receptive_or_new
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import Apart, IntArray, OneClass, Penalty
from allocator.model.vocabulary import Level
from allocator.rules._common import class_rule

RULE = RuleId.SOURCE_RECEPTIVE_CELL


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[OneClass | Apart]:
    """The class rule for people who are one of the two, pairs for people who are both."""
    scenario = index.scenario

    def class_of(person: Person) -> int | None:
        leading, receptive = is_leading(scenario, person), is_receptive_or_new(scenario, person)
        return int(receptive) if leading != receptive else None

    yield from class_rule(index, RULE, penalty, Level.CELL, class_of)
    both = index.people_where(
        lambda p: is_leading(scenario, p) and is_receptive_or_new(scenario, p)
    )
    either = index.people_where(lambda p: class_of(p) is not None)
    first, second = _pairs(both, either)
    if first.size:
        yield Apart(RULE, first, second, Level.CELL, penalty)


def _pairs(both: IntArray, either: IntArray) -> tuple[IntArray, IntArray]:
    """Pairs of one who is both with one who is either, and of two who are both, once each."""
    upper, lower = np.triu_indices(len(both), k=1)
    first = np.concatenate([both[upper], np.repeat(both, len(either))])
    second = np.concatenate([both[lower], np.tile(either, len(both))])
    return np.minimum(first, second), np.maximum(first, second)
