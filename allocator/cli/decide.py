"""`allocator decide …`: an officer locks, forbids, rejects; complaints are opened and closed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from allocator.errors import ConfigError
from allocator.jobs import options
from allocator.jobs.exits import EPILOG
from allocator.model.complaints import ComplaintOutcome, ComplaintReason
from allocator.model.locks import LockKind, LockReason

if TYPE_CHECKING:
    from allocator.jobs.decisions import Decided, DecisionDesk

app = typer.Typer(
    help="Record an officer's decision as a row of the scenario; the next plan keeps it.",
    no_args_is_help=True,
)

PersonArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="PERSON", help="Id of one person.")
]
CellArgument: TypeAlias = Annotated[str, typer.Argument(metavar="CELL", help="Id of one cell.")]
ReasonOption: TypeAlias = Annotated[
    LockReason, typer.Option("--reason", help="Why, from the fixed list.")
]
ByOption: TypeAlias = Annotated[
    str, typer.Option("--by", metavar="WHO", help="Role or pseudonymous id, never a name.")
]
TextOption: TypeAlias = Annotated[
    str, typer.Option("--text", help="What the reason does not say, in a few words.")
]
UntilOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--until", metavar="DAY", help="Last day on which it holds, YYYY-MM-DD."),
]
CellOption: TypeAlias = Annotated[
    str | None, typer.Option("--cell", metavar="CELL", help="The cell complained of.")
]
OutOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="New scenario: folder, or path ending in .json or .xlsx; - is stdout.",
    ),
]
InPlaceOption: TypeAlias = Annotated[
    bool, typer.Option("--in-place", help="Write the row into the scenario itself instead.")
]


def _on_a_cell(kind: LockKind, words: str) -> Callable[..., None]:
    """The command of a decision on a person and a cell."""

    def command(  # noqa: PLR0913, PLR0917 - one parameter per option
        scenario: options.ScenarioArgument,
        person: PersonArgument,
        cell: CellArgument,
        reason: ReasonOption,
        by: ByOption,
        text: TextOption = "",
        until: UntilOption = None,
        out: OutOption = None,
        in_place: InPlaceOption = False,
        as_json: options.JsonOption = False,
    ) -> None:
        from allocator.jobs.decisions import Said

        check_place(out, in_place=in_place)
        said = Said(by, reason.value, text)
        decided = _desk(scenario).lock(kind, person, cell, said, until)
        _finish(decided, kind.value, out, as_json=as_json)

    command.__doc__ = words
    return command


for _kind, _words in (
    (LockKind.LOCK, "Keep a person in a cell. A lock opens no cell: the law and room come first."),
    (LockKind.FORBID, "Keep a person out of a cell."),
):
    app.command(_kind.value, epilog=EPILOG)(_on_a_cell(_kind, _words))


@app.command("reject", epilog=EPILOG)
def reject(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.ScenarioArgument,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json, or its folder.")],
    person: PersonArgument,
    reason: ReasonOption,
    by: ByOption,
    text: TextOption = "",
    until: UntilOption = None,
    out: OutOption = None,
    in_place: InPlaceOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """Refuse the cell that a plan gives a person; later plans give another or name the reason."""
    from allocator.jobs.decisions import Said
    from allocator.jobs.locate import find_plan
    from allocator.prepare.plan_document import read_plan

    check_place(out, in_place=in_place)
    said = Said(by, reason.value, text)
    decided = _desk(scenario).reject(read_plan(find_plan(plan)), person, said, until)
    _finish(decided, "reject", out, as_json=as_json)


@app.command("complain", epilog=EPILOG)
def complain(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.ScenarioArgument,
    person: PersonArgument,
    reason: Annotated[
        ComplaintReason, typer.Option("--reason", help="What it is about, from the fixed list.")
    ],
    by: ByOption,
    cell: CellOption = None,
    text: TextOption = "",
    out: OutOption = None,
    in_place: InPlaceOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """Record a complaint against a placement: only urgent moves until somebody closes it."""
    from allocator.jobs.decisions import Said

    check_place(out, in_place=in_place)
    decided = _desk(scenario).complain(person, cell, Said(by, reason.value, text))
    _finish(decided, "complain", out, as_json=as_json)


@app.command("close-complaint", epilog=EPILOG)
def close_complaint(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.ScenarioArgument,
    person: PersonArgument,
    outcome: Annotated[
        ComplaintOutcome, typer.Option("--outcome", help="How it ended, from the fixed list.")
    ],
    by: ByOption,
    cell: CellOption = None,
    out: OutOption = None,
    in_place: InPlaceOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """Close the open complaint of a person; what follows from it is a decision of its own."""
    from allocator.jobs.decisions import Said

    check_place(out, in_place=in_place)
    decided = _desk(scenario).close(person, cell, Said(by, outcome.value))
    _finish(decided, "close-complaint", out, as_json=as_json)


@app.command("withdraw", epilog=EPILOG)
def withdraw(
    scenario: options.ScenarioArgument,
    person: PersonArgument,
    cell: CellArgument,
    by: ByOption,
    out: OutOption = None,
    in_place: InPlaceOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """Take back a lock, a ban or a rejection: its row ends yesterday, or goes if it is of today."""
    check_place(out, in_place=in_place)
    decided = _desk(scenario).withdraw(person, cell, by)
    _finish(decided, "withdraw", out, as_json=as_json)


def check_place(out: Path | None, *, in_place: bool) -> None:
    """Exactly one of a new place and the old one.

    Raises
    ------
    ConfigError
        If both or neither is given.
    """
    if (out is None) is not in_place:
        raise ConfigError(
            "Give either --out with a new folder or .json file, or --in-place; nothing was written."
        )


def _desk(scenario: str) -> "DecisionDesk":
    from allocator.jobs.decisions import DecisionDesk
    from allocator.jobs.locate import find_scenario

    return DecisionDesk(find_scenario(scenario))


def _finish(decided: "Decided", action: str, out: Path | None, *, as_json: bool) -> None:
    from allocator.jobs.decisions_document import decision_document
    from allocator.jobs.terminal import has_standard_output, print_json

    document = decision_document(decided, action, decided.write(out))
    if has_standard_output(out):
        return
    if as_json:
        print_json(document)
    else:
        _show(document)


def _show(document: dict[str, Any]) -> None:
    from rich.text import Text

    from allocator.jobs.terminal import out, say_written

    console = out()
    row = document["row"]
    console.print(Text(f"{document['scenario']}: {document['words']}", style="bold"))
    if reason := row.get("outcome", row.get("reason")):
        note = f": {row['text']}" if row.get("text") else ""
        console.print(
            f"Reason {reason.replace('_', ' ')}{note}, by {row.get('closed_by', row['by'])}."
        )
    for entry in document["closed_by"]:
        console.print(
            Text(f"CLOSED for this person by {entry['rule']}: {entry['words']}", style="yellow")
        )
    if document["closed_by"]:
        console.print("A lock opens no cell: while that holds, a plan leaves the person unplaced.")
    say_written(document["written"])
    console.print(document["next_step"])
