"""`allocator audit …`: check the service's audit log, and read it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from allocator.errors import ConfigError
from allocator.jobs import options
from allocator.jobs.exits import EPILOG, ExitCode

app = typer.Typer(help="The service's audit log.", no_args_is_help=True)


@app.command("verify", epilog=EPILOG)
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option(
            "--head", metavar="NUMBER:HASH", help="A head noted earlier; the log must hold it."
        ),
    ] = None,
    heads: Annotated[
        Path | None,
        typer.Option("--heads", metavar="FILE", help="Heads that `audit head --to FILE` noted."),
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Find any change, gap, reorder or, against a noted head, cut in the audit log."""
    from allocator.cli.operator import operator_at_work
    from allocator.jobs.terminal import print_json, say
    from allocator.service.audit.anchors import words_of
    from allocator.service.audit.reading import check_log

    noted = _noted(head or [], heads)
    with operator_at_work() as (service, caller):
        checked = check_log(service, caller, noted)
    document: dict[str, Any] = {
        "whole": not checked.faults,
        "faults": list(checked.faults),
        "head": words_of(checked.head),
    }
    if as_json:
        print_json(document)
    else:
        lines = [*checked.faults] or [f"The audit log is whole: {checked.head.number} entries."]
        say("\n".join([*lines, f"Head: {document['head']}"]))
    raise typer.Exit(ExitCode.LEAST_BAD if checked.faults else ExitCode.DONE)


@app.command("head", epilog=EPILOG)
def head(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Add it to this file, outside of the database."),
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Print the head of the audit log, to be noted elsewhere; a later cut shows against it."""
    from allocator.cli.operator import operator_at_work
    from allocator.jobs.terminal import print_json, say
    from allocator.service.audit.anchors import Noted, head_now, note_head, words_of

    with operator_at_work() as (service, caller):
        found = Noted(head_now(service, caller)) if to is None else note_head(service, caller, to)
    if as_json:
        print_json({"head": words_of(found.head), "faults": list(found.faults)})
    else:
        say("\n".join([*found.faults, words_of(found.head)]))
    raise typer.Exit(ExitCode.LEAST_BAD if found.faults else ExitCode.DONE)


@app.command("list", epilog=EPILOG)
def list_entries(
    actor: Annotated[str, typer.Option("--actor", metavar="ACTOR", help="Who did it.")] = "",
    action: Annotated[str, typer.Option("--action", metavar="ACTION", help="What was done.")] = "",
    person: Annotated[
        str, typer.Option("--person", metavar="PERSON", help="Whom it concerned.")
    ] = "",
    after: Annotated[
        int, typer.Option("--after", metavar="NUMBER", min=0, help="Entries after this one.")
    ] = 0,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At the most.")] = 100,
    as_json: options.JsonOption = False,
) -> None:
    """List entries: who did what to which object, and when."""
    from allocator.cli.operator import operator_at_work
    from allocator.jobs.terminal import print_json, say
    from allocator.service.audit.reading import Asked, entry_document, read_log

    asked = Asked(after, limit, actor, action, person_id=person)
    with operator_at_work() as (service, caller):
        found = [entry_document(e) for e in read_log(service, caller, asked)]
    if as_json:
        print_json({"entries": found})
        return
    for entry in found:
        what = f"{entry['object_kind']} {entry['object_id']}".strip()
        say(f"{entry['number']:>7}  {entry['at']}  {entry['actor']}  {entry['action']}  {what}")


def _noted(heads: list[str], file: Path | None) -> list[Any]:
    """The heads that the options name."""
    from allocator.service.audit.anchors import heads_in, read_head

    if file is not None and not file.is_file():
        raise ConfigError(f"There are no noted heads at {file}.")
    return [*map(read_head, heads), *(() if file is None else heads_in(file))]
