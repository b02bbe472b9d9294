"""A scenario folder or JSON file as a raw scenario."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocator.prepare.files import decode, read_bytes
from allocator.prepare.problems import Place, Problems, joined, nearest, show
from allocator.prepare.raw import KeyPlaces, RawRow, RawScenario, RawTable
from allocator.prepare.table_specs import REQUIRED_TABLES, tables
from allocator.prepare.tables import FORMS, read_table
from allocator.prepare.yaml_reader import YamlProblem, parse_yaml

HEADER_FILE = "scenario.yaml"


def read_raw(path: Path, problems: Problems) -> RawScenario:
    """The raw scenario of a folder, of a .json file or of a workbook."""
    if path.is_dir():
        return _read_folder(path, problems)
    if path.suffix == ".json" and path.exists():
        return _read_json(path, problems)
    if path.suffix == ".xlsx" and path.exists():
        from allocator.prepare.workbook import read_workbook

        return read_workbook(path, problems)
    found = "another kind of file" if path.exists() else "nothing of this name"
    allowed = "a folder with scenario.yaml and its tables, or one .json or .xlsx file"
    action = "Check the path."
    problems.add("file_missing", Place(path.name or str(path)), found, allowed, action)
    return RawScenario(KeyPlaces(path.name), None, {})


def _read_folder(folder: Path, problems: Problems) -> RawScenario:
    header = _read_header(folder / HEADER_FILE, problems)
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        found = error.strerror or "an error"
        action = "Check that you may read the folder."
        problems.add("file_unreadable", Place(folder.name), found, "a readable folder", action)
        names = []
    _check_names(names, problems)
    found_tables = {}
    for name, table in tables().items():
        present = [f"{name}{end}" for end in FORMS if f"{name}{end}" in names]
        raw = RawTable(name, f"{name}.csv")
        if len(present) == 1:
            raw = read_table(table, folder / present[0], problems)
        elif present:
            raw.known = False
            action = "Keep one of the two files."
            problems.add("file_twice", Place(present[0]), joined(present), "one file", action)
        elif name in REQUIRED_TABLES:
            raw.known = False
            allowed = " or ".join(f"{name}{end}" for end in FORMS)
            action = f"Add the file with the columns {joined(table.required)}."
            problems.add("file_missing", Place(f"{name}.csv"), "no such file", allowed, action)
        found_tables[name] = raw
    return RawScenario(KeyPlaces(HEADER_FILE), header, found_tables)


def _check_names(names: list[str], problems: Problems) -> None:
    """Refuse files named almost like a table: leaving them out would read half a scenario."""
    known = {f"{name}{end}" for name in tables() for end in FORMS}
    for name in names:
        lower = name.lower()
        if name in known or not lower.endswith((*FORMS, ".xls", ".ods")):
            continue
        stem = lower.rpartition(".")[0].replace("-", "_").replace(" ", "_")
        hint = nearest(stem, tables())
        if hint and not lower.startswith(("~", ".")):
            action = f"{hint}Rename the file, or move it out of the folder."
            problems.add("file_name_unknown", Place(name), show(name), joined(tables()), action)


def _read_header(path: Path, problems: Problems) -> RawRow | None:
    place = Place(path.name)
    if not path.exists() and not path.is_symlink():
        action = "Add it with schema_version, name and day."
        problems.add("file_missing", place, "no such file", HEADER_FILE, action)
        return None
    data = read_bytes(path, path.name, problems)
    text = None if data is None else decode(data, path.name, problems)
    if text is None:
        return None
    try:
        header = parse_yaml(text)
    except YamlProblem as problem:
        place = Place(path.name, problem.line)
        allowed = "plain YAML of less than 200 kB: keys, values, lists"
        action = "Write the value out in full, once, without anchors or tags."
        problems.add(problem.code, place, problem.found, allowed, action)
        return None
    if not isinstance(header, dict):
        action = "Write `key: value` lines."
        problems.add("yaml_malformed", place, show(header), "a mapping of keys", action)
        return None
    return header


class _RepeatedKeyError(ValueError):
    """A key twice in one JSON object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RepeatedKeyError(show(key))
            seen.add(key)
    return made


def parse_json(data: bytes, name: str, problems: Problems) -> Mapping[str, Any] | None:
    """The object in a JSON text, None with a problem recorded."""
    text = decode(data, name, problems)
    if text is None:
        return None
    code, found = "json_malformed", "a list or a single value"
    try:
        document = json.loads(text, object_pairs_hook=_unique)
        if isinstance(document, dict):
            return document
    except _RepeatedKeyError as error:
        code, found = "key_repeated", f"the key {error} twice in one object"
    except RecursionError:
        code, found = "nested_too_deep", "lists or objects nested too deep"
    except ValueError as error:
        found = str(error)
    problems.add(code, Place(name), found, "one JSON object", "Mend the file or export it again.")
    return None


def _read_json(path: Path, problems: Problems) -> RawScenario:
    data = read_bytes(path, path.name, problems)
    document = None if data is None else parse_json(data, path.name, problems)
    if document is None:
        return RawScenario(KeyPlaces(path.name), None, {})
    return raw_document(document, path.name, problems)


def raw_document(document: Mapping[str, Any], name: str, problems: Problems) -> RawScenario:
    """A JSON document, split into header and tables."""
    from allocator.prepare.document_tables import raw_json_table

    problems.document = document
    found = {
        table.name: raw_json_table(table, document, name, problems) for table in tables().values()
    }
    header = {str(k): v for k, v in document.items() if k not in found}
    return RawScenario(KeyPlaces(name), header, found)
