"""What a batch has done: one entry per scenario, keyed by what went in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from allocator import __version__
from allocator.errors import ConfigError
from allocator.jobs.exits import ExitCode
from allocator.jobs.outputs import PLAN_FILE, write_json
from allocator.jobs.request import Overrides, PlanRequest

MANIFEST_FILE = "manifest.json"
FORMAT = 1
# Where nothing was found in the time, the next run tries again: that machine may be less busy.
FINAL = frozenset({ExitCode.DONE, ExitCode.LEAST_BAD, ExitCode.BAD_DATA})
WITH_PLAN = frozenset({ExitCode.DONE, ExitCode.LEAST_BAD})


@dataclass(frozen=True, slots=True)
class Entry:
    """The result for one scenario.

    Parameters
    ----------
    scenario : path below the folder of scenarios. key : hash of input, options and version.
    status : the exit code in words. folder : where the plan is, "" without one.
    message : the reason when there is no plan.
    """

    scenario: str
    key: str
    status: str
    exit_code: int
    seconds: float
    folder: str = ""
    unplaced: int = 0
    derogations: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All entries by scenario; a new value for each change."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def with_entry(self, entry: Entry) -> "Manifest":
        """The manifest with one more result."""
        return replace(self, entries={**self.entries, entry.scenario: entry})

    def is_done(self, scenario: str, key: str, out: Path) -> bool:
        """True when the same input with the same options has a result whose plan is still there."""
        entry = self.entries.get(scenario)
        if entry is None or entry.key != key or entry.exit_code not in FINAL:
            return False
        return entry.exit_code not in WITH_PLAN or (out / entry.folder / PLAN_FILE).is_file()


def read_manifest(path: Path) -> Manifest:
    """The manifest of an earlier run, empty when there was none.

    Raises
    ------
    ConfigError
        If the file is not a manifest of this format.
    """
    if not path.exists():
        return Manifest()
    try:
        document = json.loads(path.read_text("utf-8"))
        entries = {FORMAT: [Entry(**row) for row in document["entries"]]}[document["format"]]
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise ConfigError(
            f"{path} is not a manifest of this program; move it away or give another --out folder.",
            f"{type(error).__name__}: {error}",
        ) from error
    return Manifest({entry.scenario: entry for entry in entries})


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write the manifest whole."""
    rows = [asdict(entry) for _, entry in sorted(manifest.entries.items())]
    write_json(path, {"format": FORMAT, "software_version": __version__, "entries": rows})


def input_key(source: Path, request: PlanRequest, overrides: Overrides) -> str:
    """Hash of everything that decides a result: input bytes, options and version."""
    digest = hashlib.sha256()
    for path in _files(source):
        content = _content(path)
        name = path.relative_to(source).as_posix() if path != source else path.name
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    options: dict[str, Any] = {
        "request": asdict(replace(request, workers=1)),
        "overrides": asdict(overrides),
        "version": __version__,
    }
    digest.update(json.dumps(options, sort_keys=True).encode())
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    """What a file holds; the job itself tells why a file cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        return f"unreadable: {error.strerror}".encode()


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    return sorted(path for path in source.rglob("*") if path.is_file())
