"""`allocator user …`: local accounts of the service, kept on the server."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from allocator.cli import operator
from allocator.jobs import options
from allocator.jobs.exits import EPILOG

if TYPE_CHECKING:
    from allocator.store.tables import Account

app = typer.Typer(help="Keep the local accounts of the service.", no_args_is_help=True)
NameArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="NAME", help="Name to sign in with.")
]


@app.command("add", epilog=EPILOG)
def add(
    name: NameArgument,
    role: operator.RoleOption,
    facility: operator.FacilityOption,
    display_name: Annotated[
        str, typer.Option("--display-name", metavar="TEXT", help="Name that others see.")
    ] = "",
    password_stdin: operator.StdinOption = False,
    data_folder: options.DataOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Make an account; its password is asked for and never an option."""
    from allocator.service.access.accounts import add_account

    with operator.operator_at_work(data_folder, may_be_new=True) as (service, who):
        grant = operator.grant_of(role, facility)
        password = operator.ask_password(from_stdin=password_stdin)
        account = add_account(service, who, name, password, grant, display_name)
    _show([account], as_json=as_json)


@app.command("list", epilog=EPILOG)
def list_users(data_folder: options.DataOption = None, as_json: options.JsonOption = False) -> None:
    """List the accounts with roles and facilities."""
    from allocator.service.access.accounts import list_accounts

    with operator.operator_at_work(data_folder, may_be_new=True) as (service, who):
        found = list(list_accounts(service, who))
    _show(found, as_json=as_json)


@app.command("disable", epilog=EPILOG)
def disable(
    name: NameArgument,
    enable: Annotated[
        bool, typer.Option("--undo", help="Let the account sign in again instead.")
    ] = False,
    data_folder: options.DataOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """End every session of an account, and let it sign in no more."""
    from allocator.service.access.accounts import SeenAccount, change_account, find_account

    with operator.operator_at_work(data_folder, may_be_new=True) as (service, who):
        account = find_account(service, who, name)
        changed = change_account(
            service, who, SeenAccount(account.account_id), is_disabled=not enable
        )
    _show([changed], as_json=as_json)


@app.command("roles", epilog=EPILOG)
def roles(
    name: NameArgument,
    role: operator.RoleOption,
    facility: operator.FacilityOption,
    data_folder: options.DataOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Give an account other roles and facilities in place of those it has."""
    from allocator.service.access.accounts import SeenAccount, change_account, find_account

    with operator.operator_at_work(data_folder, may_be_new=True) as (service, who):
        account = find_account(service, who, name)
        grant = operator.grant_of(role, facility)
        changed = change_account(service, who, SeenAccount(account.account_id), grant)
    _show([changed], as_json=as_json)


@app.command("password", epilog=EPILOG)
def password(
    name: NameArgument,
    password_stdin: operator.StdinOption = False,
    data_folder: options.DataOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Set a new password for somebody who lost theirs; every session of the account ends."""
    from allocator.service.access.accounts import find_account, reset_password

    with operator.operator_at_work(data_folder, may_be_new=True) as (service, who):
        account = find_account(service, who, name)
        given = operator.ask_password(from_stdin=password_stdin)
        reset_password(service, who, account.account_id, given)
    _show([account], as_json=as_json)


def _show(accounts: list["Account"], *, as_json: bool) -> None:
    from allocator.cli.access_screen import account_row, show_accounts
    from allocator.jobs.terminal import print_json

    rows = [account_row(account) for account in accounts]
    if as_json:
        print_json({"users": rows})
    else:
        show_accounts(rows)
