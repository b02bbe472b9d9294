"""Files that appear whole or not at all."""

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from allocator.dry_run import is_dry_run, written_all_the_same
from allocator.errors import ConfigError

STANDARD_OUTPUT = "-"
PLAN_FILE = "plan.json"
COMPARISON_FILE = "comparison.json"
DIFF_FILE = "diff.json"
CURVE_FILE = "curve.json"
SEQUENCE_FILE = "sequence.json"
SEQUENCE_TABLE = "sequence.csv"
SEQUENCE_PAGE = "order.html"
FAIRNESS_FILE = "fairness.json"
_MARKS = frozenset(
    {PLAN_FILE, COMPARISON_FILE, DIFF_FILE, CURVE_FILE, SEQUENCE_FILE, FAIRNESS_FILE}
)
OUR_FILES = _MARKS | {
    "report.html",
    "moves.csv",
    "moves.xlsx",
    "comparison.html",
    "diff.html",
    "curve.html",
    "fairness.csv",
    SEQUENCE_TABLE,
    SEQUENCE_PAGE,
}
_PLAN_OF_POINT = re.compile(r"plan-\d+\.json")


def check_output_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier answer of ours, or cannot be written.

    Raises
    ------
    ConfigError
        If the path is standard output or a file, is or holds the working folder, or is not
        writable, or if the folder holds something else.
    """
    refuse_standard_output(folder)
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is a file; give a folder for the results.")
    if Path.cwd().is_relative_to(folder.resolve()):
        raise ConfigError(f"{folder} is the folder you are in, or holds it; give one below it.")
    check_writable(folder)
    if not folder.exists():
        return
    names = {path.name for path in folder.iterdir()}
    foreign = sorted(n for n in names - OUR_FILES if not _PLAN_OF_POINT.fullmatch(n))
    if foreign or (names and not any(_is_ours(folder / mark) for mark in _MARKS & names)):
        shown = ", ".join(foreign[:3]) or ", ".join(sorted(names)[:3])
        raise ConfigError(
            f"The folder {folder} holds something else than an earlier plan ({shown}); it is left "
            "as it is. Give another folder, or empty it yourself."
        )


def refuse_standard_output(folder: Path) -> None:
    """Say that a folder is not to be had on standard output; one named `-` was made.

    Raises
    ------
    ConfigError
        If the path is `-`.
    """
    if str(folder) == STANDARD_OUTPUT:
        raise ConfigError("Several files cannot go to standard output (-); give a folder.")


def check_writable(path: Path) -> None:
    """Write a nameless file where a path will be made, so that nobody waits for a plan in vain.

    Raises
    ------
    ConfigError
        If the system refuses.
    """
    around = path.resolve().parent
    while not around.exists():
        around = around.parent
    try:
        with tempfile.TemporaryFile(dir=around):
            return
    except OSError as error:
        raise _not_writable(path, error) from error


def replace_folder(folder: Path, fill: Callable[[Path], object]) -> tuple[Path, ...]:
    """Fill a temporary folder beside `folder`, then put it in its place.

    Readers see the old folder or the new one, except for an instant in which neither is there. A
    link stays; the folder that it names is replaced.

    Returns
    -------
    The files now in the folder, sorted.

    Raises
    ------
    ConfigError
        As `check_output_folder` does, or if the system refuses a write.
    """
    check_output_folder(folder)
    if is_dry_run():
        return _filled_and_forgotten(folder, fill)
    try:
        _replace(folder.resolve(), fill)
    except OSError as error:
        raise _not_writable(folder, error) from error
    return tuple(sorted(folder.iterdir()))


def _filled_and_forgotten(folder: Path, fill: Callable[[Path], object]) -> tuple[Path, ...]:
    """The files that would be in the folder."""
    with written_all_the_same(), tempfile.TemporaryDirectory(prefix="allocator-") as name:
        fill(Path(name))
        return tuple(sorted(folder / path.name for path in Path(name).iterdir()))


def sweep_leftovers(folder: Path) -> None:
    """Remove what a process that was ended while it filled `folder` left beside it.

    Only for a caller who knows that nobody else fills it now.
    """
    marks = (f".{folder.name}.new-", f".{folder.name}.old-")
    if folder.parent.is_dir():
        for path in sorted(folder.parent.iterdir()):
            if path.name.startswith(marks):
                shutil.rmtree(path, ignore_errors=True)


def write_json(path: Path, value: Any) -> None:
    """Write one JSON document so that a reader never sees half of it."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write one text file so that a reader never sees half of it; line ends stay as they are."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write one file so that a reader never sees half of it; nothing in a dry run.

    Parameters
    ----------
    path : `-` for standard output.
    """
    if is_dry_run():
        return
    if str(path) == STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    with _beside(path) as temporary:
        temporary.write_bytes(content)


def check_new_file(path: Path) -> None:
    """Refuse a path where something is already, or that cannot be written.

    Raises
    ------
    ConfigError
        If so.
    """
    if str(path) == STANDARD_OUTPUT:
        return
    if path.exists() or path.is_symlink():
        raise ConfigError(f"{path} exists already; give another path or remove it yourself.")
    check_writable(path)


def check_new_page(path: Path) -> None:
    """Refuse what is no new HTML file.

    Raises
    ------
    ConfigError
        If the path does not end in .html, is there already, or cannot be written.
    """
    if path.suffix != ".html":
        raise ConfigError(f"{path} does not end in .html; the answer is one HTML page.")
    if path.exists():
        raise ConfigError(f"{path} exists already; give another file or remove it yourself.")
    check_writable(path)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _replace(folder: Path, fill: Callable[[Path], object]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
    try:
        fresh.chmod(0o755 & ~_umask())
        fill(fresh)
        _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old-", dir=folder.parent))
    try:
        folder.replace(old)
    except OSError:
        old.rmdir()
        raise
    try:
        fresh.rename(folder)
    except OSError:
        old.replace(folder)
        raise
    shutil.rmtree(old)


def _not_writable(path: Path, error: OSError) -> ConfigError:
    reason = error.strerror or type(error).__name__
    return ConfigError(
        f"The results cannot be written to {path}: {reason}. Give another folder.",
        f"{type(error).__name__} {error.errno} at {error.filename}",
    )


def _is_ours(path: Path) -> bool:
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and "provenance" in document


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
