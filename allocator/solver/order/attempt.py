"""A way through moves as far as one was found: actions in blocks, and groups that have none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from allocator.solver.order.actions import try_action
from allocator.solver.order.escorts import Action
from allocator.solver.order.lifts import Overdue
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Rules
from allocator.solver.order.timeline import overdue

Part = tuple[Action, ...]  # of an order


@dataclass(frozen=True, slots=True)
class Block:
    """Actions in order, from a state. `start` : everybody, before the first of them."""

    actions: Part
    start: Occupancy


@dataclass(frozen=True, slots=True)
class Stuck:
    """A group without an order.

    Parameters
    ----------
    targets : of everybody in it.
    home : those whom the actions of the best attempt bring home.
    after : everybody, when those are home.
    """

    targets: Mapping[int, int]
    home: frozenset[int]
    after: Occupancy

    @property
    def left(self) -> tuple[int, ...]:
        """Who cannot move, sorted."""
        return tuple(sorted(self.targets.keys() - self.home))


@dataclass(slots=True)
class Attempt:
    """What was found.

    Parameters
    ----------
    bound : people who have to wait at least; valid where nobody is stuck.
    """

    blocks: list[Block] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    bound: int = 0

    @property
    def actions(self) -> list[Action]:
        """Those of all blocks, in order."""
        return [action for block in self.blocks for action in block.actions]

    @property
    def rank(self) -> tuple[int, int]:
        """People left, then temporary steps; less is better."""
        goes = [go.person for action in self.actions for go in action]
        return sum(len(group.left) for group in self.stuck), len(goes) - len(set(goes))


def blocks_of(
    rules: Rules, targets: Mapping[int, int], parts: Sequence[Part]
) -> list[Block] | None:
    """Blocks of the parts in this order from where everybody is, cut where nobody waits.

    None where an action is not safe in it, or somebody waits too long.
    """
    at, blocks = Occupancy(rules), list[Block]()
    waiting: set[int] = set()
    for part in parts:
        if waiting:
            blocks[-1] = Block((*blocks[-1].actions, *part), blocks[-1].start)
        else:
            blocks.append(Block(part, at.copy()))
        if not all(try_action(at, action) for action in part):
            return None
        goes = [go for action in part for go in action]
        waiting |= {go.person for go in goes}
        waiting -= {go.person for go in goes if go.destination == targets[go.person]}
    is_late = any(_overdue(rules, block.start, block.actions) for block in blocks)
    return None if is_late else blocks


def overdue_by(rules: Rules) -> Overdue:
    """Who waits in the holding location too long in an order, by some rules."""
    return partial(_overdue, rules)


def _overdue(rules: Rules, start: Occupancy, actions: Sequence[Action]) -> frozenset[int]:
    return overdue(start, rules.facts, actions)
