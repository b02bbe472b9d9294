"""The stored scenario folders are what the generators make with seed 1."""

from pathlib import Path

import pytest

from allocator.errors import ConfigError
from allocator.simulate import SHOCKS, build_document, facility_names
from allocator.simulate.rows import Document
from benchmarks import make_scenarios
from benchmarks.make_scenarios import SCENARIOS
from tests.simulate.documents import NOT_REBUILT, SEED, document_of

SMALL = [name for name in facility_names() if name not in NOT_REBUILT]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def built(name: str, seed: int) -> Document:
    assert seed == SEED
    return document_of(name)


@pytest.mark.parametrize("name", SMALL)
def test_stored_files_equal_a_rebuild(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written by the command's own code, from what this process has built."""
    monkeypatch.setattr(make_scenarios, "build_document", built)
    make_scenarios.store(name, tmp_path)
    assert files_of(tmp_path / name) == files_of(SCENARIOS / name)


def test_every_scenario_is_stored_with_its_shocks() -> None:
    for name in facility_names():
        assert (SCENARIOS / name / "scenario.yaml").is_file()
        shocks = {path.name for path in (SCENARIOS / name / "shocks").iterdir()}
        assert shocks == set(SHOCKS)


def test_unknown_facility() -> None:
    with pytest.raises(ConfigError, match="training_prison"):
        build_document("f99", 1)
