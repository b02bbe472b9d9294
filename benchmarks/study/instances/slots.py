"""Examinations in time slots: some never at the same time, many better far from each other.

People are examinations, cells are slots without a limit. Two that a student takes are kept apart,
and the nearer their slots, the more it costs: contact is a table, and a lawful placement is a
colouring of a graph.

References
----------
.. [1] Carter, Laporte and Lee (1996), Examination timetabling: algorithmic strategies and
   applications, doi 10.1057/jors.1996.37: 16, 8, 4, 2 and 1 for slots one to five apart. We took
   the form and the sizes; instances are drawn anew.
"""

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.flat import flat_instance, pair_points, table
from allocator.model.instance import Instance
from allocator.model.shapes import Apart, IntArray
from allocator.model.vocabulary import Level

FACULTIES, ELSEWHERE = 6, 0.04  # how likely an examination of another faculty is, against its own
TAKEN = 4.5  # examinations of a student, in the mean
FAR = 5  # slots apart, beyond which nothing is counted


def examinations(people: int, students: int, slots: int, seed: int) -> Instance:
    """`people` examinations of so many students, in `slots` time slots."""
    common = _in_common(people, students, np.random.default_rng(seed))
    first, second = np.nonzero(np.triu(common, 1))
    apart = Apart(RuleId.NON_ASSOCIATION, first, second, Level.CELL)
    gap = np.abs(np.arange(slots)[:, None] - np.arange(slots))
    near = np.where((gap > 0) & (gap <= FAR), 2 ** (FAR - np.minimum(gap, FAR)), 0)
    everybody, caps = np.ones(people, dtype=np.int64), np.full(slots, people)
    return flat_instance(everybody, caps, table(near), (pair_points(common), apart))


def _in_common(people: int, students: int, rng: np.random.Generator) -> IntArray:
    """How many students take both of two examinations, shape (n, n), the diagonal zeros."""
    faculty, popular = rng.integers(0, FACULTIES, people), rng.exponential(1.0, people) + 0.1
    common = np.zeros((people, people), dtype=np.int64)
    for _ in range(students):
        likely = popular * np.where(faculty == rng.integers(FACULTIES), 1.0, ELSEWHERE)
        number = min(people, max(1, int(rng.poisson(TAKEN))))
        taken = rng.choice(people, number, replace=False, p=likely / likely.sum())
        common[np.ix_(taken, taken)] += 1
    np.fill_diagonal(common, 0)
    return common
