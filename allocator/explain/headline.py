"""What a plan comes to, in words: verdict, tiers, shortfall, conflicts, provenance."""

from dataclasses import dataclass

from allocator.explain.readers import Reader, is_hidden, labels_of, named_rules
from allocator.model.plan import Conflict, MadeBy, Plan, ShortfallCause, Verdict
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier

CAVEAT = (
    "Exposure is a modelling quantity for planning. There is no evidence that it predicts"
    " radicalisation, and no claim that this plan reduces it."
)
STATUS = (
    "Proposal. Nobody is moved until a named person has reviewed it, decided and signed;"
    " the same person may reject it."
)
VERDICT_TITLES = {
    Verdict.OPTIMAL: "A complete plan, proven optimal",
    Verdict.FEASIBLE: "A complete plan, not proven optimal",
    Verdict.INFEASIBLE: "No lawful plan exists for these data",
    Verdict.OUT_OF_TIME: "Time ran out before the search was finished",
}
VERDICT_WORDS = {
    Verdict.OPTIMAL: (
        "No lawful plan scores lower on the goals below, taken in their order. That is proven for"
        " these data, this policy and these weights, and for nothing else."
    ),
    Verdict.FEASIBLE: (
        "The plan keeps every hard rule. A plan with lower scores may exist; the proven bounds"
        " below say how much lower at most."
    ),
    Verdict.INFEASIBLE: (
        "The rules that may never be broken cannot all be kept. The conflicts below say which"
        " rules, people and cells are involved."
    ),
    Verdict.OUT_OF_TIME: (
        "What is shown was found in the time allowed. It is not a statement that nothing better,"
        " or nothing at all, exists."
    ),
}
MADE_BY_WORDS = {
    MadeBy.SEARCH: "a search from the present placement",
    MadeBy.REVISION: "a search from the last plan, whose places it keeps where it can",
    MadeBy.STANDING: "the last plan as it is, since nothing has changed",
    MadeBy.ONWARD: "a search that set out from another plan",
    MadeBy.NEAREST: "another plan, without the moves that have no safe order",
    MadeBy.URGENT: "the present placement, with one person in a cell that an officer took",
}
NOT_VERIFIED = "The plan has not passed the independent check of every rule. Do not act on it."
TIER_WORDS = {
    Tier.UNPLACED: "People without a place",
    Tier.DEROGATIONS: "Derogations, weighted",
    Tier.PROTECTION: "Protection rules not met, weighted",
    Tier.DEPARTURES: "Departures from the last plan",
    Tier.EXPOSURE: "Exposure, weighted, support subtracted",
    Tier.MOVES: "Burden of moves",
    Tier.PREFERENCES: "Space, home, programme and ties (lower is better)",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """The first screen of a report."""

    title: str
    words: str
    status: str
    caveat: str
    verified: bool
    people: int
    placed: int
    unplaced: int
    derogations: int
    derogation_points: int


@dataclass(frozen=True, slots=True)
class TierLine:
    """Value of one tier and what is proven: `gap` is value less bound, None without a bound."""

    tier: Tier
    words: str
    value: int
    bound: int | None
    gap: int | None


@dataclass(frozen=True, slots=True)
class ShortfallLine:
    """Places that unplaced people of one legal category need and why they have none, in words.

    `is_missing` : True where the places are not there, False where a rule keeps people out.
    """

    category: str
    rules: tuple[str, ...]
    places: int
    is_missing: bool
    words: str


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """People, cells and rules that cannot hold together; `people` counts those not named too."""

    words: str
    rules: tuple[tuple[str, str], ...]
    people: int
    person_ids: tuple[str, ...]
    cell_ids: tuple[str, ...]
    missing: int
    proof: str


def headline(plan: Plan) -> Headline:
    """Counts and words of a plan."""
    unplaced = len(plan.unplaced)
    return Headline(
        title=VERDICT_TITLES[plan.verdict] if not unplaced else _with_unplaced(plan.verdict),
        words=VERDICT_WORDS[plan.verdict] if plan.verified else NOT_VERIFIED,
        status=STATUS,
        caveat=CAVEAT,
        verified=plan.verified,
        people=len(plan.placements),
        placed=len(plan.placements) - unplaced,
        unplaced=unplaced,
        derogations=len(plan.derogations),
        derogation_points=sum(derogation.points for derogation in plan.derogations),
    )


def _with_unplaced(verdict: Verdict) -> str:
    titles = {
        Verdict.OPTIMAL: "Not everyone can be placed: a partial plan, proven optimal",
        Verdict.FEASIBLE: "Not everyone is placed: a partial plan, not proven optimal",
    }
    return titles.get(verdict, VERDICT_TITLES[verdict])


def tier_lines(plan: Plan) -> tuple[TierLine, ...]:
    """Tiers in the plan's order."""
    return tuple(
        TierLine(
            found.tier,
            TIER_WORDS[found.tier],
            found.value,
            found.bound,
            None if found.bound is None else found.value - found.bound,
        )
        for found in plan.tiers
    )


def shortfall_lines(plan: Plan, reader: Reader) -> tuple[ShortfallLine, ...]:
    """Places missing, then places kept from people, the most first."""
    causes = sorted(plan.shortfall_causes, key=lambda c: (not c.is_room, -c.places, c.category))
    return tuple(
        ShortfallLine(
            cause.category,
            tuple(labels_of(cause.rules, reader)),
            cause.places,
            cause.is_room,
            _cause_words(cause, reader),
        )
        for cause in causes
    )


def _cause_words(cause: ShortfallCause, reader: Reader) -> str:
    """One sentence: missing, or left and closed by rules, or left and not used."""
    places = f"{cause.places:,} {cause.category} {'place' if cause.places == 1 else 'places'}"
    if cause.is_room:
        return f"{places} {'is' if cause.places == 1 else 'are'} missing."
    if not cause.rules:
        return f"{places} more: room is left, but the search did not use it."
    named = tuple(labels_of(cause.rules, reader))
    closes = "closes" if len(named) == 1 else "together close"
    rules = " and ".join(named)
    return f"{places} more: room is left, but {rules} {closes} it to the people concerned."


def conflict_lines(plan: Plan, reader: Reader) -> tuple[ConflictLine, ...]:
    """Conflicts as found by the solver; people are counted where a rule is hidden."""
    return tuple(_conflict_line(conflict, reader) for conflict in plan.conflicts)


def _conflict_line(conflict: Conflict, reader: Reader) -> ConflictLine:
    reader = reader.about(*conflict.person_ids)
    hidden = any(is_hidden(rule, None, reader) for rule in conflict.rules)
    return ConflictLine(
        conflict_words(conflict, reader),
        tuple(labels_of(conflict.rules, reader).items()),
        len(conflict.person_ids),
        () if hidden else conflict.person_ids,
        conflict.cell_ids,
        conflict.missing,
        conflict.proof,
    )


def conflict_words(conflict: Conflict, reader: Reader) -> str:
    """The solver's words, or others that name neither people nor what is hidden."""
    reader = reader.about(*conflict.person_ids)
    if not any(is_hidden(rule, None, reader) for rule in conflict.rules):
        return conflict.words
    count = len(conflict.person_ids)
    people = "1 person" if count == 1 else f"{count:,} people"
    return f"Not all of {people} can be placed. Rules: {named_rules(conflict.rules, reader)}."


def provenance_lines(scenario: Scenario, plan: Plan) -> tuple[tuple[str, str], ...]:
    """Label and value of everything needed to replay the plan (R48).

    The time that it took is not among them: it differs each time, and the plan does not.
    """
    source = plan.provenance
    limit = source.time_limit_seconds
    return (
        ("Scenario", plan.scenario_name),
        ("Day", scenario.day.isoformat()),
        ("Scenario SHA-256", source.scenario_hash),
        ("Legal profile", f"{source.profile}, version {source.profile_version}"),
        ("Policy", f"{source.policy}, version {source.policy_version}"),
        ("Contact weights", source.contact_weights),
        *((("Revised plan SHA-256", source.revised_plan),) if source.revised_plan else ()),
        ("Made by", MADE_BY_WORDS[source.made_by]),
        *((("Started from plan SHA-256", source.started_from),) if source.started_from else ()),
        ("Seed", str(source.seed)),
        ("Effort", source.effort),
        ("Move budget", "none" if source.max_moves is None else f"{source.max_moves:,}"),
        ("Time limit", "none" if limit is None else f"{limit:g} s"),
        ("Verdict", plan.verdict.value.replace("_", " ")),
        ("Verified", "yes" if plan.verified else "no"),
        ("Software", source.software_version),
        ("Solver", source.solver_version),
    )
