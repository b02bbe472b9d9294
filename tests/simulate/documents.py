"""Documents built once per test process."""

from functools import cache

from allocator.simulate import build_document
from allocator.simulate.rows import Document, Row

SEED = 1
NOT_REBUILT = frozenset({"f07_fed_net", "f11_zabel", "f18_sat_7", "f19_graded_25", "f21_region_6"})
"""Scenarios whose stored files no test compares with what the generators make."""


@cache
def document_of(name: str) -> Document:
    return build_document(name, SEED)


def current_roles(document: Document) -> dict[str, str]:
    """Role by person of the current findings."""
    day = document["day"]
    return {
        row["person_id"]: row["value"]
        for row in document["findings"]
        if row["kind"] == "network_role" and row["assessed_at"] <= day <= row["valid_until"]
    }


def kept_apart(document: Document) -> set[frozenset[str]]:
    """Pairs of the non-associations and of members of rival groups."""
    members: dict[str, list[str]] = {}
    for row in document["keep_apart_memberships"]:
        members.setdefault(row["group_id"], []).append(row["person_id"])
    pairs = {frozenset({r["person_a"], r["person_b"]}) for r in document["non_associations"]}
    for row in document["group_rivalries"]:
        pairs |= {
            frozenset({a, b}) for a in members[row["group_a"]] for b in members[row["group_b"]]
        }
    return pairs


def places(cell: Row) -> int:
    """Working places, or the maximum where working capacity 0 is the normal entry."""
    return int(cell["working_capacity"] or cell["max_capacity"])
