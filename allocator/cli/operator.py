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

DataOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where SQLite and the secret are kept."),
]
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
def operator_at_work(data_folder: Path | None) -> Iterator[tuple["Service", "Caller"]]:
    """The service and the operator, whom the audit log names by the id of the system's account.

    Raises
    ------
    ConfigError
        If the settings, or what was asked for, cannot be used.
    """
    from allocator.service.access.caller import EVERYWHERE, Caller
    from allocator.service.access.roles import Role
    from allocator.service.errors import ServiceError
    from allocator.service.root import open_service
    from allocator.service.settings import read_settings

    service = open_service(read_settings(data_folder=data_folder))
    actor = f"system:command-line:{os.getuid()}"
    roles = frozenset({Role.ADMINISTRATOR})
    try:
        yield service, Caller(actor, "command line", roles, frozenset({EVERYWHERE}))
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
