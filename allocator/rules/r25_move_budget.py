r"""R25: no more moves than the budget, the escort officers and the window allow.

With :math:`M_G` people of a group who have a present cell and are placed in another:

.. math:: M \le \text{budget}; \quad M_f, M_w \le \text{budgets of facility and wing left}; \quad
          \sum_{p \in M_f} \text{officers}_p \cdot \text{minutes}
          \le \text{escort officers} \cdot \text{window}

where :math:`\text{officers}_p` are those whom the person and the cell left ask for (P23); what the
cell reached asks for beyond that is for the order of moves to count, which knows it.

Without a limit of the scenario, the policy's share :math:`\lfloor \text{per 1000} \cdot
\text{people} / 1000 + 10^{-9} \rfloor` is the budget. First placements are no moves.

Amount of a breach: moves over, or officer minutes over, per limit.

References
----------
.. [1] Planning parameters P20, P23, P24 and P25.
"""

from collections.abc import Iterator
from math import floor

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.shapes import IntArray, MoveLimit, Penalty
from allocator.model.vocabulary import Level
from allocator.rules.escorts import officers_for

RULE = RuleId.MOVE_BUDGET
ROUNDING = 1e-9


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[MoveLimit]:
    """Limits on the whole scenario, each facility, each wing and each facility's escorts."""
    scenario = index.scenario
    settled = np.flatnonzero(index.current >= 0).astype(np.int64)
    limits = scenario.profile.thresholds
    facilities = _groups(index, settled, Level.FACILITY, "facility")
    wings = _groups(index, settled, Level.WING, "wing")
    yield from _limit({"whole scenario": settled}, _budget(index), penalty)
    yield from _limit(facilities, scenario.max_moves_per_facility, penalty)
    yield from _limit(wings, scenario.max_moves_per_wing, penalty)
    if limits.escort_officers is not None:
        escorts = {f"escort officers of {name}": group for name, group in facilities.items()}
        minutes = limits.escort_officers * limits.move_window_minutes
        yield from _limit(escorts, minutes, penalty, _escort_minutes(index, settled))


def _budget(index: ScenarioIndex) -> int | None:
    """Moves allowed in the whole scenario."""
    scenario = index.scenario
    share = scenario.policy.moves_per_1000
    if scenario.max_moves is not None or share is None:
        return scenario.max_moves
    return floor(share * len(scenario.people) / 1000 + ROUNDING)


def _groups(
    index: ScenarioIndex, settled: IntArray, level: Level, kind: str
) -> dict[str, IntArray]:
    """People by the unit they would leave."""
    unit_left = index.unit_of(level)[index.current[settled]]
    names = index.unit_names(level)
    return {f"{kind} {names[u]}": settled[unit_left == u] for u in np.unique(unit_left)}


def _escort_minutes(index: ScenarioIndex, settled: IntArray) -> IntArray:
    """Officer minutes of each person's move, 0 for people without a cell; shape (n_persons,)."""
    scenario = index.scenario
    estate, limits = scenario.estate, scenario.profile.thresholds
    minutes = np.zeros(len(scenario.people), dtype=np.int64)
    for person in settled.tolist():
        left = estate.cells[index.current[person]]
        officers = officers_for(estate, scenario.people[person], (left,), limits)
        minutes[person] = officers * limits.minutes_per_move
    return minutes


def _limit(
    groups: dict[str, IntArray],
    high: int | None,
    penalty: Penalty | None,
    weights: IntArray | None = None,
) -> Iterator[MoveLimit]:
    """One limit per group that could exceed it; `weights` : of everybody, 1 each without."""
    if high is None:
        return
    for witness, group in groups.items():
        own = np.ones_like(group) if weights is None else weights[group]
        persons, counted = group[own > 0], own[own > 0]
        if counted.sum() > high:
            yield MoveLimit(RULE, persons, counted, high, witness, penalty)
