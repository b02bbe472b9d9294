"""Explanations of one plan, person by person, in a prison that is loaded once (R42).

`Explainer.explain` reads the shapes. `Explainer.check` has the judge, which shares nothing with
them, recompute every cell that is shown: what a door shows has been checked.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from allocator.errors import ConfigError
from allocator.explain.alternatives import Alternative
from allocator.explain.case import Case
from allocator.explain.exchange import Exchanges
from allocator.explain.exposure import exposure_tables
from allocator.explain.leaving import Leaving, leavings
from allocator.explain.person import Explanation, explain_person
from allocator.explain.placements import placement_planned, read_placements
from allocator.explain.reasons import rules_broken_by_person
from allocator.explain.reduced import with_all_levels
from allocator.jobs.agreement import differences, refuse
from allocator.jobs.exits import has_plan
from allocator.jobs.known import check_known
from allocator.model.index import ScenarioIndex
from allocator.model.judgement import Judgement
from allocator.model.plan import Breach, Plan
from allocator.model.scenario import Scenario
from allocator.prepare.instance import prepare_instance
from allocator.verify.judge import find_breaches, judge
from allocator.verify.view import View


class Explainer:
    """Explanations of a verified plan.

    Parameters
    ----------
    scenario : under the policy, profile and weights that the plan was made with.

    Raises
    ------
    ConfigError
        If the plan places nobody, is of other data, or is not what it says.
    """

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self.scenario, self.plan = scenario, plan
        if not has_plan(plan):
            raise ConfigError("The plan places nobody, so there is no placement to explain.")
        self._view = View(scenario, placement_planned(plan))
        self._before_after = read_placements(scenario, plan)
        self.judged = judge(self._view)
        _refuse_others(scenario, plan, self.judged)
        self._index = ScenarioIndex(scenario)
        self._instance = with_all_levels(self._index, prepare_instance(scenario))
        self._placement = self._before_after.after

    def explain(self, person_id: str, cell_id: str | None = None) -> Explanation:
        """Why a person is where the plan puts them, unchecked.

        Parameters
        ----------
        cell_id : a cell that the reader asks about.

        Raises
        ------
        ConfigError
            If the scenario has no such person or cell.
        """
        position = _position(self._index.person_at, person_id, "person", self.scenario.name)
        asked = None
        if cell_id is not None:
            asked = _position(self._index.cell_at, cell_id, "cell", self.scenario.name)
        case = Case(self._index, self._instance, self._placement, position)
        return explain_person(case, asked)

    def check(self, found: Explanation) -> Explanation:
        """The explanation with the judge's breaches in each cell that is shown.

        Raises
        ------
        InternalError
            If the judge finds another change of a tier, other points of a rule, or other hard
            rules broken than said.
        """
        if found.planned_cell is not None:
            nowhere = self._judged(found.person_id, None)
            wrong = differences(nowhere, self.judged, found.adds, found.shares)
            refuse(found.planned_cell, wrong)
        shown = (*found.alternatives, *(() if found.asked is None else (found.asked,)))
        breaches = {
            cell_id: self._breaches(found.person_id, other)
            for cell_id, other in {other.cell_id: other for other in shown}.items()
        }
        alternatives, asked = (
            tuple(replace(other, breaches=breaches[other.cell_id]) for other in group)
            for group in (found.alternatives, shown[len(found.alternatives) :])
        )
        return replace(
            found,
            alternatives=alternatives,
            asked=next(iter(asked), None),
            exchanges=self._confirmed(found),
            leaving=self._leavings.get(found.person_id),
            is_checked=True,
        )

    @cached_property
    def _leavings(self) -> dict[str, Leaving]:
        """What each move does for the person, from the judge's breaches now and in the plan."""
        views = (self._view.at_present(), self._view)
        before, after = (rules_broken_by_person(find_breaches(view)) for view in views)
        return leavings(self.plan, exposure_tables(self._before_after), before, after)

    def _confirmed(self, found: Explanation) -> Exchanges | None:
        """The exchanges that the judge finds lawful, lower limits included."""
        if found.exchanges is None or found.planned_cell is None:
            return None
        view, kept = self._view.with_person_in(found.person_id, None), []
        for other in found.exchanges.best:
            away = view.with_person_in(other.person_id, found.planned_cell)
            after = judge(away.with_person_in(found.person_id, other.cell_id))
            if after.is_lawful:
                wrong = differences(self.judged, after, other.tiers, other.shares)
                refuse(other.cell_id, wrong)
                kept.append(other)
        return replace(found.exchanges, best=tuple(kept))

    def _breaches(self, person_id: str, other: Alternative) -> tuple[Breach, ...]:
        """What the judge finds broken in a cell and not in the plan."""
        after = self._judged(person_id, other.cell_id)
        if other.rank is None:
            missing = set(other.closed_by) - {breach.rule for breach in after.unlawful}
            refuse(other.cell_id, [f"{rule} is kept by the judge" for rule in sorted(missing)])
            return after.unlawful
        wrong = [f"{breach.rule} broken" for breach in after.unlawful]
        wrong += differences(self.judged, after, other.tiers, other.shares)
        refuse(other.cell_id, wrong)
        known = set(self.judged.derogations)
        return tuple(entry.breach for entry in after.derogations if entry not in known)

    def _judged(self, person_id: str, cell_id: str | None) -> Judgement:
        return judge(self._view.with_person_in(person_id, cell_id))


def _position(known: Mapping[str, int], name: str, kind: str, scenario: str) -> int:
    check_known(name, known, kind, repr(scenario))
    return known[name]


def _refuse_others(scenario: Scenario, plan: Plan, judged: Judgement) -> None:
    """Refuse a plan of other data, and one whose values or lawfulness are not what it says."""
    if plan.provenance.scenario_hash != scenario.content_hash:
        raise ConfigError(
            f"The plan was made for other data than {scenario.name!r}; an explanation of it by "
            "these data would mislead. Plan again, or give the data that it was made for."
        )
    said = {entry.tier: entry.value for entry in plan.tiers}
    if judged.unlawful or said != dict(judged.tiers):
        raise ConfigError(
            "The plan is not what it says, so it is not explained. `allocator verify` names every "
            "discrepancy."
        )
