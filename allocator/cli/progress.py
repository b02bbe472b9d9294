"""The progress line, shown on a terminal only."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.live import Live
from rich.text import Text

from allocator.jobs.manner import is_quiet
from allocator.jobs.terminal import err

REFRESHES_PER_SECOND = 2
LONG_PREPARATION_SECONDS = 6


@contextmanager
def progress_line(*, quiet: bool, about: str = "") -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """A function that shows the latest progress on standard error; silent without a terminal.

    The seconds go on while there is no news, so that nobody takes a long step for a crash.
    """
    if quiet or is_quiet() or not sys.stderr.isatty():
        yield lambda _: None
        return
    started = time.monotonic()
    latest: Mapping[str, Any] | None = None

    def note(progress: Mapping[str, Any]) -> None:
        nonlocal latest
        latest = progress

    def line() -> Text:
        return Text(about + progress_words(time.monotonic() - started, latest))

    with Live(
        get_renderable=line,
        console=err(),
        transient=True,
        refresh_per_second=REFRESHES_PER_SECOND,
    ):
        yield note


def progress_words(seconds: float, progress: Mapping[str, Any] | None) -> str:
    """One line: seconds since the start, stage, tier, values of the best plan so far, bound."""
    clock = f"{seconds:5.0f} s  "
    if progress is None:
        hint = " (the first run on a machine compiles for half a minute)"
        return f"{clock}preparing …{hint if seconds >= LONG_PREPARATION_SECONDS else ''}"
    values = " / ".join(f"{value:,}" for value in progress["values"]) or "none yet"
    bound = "unknown" if progress["bound"] is None else f"{progress['bound']:,}"
    return (
        f"{clock}{progress['stage']}  tier {progress['tier']}  best so far {values}  bound {bound}"
    )
