"""Who works at the command line of the service: the operator, who keeps accounts."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from allocator.errors import ConfigError

if TYPE_CHECKING:
    from allocator.service.access.caller import Caller
    from allocator.service.access.grants import Grant
    from allocator.service.root import Service

PASSPHRASE = "ALLOCATOR_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable
RoleOption: TypeAlias = Annotated[
    list[str], typer.Option("--role", metavar="ROLE", help="A role; may be given several times.")
]
FacilityOption: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--facility", metavar="ID", help="A facility, or * for every one; several times too."
    ),
]
StdinOption: TypeAlias = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@contextmanager
def operator_at_work(
    data_folder: Path | None = None, *, may_be_new: bool = False
) -> Iterator[tuple["Service", "Caller"]]:
    """The service that the settings describe, and the operator as the audit log names them.

    Parameters
    ----------
    may_be_new : make the database where there is none.

    Raises
    ------
    ConfigError
        If the settings, or what was asked for, cannot be used, or there is no database.
    """
    from allocator.service.access.caller import operator_caller
    from allocator.service.errors import ServiceError
    from allocator.service.root import open_service
    from allocator.service.settings import DATABASE_FILE, read_settings

    settings = read_settings(data_folder=data_folder)
    file = settings.data_folder / DATABASE_FILE
    if not may_be_new and settings.database_url is None and not file.exists():
        raise ConfigError(
            f"There is no service data at {file}. Set ALLOCATOR_DATA_FOLDER or "
            "ALLOCATOR_DATABASE_URL to where the service keeps them."
        )
    service = open_service(settings)
    try:
        yield service, operator_caller()
    except ServiceError as error:
        raise ConfigError(error.user_message, error.developer_message) from error
    finally:
        service.database.close()


def grant_of(roles: list[str], facilities: list[str]) -> "Grant":
    """What the options give."""
    from allocator.service.access.grants import Grant, roles_of

    return Grant(roles_of(roles), frozenset(facilities))


def ask_password(*, from_stdin: bool) -> str:
    """A password typed twice, or one line of standard input; never a word of the command line.

    Raises
    ------
    ConfigError
        If nobody can type one.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise ConfigError("Nobody can type a password here. Send it with --password-stdin.")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def ask_passphrase(*, is_new: bool) -> str:
    """The passphrase of a backup: from the environment, from a file, or asked for.

    Raises
    ------
    ConfigError
        If the file cannot be read.
    """
    from allocator.service.files import secret_in_file

    if words := os.environ.get(PASSPHRASE):
        return words
    if (words := secret_in_file(PASSPHRASE)) is not None:
        return words
    asked: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new)
    return asked
