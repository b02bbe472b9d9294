"""Sentences of an explanation that are put together from its numbers."""

from collections import Counter
from collections.abc import Iterable

from allocator.explain.alternatives import Alternative
from allocator.explain.exchange import Exchange
from allocator.explain.move_lines import told_reason
from allocator.explain.offers import Share
from allocator.explain.person import Explanation
from allocator.explain.readers import Reader, joined, label_of, named_rules
from allocator.explain.reasons import MoveReason
from allocator.explain.records import RecordKind, by_kind
from allocator.explain.smallest_change import Change, Outcome
from allocator.explain.words import TIE_WORDS, elsewhere_words, record_words
from allocator.model.plan import Plan, Verdict
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier

POINTS_IN = {
    Tier.UNPLACED: "people without a place",
    Tier.DEROGATIONS: "derogations",
    Tier.PROTECTION: "protection rules not met",
    Tier.DEPARTURES: "departures from the last plan",
    Tier.EXPOSURE: "exposure",
    Tier.MOVES: "the burden of moves",
    Tier.PREFERENCES: "preferences",
}
"""What a tier's points are of, in a sentence: one derogation or move may have several."""


def placement_words(found: Explanation) -> str:
    """Where the person is and will be."""
    now, cell = found.present_place, found.planned_cell
    if cell is None:
        stays = f"stays in {now} until somebody decides" if now else "waits until somebody decides"
        return f"The plan has no cell: {found.person_id} {stays}."
    if cell == now:
        return f"Stays in {cell}, wing {found.planned_wing}: no move."
    if found.is_move:
        return f"Moves from {now} to {cell}, wing {found.planned_wing}."
    return f"First placement, in {cell}, wing {found.planned_wing}."


def leaving_words(found: Explanation, reader: Reader) -> str:
    """What a move does for the person, and who has the cell that is left."""
    if found.leaving is None:
        return ""
    who, reader = found.person_id, reader.about(found.person_id)
    reason, rules = told_reason(
        found.leaving.settled, reader, lowers_exposure=found.leaving.lowers_exposure
    )
    if rules:
        named = named_rules(rules, reader)
        why = f"The present placement breaks {named} for {who}; the plan does not."
    elif reason is MoveReason.RECORDED:
        why = f"What the move does for {who} is recorded information."
    elif reason is MoveReason.EXPOSURE_REDUCTION:
        why = f"The exposure in which {who} has a part falls."
    else:
        why = f"It ends no breach for {who}: it makes room for others or serves other goals."
    taken = joined(found.leaving.taken_by) or "nobody"
    return f"{why} {found.present_place} is planned for {taken}."


def choice_words(scenario: Scenario, plan: Plan, found: Explanation) -> str:
    """How the planned place stands among the lawful cells."""
    lawful = "1 is lawful" if found.lawful == 1 else f"{found.lawful:,} are lawful"
    start = f"Of {found.cells:,} cells {lawful} with everybody else as planned"
    if found.planned_cell is None:
        return f"{start}." + (f" {_search_words(scenario, plan)}" if found.lawful else "")
    if found.lawful == 1:
        return f"{start}: the planned one."
    if found.better:
        are = "1 is" if found.better == 1 else f"{found.better:,} are"
        return f"{start}; {are} better than the planned one. {_search_words(scenario, plan)}"
    if found.equals:
        others = "1 other is" if found.equals == 1 else f"{found.equals:,} others are"
        return f"{start}; none is better than the planned one and {others} exactly as good."
    return f"{start}; the planned one is the best."


def _search_words(scenario: Scenario, plan: Plan) -> str:
    """Why a better cell can be left unused: honest about the search and the tolerances."""
    given = [s.tier.value for s in scenario.tiers if s.tolerance_permille]
    if given:
        return (
            f"The policy lets {joined(given)} give something back for later tiers; if that is not "
            "the reason, the search missed it."
        )
    best = plan.verdict is Verdict.OPTIMAL
    return "The search missed it." if best else "The search, which proved no optimum, missed it."


