r"""People of different classes are kept in different units.

.. math:: \text{amount} = \sum_k n_k - \max_k n_k

for the numbers :math:`n_k` of people of each class in one unit: the fewest who would have to leave.
In a cell everyone of the classes is named; in a wider unit only those of the smaller classes
(of two equal ones, the later by name).
"""

from collections import Counter
from collections.abc import Callable, Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level
from allocator.verify.view import View, ids_of

ClassOf = Callable[[Person], str | None]


def class_breaches(view: View, rule: RuleId, level: Level, class_of: ClassOf) -> Iterator[Breach]:
    """Units of a level that hold people of more than one class; None is in no class."""
    for unit_id, people in view.people_by_unit(level).items():
        if len(people) < 2:
            continue
        classed = [(person, name) for person in people if (name := class_of(person)) is not None]
        if len({name for _, name in classed}) < 2:
            continue
        counts = Counter(name for _, name in classed)
        largest = min(counts, key=lambda name: (-counts[name], name))
        named = tuple(p for p, name in classed if level is Level.CELL or name != largest)
        numbers = ", ".join(f"{counts[name]} {name}" for name in sorted(counts))
        yield Breach(
            rule,
            ids_of(named),
            unit_id,
            counts.total() - counts[largest],
            f"{view.named(level, unit_id)} holds {numbers}; one of these classes is allowed",
        )
