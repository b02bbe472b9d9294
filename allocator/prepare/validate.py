"""Wire validation of raw rows and headers; each pydantic error becomes a problem with a place."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from allocator.prepare.pointers import DocumentPath
from allocator.prepare.problems import Problems, nearest, show
from allocator.prepare.raw import KeyPlaces, RawRow, RawTable
from allocator.prepare.refused import is_refused
from allocator.prepare.table_specs import Column, Table
from allocator.prepare.tables import add_unknown_name
from allocator.prepare.wire_types import MAX_FIELD_CHARACTERS, Wire

WireModel = TypeVar("WireModel", bound=Wire)
_CHOICES = frozenset({"legal_profile", "policy", "contact_weights"})
_SURROGATE = re.compile("[\ud800-\udfff]")

# pydantic error type → code and what to do
_CODES: dict[str, tuple[str, str]] = {
    "missing": ("value_missing", "Fill in the value."),
    "enum": ("value_not_listed", "Write one of the values allowed, spelt the same."),
    "literal_error": ("value_not_listed", "Write one of the values allowed, spelt the same."),
    "string_type": ("value_not_text", "Write text; put a number or true/false in quotes."),
    "string_too_short": ("value_missing", "Fill in the value."),
    "string_too_long": ("field_too_long", "Shorten the text."),
    "int_type": ("value_not_whole_number", "Write digits only, without unit or thousands sign."),
    "int_from_float": ("value_not_whole_number", "Write a whole number."),
    "int_parsing_size": ("value_out_of_range", "Correct the number."),
    "float_type": ("value_not_number", "Write digits with a decimal point, without unit."),
    "finite_number": ("value_not_finite", "Write a number or leave the field empty."),
    "bool_type": ("value_not_boolean", "Write true or false."),
    "frozen_set_type": ("value_not_list", "Write a list."),
    "tuple_type": ("value_not_list", "Write a list."),
    "list_type": ("value_not_list", "Write a list."),
    "dict_type": ("value_not_mapping", "Write keys and values."),
    "model_type": ("value_not_mapping", "Write a name, or keys and values."),
    "model_attributes_type": ("value_not_mapping", "Write a name, or keys and values."),
    "date_type": ("date_invalid", "Write the date as YYYY-MM-DD, such as 2026-03-31."),
    "date_parsing": ("date_invalid", "Write the date as YYYY-MM-DD, such as 2026-03-31."),
}
_BOUNDS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
_PATTERN_ACTIONS = {
    "formula_refused": "Let the text start with a letter or a digit; = + - @ start a formula.",
    "control_character": "Delete the control or invisible characters and line breaks.",
    "separator_in_id": "Leave out the character |, which separates lists.",
    "value_invalid": "Write the value in the form allowed.",
}


def to_json(value: Any) -> bytes:
    """JSON bytes for the validator; broken surrogates become a character that is refused."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(r"\\u0001", text).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return {"not JSON": type(value).__name__}


def validate_rows(table: Table, raw: RawTable, problems: Problems) -> list[Any]:
    """Wire rows in the order of the raw rows; None where a row has problems, which are recorded."""
    if not raw.rows:
        return []
    try:
        return list(table.adapter.validate_json(to_json(raw.rows)))
    except ValidationError as error:
        bad: set[int] = set()
        for item in error.errors(include_url=False):
            bad.add(int(item["loc"][0]))
            _add_row_problem(table, raw, item, problems)
        good = [row for at, row in enumerate(raw.rows) if at not in bad]
        wires = iter(table.adapter.validate_json(to_json(good)))
        return [None if at in bad else next(wires) for at in range(len(raw.rows))]
    except (TypeError, ValueError, RecursionError):
        return _not_json(raw, problems)


def _not_json(raw: RawTable, problems: Problems) -> list[Any]:
    place = raw.table_place(None, raw.name)
    action = "Write flat objects with text, numbers, booleans and lists."
    problems.add("nested_too_deep", place, "values that are no JSON", "flat objects", action)
    return [None] * len(raw.rows)


