"""Groups of people who can hinder one another; all others can move in any order."""

from collections.abc import Mapping

from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Key


def find_knots(occupancy: Occupancy, targets: Mapping[int, int]) -> list[dict[int, int]]:
    """The targets, split into groups that share nothing that can become too much or too little.

    With everybody of the targets both where they are and where they go, a key whose amount is
    allowed even so hinders nobody; a lower limit can hinder whoever counts for it.
    """
    widest = occupancy.copy()
    for person, cell in targets.items():
        widest.enter(person, cell)
    groups = _Groups(targets)
    first: dict[Key, int] = {}
    for person, target in sorted(targets.items()):
        for cell in (*occupancy.where[person], target):
            for key in widest.keys(person, cell):
                if key.is_low or widest.amount(key) > occupancy.rules.allowed(key):
                    groups.join(first.setdefault(key, person), person)
    return groups.listed(targets)


class _Groups:
    """Union of groups; each is named by its smallest member."""

    def __init__(self, members: Mapping[int, int]) -> None:
        self._parent = {member: member for member in members}

    def _root(self, member: int) -> int:
        root = member
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[member] != root:
            self._parent[member], member = root, self._parent[member]
        return root

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        self._parent[high] = low

    def listed(self, targets: Mapping[int, int]) -> list[dict[int, int]]:
        found: dict[int, dict[int, int]] = {}
        for member in sorted(targets):
            found.setdefault(self._root(member), {})[member] = targets[member]
        return list(found.values())
