"""The shapes that every rule and goal compiles to; engines know nothing else.

Indices are positions in `Instance.person_ids`, `Instance.cell_ids` and the units of a level.
Every array is one-dimensional, integer and read-only by convention.

A shape's `penalty` None makes it hard. Otherwise each unit of breach costs `penalty.price`
points in `penalty.tier`. Breach amounts:

=============  =====================================================================
shape          amount of breach
=============  =====================================================================
Eligible       1 for each person in a barred cell
Stay           1 for each person placed in another cell than the present one
Alone          1 for each such person who has company
Apart          1 for each pair that shares a unit of the level
Count          units over `high` (linear), or k(k+1)/2 for k over (triangular), per unit
OneClass       people in the unit's classes less those of its largest class, per unit
MoveLimit      weight over `high`
Placed         1 for each person without a place
=============  =====================================================================
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.vocabulary import Level, Tier

IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Penalty:
    """Price of one unit of breach, at least 1, in a tier."""

    tier: Tier
    price: int


@dataclass(frozen=True, slots=True, eq=False)
class Eligible:
    """Each of `persons` may be in none of the `barred` cells.

    `witness` says in neutral words what the people have in common.
    """

    rule: RuleId
    persons: IntArray
    barred: IntArray
    penalty: Penalty | None = None
    witness: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """Each of `persons`, all of whom have a present cell, stays in it."""

    rule: RuleId
    persons: IntArray
    penalty: Penalty | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """Each of `persons` has nobody else in the cell."""

    rule: RuleId
    persons: IntArray
    penalty: Penalty | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """`first[k]` and `second[k]` never share a unit of `level`; shape (n_pairs,) each."""

    rule: RuleId
    first: IntArray
    second: IntArray
    level: Level
    penalty: Penalty | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """Σ weights of `persons` in `units[k]` is between `low[k]` and `high[k]`.

    Parameters
    ----------
    persons, weights : shape (n_group,), weights at least 1.
    units, low, high : shape (n_units,); units not listed are not limited.
    or_none : the lower limit holds only where at least one of the group is present.
    triangular : amount k(k+1)/2 instead of k for k over `high`.

    The lower limit is always hard; `penalty` prices the upper limit.
    """

    rule: RuleId
    persons: IntArray
    weights: IntArray
    level: Level
    units: IntArray
    low: IntArray
    high: IntArray
    or_none: bool = True
    triangular: bool = False
    penalty: Penalty | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OneClass:
    """A unit of `level` holds one class at a time.

    `persons` and `classes` have shape (n_members,), classes numbered from 0; people who are not
    listed belong to no class and disturb none.
    """

    rule: RuleId
    persons: IntArray
    classes: IntArray
    level: Level
    penalty: Penalty | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MoveLimit:
    """Σ weights of `persons` who have a present cell and are placed elsewhere ≤ `high`."""

    rule: RuleId
    persons: IntArray
    weights: IntArray
    high: int
    witness: str
    penalty: Penalty | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Each of `persons` has a place; leaving one without costs the penalty."""

    rule: RuleId
    persons: IntArray
    penalty: Penalty


@dataclass(frozen=True, slots=True, eq=False)
class PairPoints:
    """Points times contact for pairs of people; shape (n_pairs,) each, points of either sign.

    With `level` None the factor is the contact weight from the first person's cell to the
    second's; otherwise it is 1 when both share a unit of the level and 0 when not.
    """

    goal: GoalId
    tier: Tier
    first: IntArray
    second: IntArray
    points: IntArray
    level: Level | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CellPoints:
    """`points` for each of `persons` who is in one of `cells`; points of either sign.

    `points` is one number, or of shape (n_cells,) with a number for each of `cells`.
    """

    goal: GoalId | RuleId
    tier: Tier
    persons: IntArray
    cells: IntArray
    points: int | IntArray

    @property
    def by_cell(self) -> IntArray:
        """The points for each of `cells`, shape (n_cells,)."""
        return np.broadcast_to(np.asarray(self.points, dtype=np.int64), self.cells.shape)


@dataclass(frozen=True, slots=True, eq=False)
class MovePoints:
    """`points[k]` when `persons[k]`, who has a present cell, is placed elsewhere."""

    goal: GoalId
    tier: Tier
    persons: IntArray
    points: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class LoadPoints:
    """`table[k, places taken]` for each of `cells`; convex along the second axis.

    `table` has shape (n_cells, largest maximum capacity + 1).
    """

    goal: GoalId
    tier: Tier
    cells: IntArray
    table: IntArray


RuleShape: TypeAlias = (
    Eligible | Stay | Alone | Apart | Count | OneClass | MoveLimit | Placed | CellPoints
)
GoalShape: TypeAlias = PairPoints | CellPoints | MovePoints | LoadPoints
Shape: TypeAlias = RuleShape | GoalShape
