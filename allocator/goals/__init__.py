"""One module per goal: words, formula, source, and a function that compiles it to shapes.

A new goal is one new file `rNN_name.py` with `GOAL` and `compile_goal`; it is found by itself.
"""

import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TypeAlias

from allocator.influence import InfluencePoints
from allocator.model.catalogue import GoalId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import GoalShape

GoalFunction: TypeAlias = Callable[[ScenarioIndex, InfluencePoints], Iterator[GoalShape]]


def _find_goals() -> Mapping[GoalId, GoalFunction]:
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name.startswith("r"))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    found: dict[GoalId, GoalFunction] = {m.GOAL: m.compile_goal for m in modules}
    if len(found) != len(modules):
        message = f"two of {names} compile one goal"
        raise ValueError(message)
    return MappingProxyType(found)


ALL_GOALS: Mapping[GoalId, GoalFunction] = _find_goals()


def compile_goals(
    index: ScenarioIndex, points: InfluencePoints, only: Collection[GoalId] = tuple(GoalId)
) -> tuple[GoalShape, ...]:
    """Shapes of every goal among `only` with a weight, in the order of the goals' ids."""
    chosen = (compile_goal for goal, compile_goal in ALL_GOALS.items() if goal in only)
    compiled = (compile_goal(index, points) for compile_goal in chosen)
    return tuple(shape for shapes in compiled for shape in shapes)
