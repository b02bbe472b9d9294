"""Find a scenario by path or by name, the scenarios that a folder holds, and a plan."""

from pathlib import Path

from allocator.errors import ConfigError
from allocator.jobs.outputs import PLAN_FILE
from allocator.jobs.standard_input import MARK, standard_input

STORED = Path("scenarios")
FOLDER_MARK = "scenario.yaml"


def find_scenario(text: str, stored: Path = STORED) -> Path:
    """A folder, a .json or .xlsx file, standard input (-), or the name of a stored scenario.

    Raises
    ------
    ConfigError
        If there is no such scenario.
    """
    if text == MARK:
        return standard_input()
    for path in (Path(text), stored / text, stored / f"{text}.json"):
        if is_scenario(path):
            return path
    if Path(text).exists():
        return Path(text)  # the reader says what is wrong with it
    names = ", ".join(path.stem for path in scenarios_below(stored)) or "none"
    raise ConfigError(
        f"There is no scenario {text!r}: give a folder, a .json or .xlsx file, or one of "
        f"those in {stored}/ ({names})."
    )


def find_plan(path: Path) -> Path:
    """The plan.json at a path, in the folder there, or on standard input (-).

    Raises
    ------
    ConfigError
        If there is none.
    """
    if str(path) == MARK:
        return standard_input()
    file = path / PLAN_FILE if path.is_dir() else path
    if not file.exists():
        raise ConfigError(f"There is no plan at {file}; give a plan.json or the folder it is in.")
    return file


def is_scenario(path: Path) -> bool:
    """True for a scenario folder and for a .json file."""
    return (path / FOLDER_MARK).is_file() or (path.suffix == ".json" and path.is_file())


def scenarios_below(folder: Path) -> tuple[Path, ...]:
    """Every scenario folder and file below a folder, sorted; none inside another scenario.

    Hidden entries are left out, and so are links, which may lead in a circle.
    """
    found: list[Path] = []
    for path in sorted(folder.glob("*")):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if is_scenario(path):
            found.append(path)
        elif path.is_dir():
            found.extend(scenarios_below(path))
    return tuple(found)
