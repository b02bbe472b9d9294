"""All minimal sets that are enough, where a larger set is enough whenever a smaller one is.

Found by turns: a set shrinks by deletion until every element is needed; then everything but a
hitting set of the sets found is asked, which is enough only if there is another.

References
----------
.. [1] Reiter (1987), A theory of diagnosis from first principles: hitting sets.
.. [2] Liffiton, Previti, Malik and Marques-Silva (2016), Fast, flexible MUS enumeration.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

Set: TypeAlias = frozenset[int]
MOST_TESTS = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """Whether a set is enough, None when it could not be decided.

    `used` : where it is, a part of it that is known to be enough.
    """

    enough: bool | None
    used: Set = frozenset()


@dataclass(frozen=True, slots=True)
class MinimalSets:
    """Minimal sets in the order in which they were found.

    Parameters
    ----------
    proven : for each set whether every element was proved to be needed.
    is_complete : no other minimal set exists.
    """

    sets: tuple[Set, ...]
    proven: tuple[bool, ...]
    is_complete: bool


def minimal_sets(elements: Iterable[int], test: Callable[[Set], Reply], limit: int) -> MinimalSets:
    """Minimal sets of elements that are enough, at most `limit`.

    Parameters
    ----------
    elements : those that are given up first come first.
    test : asked about sets; monotone.
    """
    return _Search(tuple(elements), test).run(limit)


@dataclass(eq=False)
class _Search:
    elements: tuple[int, ...]
    test: Callable[[Set], Reply]
    refuted: list[Set] = field(default_factory=list)
    unsure: list[Set] = field(default_factory=list)
    enough: list[Set] = field(default_factory=list)
    tests: int = 0

    def run(self, limit: int) -> MinimalSets:
        found: list[Set] = []
        while len(found) < limit and (start := self._another(found)) is not None:
            found.append(self._shrunk(start))
        undecided = bool(self.unsure) or self.tests > MOST_TESTS
        complete = len(found) < limit and not undecided
        kept = tuple(s for s in found if not any(other < s for other in self.enough))
        return MinimalSets(kept, tuple(self._is_proven(s) for s in kept), complete)

    def _another(self, found: list[Set]) -> Set | None:
        """An enough set that contains none of those found, None when none is known to exist."""
        everything = frozenset(self.elements)
        for hit in hitting_sets(found):
            reply = self._ask(everything - hit)
            if reply.enough:
                return reply.used
            if self.tests > MOST_TESTS:
                return None
        return None

    def _shrunk(self, start: Set) -> Set:
        kept = start
        for element in self.elements:
            if element in kept:
                reply = self._ask(kept - {element})
                kept = reply.used if reply.enough else kept
        return kept

    def _ask(self, asked: Set) -> Reply:
        """The reply about a set, from what is known already where that says it."""
        for known in self.enough:
            if known <= asked:
                return Reply(enough=True, used=known)
        if any(asked <= known for known in self.refuted):
            return Reply(enough=False)
        if any(asked <= known for known in self.unsure):
            return Reply(enough=None)
        self.tests += 1
        reply = self.test(asked)
        if reply.enough:
            self.enough.append(reply.used)
        else:
            (self.unsure if reply.enough is None else self.refuted).append(asked)
        return reply

    def _is_proven(self, kept: Set) -> bool:
        return all(any(kept - {e} <= known for known in self.refuted) for e in kept)


def hitting_sets(sets: Iterable[Set]) -> list[Set]:
    """Minimal sets with an element of each of some sets, small ones first."""
    found: set[Set] = {frozenset()}
    for wanted in sets:
        grown = {h if h & wanted else h | {e} for h in found for e in (sorted(wanted) or [-1])}
        if not wanted:
            return []
        found = {h for h in grown if not any(other < h for other in grown)}
    return sorted(found, key=lambda h: (len(h), sorted(h)))
