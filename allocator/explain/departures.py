"""Why people are not where the last plan wanted them: rules that close the place, or others in it.

Everything is asked of the judge: what would be broken if the person were in the planned place and
everybody else where the new plan puts them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from allocator.explain.readers import Reader, labels_of, named_rules
from allocator.model.catalogue import RuleId
from allocator.model.plan import Placement, Plan
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier
from allocator.verify.judge import Findings, find_breaches, tier_values
from allocator.verify.view import View

GONE = "The planned cell is not there any more."
OUT_OF_USE = "The planned cell is out of use."
TAKEN = "Others have the place."
OPEN = "No rule closes the place; more search may keep it."
BY_COMPANY = frozenset({RuleId.NO_SOLITARY})  # what being alone breaks may hold in company


@dataclass(frozen=True, slots=True)
class Departure:
    """One person who is not in the planned place, with the reason as far as it is known.

    Parameters
    ----------
    cell_id : where the plan puts the person, None for nowhere.
    rules : labels of the rules that the planned place would break now; empty where none does.
    """

    person_id: str
    planned_place: str
    cell_id: str | None
    rules: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A plan beside the one that it revises.

    Parameters
    ----------
    last_plan : SHA-256 of the revised plan; None where the scenario's tables give its places.
    planned : people with a place in the last plan who are still here. new : people without.
    departures : who is elsewhere or nowhere now, by person id.
    """

    last_plan: str | None
    planned: int
    new: int
    departures: tuple[Departure, ...]


def revision_of(scenario: Scenario, plan: Plan, reader: Reader = Reader.OFFICER) -> Revision | None:
    """The changes of a plan against the last one; None where it revises none."""
    if not scenario.is_revision or not plan.placements:
        return None
    planned = sum(placement.planned_place is not None for placement in plan.placements)
    return Revision(
        plan.provenance.revised_plan,
        planned,
        len(plan.placements) - planned,
        _Reasons(scenario, plan, reader).departures(),
    )


class _Reasons:
    """Judges each planned place against the new plan."""

    def __init__(self, scenario: Scenario, plan: Plan, reader: Reader) -> None:
        self.scenario, self.reader = scenario, reader.of(scenario)
        self.leaving = plan.departures
        self.view = View(scenario, {p.person_id: p.cell_id for p in plan.placements})
        self.found = find_breaches(self.view) if self.leaving else None

    def departures(self) -> tuple[Departure, ...]:
        """Departures by person id."""
        return tuple(self._departure(p) for p in sorted(self.leaving, key=lambda p: p.person_id))

    def _departure(self, placement: Placement) -> Departure:
        reader = self.reader.about(placement.person_id)
        rules, words = self._reason(placement, reader)
        return Departure(
            placement.person_id,
            str(placement.planned_place),
            placement.cell_id,
            tuple(labels_of(rules, reader)),
            words,
        )

    def _reason(self, placement: Placement, reader: Reader) -> tuple[tuple[RuleId, ...], str]:
        estate = self.scenario.estate
        cell = estate.cell_by_id.get(placement.planned_place or "")
        if cell is None:
            return (), GONE
        if estate.effective_capacity(cell) == 0 or not estate.is_in_use(cell) or cell.buffer:
            return (RuleId.CAPACITY,), OUT_OF_USE
        alone = self._rules_alone(placement)
        if alone:
            return alone, f"Closed by {named_rules(alone, reader)}."
        return self._reason_in_company(placement, reader)

    def _rules_alone(self, placement: Placement) -> tuple[RuleId, ...]:
        """Hard rules that the planned place breaks whoever else is there."""
        only = {placement.person_id: placement.planned_place}
        unlawful = find_breaches(View(self.scenario, only, base=self.view)).unlawful
        mine = {b.rule for b in unlawful if placement.person_id in b.person_ids}
        return tuple(sorted(mine - BY_COMPANY - {RuleId.ONE_BED}))

    def _reason_in_company(
        self, placement: Placement, reader: Reader
    ) -> tuple[tuple[RuleId, ...], str]:
        back = {**self.view.placement, placement.person_id: placement.planned_place}
        there = View(self.scenario, back, base=self.view)
        found = find_breaches(there)
        now = self.found if self.found is not None else found
        closing = _added(found, now, lawful=False)
        if closing:
            return closing, _company_words(closing, "Closed by ", reader)
        priced = _added(found, now, lawful=True)
        if priced:
            return priced, _company_words(priced, "It would need a derogation of ", reader)
        return (), self._aim_words(tier_values(there, found), tier_values(self.view, now))

    def _aim_words(self, there: Mapping[Tier, int], here: Mapping[Tier, int]) -> str:
        """The first tier, in the scenario's order, that the planned place would make worse."""
        for setting in self.scenario.tiers:
            if there[setting.tier] > here[setting.tier]:
                return f"The planned place would raise tier {setting.tier.value}."
            if there[setting.tier] < here[setting.tier]:
                break
        return OPEN


def _company_words(rules: tuple[RuleId, ...], start: str, reader: Reader) -> str:
    if rules == (RuleId.CAPACITY,):
        return TAKEN
    return f"{start}{named_rules(rules, reader)} beside those who are there now."


def _added(found: Findings, now: Findings, *, lawful: bool) -> tuple[RuleId, ...]:
    """Rules of which there is more to breach than now, unlawful or to be signed for."""
    more = _amounts(found, lawful=lawful) - _amounts(now, lawful=lawful)
    return tuple(sorted({rule for rule, _ in more}))


def _amounts(found: Findings, *, lawful: bool) -> Counter[tuple[RuleId, str]]:
    breaches = [entry.breach for entry in found.derogations] if lawful else found.unlawful
    total: Counter[tuple[RuleId, str]] = Counter()
    for breach in breaches:
        total[breach.rule, breach.place] += breach.amount
    return total
