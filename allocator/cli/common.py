"""Options that every command has: how much it says, and whether it changes anything."""

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Annotated, Any, TypeAlias, get_type_hints

import typer

from allocator.dry_run import set_dry_run
from allocator.jobs import options
from allocator.jobs.manner import set_manner
from allocator.jobs.standard_input import forget_standard_input

WRITERS = frozenset(
    {
        "plan", "order", "explain", "conflict", "diff", "compare", "curve", "report",
        "audit-fairness", "export", "retention", "erase",
        "scenario check", "scenario export", "scenario template", "scenario build",
        "scenario shock",
        "decide lock", "decide forbid", "decide reject", "decide withdraw", "decide complain",
        "decide close-complaint",
        "user add", "user disable", "user roles", "user password", "key add", "key revoke",
        "audit head",
    }
)  # fmt: skip
"""Commands that write or change something and can tell what without doing it.

`batch`, `backup`, `restore`, `serve` and `worker` are not among them: what they would do is known
when they have done it.
"""
VerboseOption: TypeAlias = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Say how long it took, and more of what went wrong."),
]
DryRunOption: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done; write and change nothing.")
]
NOTHING_DONE = "Dry run: nothing was written or changed."


def add_common_options(app: typer.Typer, group: str = "") -> None:
    """Give every command of an application, and of its groups, the options that it lacks."""
    for command in app.registered_commands:
        if command.callback is not None:
            name = command.name or command.callback.__name__.replace("_", "-")
            command.callback = _with_options(command.callback, f"{group} {name}".strip())
    for found in app.registered_groups:
        if found.typer_instance is not None:
            add_common_options(found.typer_instance, str(found.name))


def _with_options(callback: Callable[..., Any], name: str) -> Callable[..., Any]:
    extra: dict[str, Any] = {"verbose": VerboseOption}
    if name in WRITERS:
        extra["dry_run"] = DryRunOption
    signature = inspect.signature(callback)
    takes_quiet = "quiet" in signature.parameters
    if not takes_quiet:
        extra["quiet"] = options.QuietOption

    @wraps(callback)
    def run(**values: Any) -> Any:
        quiet = values["quiet"] if takes_quiet else values.pop("quiet")
        with _manner(quiet, values.pop("verbose"), values.pop("dry_run", False)):
            return callback(**values)

    hints = get_type_hints(callback, include_extras=True)
    added = [
        inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind)
        for key, kind in extra.items()
    ]
    known = [
        parameter.replace(annotation=hints.get(key, parameter.annotation))
        for key, parameter in signature.parameters.items()
    ]
    run.__signature__ = signature.replace(parameters=[*known, *added])  # type: ignore[attr-defined]
    run.__annotations__ = hints | extra
    return run


@contextmanager
def _manner(quiet: bool, verbose: bool, dry_run: bool) -> Iterator[None]:
    started = time.monotonic()
    set_manner(quiet=quiet, verbose=verbose)
    set_dry_run(wanted=dry_run)
    try:
        yield
    finally:
        set_dry_run(wanted=False)
        forget_standard_input()
        if dry_run and not quiet:
            typer.echo(NOTHING_DONE, err=True)
        if verbose:
            typer.echo(f"Time: {time.monotonic() - started:.1f} s", err=True)
