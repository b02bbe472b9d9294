"""What of a scenario its readers see: intelligence is for those who may read it (R60).

The tables and fields below hold intelligence, as the
catalogue of explanations has it (`HIDDEN_RECORDS`), everything else does not. Who may not read it
gets documents without it; what they send back is completed with what they could not see, so that
a revision by a planner deletes nobody's findings.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from allocator.explain.markings import MARKED_TABLES
from allocator.explain.readers import Reader
from allocator.explain.records import RecordKind
from allocator.model.vocabulary import Marking
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action, may

NEEDS, RIVALRIES = "protection_needs", "group_rivalries"
GROUP_FIELDS: Mapping[str, tuple[str, ...]] = {
    NEEDS: ("from_group",),
    RIVALRIES: ("group_a", "group_b"),
}
NOT_SHOWN = "not shown"
"""In the place of a text that every row must have."""
HIDDEN_TABLES: Mapping[str, frozenset[RecordKind]] = {
    "findings": frozenset({RecordKind.NETWORK_ROLE, RecordKind.RECEPTIVITY}),
    "influence_edges": frozenset({RecordKind.EVIDENCE}),
    "keep_apart_memberships": frozenset({RecordKind.KEEP_APART_GROUP}),
    "group_rivalries": frozenset({RecordKind.KEEP_APART_GROUP}),
}
HIDDEN_FIELDS: Mapping[RecordKind, str] = {
    RecordKind.VEO_STATUS: "veo_status",
    RecordKind.COMMUNICATIONS_ORDER: "communications_order_until",
    RecordKind.FIRST_TIME: "first_time",
}
HIDDEN_REASONS: Mapping[str, tuple[str, ...]] = {
    "non_associations": ("reason", "role_a", "role_b"),
    "protection_needs": ("reason", "authority"),
    "authorities": ("grounds",),
}
_NEEDED = frozenset({("protection_needs", "reason"), ("protection_needs", "authority")}) | {
    ("authorities", "grounds")
}
_KEYS: Mapping[str, tuple[str, ...]] = {
    "people": ("person_id",),
    "non_associations": ("person_a", "person_b", "restriction"),
    "protection_needs": ("person_id", "from_person", "reach"),
    "authorities": ("authority_id",),
}
_PEOPLE = ("person_id", "person_a", "person_b", "source", "target")
Document = Mapping[str, Any]
Row = dict[str, Any]


def reader_of(caller: Caller) -> Reader:
    """As whom the caller reads, of no scenario yet."""
    sees = sees_intelligence(caller)
    kind = Reader.SECURITY if sees else Reader.OFFICER
    return Reader(kind.value, sees, frozenset(role.value for role in caller.roles))


def sees_intelligence(caller: Caller) -> bool:
    """True when a role of the caller opens intelligence."""
    return may(caller.roles, Action.READ_INTELLIGENCE)


def redact_scenario(document: Document, caller: Caller) -> Document:
    """The document as the caller may see it; it still reads as a scenario.

    A restricted record is for the roles that its owner released it to, and for nobody else.
    Without intelligence there are no findings, evidence and groups, no VEO status and monitoring
    order, and no grounds of authorities, non-associations and protection needs. A need to be out
    of reach of a group names the group, so its row is not shown either.
    """
    released = _released(document, caller)
    if sees_intelligence(caller):
        return released
    shown = {name: table for name, table in released.items() if name not in HIDDEN_TABLES}
    for name in _KEYS:
        if _is_table(shown.get(name)):
            shown[name] = [_shown(name, row) for row in shown[name] if not _is_hidden(name, row)]
    return shown


def complete_scenario(document: Document, stored: Document, caller: Caller) -> Document:
    """What the caller sends back, with what they could not see, from the stored document.

    A hidden table or field that the caller gives counts as given; of people who are gone nothing
    is kept.
    """
    whole = dict(document)
    if not sees_intelligence(caller):
        whole = _with_intelligence(document, stored)
    return _with_restricted(whole, stored, caller)


def _with_restricted(document: Document, stored: Document, caller: Caller) -> Document:
    """With the restricted records that the caller was not shown, of people who are still there."""
    whole = dict(document)
    people = {str(row.get("person_id")) for row in _rows(document, "people")}
    seen = _released(stored, caller)
    for name in (*MARKED_TABLES, RIVALRIES):
        given = whole.get(name, [])
        shown = set(map(id, seen.get(name, ())))
        unseen = [row for row in _rows(stored, name) if id(row) not in shown]
        kept = [
            row
            for row in unseen
            if _is_table(given) and row not in given and _is_of(row, people) and _names(row, whole)
        ]
        if kept:
            whole[name] = [*given, *kept]
    return whole


def _with_intelligence(document: Document, stored: Document) -> dict[str, Any]:
    whole = dict(document)
    people = {str(row.get("person_id")) for row in _rows(document, "people")}
    for name in HIDDEN_TABLES:
        if name not in document and name in stored:
            whole[name] = [row for row in _rows(stored, name) if _is_of(row, people)]
    groups = _groups(whole)
    for name in _KEYS:
        if _is_table(document.get(name)):
            whole[name] = _completed(name, document[name], _rows(stored, name))
    unseen = [
        row
        for row in _rows(stored, NEEDS)
        if _is_hidden(NEEDS, row) and _is_of(row, people) and row["from_group"] in groups
    ]
    if unseen and _is_table(whole.get(NEEDS, [])):
        known = whole.get(NEEDS, [])
        whole[NEEDS] = [*known, *(row for row in unseen if row not in known)]
    if "group_rivalries" in whole and "group_rivalries" not in document:
        rivalries = whole["group_rivalries"]
        whole["group_rivalries"] = [r for r in rivalries if {r["group_a"], r["group_b"]} <= groups]
    return whole


def _released(document: Document, caller: Caller) -> dict[str, Any]:
    """The document without records that were not released, and without groups that only they name.

    Then it still reads as a scenario.
    """
    shown = dict(document)
    for name in MARKED_TABLES:
        if _is_table(document.get(name)):
            shown[name] = [row for row in document[name] if _is_released(row, caller)]
    unknown = _groups(document) - _groups(shown)
    for name, fields in GROUP_FIELDS.items():
        if unknown and _is_table(shown.get(name)):
            shown[name] = [
                row for row in shown[name] if unknown.isdisjoint(row.get(f) for f in fields)
            ]
    return shown


def _names(row: Mapping[str, Any], document: Document) -> bool:
    """True for a row whose groups, where it names any, are those of the document."""
    named = {row.get(field) for fields in GROUP_FIELDS.values() for field in fields} - {None}
    return _groups(document).issuperset(named) if named else True


def _groups(document: Document) -> set[str]:
    return {str(row.get("group_id")) for row in _rows(document, "keep_apart_memberships")}


def _is_released(row: Mapping[str, Any], caller: Caller) -> bool:
    is_restricted = row.get("marking") == Marking.RESTRICTED.value
    return not is_restricted or not caller.roles.isdisjoint(row.get("released_to", ()))


def _hidden_fields(name: str) -> tuple[str, ...]:
    return tuple(HIDDEN_FIELDS.values()) if name == "people" else HIDDEN_REASONS[name]


def _is_hidden(name: str, row: Mapping[str, Any]) -> bool:
    return name == NEEDS and bool(row.get("from_group"))


def _shown(name: str, row: Mapping[str, Any]) -> Row:
    hidden = _hidden_fields(name)
    shown = {key: value for key, value in row.items() if key not in hidden}
    shown |= {key: NOT_SHOWN for key in hidden if (name, key) in _NEEDED and key in row}
    return shown


def _completed(name: str, given: Sequence[Row], stored: Sequence[Row]) -> list[Row]:
    known = {_key(name, row): row for row in stored}
    whole = []
    for row in given:
        before = known.get(_key(name, row), {})
        missing = {
            field: before[field]
            for field in _hidden_fields(name)
            if field in before and row.get(field, NOT_SHOWN) == NOT_SHOWN
        }
        whole.append({**row, **missing})
    return whole


def _is_of(row: Mapping[str, Any], people: set[str]) -> bool:
    return all(row[field] in people for field in _PEOPLE if row.get(field) is not None)


def _key(name: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(field)) for field in _KEYS[name])


def _rows(document: Document, name: str) -> Sequence[Row]:
    table = document.get(name)
    return table if _is_table(table) else ()


def _is_table(table: Any) -> TypeGuard[list[Row]]:
    """Whether it is a table of rows; what is none is for the reader to refuse."""
    return isinstance(table, list) and all(isinstance(row, dict) for row in table)