def alternative_words(
    scenario: Scenario, plan: Plan, other: Alternative, reader: Reader
) -> tuple[str, str]:
    """How a cell compares with the planned place: a code, and a sentence."""
    if other.rank is None:
        return "closed", f"Closed by {named_rules(other.closed_by, reader)}."
    tier = next((tier for tier, points in other.tiers.items() if points), None)
    if tier is None:
        return "equal", TIE_WORDS
    points = other.tiers[tier]
    if points > 0:
        return "worse", f"Lawful, and worse by {points:,} in tier {tier.value}."
    better = f"Lawful, and better by {-points:,} in tier {tier.value}."
    return "better", f"{better} {_search_words(scenario, plan)}"


def stay_words(found: Explanation, reader: Reader) -> str:
    """Why staying is the choice: what the best that is lawful would cost instead."""
    lawful = sorted((a for a in found.alternatives if a.rank), key=lambda a: a.rank or 0)
    words = []
    if lawful:
        costs = cost_words(lawful[0].shares, reader)
        words.append(f"Moving to {lawful[0].cell_id} would {costs}.")
    else:
        words.append("No other cell is open while everybody else is as planned.")
    if found.exchanges and found.exchanges.best:
        words.append(exchange_words(found.exchanges.best[0], reader))
    elif found.exchanges and found.exchanges.tried:
        tried = found.exchanges.tried
        people = "the 1 person" if tried == 1 else f"the {tried:,} people"
        words.append(f"Changing places with any of {people} tried breaks a hard rule.")
    return " ".join(words)


def exchange_words(other: Exchange, reader: Reader) -> str:
    """What changing places with somebody would cost."""
    costs = cost_words(other.shares, reader.about(*reader.people, other.person_id))
    return f"Changing places with {other.person_id}, in {other.cell_id}, would {costs}."


def cost_words(shares: Iterable[Share], reader: Reader) -> str:
    """Costs and savings in points, rule by rule; what is hidden is one term of its tier."""
    points = Counter[str]()
    for share in shares:
        label = label_of(share.source, reader, share.tier)
        points[f"in {POINTS_IN[share.tier]} ({label})"] += share.points
    more = [_points(count, name) for name, count in points.items() if count > 0]
    less = [_points(-count, name) for name, count in points.items() if count < 0]
    costs = f"cost {joined(more)}" if more else "cost nothing"
    return f"{costs} and save {joined(less)}" if less else costs


def _points(count: int, name: str) -> str:
    return f"{count:,} point{'' if count == 1 else 's'} {name}"


def change_words(found: Explanation, change: Change, reader: Reader) -> str:
    """What would have to be otherwise for a cell to be the choice."""
    cell = change.cell_id
    tied = ""
    if change.tied:
        tied = f" {change.tied:,} other{'s' if change.tied > 1 else ''} would be exactly as good."
    if change.outcome is Outcome.NONE_NEEDED:
        return f"Nothing: no lawful cell is better than {cell} as it is.{tied}"
    records = [r for r in by_kind(change.records) if r.kind is not RecordKind.PLACE]
    named = joined(record_words(record, reader) for record in records)
    if change.outcome is Outcome.RECORDS:
        return f"Without {named}, no lawful cell would be better than {cell}.{tied}"
    if change.outcome is Outcome.OTHERS_MOVE:
        others = elsewhere_words(change.records, reader)
        both = (
            f"without {named}, and with {others} elsewhere" if named else f"with {others} elsewhere"
        )
        return (
            "Records of this person are not enough; only a move of others would do. "
            f"{both[0].upper()}{both[1:]}, no lawful cell would be better than {cell}.{tied}"
        )
    start = (
        "Taking away what is recorded of this person, and the places of those near it, does not "
        f"make {cell} the choice"
    )
    if change.closed_by:
        return f"{start}: {named_rules(change.closed_by, reader)} would close it all the same."
    rival = _rival_words(found, change)
    moves = " Staying is no move." if change.behind is Tier.MOVES else ""
    return f"{start}: {rival} would be better in tier {change.behind}.{moves}"


def _rival_words(found: Explanation, change: Change) -> str:
    if change.rival == found.planned_cell:
        return "the planned cell"
    if change.rival == found.present_place:
        return f"the present cell, {change.rival},"
    return str(change.rival)
