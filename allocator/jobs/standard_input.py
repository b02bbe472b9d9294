"""What comes on standard input, kept as a file while the command runs."""

import atexit
import shutil
import sys
import tempfile
from pathlib import Path

from allocator.errors import ConfigError
from allocator.prepare.files import MAX_FILE_BYTES

MARK = "-"
_ZIP = b"PK"
_KEPT: list[Path] = []


def standard_input() -> Path:
    """A private file with what comes on standard input; it is gone when the program ends.

    Whoever reads it (the reader, the judge, a child process) may then read it more than once.

    Raises
    ------
    ConfigError
        If standard input was asked for before, holds nothing or more than a file may hold, or is a
        terminal, at which nobody means to type a scenario.
    """
    if _KEPT:
        raise ConfigError(f"Only one of the arguments can be {MARK}: standard input is read once.")
    if sys.stdin.isatty():
        raise ConfigError(f"{MARK} reads standard input, which is the terminal; send a file there.")
    data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    if not data or len(data) > MAX_FILE_BYTES:
        found = "nothing" if not data else f"more than {MAX_FILE_BYTES // 1_000_000} MB"
        raise ConfigError(f"There is {found} on standard input.")
    folder = Path(tempfile.mkdtemp(prefix="allocator-"))
    _KEPT.append(folder)
    atexit.register(forget_standard_input)
    file = folder / f"standard-input{'.xlsx' if data.startswith(_ZIP) else '.json'}"
    file.write_bytes(data)
    return file


def is_standard_input(path: Path) -> bool:
    """True for what `standard_input` gave."""
    return path.parent in _KEPT


def forget_standard_input() -> None:
    """Remove what was kept; standard input may be read again."""
    while _KEPT:
        shutil.rmtree(_KEPT.pop(), ignore_errors=True)
