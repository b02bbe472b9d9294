"""Why a person is where the plan puts them: one page from the document of `allocator explain`.

No number is added and no word that is not in the document, which knows what its reader may see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from allocator.explain.headline import TIER_WORDS
from allocator.model.vocabulary import Tier
from allocator.report.drawing import change_bar, scale_ends
from allocator.report.evidence import evidence_words, total_words
from allocator.report.form import (
    NOTHING,
    long_date,
    plural,
    role_words,
    short_date,
    signed,
    thousands,
)
from allocator.report.page import environment, style_sheet
from allocator.report.tables import Table, columns

MORE = "The rest is in the answer as JSON."
EXPOSURE = Tier.EXPOSURE.value


@dataclass(frozen=True, slots=True)
class Reason:
    """What stands against a cell: rule, what is broken, who is concerned, who would sign it."""

    rule: str
    words: str
    people: str
    signer: str


def render_explanation_html(document: Mapping[str, Any]) -> str:
    """One self-contained page; its title, which a browser keeps, names nobody."""
    others = document["alternatives"]
    asked = [] if document["asked"] is None else [document["asked"]]
    return (
        environment()
        .get_template("explanation.html.j2")
        .render(
            d=document,
            title=f"Explanation of one placement: {document['scenario']}",
            style=Markup(style_sheet()),  # noqa: S704 - our own file
            bars=exposure_bars(others),
            cell_words=cell_words,
            reasons_of=reasons_of,
            day=long_date(date.fromisoformat(document["data"]["day"])),
            evidence=total_words(document["data"]),
            tables={
                "adds": adds_table(document["adds"]),
                "costs": cost_table("costs", "What each would change", others),
                "asked_costs": cost_table("asked-costs", "What it would change", asked),
                "exchanges": exchange_table(document["staying"]),
                "rules": closing_table(document["closed"]["rules"]),
                "groups": group_table(document["closed"]["groups"]),
                "data": data_table(document["data"]["rows"]),
                "pairs": pair_table(document["data"]["pairs"]),
            },
        )
    )


def exposure_bars(cells: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str, Markup, str], ...]:
    """Cell, wing, bar and change of exposure of each lawful alternative, in their order.

    Empty where no alternative changes exposure.
    """
    found = [
        (cell_words(cell), f"wing {cell['wing_id']}", cell["tiers"][EXPOSURE])
        for cell in cells
        if EXPOSURE in cell["tiers"]
    ]
    changes = [change for *_, change in found]
    ends = scale_ends(changes)
    return tuple(
        (name, wing, change_bar(change, ends, (change, change)), signed(change))
        for name, wing, change in found
        if any(changes)
    )


def cell_words(cell: Mapping[str, Any]) -> str:
    """A cell's id, whether the person is there now, and how many cells are alike."""
    now = " (now)" if cell["is_present"] else ""
    alike = cell["alike"] - 1
    return f"{cell['cell_id']}{now}{f' and {thousands(alike)} alike' if alike > 0 else ''}"


def adds_table(adds: Mapping[str, Any]) -> Table:
    """What the placement adds, tier by tier in bold and under it rule by rule and goal by goal."""
    lines = _term_lines([adds])
    heads = columns("Tier, rule or goal", "#Points", "In words")
    rows, marked = tuple(line for line, _ in lines), _tiers_in(lines)
    caption = "What the placement adds, against being in no cell (lower is better)"
    return Table("adds", caption, heads, rows, first=len(rows), cap=len(rows), marked=marked)


def cost_table(name: str, caption: str, cells: Iterable[Mapping[str, Any]]) -> Table:
    """Change against the planned place, a column for each lawful cell."""
    open_cells = [cell for cell in cells if cell["tiers"]]
    lines = _term_lines(open_cells)
    names = (f"#{cell_words(cell)}" for cell in open_cells)
    heads = columns("Tier, rule or goal", *names, "In words")
    rows = tuple(line for line, _ in lines)
    full = f"{caption}, against the planned place (lower is better)"
    return Table(name, full, heads, rows, len(rows), len(rows), marked=_tiers_in(lines))


def _tiers_in(lines: Sequence[tuple[tuple[str, ...], bool]]) -> frozenset[int]:
    return frozenset(k for k, (_, is_tier) in enumerate(lines) if is_tier)


