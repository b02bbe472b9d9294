"""Collecting everything that is wrong with a scenario, and raising it at once."""

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from allocator.errors import Problem, ScenarioError
from allocator.prepare.pointers import DocumentPath, existing_path, pointer_of
from allocator.prepare.problem_codes import CODES

MAX_PRINTED = 200
MAX_SHOWN_CHARACTERS = 80


def show(value: object) -> str:
    """A value as found, quoted, control characters escaped, at most 80 characters."""
    if isinstance(value, str):
        text = f'"{value[: MAX_SHOWN_CHARACTERS + 1]}"'
    elif value is None or isinstance(value, bool | float):
        text = json.dumps(value)
    elif isinstance(value, int):
        text = str(value) if abs(value) < 10**MAX_SHOWN_CHARACTERS else "a number of many digits"
    elif isinstance(value, dict):
        text = "a mapping"
    else:
        text = f"a list of {len(value)}" if isinstance(value, list | tuple) else repr(value)
    return shorten(text)


def shorten(text: str) -> str:
    """Text with control and invisible characters escaped, at most 80 characters."""
    clean = _printable(text[: MAX_SHOWN_CHARACTERS + 1])
    return clean if len(clean) <= MAX_SHOWN_CHARACTERS else clean[: MAX_SHOWN_CHARACTERS - 1] + "…"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that suggests the known word most like the one found, or nothing."""
    matches = difflib.get_close_matches(word[:100], sorted(known), n=1, cutoff=0.6)
    return f"Did you mean {show(matches[0])}? " if matches else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: file, row as a spreadsheet counts, column; path into the document."""

    file: str
    row: int | None = None
    column: str | None = None
    path: DocumentPath = ()
    sheet: str | None = None


@dataclass
class Problems:
    """Problems found so far; `raise_if_any` ends the reading.

    Parameters
    ----------
    document : what the paths lead into, once it is there.
    """

    found: list[Problem] = field(default_factory=list)
    paths: list[DocumentPath] = field(default_factory=list)
    document: Mapping[str, Any] | None = None

    def add(self, code: str, place: Place, found: str, allowed: str, action: str) -> None:
        """Record one problem; `found` is shortened, and all of it made printable."""
        if code not in CODES:
            message = f"undocumented problem code {code}"
            raise KeyError(message)
        found, allowed = shorten(found), _printable(allowed)
        file, action = shorten(place.file), _printable(action)
        self.found.append(
            Problem(file, place.row, place.column, code, found, allowed, action, place.sheet)
        )
        self.paths.append(place.path)

    def raise_if_any(self, kind: type[ScenarioError] = ScenarioError) -> None:
        """Raise everything found, by file, row and column.

        Raises
        ------
        ScenarioError
            Of the kind given, if there is any problem.
        """
        if self.found:
            raise scenario_error(self._pointing(), kind)

    def _pointing(self) -> list[Problem]:
        """Every problem with its pointer, which never leads nowhere."""
        if self.document is None:
            return self.found
        pointers = (pointer_of(existing_path(path, self.document)) for path in self.paths)
        return [replace(p, pointer=at) for p, at in zip(self.found, pointers, strict=True)]


def scenario_error(
    found: Iterable[Problem], kind: type[ScenarioError] = ScenarioError
) -> ScenarioError:
    """One error with all problems, of which at most 200 are printed."""
    problems = tuple(
        sorted(found, key=lambda p: (p.file, p.sheet or "", p.row or 0, p.column or ""))
    )
    error = kind(problems[:MAX_PRINTED])
    if len(problems) > MAX_PRINTED:
        error = kind(problems)
        lines = "\n".join(f"  {problem}" for problem in problems[:MAX_PRINTED])
        rest = len(problems) - MAX_PRINTED
        error.user_message = (
            f"{kind.subject} has {len(problems)} problems; nothing was written.\n{lines}\n"
            f"  and {rest} more"
        )
        error.developer_message = error.user_message
        error.args = (error.user_message,)
    return error


def joined(words: Iterable[Any]) -> str:
    """Words as a comma-separated list."""
    return ", ".join(str(word) for word in words)
