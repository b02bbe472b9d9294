"""Options that several commands take, whatever door they belong to."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from allocator.explain.readers import READERS, Reader
from allocator.jobs.request import LARGEST_SEED, MOST_MOVES


class EffortName(StrEnum):
    """The solver's efforts, named here so that the command line starts without the solver."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


def effort_of(text: str) -> EffortName:
    """The effort of a name, refused in the words of the other errors."""
    try:
        return EffortName(text)
    except ValueError:
        known = ", ".join(EffortName)
        raise typer.BadParameter(f'There is no effort "{text}". Known: {known}.') from None


def reader_of(text: str) -> Reader:
    """A reader's role, refused in the words of the other errors."""
    known = {reader.value: reader for reader in READERS}
    if str(text) not in known:
        raise typer.BadParameter(f'There is no reader "{text}". Known: {", ".join(known)}.')
    return known[str(text)]


ScenarioArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A scenario folder, .json or .xlsx file, or a name from ./scenarios.",
    ),
]
PolicyOption: TypeAlias = Annotated[
    str | None, typer.Option("--policy", metavar="NAME", help="Use this housing policy instead.")
]
ProfileOption: TypeAlias = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="Use this legal profile instead.")
]
WeightsOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--contact-weights", metavar="NAME", help="Use this contact-weight set instead."),
]
MaxMovesOption: TypeAlias = Annotated[
    int | None,
    typer.Option("--max-moves", min=0, max=MOST_MOVES, help="Move at most so many people."),
]
FromOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--from", metavar="PLAN", help="Revise this plan (plan.json or folder): change the least."
    ),
]
EffortOption: TypeAlias = Annotated[
    EffortName,
    typer.Option(
        "--effort",
        parser=effort_of,
        metavar="|".join(EffortName),
        help="Amount of work; the same work gives the same plan.",
    ),
]
TimeLimitOption: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        help="Stop after so many seconds; the same plan every time is then not promised.",
    ),
]
SeedOption: TypeAlias = Annotated[
    int, typer.Option("--seed", min=0, max=LARGEST_SEED, help="Seed of the search.")
]
WorkersOption: TypeAlias = Annotated[
    int, typer.Option("--workers", min=1, help="Threads; they change the time, never the plan.")
]
ReaderOption: TypeAlias = Annotated[
    Reader,
    typer.Option(
        "--reader",
        parser=reader_of,
        metavar="|".join(reader.value for reader in READERS),
        help="Who reads; officers see no intelligence, nobody what is not released to them.",
    ),
]
PageOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write one HTML page, a path ending in .html."),
]
DataOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where SQLite and the secret are kept."),
]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print exactly one JSON object on standard output.")
]
QuietOption: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print no progress and no summary.")
]
