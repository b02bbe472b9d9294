"""What many rules share: blocks of barred cells, class rules, caps on groups.

Nothing here knows a rule; every function takes the rule's id and passes it on.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.person import Person
from allocator.model.profile import RuleSetting
from allocator.model.scenario import Scenario
from allocator.model.shapes import Count, Eligible, IntArray, OneClass, Penalty
from allocator.model.vocabulary import Level

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)
PersonKey = TypeVar("PersonKey", bound=Hashable)
CellKey = TypeVar("CellKey", bound=Hashable)


def setting_of(scenario: Scenario, rule: RuleId) -> RuleSetting:
    """How a rule is applied: the policy's word, else the profile's."""
    return scenario.policy.settings.get(rule) or scenario.profile.settings[rule]


def positions_by(items: Sequence[Item], key: Callable[[Item], Key]) -> dict[Key, IntArray]:
    """Positions of the items under each key, keys in the order they first appear."""
    grouped: dict[Key, list[int]] = {}
    for position, item in enumerate(items):
        grouped.setdefault(key(item), []).append(position)
    return {k: int_array(positions) for k, positions in grouped.items()}


def barred_blocks(
    index: ScenarioIndex,
    rule: RuleId,
    penalty: Penalty | None,
    witness: str,
    person_key: Callable[[Person], PersonKey],
    cell_key: Callable[[Cell], CellKey],
    is_barred: Callable[[PersonKey, CellKey], bool],
) -> Iterator[Eligible]:
    """One `Eligible` per set of people who are barred from the same cells.

    People and cells with equal keys are treated alike, so the work is keys times keys and never
    people times cells. A person is in one block at most, so no breach is counted twice.
    """
    people = positions_by(index.scenario.people, person_key)
    cells = positions_by(index.scenario.estate.cells, cell_key)
    blocks: dict[tuple[CellKey, ...], list[IntArray]] = {}
    for key, persons in people.items():
        barred = tuple(k for k in cells if is_barred(key, k))
        if barred:
            blocks.setdefault(barred, []).append(persons)
    for barred, groups in blocks.items():
        barred_cells = np.sort(np.concatenate([cells[k] for k in barred]))
        yield Eligible(rule, np.sort(np.concatenate(groups)), barred_cells, penalty, witness)


def class_rule(
    index: ScenarioIndex,
    rule: RuleId,
    penalty: Penalty | None,
    level: Level,
    class_of: Callable[[Person], int | None],
) -> Iterator[OneClass]:
    """One `OneClass` at a level; nothing when fewer than two classes have members."""
    classes = [class_of(person) for person in index.scenario.people]
    members = [(p, k) for p, k in enumerate(classes) if k is not None]
    if len({k for _, k in members}) > 1 and index.unit_names(level):
        persons, numbers = zip(*members, strict=True)
        yield OneClass(rule, int_array(persons), int_array(numbers), level, penalty)


def cap_on(
    rule: RuleId,
    penalty: Penalty | None,
    persons: IntArray,
    level: Level,
    units: IntArray,
    high: IntArray | int,
    *,
    triangular: bool = False,
) -> Iterator[Count]:
    """At most `high` of `persons` in each of `units`; only units that the group could overfill."""
    limits = np.broadcast_to(np.asarray(high, dtype=np.int64), units.shape)
    limited = limits < len(persons)
    if limited.any():
        chosen = units[limited]
        low, ones = np.zeros_like(chosen), np.ones_like(persons)
        yield Count(
            rule,
            persons,
            ones,
            level,
            chosen,
            low,
            limits[limited].copy(),
            triangular=triangular,
            penalty=penalty,
        )
