"""Tables as one flat integer array, which compiled functions take as their only argument.

Compiling functions of dozens of arrays takes a minute and each call counts references; one array
costs neither. The array starts with the offsets of its parts; the functions below read one entry of
a part, columns named by the constants: `person(t, i, CURRENT)` is the present cell of person i.
"""

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner

if TYPE_CHECKING:
    from allocator.solver.fields import Fields
    from allocator.solver.tables import Tables

Bytes: TypeAlias = NDArray[np.uint8]
Int32: TypeAlias = NDArray[np.int32]

# Columns of `person`; *_AT is the first row of the person's terms, the next column the end.
PLACES, CURRENT, FIXED, ELIG_ROW, STATIC_ROW, ALONE = range(6)
APART_AT, APART_END, COUNT_AT, COUNT_END = range(6, 10)
CLASS_AT, CLASS_END, LIMIT_AT, LIMIT_END = range(10, 14)
# Rows of `price`.
UNPLACED, MOVED, COMPANY = range(3)
# Columns of `cell`.
CAP, LOAD_ROW, SLOT = range(3)
# Columns of the terms of a person.
APART_OTHER, APART_LEVEL = range(2)
PAIR_OTHER, PAIR_OUT, PAIR_IN = range(3)
COUNT_GROUP, COUNT_WEIGHT = range(2)
CLASS_PART, CLASS_INDEX = range(2)
LIMIT_ID, LIMIT_WEIGHT = range(2)
# Columns of fields and of contact structures; *_START is where a structure's own entries begin.
FIELD_TIER, FIELD_STRUCTURE, FIELD_START = range(3)
WIDTH, MATRIX_START, NEAR_START, HAS_EXTRA, FAR, GATHERED = range(6)  # MATRIX_START -1: of units
# Columns of the class and the extra of a cell in a structure.
KIND, EXTRA = range(2)
# Columns of groups (with `bound`: lower and upper limit per unit), partitions and limits.
GROUP_LEVEL, GROUP_START, GROUP_TIER, GROUP_PRICE, GROUP_TRIANGULAR, GROUP_OR_NONE = range(6)
LOW, HIGH = range(2)
PART_LEVEL, PART_START, PART_WIDTH, PART_TIER, PART_PRICE = range(5)
LIMIT_HIGH, LIMIT_TIER, LIMIT_PRICE = range(3)


# Header: offsets of the parts, sizes, and what there is any of: a trial looks at nothing else.
(
    PERSON, PRICE, ELIG, STATIC, STATIC_TIERS, LOADS, LOAD_TIERS, CELL, UNITS, APART,
    PAIR, FIELD_ROWS, FIELD, STRUCTURE, KINDS, MATRIX, NEAR_AT, NEAR, NEAR_MORE,
    COUNT, GROUP, BOUND, KLASS, PART, LIMIT, LIMIT_OF,
) = range(26)  # fmt: skip
(
    N_PERSONS, N_CELLS, N_TIERS, N_STATIC, N_LOADS, MAX_LOAD, N_FIELDS, N_LEVELS, N_PAIRS,
    HAS_COMPANY, HAS_CELL_COSTS, HAS_LIMITS, HAS_CLASSES, HAS_COUNTS, HAS_APART,
) = range(26, 41)  # fmt: skip
HEADER = 41
PERSON_COLUMNS = 14
WORD = 63  # bits of eligibility in one entry; the sign bit stays free


def _columns(*columns: NDArray[np.integer]) -> IntArray:
    return np.column_stack([c.astype(np.int64) for c in columns])