def _term_lines(sides: Sequence[Mapping[str, Any]]) -> list[tuple[tuple[str, ...], bool]]:
    """Rows of texts, and whether each is a tier's; tiers that nothing changes are left out.

    Parameters
    ----------
    sides : `tiers` and `terms` of each column; all have the same tiers.
    """
    lines: list[tuple[tuple[str, ...], bool]] = []
    for tier in sides[0]["tiers"] if sides else ():
        words, points = _terms_of(sides, tier)
        totals = [side["tiers"][tier] for side in sides]
        if any(totals) or words:
            lines.append(((tier.capitalize(), *map(signed, totals), TIER_WORDS[Tier(tier)]), True))
        lines += [
            (
                (source, *(signed(p[source]) if source in p else NOTHING for p in points), said),
                False,
            )
            for source, said in words.items()
        ]
    return lines


def _terms_of(
    sides: Sequence[Mapping[str, Any]], tier: str
) -> tuple[dict[str, str], list[dict[str, int]]]:
    """Words of the terms of a tier, and the points of each in each column."""
    found = [[term for term in side["terms"] if term["tier"] == tier] for side in sides]
    words = {term["source"]: term["words"] for terms in found for term in terms}
    return words, [{term["source"]: term["points"] for term in terms} for terms in found]


def reasons_of(cell: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Breaches first, then the rules that close the cell and of which no breach is told."""
    told = {breach["rule"] for breach in cell["breaches"]}
    broken = tuple(
        Reason(
            breach["rule"],
            breach["detail"] or f"{breach['words']} At {breach['place']}.",
            ", ".join(breach["person_ids"]),
            "nobody may sign" if breach["signed_by"] is None else _signer(breach["signed_by"]),
        )
        for breach in cell["breaches"]
    )
    closing = (rule for rule in cell["closed_by"] if rule["rule"] not in told)
    return broken + tuple(
        Reason(rule["rule"], rule["words"], "", "nobody may sign") for rule in closing
    )


def _signer(role: str) -> str:
    return f"to be signed by {role_words(role)}"


def exchange_table(staying: Mapping[str, Any] | None) -> Table:
    """With whom the person could change places, and what that would change."""
    found = () if staying is None else staying["exchanges"]
    rows = tuple(
        (
            line["person_id"],
            line["cell_id"],
            line["words"],
            "; ".join(f"{t['source']} {signed(t['points'])}" for t in line["terms"]) or NOTHING,
        )
        for line in found
    )
    heads = columns("With", "Cell", "In words", "Rule by rule, goal by goal")
    return Table("exchanges", "Exchanges that would be lawful", heads, rows)


def closing_table(rules: Iterable[Mapping[str, Any]]) -> Table:
    """Each hard rule with the number of cells that it closes."""
    rows = tuple((rule["rule"], thousands(rule["cells"]), rule["words"]) for rule in rules)
    heads = columns("Rule", "#Cells closed", "In words")
    return Table("rules", "Rules that close cells to this person", heads, rows)


def group_table(groups: Iterable[Mapping[str, Any]]) -> Table:
    """Cells by the set of rules that closes them."""
    rows = tuple(
        (
            ", ".join(group["rules"]),
            thousands(group["cells"]),
            ", ".join(group["such_as"]) or "not named",
        )
        for group in groups
    )
    heads = columns("Closed by", "#Cells", "Such as")
    return Table("groups", "Cells by all the rules that close them", heads, rows, 6, more=MORE)


def data_table(lines: Iterable[Mapping[str, Any]]) -> Table:
    """What is recorded, by whom, and how old it is; what has expired counts as unknown."""
    rows = tuple(
        (
            line["about"],
            _value_words(line),
            _age_words(line["age_days"]),
            *(short_date(_day(line[key])) for key in ("on", "until")),
            line["state"],
        )
        for line in lines
    )
    heads = columns("About", "Recorded", "#Age", "Of", "Until", "State")
    return Table("data", "What is recorded of this person", heads, rows, first=20, more=MORE)


def _value_words(line: Mapping[str, Any]) -> str:
    others = f"with {', '.join(line['person_ids'])}" if line["person_ids"] else ""
    source = f"({line['source'].replace('_', ' ')})" if line["source"] else ""
    return " ".join(part for part in (line["value"], others, source) if part) or NOTHING


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _age_words(days: int | None) -> str:
    return NOTHING if days is None else plural(days, "day")


def pair_table(pairs: Iterable[Mapping[str, Any]]) -> Table:
    """The people whose exposure with this person matters most, and what is recorded of it."""
    rows = tuple(
        (
            pair["person_id"],
            signed(pair["points"]),
            signed(pair["largest_change"]),
            evidence_words(pair),
        )
        for pair in pairs
    )
    heads = columns("With", "#In the planned place", "#Largest change elsewhere", "Evidence")
    return Table("pairs", "Exposure with single people, in points", heads, rows, more=MORE)
