"""What a user sees when something goes wrong: one message, never a traceback.

With `--json` it is one JSON object on standard output. ALLOCATOR_DEBUG=1 adds the traceback.
"""

import json
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, Never

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from allocator.errors import ConfigError, JobError
from allocator.jobs.exits import ExitCode, exit_code_of_error
from allocator.jobs.manner import is_verbose
from allocator.jobs.problems import error_document


class GivenUpError(JobError):
    """The user pressed Ctrl-C and there is no best plan so far."""

    code = "interrupted"


class GuardedGroup(TyperGroup):
    """A command group whose errors end in an exit code and a message."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an interrupt that the command did not use ends it without a result."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise GivenUpError("Given up; nothing was written.") from None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002 - part of the base class's signature
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Never:
        """Run a command and exit."""
        words = list(sys.argv[1:] if args is None else args)
        wants_json = "--json" in words
        try:
            code = super().main(
                words, prog_name, complete_var, not wants_json, windows_expand_args, **extra
            )
        except TyperException as error:
            _end(ConfigError(_usage_words(error)), wants_json)
        except Exception as error:  # noqa: BLE001 - the last door before the user
            _end(error, wants_json)
        sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _end(error: Exception, wants_json: bool) -> Never:
    document = error_document(error)
    if os.environ.get("ALLOCATOR_DEBUG"):
        traceback.print_exception(error)
    if wants_json:
        typer.echo(json.dumps(document, indent=2))
    else:
        typer.echo(f"allocator: {document['user_message']}", err=True)
        if is_verbose():
            typer.echo(f"({document['code']}: {document['developer_message']})", err=True)
    given_up = isinstance(error, GivenUpError)
    sys.exit(ExitCode.INTERRUPTED if given_up else exit_code_of_error(error))


def _usage_words(error: TyperException) -> str:
    describe = getattr(error, "format_message", None)
    return str(describe() if describe else error)
