"""Two plans against each other: one page from the document of `allocator diff`, no number added."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from allocator.model.catalogue import RULE_BY_ID, RuleId
from allocator.model.vocabulary import ExposureKind
from allocator.report.diff_picture import received_svg
from allocator.report.form import KIND_WORDS, MINUS, NOTHING, role_words, rule_number, thousands
from allocator.report.page import environment, style_sheet
from allocator.report.tables import Table, columns

NOWHERE = "no place"
MORE = "The rest is in diff.json."
STANDING_WORDS = {"better": "better off", "worse": "worse off", "mixed": "better and worse"}
BURDEN_WORDS = {
    "moved": "Moved",
    "moved_again": "Moved again within the cooldown",
    "crowded_again": "Below the warning floor for space again",
}


def render_diff_html(document: Mapping[str, Any]) -> str:
    """One self-contained page."""
    return (
        environment()
        .get_template("diff.html.j2")
        .render(
            d=document,
            title=f"Two plans compared: {document['scenario']}",
            style=Markup(style_sheet()),  # noqa: S704 - our own file
            picture=received_svg(document["people"]["received"]),
            tables={
                "plans": plan_table(document["plans"]),
                "tiers": _value_table("tiers", "Tiers, lower is better", document["tiers"]),
                "kinds": _value_table("kinds", "Exposure by kind", document["exposure"]),
                "measures": measure_table(document["people"]["by_measure"]),
                "received": received_table(document["people"]["received"]),
                "people": people_table(document["people"]["changes"]),
                "places": place_table(document["placements"]["differ"]),
                "worst": worst_table(document["worst_off"]),
                "burden": burden_table(document["burden"]),
                "derogations": derogation_table(document["derogations"]),
                "unplaced": unplaced_table(document["unplaced"]),
            },
        )
    )


def plan_table(plans: Mapping[str, Mapping[str, Any]]) -> Table:
    """The two plans and what they were made under."""
    rows = tuple(
        (
            f"{key.upper()}",
            plan["file"],
            plan["policy"],
            "these data" if plan["is_of_these_data"] else "an earlier version",
            "none" if plan["max_moves"] is None else thousands(plan["max_moves"]),
            thousands(plan["moves"]),
            thousands(plan["unplaced"]),
            thousands(plan["derogations"]),
        )
        for key, plan in plans.items()
    )
    heads = columns(
        "Plan", "File", "Policy", "Made for", "#Move limit", "#Moves", "#Unplaced", "#Derogations"
    )
    return Table("plans", "The plans", heads, rows)


def _value_table(name: str, caption: str, lines: Iterable[Mapping[str, Any]]) -> Table:
    rows = tuple(
        (
            line["words"] if "words" in line else KIND_WORDS[ExposureKind(line["kind"])][0],
            *(thousands(line[key]) for key in ("now", "a", "b")),
            _signed(line["change"]),
        )
        for line in lines
    )
    return Table(name, caption, columns("Value", "#Now", "#A", "#B", "#B less A"), rows)


def measure_table(lines: Iterable[Mapping[str, Any]]) -> Table:
    """For how many people B is better and worse, measure by measure."""
    rows = tuple(
        (_capital(line["words"]), thousands(line["better"]), thousands(line["worse"]))
        for line in lines
    )
    heads = columns("What differs", "#Better in B", "#Worse in B")
    return Table("measures", "People, measure by measure", heads, rows, first=12)


def received_table(lines: Iterable[Mapping[str, Any]]) -> Table:
    """What the picture shows: how many people receive so much in A and so much in B."""
    dots = Counter((line["a"], line["b"]) for line in lines)
    order = sorted(dots, key=lambda pair: (pair[0] - pair[1], pair))
    rows = tuple(
        (thousands(a), thousands(b), _signed(b - a), thousands(dots[a, b])) for a, b in order
    )
    heads = columns("Received in A", "#Received in B", "#B less A", "#People")
    caption = "Exposure that each person receives, most added in B first"
    return Table("received", caption, heads, rows, first=5, more=MORE)


def people_table(lines: Iterable[Mapping[str, Any]]) -> Table:
    """Everybody for whom something differs; those who are worse off come first.

    Within each group the order is by how much more exposure a person receives in B, and by id where
    the reader may not know that.
    """
    order = ("worse", "mixed", "better")
    found = sorted(
        lines,
        key=lambda x: (order.index(x["standing"]), -(x["received_change"] or 0), x["person_id"]),
    )
    rows = tuple(
        (
            line["person_id"],
            STANDING_WORDS[line["standing"]],
            line["place_a"] or NOWHERE,
            line["place_b"] or NOWHERE,
            _difference_words(line["differences"], better=False),
            _difference_words(line["differences"], better=True),
        )
        for line in found
    )
    heads = columns("Person", "In B", "Place in A", "Place in B", "Worse in B", "Better in B")
    return Table("people", "People for whom something differs", heads, rows, more=MORE)


def _difference_words(differences: Iterable[Mapping[str, Any]], *, better: bool) -> str:
    said = [
        f"{entry['words']} {entry['change']}".strip()
        for entry in differences
        if entry["is_better"] is better
    ]
    return "; ".join(said) or NOTHING


def place_table(lines: Iterable[Mapping[str, Any]]) -> Table:
    """People whom the plans put into different places."""
    rows = tuple(
        (
            line["person_id"],
            line["present_place"] or "arrival",
            line["a"] or NOWHERE,
            line["b"] or NOWHERE,
        )
        for line in lines
    )
    heads = columns("Person", "Now", "Place in A", "Place in B")
    return Table("places", "People in different places", heads, rows, more=MORE)


def worst_table(lines: Iterable[Mapping[str, Any]]) -> Table:
    """The worst value that any one person has, now and in each plan, and who has it."""
    rows = tuple(
        (
            f"{'Most' if line['less_is_better'] else 'Least'} {line['words']}",
            *(_worst_words(line[key]) for key in ("now", "a", "b")),
            _signed(line["change"]),
        )
        for line in lines
    )
    heads = columns("Of one person", "Now", "A", "B", "#B less A")
    return Table("worst", "The person worst off", heads, rows)


def _worst_words(entry: Mapping[str, Any]) -> str:
    who = _listed(entry["person_ids"])
    return f"{thousands(entry['value'])}{f' ({who})' if who else ''}"


def burden_table(burden: Mapping[str, Mapping[str, Any]]) -> Table:
    """People who carry each plan."""
    a, b = burden["a"], burden["b"]
    people = tuple(
        (
            words,
            thousands(len(a[key])),
            thousands(len(b[key])),
            _listed(sorted(set(a[key]) - set(b[key]))) or NOTHING,
            _listed(sorted(set(b[key]) - set(a[key]))) or NOTHING,
        )
        for key, words in BURDEN_WORDS.items()
    )
    points = tuple(
        (words, thousands(a[key]), thousands(b[key]), NOTHING, NOTHING)
        for key, words in (
            ("move_points", "Points of moves (R34)"),
            ("repeated_move_points", "Points of repeated moves (R39)"),
            ("crowded_months", "Months of repeated crowding (R39)"),
        )
    )
    heads = columns("Burden", "#A", "#B", "Only in A", "Only in B")
    return Table("burden", "Who carries it", heads, (*people, *points))


def derogation_table(found: Mapping[str, Any]) -> Table:
    """Derogations in one plan and not in the other, with the role that signs."""
    rows = tuple(
        (
            f"only in {name}",
            _rule_words(entry["rule"]),
            ", ".join(entry["person_ids"]) or NOTHING,
            entry["place"] or NOTHING,
            thousands(entry["points"]),
            role_words(entry["signed_by"]) or "not named in the profile",
        )
        for key, name in (("only_a", "A"), ("only_b", "B"))
        for entry in found[key]
    )
    heads = columns("Plan", "Rule", "People", "Place", "#Points", "Signed by")
    caption = "Derogations in one plan and not in the other"
    return Table("derogations", caption, heads, rows, more=MORE)


def _rule_words(rule: str) -> str:
    """Number and words; recorded information stays what it is."""
    if rule not in RULE_BY_ID:
        return rule
    return f"{rule_number(rule)} {RULE_BY_ID[RuleId(rule)].words}"


def unplaced_table(found: Mapping[str, Sequence[str]]) -> Table:
    """People without a place in one plan or in both."""
    rows = tuple(
        (words, thousands(len(found[key])), ", ".join(found[key]) or "nobody")
        for key, words in (("only_a", "Only in A"), ("only_b", "Only in B"), ("both", "In both"))
    )
    return Table("unplaced", "People without a place", columns("Plan", "#People", "Who"), rows)


def _listed(names: Sequence[str], most: int = 6) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def _signed(change: float | None) -> str:
    if change is None:
        return NOTHING
    if not change:
        return "no change"
    return f"{'+' if change > 0 else MINUS}{abs(change):,}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
