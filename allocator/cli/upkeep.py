"""`allocator backup`, `restore`, `retention` and `erase`: the upkeep of the service's data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from allocator.jobs import options
from allocator.jobs.exits import EPILOG


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup", epilog=EPILOG)(backup)
    app.command("restore", epilog=EPILOG)(restore)
    app.command("retention", epilog=EPILOG)(retention)
    app.command("erase", epilog=EPILOG)(erase)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    as_json: options.JsonOption = False,
) -> None:
    """Write everything the service holds into one encrypted file."""
    from allocator.cli.operator import ask_passphrase, operator_at_work
    from allocator.service.operations.backup import write_backup

    words = ask_passphrase(is_new=True)
    with operator_at_work() as (service, caller):
        made = write_backup(service, caller, file, words)
    head = f"{made.head.number}:{made.head.entry_hash}"
    _say({"file": str(file), "rows": made.rows, "head": head}, as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
    as_json: options.JsonOption = False,
) -> None:
    """Fill an empty database from a backup, all or nothing, and check its audit log."""
    from allocator.cli.operator import ask_passphrase, operator_at_work
    from allocator.service.operations.backup import restore_backup

    words = ask_passphrase(is_new=False)
    with operator_at_work(may_be_new=True) as (service, _):
        made = restore_backup(service, file, words)
    head = f"{made.head.number}:{made.head.entry_hash}"
    _say({"file": str(file), "rows": made.rows, "head": head}, as_json=as_json)


def retention(as_json: options.JsonOption = False) -> None:
    """Take people's ids out of old data, and delete what is older; the server does it daily."""
    from allocator.cli.operator import operator_at_work
    from allocator.service.operations.retention import apply_retention

    with operator_at_work() as (service, caller):
        done = apply_retention(service, caller)
    _say({"pseudonymised": done.pseudonymised, "deleted": done.deleted}, as_json=as_json)


def erase(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id of who left custody.")],
    as_json: options.JsonOption = False,
) -> None:
    """Erase a person who has left custody from every stored version, plan and run."""
    from allocator.cli.operator import operator_at_work
    from allocator.service.operations.erasure import erase_person

    with operator_at_work() as (service, caller):
        done = erase_person(service, caller, person)
    found = {"versions": done.versions, "plans": done.plans, "runs": done.runs}
    _say(found, as_json=as_json)


def _say(document: Mapping[str, object], *, as_json: bool) -> None:
    from allocator.jobs.terminal import print_json, say

    if as_json:
        print_json(document)
    else:
        say(", ".join(f"{name}: {value}" for name, value in document.items()))
