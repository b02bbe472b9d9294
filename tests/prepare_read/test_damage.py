"""Whatever happens to the bytes of a scenario, it reads, or says in words what is wrong."""

import json
import random
from pathlib import Path

import pytest

from allocator.errors import Problem, ScenarioError
from allocator.prepare.read import read_scenario
from allocator.prepare.table_specs import tables
from allocator.prepare.write import write_scenario_folder
from tests.complete import COMPLETE_DOCUMENT
from tests.prepare_read.test_xlsx import to_xlsx

PIECES = [
    b"", b"\0", b"\n", b",", b'"', b"|", b"=", b"-", b"\xff", b"\xef\xbb\xbf", b"&a ", b"*a",
    b"[[[", b"{", b"}",
    b": ", b"null", b"true", b"1e999", b"-1", b"9" * 400, "é".encode(), b"\\ud800",
    b"NaN", b"2026-02-30", "\u202e".encode(), b"religion", b"\r",
]  # fmt: skip


def damage(data: bytes, rng: random.Random) -> bytes:
    """The bytes with one to four places replaced, cut out or doubled."""
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.choice([0, 0, 1, 3, 40]))
        piece = rng.choice([rng.choice(PIECES), data[start:end] * 2, rng.randbytes(3)])
        data = data[:start] + piece + data[end:]
    return data


def read_or_explain(path: Path) -> bool:
    """True when it reads; every problem has all its parts."""
    problems: tuple[Problem, ...] = ()
    try:
        read_scenario(path)
    except ScenarioError as error:
        problems = error.problems
    for problem in problems:
        assert all((problem.file, problem.found, problem.allowed, problem.action))
        assert str(problem).isprintable()
    return not problems


@pytest.mark.parametrize("seed", range(80))
def test_damaged_folder(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    folder = tmp_path / "s"
    write_scenario_folder(COMPLETE_DOCUMENT, folder)
    path = rng.choice(sorted(folder.iterdir()))
    if path.suffix == ".csv" and rng.random() < 0.2:
        to_xlsx(folder, path.stem)
        path = path.with_suffix(".xlsx")
    path.write_bytes(damage(path.read_bytes(), rng))
    read_or_explain(folder)


@pytest.mark.parametrize("seed", range(60))
def test_damaged_document(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    path = tmp_path / "s.json"
    path.write_bytes(damage(json.dumps(COMPLETE_DOCUMENT).encode(), rng))
    read_or_explain(path)


def test_undamaged_scenario_reads(tmp_path: Path) -> None:
    write_scenario_folder(COMPLETE_DOCUMENT, tmp_path / "s")
    assert read_or_explain(tmp_path / "s")
    for name in tables():
        to_xlsx(tmp_path / "s", name)
    assert read_or_explain(tmp_path / "s")
