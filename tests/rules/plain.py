"""Shapes as plain tuples with names instead of positions, to compare with what the page says."""

from typing import TypeAlias

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.scenario import Scenario
from allocator.model.shapes import (
    Alone,
    Apart,
    CellPoints,
    Count,
    Eligible,
    IntArray,
    MoveLimit,
    OneClass,
    Penalty,
    Placed,
    RuleShape,
    Stay,
)
from allocator.model.vocabulary import Level
from allocator.rules import ALL_RULES, penalty_of
from allocator.rules._common import setting_of

Plain: TypeAlias = tuple[object, ...]


def compiled(scenario: Scenario, rule: RuleId) -> list[Plain]:
    """One rule of a scenario at its setting, plain."""
    index = ScenarioIndex(scenario)
    penalty = penalty_of(setting_of(scenario, rule))
    return [plain(index, shape) for shape in ALL_RULES[rule](index, penalty)]


def plain(index: ScenarioIndex, shape: RuleShape) -> Plain:  # noqa: PLR0911
    """Kind, people, what the kind adds, price (None when hard)."""
    people = _names(index, shape)
    match shape:
        case Eligible():
            cells = index.scenario.estate.cells
            barred = " ".join(cells[c].cell_id for c in shape.barred)
            return ("eligible", people, barred, _price(shape.penalty))
        case Stay():
            return ("stay", people, _price(shape.penalty))
        case Alone():
            return ("alone", people, _price(shape.penalty))
        case Apart():
            return ("apart", people, str(shape.level), _price(shape.penalty))
        case Count():
            return ("count", people, *_limits(index, shape), _price(shape.penalty))
        case OneClass():
            classes = " ".join(str(k) for k in shape.classes)
            return ("one class", people, classes, str(shape.level), _price(shape.penalty))
        case MoveLimit():
            weights = shape.weights.tolist()
            return ("moves", people, weights, shape.high, shape.witness, _price(shape.penalty))
        case Placed():
            return ("placed", people, _price(shape.penalty))
        case CellPoints():
            cells = index.scenario.estate.cells
            places = " ".join(cells[c].cell_id for c in shape.cells)
            return ("points", people, places, shape.points, str(shape.tier))


def _names(index: ScenarioIndex, shape: RuleShape) -> str:
    if isinstance(shape, Apart):
        pairs = zip(_ids(index, shape.first), _ids(index, shape.second), strict=True)
        return " ".join(f"{a}-{b}" for a, b in pairs)
    return " ".join(_ids(index, shape.persons))


def _ids(index: ScenarioIndex, persons: IntArray) -> list[str]:
    return [index.scenario.people[p].person_id for p in persons]


def _price(penalty: Penalty | None) -> object:
    return None if penalty is None else (str(penalty.tier), penalty.price)


def _limits(index: ScenarioIndex, shape: Count) -> Plain:
    """Weights where they differ from 1, then the units with their low and high limits."""
    names = index.unit_names(shape.level)
    rows = zip(shape.units, shape.low, shape.high, strict=True)
    limits = {names[u]: (int(low), int(high)) for u, low, high in rows}
    level = Level(shape.level)
    marks = ["triangular"] if shape.triangular else []
    weights = shape.weights.tolist()
    if set(weights) != {1}:
        marks.append(f"weights {weights}")
    return (str(level), limits, *marks)
