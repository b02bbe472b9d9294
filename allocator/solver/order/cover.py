"""The fewest people of whom at least one is in every given set; exact."""

from collections.abc import Collection, Sequence


def smallest_cover(cuts: Sequence[frozenset[int]]) -> tuple[int, ...] | None:
    """A smallest set that meets every cut, sorted; None where a cut is empty.

    Iterative deepening over the first cut that is not met, with cuts that share nobody as a bound.
    """
    if any(not cut for cut in cuts):
        return None
    ordered = sorted(cuts, key=lambda cut: (len(cut), sorted(cut)))
    size = _disjoint(ordered, frozenset())
    while True:
        found = _extend(ordered, frozenset(), size)
        if found is not None:
            return tuple(sorted(found))
        size += 1


def _extend(
    cuts: Sequence[frozenset[int]], chosen: frozenset[int], left: int
) -> frozenset[int] | None:
    unmet = next((cut for cut in cuts if not cut & chosen), None)
    if unmet is None:
        return chosen
    if _disjoint(cuts, chosen) > left:
        return None
    for person in sorted(unmet):
        found = _extend(cuts, chosen | {person}, left - 1)
        if found is not None:
            return found
    return None


def _disjoint(cuts: Sequence[frozenset[int]], chosen: Collection[int]) -> int:
    """Cuts that are not met and share nobody: each needs somebody of its own."""
    used: set[int] = set()
    number = 0
    for cut in cuts:
        if used.isdisjoint(cut) and cut.isdisjoint(chosen):
            used |= cut
            number += 1
    return number
