"""F21: six facilities as one network, with shared keep-aparts."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.random import Generator

from allocator.model.vocabulary import NonAssociationReason, Restriction
from allocator.simulate.build import build_facility
from allocator.simulate.estate import NOTICE_DAYS
from allocator.simulate.facilities import FACILITIES
from allocator.simulate.rows import Document, Row, header

NAME = "f21_region_6"
MEMBERS = (
    "f01_grad_hs",
    "f02_dubrin",
    "f04_idra_semi",
    "f06_state_bh",
    "f08_zena",
    "f11_zabel",
)
SHARED_PAIRS = 40
PERSON_FIELDS = frozenset(
    {"person_id", "person_a", "person_b", "from_person", "source", "target", "authority_id"}
)
GROUP_FIELDS = frozenset({"group_id", "group_a", "group_b", "from_group"})
HEAD = frozenset(header(NAME, "", sources=("x",), dedicated_units=("x",)))


def build_region(seed: int) -> Document:
    """One document of the six; people keep their number after the facility's prefix.

    Networks are shared by two neighbours each. Rival groups are shared by the facilities that
    keep them apart at wings; elsewhere they keep the facility's prefix.
    """
    rng = np.random.default_rng([seed, *NAME.encode()])
    parts = [build_facility(FACILITIES[name], seed) for name in MEMBERS]
    document = header(
        NAME,
        "Six prisons as one network: "
        + "; ".join(FACILITIES[name].title for name in MEMBERS)
        + ". Invented people; keep-aparts and networks reach across facilities.",
        dedicated_units=["F01-C"],
        sources=_unique(source for part in parts for source in part["sources"]),
    )
    for number, part in enumerate(parts):
        _add_part(document, part, number, rng)
    rivalries = {(row["group_a"], row["group_b"]): row for row in document["group_rivalries"]}
    document["group_rivalries"] = list(rivalries.values())
    document["transfer_pairs"] = _transfers([name[:3].upper() for name in MEMBERS])
    _add_shared_pairs(document, rng)
    return document


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _add_part(document: Document, part: Document, number: int, rng: Generator) -> None:
    """Append a facility's tables with prefixed ids and a home area of its own."""
    prefix = MEMBERS[number][:3].upper()
    by_wing = all(row["restriction"] == "wing" for row in part["group_rivalries"])
    for table, rows in part.items():
        if table not in HEAD:
            document.setdefault(table, []).extend(
                _renamed(row, _renamer(prefix, number, shared_groups=by_wing)) for row in rows
            )
    for row in document["units"]:
        if row["unit_id"] == prefix:
            row["home_area"] = f"area_{number + 1}"
    for row in document["people"]:
        if row["person_id"].startswith(prefix):
            row["home_area"] = f"area_{int(rng.integers(len(MEMBERS))) + 1}"


def _renamer(prefix: str, number: int, *, shared_groups: bool) -> Callable[[str, str], str]:
    def rename(field: str, value: str) -> str:
        if field in PERSON_FIELDS or (field in GROUP_FIELDS and not shared_groups):
            return f"{prefix}-{value}"
        if field == "network_id":
            return f"region_{number // 2 + 1}_{value}"
        return value

    return rename


def _renamed(row: Row, rename: Callable[[str, str], str]) -> Row:
    return {
        field: rename(field, value) if isinstance(value, str) else value
        for field, value in row.items()
    }


def _transfers(facilities: list[str]) -> list[Row]:
    return [
        {"from_facility": a, "to_facility": b, "is_open": True, "notice_days": NOTICE_DAYS}
        for a in facilities
        for b in facilities
        if a != b
    ]


def _add_shared_pairs(document: Document, rng: Generator) -> None:
    """People of different facilities who must not meet in one facility."""
    ids = [row["person_id"] for row in document["people"]]
    pairs: set[tuple[str, str]] = set()
    while len(pairs) < SHARED_PAIRS:
        first, second = sorted(ids[int(k)] for k in rng.integers(len(ids), size=2))
        if first[:3] != second[:3]:
            pairs.add((first, second))
    document["non_associations"] += [
        {
            "person_a": first,
            "person_b": second,
            "restriction": Restriction.FACILITY.value,
            "reason": NonAssociationReason.ORGANISED_CRIME.value,
        }
        for first, second in sorted(pairs)
    ]
