"""`allocator key …`: keys of programs that use the service."""

from typing import TYPE_CHECKING, Annotated

import typer

from allocator.cli import operator
from allocator.jobs import options
from allocator.jobs.exits import EPILOG

if TYPE_CHECKING:
    from allocator.store.tables import ApiKey

app = typer.Typer(
    help="Keep the keys of programs; a key proposes and reads, and decides nothing.",
    no_args_is_help=True,
)


@app.command("add", epilog=EPILOG)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the key is for.")],
    role: operator.RoleOption,
    facility: operator.FacilityOption,
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", min=1, help="End after so many days.")
    ] = None,
    data_folder: options.DataOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Make a key and print its secret, this once."""
    from allocator.service.access.api_keys import add_key

    with operator.operator_at_work(data_folder, may_be_new=True) as (service, who):
        made = add_key(service, who, name, operator.grant_of(role, facility), days)
    _show([made.key], token=made.token, as_json=as_json)


@app.command("list", epilog=EPILOG)
def list_api_keys(
    data_folder: options.DataOption = None, as_json: options.JsonOption = False
) -> None:
    """List the keys without their secrets, the newest first."""
    from allocator.service.access.api_keys import list_keys

    with operator.operator_at_work(data_folder, may_be_new=True) as (service, who):
        found = list(list_keys(service, who))
    _show(found, as_json=as_json)


@app.command("revoke", epilog=EPILOG)
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="Id of the key, as list has it.")],
    data_folder: options.DataOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """End a key now."""
    from allocator.service.access.api_keys import list_keys, revoke_key

    with operator.operator_at_work(data_folder, may_be_new=True) as (service, who):
        revoke_key(service, who, key_id)
        found = [key for key in list_keys(service, who) if key.key_id == key_id]
    _show(found, as_json=as_json)


def _show(keys: list["ApiKey"], *, as_json: bool, token: str | None = None) -> None:
    from allocator.cli.access_screen import key_row, show_keys
    from allocator.jobs.terminal import print_json

    rows = [key_row(key) for key in keys]
    if as_json:
        print_json({"api_keys": rows} | ({} if token is None else {"token": token}))
    else:
        show_keys(rows, token)
