"""Output folders appear whole or not at all, and nothing that is not ours is replaced."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.errors import ConfigError
from allocator.jobs.outputs import check_output_folder, replace_folder, write_json
from tests.jobs import fakes
from tests.scenario_documents import document, write


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

    with pytest.raises(ConfigError, match=r"cannot be written to .*disk full"):
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


def test_link_stays_and_its_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to("real")
    replace_folder(link, _fill("2"))  # type: ignore[arg-type]
    assert link.is_symlink()
    assert (tmp_path / "real" / "report.html").read_text() == "2"
    assert {path.name for path in tmp_path.iterdir()} == {"link", "real"}


@pytest.mark.parametrize("words", [".", "..", ""])
def test_the_folder_one_stands_in_is_never_replaced(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(ConfigError, match="the folder you are in"):
        check_output_folder(Path(words))


@pytest.mark.parametrize("place", ["/proc/plans", "{tmp}/file/plans"])
def test_unwritable_folder_is_refused_before_planning(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    source = write(tmp_path / "good.json", document())
    out = place.format(tmp=tmp_path)
    result = CliRunner().invoke(app, ["plan", str(source), "--out", out], obj=fakes.broken)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_batch_and_build_refuse_an_unwritable_folder(tmp_path: Path) -> None:
    write(tmp_path / "in" / "good.json", document())
    for words in (
        ["batch", str(tmp_path / "in"), "--out", "/proc/night"],
        ["scenario", "build", "f14_sep_3", "--out", "/proc/built"],
    ):
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 2, result.output
        assert "cannot be written" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "SCENARIO"),
        ("curve", "SCENARIO", "--moves", "0,1"),
        ("compare", "SCENARIO", "--policies", "status_quo,dispersal"),
        ("batch", "FOLDER"),
    ],
)
def test_no_folder_is_named_after_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    source = write(tmp_path / "in" / "prison.json", document())
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    named = {"SCENARIO": str(source), "FOLDER": str(source.parent)}
    result = CliRunner().invoke(app, [*(named.get(word, word) for word in words), "--out", "-"])
    assert result.exit_code == 2
    assert "cannot go to standard output" in result.output
    assert not list((tmp_path / "here").iterdir())
