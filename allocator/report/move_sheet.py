"""The order of moves as a page and as sheets to carry, from the document of `allocator order`."""

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from allocator.explain.headline import TIER_WORDS
from allocator.model.vocabulary import Tier
from allocator.report.form import NOTHING, STATUS, thousands
from allocator.report.move_picture import HOUR, Clock, move_drawings
from allocator.report.move_steps import sheet_windows, step_minutes
from allocator.report.page import environment, style_sheet
from allocator.report.tables import Table, columns

ALL = 10_000  # nothing of what somebody has to know is folded away
MORE = "The rest is in sequence.json."
ARRIVAL = "arrival"
WINDOW_NUMBERS = (
    ("moves", "Moves"), ("steps", "Steps"), ("most_officers", "Officers at a time"),
    ("unlawful_after", "Unlawful after"), ("unplaced_after", "Unplaced after"),
)  # fmt: skip


def render_order_html(document: Mapping[str, Any]) -> str:
    """One self-contained page; on paper each window begins a sheet.

    `status` of the document stands on every sheet; without one it is a proposal.
    """
    windows = sheet_windows(document)
    clock = Clock(_minute(document["opens"]), document["window_minutes"], step_minutes(document))
    return (
        environment()
        .get_template("order.html.j2")
        .render(
            d=document,
            title=f"Order of moves: {document['scenario']}",
            style=Markup(style_sheet()),  # noqa: S704 - our own file
            status=document.get("status", STATUS),
            arrival=ARRIVAL,
            nothing=NOTHING,
            windows=[(window, move_drawings(window, clock)) for window in windows],
            temporary_proof=temporary_proof(document),
            left_proof=left_proof(document),
            tables={
                "windows": window_table(document["windows"]),
                "after": after_table(document["windows"]),
                "left": left_table(document),
                "hindrances": hindrance_table(document["hindrances"]),
                "undecided": undecided_table(document),
                "departures": departure_table(document["waits_for_decision"]),
                "nearest": nearest_table(document["nearest"]),
            },
        )
    )


def temporary_proof(document: Mapping[str, Any]) -> str:
    """Whether fewer temporary steps are possible."""
    steps, bound = document["temporary_steps"], document["temporary_bound"]
    if steps == bound:
        return "proved: fewer are not possible" if steps else "nobody waits on the way"
    return f"at least {bound:,} are needed" if bound else "whether fewer would do is not proved"


def left_proof(document: Mapping[str, Any]) -> str:
    """Whether fewer people can be left out."""
    left, bound = len(document["left_out"]), document["left_out_bound"]
    if not left:
        return "everybody gets where the plan wants them"
    if left == bound:
        return "proved: fewer are not possible"
    return f"at least {bound:,} have to stay" if bound else "whether fewer could stay is not proved"


def window_table(windows: Iterable[Mapping[str, Any]]) -> Table:
    """What each window does, and how many breaches and unplaced people are left after it."""
    rows = tuple(
        (
            f"{window['window']}",
            f"{window['opens']} to {window['ends']}",
            *(thousands(window[key]) for key, _ in WINDOW_NUMBERS),
        )
        for window in windows
    )
    heads = columns("Window", "Time", *(f"#{words}" for _, words in WINDOW_NUMBERS))
    return Table("windows", "Windows", heads, rows, ALL, ALL)


def after_table(windows: Iterable[Mapping[str, Any]]) -> Table:
    """The judge's values of the state that each window leaves."""
    judged = [window for window in windows if window["tiers_after"] is not None]
    rows = tuple(
        (TIER_WORDS[Tier(tier)], *(thousands(window["tiers_after"][tier]) for window in judged))
        for tier in (judged[0]["tiers_after"] if judged else ())
    )
    heads = columns(
        "Value, lower is better", *(f"#After window {window['window']}" for window in judged)
    )
    return Table("after", "What each window leaves", heads, rows, ALL, ALL)


def left_table(document: Mapping[str, Any]) -> Table:
    """Who stays, and which cell the plan has for them."""
    rows = tuple((who, document["target"][who]) for who in document["left_out"])
    heads = columns("Person", "Cell in the plan")
    return Table("left", "People who stay where they are", heads, rows, 30, ALL, MORE)


def hindrance_table(hindrances: Iterable[Mapping[str, Any]]) -> Table:
    """Who waits for whom, by which rules, and what would let them move."""
    rows = tuple(
        (
            f"{number}",
            _waiting(entry),
            ", ".join(entry["places"]) or NOTHING,
            " ".join(f"{rule['rule']}: {rule['words']}" for rule in entry["rules"]) or NOTHING,
            entry["missing"],
        )
        for number, entry in enumerate(hindrances, 1)
    )
    heads = columns("No.", "Who waits", "Places", "Rules in the way", "Missing")
    return Table("hindrances", "Why they stay, and what is missing", heads, rows, ALL, ALL)


def _waiting(entry: Mapping[str, Any]) -> str:
    """A circle in words."""
    people = entry["person_ids"]
    circle = [*people, people[0]] if len(people) > 1 else people
    return " waits for ".join(circle)


def undecided_table(document: Mapping[str, Any]) -> Table:
    """People who have a cell and no place in the plan."""
    waits = document["waits_for_decision"]
    cells = {row["person_id"]: row["cell"] for row in waits["people"]} if waits else {}
    rows = tuple((who, cells.get(who) or NOTHING) for who in document["undecided"])
    heads = columns("Person", "Cell now")
    caption = "People without a place in the plan, who stay until somebody decides"
    return Table("undecided", caption, heads, rows, 30, ALL, MORE)


def departure_table(waits: Mapping[str, Any] | None) -> Table:
    """How many moves could be made if somebody had left."""
    rows = tuple(
        (", ".join(entry["person_ids"]), f"at least {entry['moves']:,}")
        for entry in (waits["if_left"] if waits else ())
    )
    heads = columns("If these people had left", "#Moves that could be made")
    return Table("departures", "What a decision would let go on", heads, rows, ALL, ALL)


def nearest_table(nearest: Mapping[str, Any] | None) -> Table:
    """The plan that can be carried out beside the one that was asked for."""
    tiers = nearest["tiers"] if nearest else {}
    rows = tuple(
        (
            TIER_WORDS[Tier(tier)],
            thousands(value),
            thousands(nearest["tiers_of_plan"].get(tier) if nearest else None),
        )
        for tier, value in tiers.items()
    )
    heads = columns("Value, lower is better", "#Can be carried out", "#Plan asked for")
    return Table("nearest", "The nearest plan that can be carried out", heads, rows)


def _minute(clock: str) -> int:
    """Minute of the day of a clock time of the document, as 08:00."""
    hours, minutes = clock.split(":")
    return int(hours) * HOUR + int(minutes)
