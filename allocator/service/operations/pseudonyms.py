"""Ids of people in stored documents taken out: for snapshots that outlive their purpose (R65).

An id is replaced wherever it stands by itself in any text of the document, so that nothing depends
on where a document happens to name people. What people wrote in their own words is emptied.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

PREFIX = "anon-"
OWN_WORDS = frozenset({"text", "note", "grounds", "description"})
EMPTIED = "removed"
EDGE = r"[0-9A-Za-z_.\-]"
EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "findings": ("person_id",),
    "influence_edges": ("source", "target"),
    "keep_apart_memberships": ("person_id",),
    "non_associations": ("person_a", "person_b"),
    "protection_needs": ("person_id", "from_person"),
    "authorities": ("person_id",),
    "stable_pairs": ("person_a", "person_b"),
    "complaints": ("person_id",),
    "locks": ("person_id",),
    "freezes": ("person_id",),
}


def pseudonyms_of(person_ids: Iterable[str]) -> dict[str, str]:
    """A random pseudonym for each id; nobody can go back, and the same person has another one in
    every snapshot.
    """
    return {person_id: f"{PREFIX}{secrets.token_hex(8)}" for person_id in sorted(set(person_ids))}


def people_of(document: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the people of a scenario document, or of the placements of a plan."""
    rows = [*document.get("people", ()), *document.get("placements", ())]
    return frozenset(str(row["person_id"]) for row in rows if "person_id" in row)


def replace_ids(document: Any, names: Mapping[str, str], *, empty_words: bool = True) -> Any:
    """A copy of any JSON value with every id replaced.

    Parameters
    ----------
    empty_words : also empty what people wrote in their own words.
    """
    if not names:
        return document
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    pattern = re.compile(f"(?<!{EDGE})(?:{'|'.join(map(re.escape, longest_first))})(?!{EDGE})")

    def renamed(text: str) -> str:
        return names[text] if text in names else pattern.sub(lambda m: names[m[0]], text)

    def walk(value: Any, key: str = "") -> Any:
        if isinstance(value, str):
            return EMPTIED if empty_words and key in OWN_WORDS and value else renamed(value)
        if isinstance(value, Mapping):
            return {renamed(str(name)): walk(entry, str(name)) for name, entry in value.items()}
        if isinstance(value, list | tuple):
            return [walk(entry, key) for entry in value]
        return value

    return walk(document)


def without_evidence(document: Mapping[str, Any], person_id: str) -> dict[str, Any]:
    """A scenario document without what is recorded about a person but the row itself."""
    kept = dict(document)
    for table, columns in EVIDENCE.items():
        if table in document:
            rows = document[table]
            kept[table] = [r for r in rows if all(r.get(c) != person_id for c in columns)]
    return kept