def _add_row_problem(
    table: Table, raw: RawTable, item: Mapping[str, Any], problems: Problems
) -> None:
    index, name = int(item["loc"][0]), str(item["loc"][1])
    if item["type"] == "missing" and name in raw.reported:
        return
    column = table.columns[name]
    code, action = classify(item, column.kind)
    found = "an empty field" if item["type"] == "missing" else show(item["input"])
    place = raw.place(index, name)
    place = replace(place, path=(*place.path, *item["loc"][2:]))
    problems.add(code, place, found, allowed_words(item, column), action)


def allowed_words(item: Mapping[str, Any], column: Column | None) -> str:
    """What is allowed where a pydantic error was found."""
    if column is not None:
        return column.allowed
    expected = item.get("ctx", {}).get("expected")
    return f"one of {expected}" if expected else str(item["msg"]).removeprefix("Input should be ")


def classify(item: Mapping[str, Any], kind: str) -> tuple[str, str]:
    """Code and advice for one pydantic error in a value of the kind."""
    found = item["input"]
    if isinstance(found, str) and len(found) > MAX_FIELD_CHARACTERS:
        return "field_too_long", f"Shorten the field to {MAX_FIELD_CHARACTERS} characters."
    if isinstance(found, float) and not abs(found) < float("inf"):
        return "value_not_finite", "Write a number or leave the field empty."
    if item["type"] == "enum":
        hint = nearest(str(found), re.findall(r"'([^']*)'", item["ctx"]["expected"]))
        return "value_not_listed", hint + _CODES["enum"][1]
    return _classify_form(item, kind)


def _classify_form(item: Mapping[str, Any], kind: str) -> tuple[str, str]:
    error_type = item["type"]
    if error_type == "string_pattern_mismatch":
        code = _pattern_code(item["input"])
        return code, _PATTERN_ACTIONS[code]
    if error_type == "date_parsing" and "outside expected range" in item["ctx"]["error"]:
        return "date_not_real", "Correct the day or the month; write YYYY-MM-DD."
    if error_type in _BOUNDS:
        code = "date_out_of_range" if kind == "date" else "value_out_of_range"
        return code, "Correct the date." if kind == "date" else "Correct the number."
    return _CODES.get(error_type, ("value_invalid", "Write the value in the form allowed."))


def _pattern_code(found: str) -> str:
    text = found.strip()
    if text[:1] in tuple("=+-@"):
        return "formula_refused"
    if "|" in text:
        return "separator_in_id"
    return "value_invalid" if text.isprintable() else "control_character"


def validate_header(
    model: type[WireModel], header: RawRow, columns: Mapping[str, Column], keys: KeyPlaces,
    problems: Problems,
) -> WireModel | None:  # fmt: skip
    """The wire model of a mapping of keys, None with problems recorded."""
    try:
        return model.model_validate_json(to_json(header))
    except ValidationError as error:
        for item in error.errors(include_url=False):
            _add_header_problem(item, columns, keys, problems)
    except (TypeError, ValueError, RecursionError):
        action = "Write plain keys and values."
        problems.add("nested_too_deep", keys.at(), "values nested too deep", "plain keys", action)
    return None


def _add_header_problem(
    item: Mapping[str, Any], columns: Mapping[str, Column], keys: KeyPlaces, problems: Problems
) -> None:
    path = _without_tag(item["loc"])
    last = str(path[-1]) if path else ""
    place = keys.at(*path)
    column = columns.get(str(path[0])) if len(path) == 1 else None
    if item["type"] == "extra_forbidden":
        known = columns if len(path) == 1 else {}
        if known or is_refused(last):
            add_unknown_name(last, place, dict(known), problems, "key")
        else:
            action = "Delete the key or correct its spelling."
            problems.add("key_unknown", place, show(last), "the keys of the format", action)
        return
    if item["type"] == "missing":
        allowed = column.allowed if column else "a value"
        problems.add("key_missing", place, "no such key", allowed, "Add the key.")
        return
    code, action = classify(item, column.kind if column else "")
    problems.add(code, place, show(item["input"]), allowed_words(item, column), action)


def _without_tag(loc: DocumentPath) -> DocumentPath:
    """The path in the document of one of pydantic's, which names the kind of a choice too."""
    is_tagged = len(loc) > 1 and loc[0] in _CHOICES and loc[1] in {"name", "mapping"}
    return loc[:1] + loc[2:] if is_tagged else loc
