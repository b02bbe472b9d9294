"""How much is looked for, counted and not timed: the same on every machine."""

from dataclasses import dataclass

MOST_WORK = 80_000
LAST_WORK = 40


@dataclass(slots=True)
class Patience:
    """Work that all groups of an order may still cost; the same on every machine.

    Parameters
    ----------
    left : as `Search.work` counts it. Where none is left, each group is tried once with everybody
        waiting who can, for `LAST_WORK` for each of its people, and nobody looks for fewer.
    """

    left: int

    def of_search(self, people: int) -> int:
        """Work of one search for so many people at most."""
        return max(self.left, LAST_WORK * people)

    def half(self, people: int) -> "Patience":
        """Half of what is left for one look at so many people."""
        return Patience(max(self.left // 2, LAST_WORK * people))

    @property
    def is_over(self) -> bool:
        """True where nothing more is looked for."""
        return self.left <= 0
