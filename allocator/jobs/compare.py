"""The same data under several policies, each plan scored under several weight sets (R40, R41).

Each policy is solved once, under the scenario's own contact weights; the judge then scores the
plan under every set. An order that depends on the set is said to do so and nothing is singled out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocator.errors import ConfigError
from allocator.jobs.child import ChildObserver
from allocator.jobs.request import NO_OVERRIDES, Overrides, PlanRequest
from allocator.jobs.task import ProgressDocuments, read_source, real_planner

if TYPE_CHECKING:
    from allocator.jobs.ports import Planned, Planner
    from allocator.model.scenario import Scenario
    from allocator.report.compare import ComparisonRow

OWN = "own"
FEWEST_SETS = 2


@dataclass(frozen=True, slots=True)
class PolicyTask:
    """Plan under one policy and score the plan under each contact-weight set.

    Parameters
    ----------
    weight_sets : names of sets; `own` is the scenario's.
    """

    source: Path
    policy: str
    weight_sets: tuple[str, ...]
    request: PlanRequest
    overrides: Overrides = NO_OVERRIDES
    planner: "Planner | None" = None

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        """The plan's summary and its scores by set."""
        from allocator.jobs.summary import summary_document

        overrides = replace(self.overrides, policy=self.policy)
        scenario = read_source(self.source, overrides)
        scored = [self._scenario_under(name, overrides) for name in self.weight_sets]
        _refuse_same_set(scored)
        planner = self.planner or real_planner()
        planned = planner(scenario, self.request, ProgressDocuments(observer))
        return {
            "policy": self.policy,
            "summary": summary_document(scenario, planned),
            "single_cell_share": _single_cell_share(planned),
            "scores": {under.contact_weights.name: score(under, planned) for under in scored}
            if planned.plan.verified
            else {},
        }

    def _scenario_under(self, weight_set: str, overrides: Overrides) -> "Scenario":
        if weight_set == OWN:
            return read_source(self.source, overrides)
        return read_source(self.source, replace(overrides, contact_weights=weight_set))


def score(scenario: "Scenario", planned: "Planned") -> dict[str, Any]:
    """Exposure by kind and the worst-off person, judged under the scenario's contact weights."""
    from allocator.explain.exposure import exposure_tables, worst_received
    from allocator.explain.placements import placement_planned, read_placements
    from allocator.verify import verify

    judgement = verify(scenario, placement_planned(planned.plan))
    exposure = {kind.value: value for kind, value in judgement.exposure.items()}
    tables = exposure_tables(read_placements(scenario, planned.plan))
    return {
        "exposure": exposure,
        "worst_off": int(worst_received(tables)[1]),
    }


def _single_cell_share(planned: "Planned") -> float:
    """People alone in their cell over people placed, 0-1."""
    held = Counter(p.cell_id for p in planned.plan.placements if p.cell_id is not None)
    return sum(count == 1 for count in held.values()) / max(1, held.total())


def _refuse_same_set(scored: "Sequence[Scenario]") -> None:
    """`own` may be the one set that is named beside it."""
    names = {under.contact_weights.name for under in scored}
    if len(names) < FEWEST_SETS:
        raise ConfigError(
            f"The scenario's own contact weights are {', '.join(names)}, so only one set was named "
            "and a comparison needs two; name another one."
        )


def check_choice(
    policies: Sequence[str], weight_sets: Sequence[str], profile: str | None = None
) -> None:
    """Refuse what cannot be compared before any plan is made.

    Raises
    ------
    ConfigError
        If a policy is missing, named twice or not known, there are fewer than two sets, or a set
        or the profile is not known.
    """
    if not policies or len(set(policies)) != len(policies):
        raise ConfigError("Name the policies to compare, each once, with commas between them.")
    if len(set(weight_sets)) < FEWEST_SETS:
        raise ConfigError(
            "A comparison needs at least two contact-weight sets, because the order of policies "
            f"may depend on them; {OWN} is the scenario's own."
        )
    _refuse_unknown(policies, weight_sets, profile)


def _refuse_unknown(
    policies: Sequence[str], weight_sets: Sequence[str], profile: str | None
) -> None:
    from allocator.prepare.presets import load_contact_weights, load_policy, load_profile

    for name in policies:
        load_policy(name)
    for name in weight_sets:
        if name != OWN:
            load_contact_weights(name)
    if profile is not None:
        load_profile(profile)


def comparison_document(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole comparison as values that JSON can carry."""
    from allocator.report.compare import order_sentences, weight_sets

    rows = comparison_rows(results)
    first = results[0]["summary"]
    return {
        "scenario": first["scenario"],
        "weight_sets": list(weight_sets(rows)),
        "order": list(order_sentences(rows)) if rows else [],
        "policies": list(results),
        "files": [],
        "caveat": first["caveat"],
        "provenance": first["provenance"],
    }


def comparison_rows(results: Sequence[Mapping[str, Any]]) -> "tuple[ComparisonRow, ...]":
    """One row per policy that gave a plan and contact-weight set."""
    from allocator.report.compare import ComparisonRow

    return tuple(
        ComparisonRow(
            policy=result["policy"],
            contact_weights=weight_set,
            **scores["exposure"],
            worst_person_exposure=scores["worst_off"],
            unplaced=len(result["summary"]["unplaced"]),
            derogations=len(result["summary"]["derogations"]),
            derogation_points=sum(d["points"] for d in result["summary"]["derogations"]),
            moves=len(result["summary"]["moves"]),
            single_cell_share=result["single_cell_share"],
            verified=result["summary"]["verified"],
        )
        for result in results
        for weight_set, scores in result["scores"].items()
    )
