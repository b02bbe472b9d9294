"""How many people of each class of a partition a unit holds, as a state counts them."""

from allocator.model.shapes import IntArray
from allocator.solver.compiled import inner
from allocator.solver.packed import PART_START, PART_WIDTH, part, spot
from allocator.solver.search.state import CLASSES


@inner("u8(i8[::1], i8[::1], i8, i8, i8)", hot=True)
def _counter(t: IntArray, s: IntArray, q: int, u: int, k: int) -> int:
    """Where partition q counts class k in unit u; all of its people are counted last."""
    return spot(s, CLASSES, part(t, q, PART_START) + u * part(t, q, PART_WIDTH) + k)


@inner("i8(i8[::1], i8[::1], i8, i8, i8)", hot=True)
def in_class(t: IntArray, s: IntArray, q: int, u: int, k: int) -> int:
    """How many people of class k of a partition are in a unit."""
    return s[_counter(t, s, q, u, k)]


@inner("i8(i8[::1], i8[::1], i8, i8)", hot=True)
def in_classes(t: IntArray, s: IntArray, q: int, u: int) -> int:
    """How many people of any class of a partition are in a unit."""
    return s[_counter(t, s, q, u, part(t, q, PART_WIDTH) - 1)]


@inner("i8(i8[::1], i8[::1], i8, i8)", hot=True)
def in_largest_class(t: IntArray, s: IntArray, q: int, u: int) -> int:
    """How many people of the class that most people of a unit are of."""
    largest = 0
    for k in range(part(t, q, PART_WIDTH) - 1):
        largest = max(largest, in_class(t, s, q, u, k))
    return largest


@inner("void(i8[::1], i8[::1], i8, i8, i8, i8)", hot=True)
def count_class(t: IntArray, s: IntArray, q: int, u: int, k: int, step: int) -> None:
    """Count somebody of class k in (step 1) or out (step -1)."""
    s[_counter(t, s, q, u, k)] += step
    s[_counter(t, s, q, u, part(t, q, PART_WIDTH) - 1)] += step
