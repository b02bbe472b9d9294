"""`allocator notice`: what the person concerned is told of a plan."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from allocator.explain.notice_words import Language
from allocator.jobs import options
from allocator.jobs.exits import EPILOG


def _known_language(text: str) -> Language:
    """A language with a notice, refused in the words of the other errors."""
    try:
        return Language(text)
    except ValueError:
        known = ", ".join(Language)
        raise typer.BadParameter(f'There is no notice in "{text}". Known: {known}.') from None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("notice", epilog=EPILOG)(notice)


def notice(
    scenario: options.ScenarioArgument,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json, or its folder.")],
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id of one person.")],
    language: Annotated[
        Language,
        typer.Option(
            "--language", parser=_known_language, metavar="|".join(Language), help="Of the text."
        ),
    ] = Language.ENGLISH,
    last_plan: options.FromOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """The notice to the person concerned: what is proposed, who decides, how to be heard."""
    from allocator.jobs.locate import find_plan, find_scenario
    from allocator.jobs.notice import answer_notice
    from allocator.jobs.terminal import print_json
    from allocator.prepare.plan_document import read_plan

    source = find_scenario(scenario)
    given = read_plan(find_plan(plan))
    revised = None if last_plan is None else read_plan(find_plan(last_plan))
    document = answer_notice(source, given, person, language, revised)
    if as_json:
        print_json(document)
    else:
        _show(document)


def _show(document: Mapping[str, Any]) -> None:
    from rich.text import Text

    from allocator.jobs.terminal import out

    console = out()
    console.print(Text(f"To {document['person_id']}, {document['day']}", style="bold"))
    for paragraph in document["notice"]:
        console.print()
        console.print(Text(paragraph))