def _bits(flags: Bytes) -> IntArray:
    """Rows of flags as rows of words, bit b of word w for column WORD · w + b."""
    rows, m = flags.shape
    words = -(-m // WORD)
    padded = np.zeros((rows, words * WORD), dtype=np.int64)
    padded[:, :m] = flags
    weights = np.left_shift(np.int64(1), np.arange(WORD, dtype=np.int64))
    return padded.reshape(rows, words, WORD) @ weights


def pack(t: "Tables") -> IntArray:
    """Write the tables' arrays one after another behind their offsets."""
    ptrs = (t.apart_ptr, t.count_ptr, t.class_ptr, t.limit_ptr)
    ends = [column for ptr in ptrs for column in (ptr[:-1], ptr[1:])]
    width = t.part_classes + 1
    units = np.diff(t.part_units)
    start = np.concatenate(([0], np.cumsum(width * units)))[:-1]
    parts: tuple[NDArray[np.integer], ...] = (
        _columns(t.places, t.current, t.fixed, t.elig_row, t.static_row, t.alone, *ends),
        np.stack((t.unplaced, t.moved, t.alone_price), axis=1),
        _bits(t.elig),
        t.static,
        t.static_tiers,
        t.load_cost,
        t.load_tiers,
        _columns(t.cap, t.load_row, t.slot_offset[:-1]),
        t.whole_units,
        _columns(t.apart_other, t.apart_level),
        np.concatenate((t.pair_other, t.pair_out, t.pair_in)),  # columns, to be read in a row
        *_field_parts(t.fields),
        _columns(t.count_group, t.count_weight),
        _columns(
            t.group_level, t.group_offset[:-1], t.group_tier, t.group_price,
            t.group_triangular, t.group_or_none,
        ),
        _columns(t.unit_low, t.unit_high),
        _columns(t.class_part, t.class_index),
        _columns(t.part_level, start, width, t.part_tier, t.part_price),
        _columns(t.limit_id, t.limit_weight),
        _columns(t.limit_high, t.limit_tier, t.limit_price),
    )  # fmt: skip
    sizes = [part.size for part in parts]
    offsets = HEADER + np.concatenate(([0], np.cumsum(sizes)))
    flat = np.zeros(int(offsets[-1]), dtype=np.int64)
    flat[: len(parts)] = offsets[:-1]
    flat[N_PERSONS:HEADER] = (
        len(t.places), len(t.cap), t.unplaced.shape[1], len(t.static_tiers),
        len(t.load_tiers), t.load_cost.shape[2], len(t.fields.tier), len(t.whole_units),
        len(t.pair_other), bool(t.alone_price.any()),
        bool(len(t.load_tiers) or t.alone.any() or t.alone_price.any()),
        len(t.limit_id) > 0, len(t.class_part) > 0, len(t.count_group) > 0,
        len(t.apart_other) > 0,
    )  # fmt: skip
    for offset, part in zip(offsets[:-1].tolist(), parts, strict=True):
        flat[offset : offset + part.size] = part.reshape(-1)
    return flat


def _field_parts(fields: "Fields") -> tuple[NDArray[np.integer], ...]:
    """Rows, fields, structures, kinds of cells, matrices and the lists of near classes."""
    found = fields.structures
    matrices = [s.matrix.reshape(-1) for s in found]
    near = [s.near for s in found]
    widths = np.array([s.width for s in found], dtype=np.int64)
    of_units = np.array([s.matrix.size == 0 for s in found], dtype=np.bool_)
    matrix_start = np.concatenate(([0], np.cumsum([m.size for m in matrices])))[:-1]
    matrix_start = np.where(of_units, -1, matrix_start)
    near_start = np.concatenate(([0], np.cumsum(widths + 1)))[:-1]
    shift = np.concatenate(([0], np.cumsum([len(n) for n in near])))[:-1]
    near_at = [s.near_ptr + int(d) for s, d in zip(found, shift, strict=True)]
    extra = np.array([bool(s.extra.any()) for s in found], dtype=np.int64)
    far, gathered = (
        np.array([getattr(s, name) for s in found], dtype=np.int64) for name in ("far", "gathered")
    )
    kinds = [_columns(s.classes, s.extra).reshape(-1) for s in found]
    return (
        fields.rows,
        _columns(fields.tier, fields.structure, fields.start),
        _columns(widths, matrix_start, near_start, extra, far, gathered),
        _flat(kinds),
        _flat(matrices),
        _flat(near_at),
        _flat(near),
        _flat([s.near_more for s in found]),
    )


def _flat(parts: list[IntArray]) -> IntArray:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


@inner("u8(i8[::1], i8, i8)", hot=True)
def spot(a: IntArray, part: int, k: int) -> int:
    """Where the k-th entry of a part stands in an array that starts with its parts' offsets.

    Unsigned, since an index that may be negative is looked at before each use of it.
    """
    return np.uint64(a[part] + k)  # type: ignore[return-value]


@compiled("i8(i8[::1], i8, i8)")
def person(t: IntArray, i: int, column: int) -> int:
    """Entry of a person."""
    return t[spot(t, PERSON, i * PERSON_COLUMNS + column)]


@compiled("i8(i8[::1], i8, i8, i8)")
def price(t: IntArray, i: int, row: int, tier: int) -> int:
    """Price of a person being unplaced, moved or in company, in a tier."""
    return t[spot(t, PRICE, (i * 3 + row) * t[N_TIERS] + tier)]


@inner("b1(i8[::1], i8, i8)", hot=True)
def may_be_in(t: IntArray, i: int, c: int) -> bool:
    """True when eligibility and freezes let person i be in cell c."""
    words = (t[N_CELLS] + WORD - 1) // WORD
    word = t[spot(t, ELIG, person(t, i, ELIG_ROW) * words + c // WORD)]
    if not (word >> (c % WORD)) & 1:
        return False
    fixed = person(t, i, FIXED)
    return fixed < 0 or fixed == c


@compiled("i8(i8[::1], i8, i8)")
def cell(t: IntArray, c: int, column: int) -> int:
    """Entry of a cell."""
    return t[spot(t, CELL, c * 3 + column)]


@compiled("i8(i8[::1], i8, i8)")
def unit(t: IntArray, level: int, c: int) -> int:
    """Unit of a cell at a level, -1 for none."""
    return t[spot(t, UNITS, level * t[N_CELLS] + c)]


@inner("i8(i8[::1], i8, i8, i8)", hot=True)
def static_points(t: IntArray, i: int, c: int, k: int) -> int:
    """Points of person i in cell c in the k-th tier of `STATIC_TIERS`."""
    row = person(t, i, STATIC_ROW)
    return t[spot(t, STATIC, (row * t[N_CELLS] + c) * t[N_STATIC] + k)]


@compiled("i8(i8[::1], i8, i8, i8)")
def load_cost(t: IntArray, c: int, k: int, load: int) -> int:
    """Cost of a cell's load in the k-th tier of `LOAD_TIERS`."""
    return t[spot(t, LOADS, (cell(t, c, LOAD_ROW) * t[N_LOADS] + k) * t[MAX_LOAD] + load)]


@compiled("i8(i8[::1], i8, i8)")
def apart(t: IntArray, e: int, column: int) -> int:
    """Entry of a keep-apart term."""
    return t[spot(t, APART, e * 2 + column)]


@compiled("i8(i8[::1], i8, i8)")
def pair(t: IntArray, e: int, column: int) -> int:
    """Entry of a pair term."""
    return t[spot(t, PAIR, column * t[N_PAIRS] + e)]


@inner("i8(i8[::1], i8, i8)", hot=True)
def field_row(t: IntArray, i: int, f: int) -> int:
    """First pair term of person i in field f; that of field f + 1 is the end."""
    return t[spot(t, FIELD_ROWS, i * (t[N_FIELDS] + 1) + f)]


@compiled("i8(i8[::1], i8, i8)")
def field(t: IntArray, f: int, column: int) -> int:
    """Entry of a field."""
    return t[spot(t, FIELD, f * 3 + column)]


@compiled("i8(i8[::1], i8, i8)")
def structure(t: IntArray, q: int, column: int) -> int:
    """Entry of a contact structure."""
    return t[spot(t, STRUCTURE, q * 6 + column)]


@compiled("i8(i8[::1], i8, i8, i8)")
def kind(t: IntArray, q: int, c: int, column: int) -> int:
    """Class or extra of a cell in a structure."""
    return t[spot(t, KINDS, (q * t[N_CELLS] + c) * 2 + column)]


@compiled("i8(i8[::1], i8, i8, i8)")
def weight(t: IntArray, q: int, k: int, h: int) -> int:
    """Contact weight from class k to class h in a structure."""
    if structure(t, q, MATRIX_START) < 0:
        return 1 if k == h and k < structure(t, q, WIDTH) - 1 else 0
    return t[spot(t, MATRIX, structure(t, q, MATRIX_START) + k * structure(t, q, WIDTH) + h)]


@compiled("i8(i8[::1], i8, i8)")
def count(t: IntArray, e: int, column: int) -> int:
    """Entry of a person's membership of a counted group."""
    return t[spot(t, COUNT, e * 2 + column)]


@compiled("i8(i8[::1], i8, i8)")
def group(t: IntArray, g: int, column: int) -> int:
    """Entry of a counted group."""
    return t[spot(t, GROUP, g * 6 + column)]


@compiled("i8(i8[::1], i8, i8)")
def bound(t: IntArray, at: int, column: int) -> int:
    """Lower or upper limit of a group in a unit."""
    return t[spot(t, BOUND, at * 2 + column)]


@inner("i8(i8[::1], i8, i8)", hot=True)
def klass(t: IntArray, e: int, column: int) -> int:
    """Entry of a person's class in a partition."""
    return t[spot(t, KLASS, e * 2 + column)]


@compiled("i8(i8[::1], i8, i8)")
def part(t: IntArray, q: int, column: int) -> int:
    """Entry of a partition."""
    return t[spot(t, PART, q * 5 + column)]


@compiled("i8(i8[::1], i8, i8)")
def limit(t: IntArray, e: int, column: int) -> int:
    """Entry of a person's weight in a move limit."""
    return t[spot(t, LIMIT, e * 2 + column)]


@inner("i8(i8[::1], i8, i8)", hot=True)
def limit_of(t: IntArray, k: int, column: int) -> int:
    """Entry of a move limit."""
    return t[spot(t, LIMIT_OF, k * 3 + column)]
