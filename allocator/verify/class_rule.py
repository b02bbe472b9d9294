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


def class_breaches(
    view: View, rule: RuleId, level: Level, class_of: ClassOf, classes: str = ""
) -> Iterator[Breach]:
    """Units of a level that hold people of more than one class; None is in no class.

    Parameters
    ----------
    class_of : looks at the person alone, so that where one person moved only the units that the
        person left or came to are looked at again.
    classes : tells the classes apart where a rule has several at one level.
    """
    key = (rule, level, classes)
    found, again = view.unit_breaches_before(key)
    for unit_id, people in again:
        breach = _mixed(view, rule, (level, unit_id), people, class_of)
        if breach is not None:
            found[unit_id] = breach
    view.unit_breaches[key] = found
    yield from found.values()


def _mixed(
    view: View,
    rule: RuleId,
    unit: tuple[Level, str],
    people: tuple[Person, ...],
    class_of: ClassOf,
) -> Breach | None:
    if len(people) < 2:
        return None
    classed = [(person, name) for person in people if (name := class_of(person)) is not None]
    if len({name for _, name in classed}) < 2:
        return None
    level, unit_id = unit
    counts = Counter(name for _, name in classed)
    largest = min(counts, key=lambda name: (-counts[name], name))
    named = tuple(p for p, name in classed if level is Level.CELL or name != largest)
    numbers = ", ".join(f"{counts[name]} {name}" for name in sorted(counts))
    return Breach(
        rule,
        ids_of(named),
        unit_id,
        counts.total() - counts[largest],
        f"{view.named(level, unit_id)} holds {numbers}; one of these classes is allowed",
    )
