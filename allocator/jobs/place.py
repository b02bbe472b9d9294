"""Urgent placement of one person in a prison that is loaded once (R59).

`Placer.place` answers from the shapes in milliseconds. `Placer.check` has the judge, which shares
nothing with the shapes, recompute every offer; what a door shows has been checked.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from allocator.explain.desk import MOST_OFFERS, Desk
from allocator.explain.offers import Answer, Offer
from allocator.explain.placements import placement_now
from allocator.influence.points import influence_points
from allocator.jobs.agreement import differences, points_by_rule, refuse
from allocator.jobs.known import check_known
from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.judgement import Judgement
from allocator.model.plan import Breach, Derogation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier
from allocator.prepare.instance import prepare_instance
from allocator.verify.judge import judge
from allocator.verify.view import View


class Placer:
    """Answers for one scenario; everybody is where they are at present.

    Making one costs about as much as preparing the scenario; after that nothing changes, so that
    several threads may ask at the same time.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._desk = Desk(
            ScenarioIndex(scenario), prepare_instance(scenario), influence_points(scenario)
        )
        self._view = View(scenario, placement_now(scenario))

    @cached_property
    def present(self) -> Judgement:
        """The judge's word on the present placement."""
        return judge(self._view)

    def place(self, person_id: str, count: int = MOST_OFFERS) -> Answer:
        """The best lawful cells for a person, priced by the shapes and not checked.

        Parameters
        ----------
        count : offers at the most, at least 1.

        Raises
        ------
        ConfigError
            If the scenario has no such person.
        """
        check_known(person_id, self.scenario.person_by_id, "person", repr(self.scenario.name))
        return self._desk.answer(person_id, count)

    def place_in(self, person_id: str, cell_id: str) -> Answer:
        """The answer with one cell alone; with no offer where it is not lawful, or the present one.

        Raises
        ------
        ConfigError
            If the scenario has no such person or cell.
        """
        name = repr(self.scenario.name)
        check_known(cell_id, self.scenario.estate.cell_by_id, "cell", name)
        answer = self.place(person_id)
        rank = next((o.rank for o in answer.others if o.cell_id == cell_id), None)
        if rank is not None:
            answer = self.place(person_id, rank)
        return replace(answer, offers=tuple(o for o in answer.offers if o.cell_id == cell_id))

    def check(self, answer: Answer) -> Answer:
        """The answer with the judge's breaches for each offer.

        Raises
        ------
        InternalError
            If the judge finds another change of a tier or of exposure, other derogations, or a
            breach of a hard rule that is not there at present.
        """
        before = self.present
        person = self.scenario.person_by_id[answer.person_id]
        has_cell = person.current_place in self.scenario.estate.cell_by_id
        nowhere = self._judged(answer.person_id, None) if has_cell else before
        checked = tuple(
            _checked(offer, before, nowhere, self._judged(answer.person_id, offer.cell_id))
            for offer in answer.offers
        )
        return replace(answer, offers=checked, is_checked=True)

    def _judged(self, person_id: str, cell_id: str | None) -> Judgement:
        return judge(self._view.with_person_in(person_id, cell_id))


def _checked(offer: Offer, before: Judgement, nowhere: Judgement, after: Judgement) -> Offer:
    wrong = differences(before, after, offer.tiers, offer.shares)
    wrong += [
        f"{kind}: offered {offer.exposure.get(kind, 0):+}, judge {true:+}"
        for kind in after.exposure
        if offer.exposure.get(kind, 0) != (true := after.exposure[kind] - before.exposure[kind])
    ]
    unlawful = _amounts(after.unlawful) - _amounts(before.unlawful)
    wrong += [f"{rule} broken at {place or 'no place'}" for rule, place in sorted(unlawful)]
    grown = points_by_rule(after) - points_by_rule(nowhere)
    signed = {rule: points for (tier, rule), points in grown.items() if tier is Tier.DEROGATIONS}
    if signed != {entry.rule: entry.points for entry in offer.signatures}:
        wrong.append(f"derogations {signed}, offered {offer.signatures}")
    refuse(offer.cell_id, wrong)
    return replace(
        offer,
        derogations=_added(after.derogations, nowhere.derogations),
        conflicts=_added(after.conflicts, nowhere.conflicts),
        notes=_added_notes(after.notes, nowhere.notes),
    )


def _amounts(breaches: Iterable[Breach]) -> Counter[tuple[RuleId, str]]:
    total: Counter[tuple[RuleId, str]] = Counter()
    for breach in breaches:
        total[breach.rule, breach.place] += breach.amount
    return total


def _added(after: tuple[Derogation, ...], before: tuple[Derogation, ...]) -> tuple[Derogation, ...]:
    grown = _amounts(e.breach for e in after) - _amounts(e.breach for e in before)
    known = set(before)
    return tuple(
        entry
        for entry in after
        if entry not in known and (entry.breach.rule, entry.breach.place) in grown
    )


def _added_notes(after: tuple[Breach, ...], before: tuple[Breach, ...]) -> tuple[Breach, ...]:
    grown, known = _amounts(after) - _amounts(before), set(before)
    return tuple(b for b in after if b not in known and (b.rule, b.place) in grown)
