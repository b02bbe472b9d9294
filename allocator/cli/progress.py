"""The progress line, shown on a terminal only."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.live import Live
from rich.text import Text

from allocator.jobs.terminal import err


@contextmanager
def progress_line(*, quiet: bool) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """A function that shows the latest progress on standard error; silent without a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    start = Text("preparing …")
    with Live(start, console=err(), transient=True, auto_refresh=False) as live:
        yield lambda progress: live.update(Text(progress_words(progress)), refresh=True)


def progress_words(progress: Mapping[str, Any]) -> str:
    """One line: seconds, stage, tier, values of the best plan so far, bound."""
    values = " / ".join(f"{value:,}" for value in progress["values"]) or "none yet"
    bound = "unknown" if progress["bound"] is None else f"{progress['bound']:,}"
    return (
        f"{progress['seconds']:6.1f} s  {progress['stage']}  tier {progress['tier']}  "
        f"so far {values}  bound {bound}"
    )
