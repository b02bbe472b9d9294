"""Consoles and small renderers; NO_COLOR and pipes are respected by rich itself."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from allocator.dry_run import is_dry_run
from allocator.jobs.manner import is_quiet
from allocator.jobs.outputs import STANDARD_OUTPUT

PIPE_WIDTH = 400


def say(text: str) -> None:
    """Print one line, unless the command is to be quiet."""
    out().print(text)


def has_standard_output(path: object) -> bool:
    """True where what was written stands on standard output, so that nothing else may."""
    return str(path) == STANDARD_OUTPUT and not is_dry_run()


def say_written(path: object) -> None:
    """Print what was written, or would be; nothing where standard output is what was written."""
    if has_standard_output(path):
        return
    say(f"{'Would be written' if is_dry_run() else 'Written'}: {path}")


class Change(int):
    """A number that is shown with its sign."""


class PatientConsole(Console):
    """A console whose reader may leave early, as `head` does; the command keeps its exit code."""

    def on_broken_pipe(self) -> None:
        """Print nothing more."""
        self.quiet = True
        _forget_reader()


def out() -> Console:
    """Console on standard output; in a file or a pipe no line is broken or cut."""
    quiet = is_quiet()
    if sys.stdout.isatty():
        return PatientConsole(highlight=False, markup=False, quiet=quiet)
    return PatientConsole(
        highlight=False, markup=False, soft_wrap=True, width=PIPE_WIDTH, quiet=quiet
    )


def err() -> Console:
    """Console on standard error, for progress and notes."""
    return Console(stderr=True, highlight=False, markup=False)


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON object; a dry run says in it that it is one."""
    if is_dry_run():
        document = {**document, "dry_run": True}
    try:
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_reader()


def plain_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table without lines; numbers go right, everything else left, None becomes a dash."""
    known = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, heading in enumerate(headings):
        is_number = any(isinstance(row[position], int) for row in known)
        table.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    for row in known:
        table.add_row(*(cell_text(value) for value in row))
    return table


def cell_text(value: object) -> Text:
    """A value as a table shows it."""
    if value is None:
        return Text("–")
    if isinstance(value, Change):
        return Text(f"{int(value):+,}" if value else "0")
    return Text(
        f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    )


def _forget_reader() -> None:
    """Send what is still to be printed nowhere, so that the end of the program prints no error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
