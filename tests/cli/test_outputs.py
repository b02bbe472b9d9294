"""Output folders appear whole or not at all, and nothing that is not ours is replaced."""

from pathlib import Path

import pytest

from allocator.errors import ConfigError
from allocator.jobs.outputs import check_output_folder, replace_folder, write_json


def _fill(version: str) -> object:
    def fill(folder: Path) -> None:
        write_json(folder / "plan.json", {"provenance": {}, "version": version})
        (folder / "report.html").write_text(version)

    return fill


def test_folder_is_made_and_replaced(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    for version in ("2", "3"):
        files = replace_folder(out, _fill(version))  # type: ignore[arg-type]
        assert [path.name for path in files] == ["plan.json", "report.html"]
        assert (out / "report.html").read_text() == version
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_failure_leaves_the_old_folder_and_no_rubbish(tmp_path: Path) -> None:
    out = tmp_path / "out"
    replace_folder(out, _fill("2"))  # type: ignore[arg-type]

    def fail(folder: Path) -> None:
        (folder / "plan.json").write_text("half")
        raise OSError(28, "disk full")

    with pytest.raises(OSError, match="disk full"):
        replace_folder(out, fail)
    assert (out / "report.html").read_text() == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "files",
    [
        {"notes.txt": "mine"},
        {"plan.json": '{"provenance": 1}', "notes.txt": "mine"},
        {"plan.json": '{"some": "other plan"}'},
        {"plan.json": "not json"},
        {"report.html": "no plan beside it"},
    ],
)
def test_foreign_folders_are_left_alone(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError):
        check_output_folder(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(files)


def test_empty_folder_is_used_and_a_file_refused(tmp_path: Path) -> None:
    check_output_folder(tmp_path)
    replace_folder(tmp_path / "new", _fill("5"))  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="is a file"):
        check_output_folder(tmp_path / "new" / "plan.json")
