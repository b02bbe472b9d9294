"""Every command, option and exit code is in docs/cli.md, and in --help."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.jobs.exits import EXIT_WORDS, ExitCode

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cli.md").read_text("utf-8")
COMMON = {"--quiet", "-q", "--verbose", "-v", "--dry-run"}
COMMAND: Any = typer.main.get_command(app)


def _commands(group: Any, prefix: str = "allocator") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        if hasattr(command, "commands"):
            yield from _commands(command, full)
        else:
            yield full, command


def _section(command: str) -> str:
    """The part of the page on a command; sub-commands share their group's."""
    heading = " ".join(command.split()[:2])
    return re.split(rf"## `{heading}(?![-a-z])", PAGE, maxsplit=1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize(("name", "command"), list(_commands(COMMAND)), ids=str)
def test_every_option_is_documented(name: str, command: Any) -> None:
    section = _section(name)
    assert f"`{name}" in PAGE
    for parameter in command.params:
        for option in parameter.opts:
            if option in COMMON:
                assert f"`{option}`" in PAGE.partition("## Exit codes")[0]
            elif option.startswith("-"):
                assert re.search(rf"`{option}\b", section), f"{name} {option}"
            elif parameter.metavar:
                assert parameter.metavar in section, f"{name} {option}"


@pytest.mark.parametrize("name", [name for name, _ in _commands(COMMAND)])
def test_help_names_every_exit_code(name: str) -> None:
    result = CliRunner().invoke(app, [*name.split()[1:], "--help"])
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    for code in ExitCode:
        assert f"{code.value} {EXIT_WORDS[code]}"[:20] in words


@pytest.mark.parametrize("page", ["docs/cli.md", "README.md"])
def test_exit_codes_are_documented(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for code in ExitCode:
        assert f"| {code.value} |" in text


def test_readme_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (ROOT / target).exists(), target


def test_no_option_is_documented_that_does_not_exist() -> None:
    known = {opt for _, command in _commands(COMMAND) for p in command.params for opt in p.opts}
    known |= {opt for parameter in COMMAND.params for opt in parameter.opts}
    known |= {"--help", "-h"}
    assert set(re.findall(r"`(--?[a-z][a-z-]*)", PAGE)) <= known
