"""The same data under several policies, each plan scored under several assumptions (R40, R41).

Each policy is solved once, under the scenario's own contact weights; the judge then scores the
plan under every set, and its exposure is summed again under influence graphs drawn around the
record. An order that depends on either is said to do so and nothing is singled out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocator.errors import ConfigError
from allocator.jobs.child import ChildObserver
from allocator.jobs.request import NO_OVERRIDES, Overrides, PlanRequest
from allocator.jobs.task import ProgressDocuments, read_source, real_planner

if TYPE_CHECKING:
    from allocator.influence.drawn_points import DrawnPairs
    from allocator.jobs.ports import Planned, Planner
    from allocator.model.scenario import Scenario
    from allocator.model.vocabulary import ExposureKind
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

    source: Path | Mapping[str, Any]
    policy: str
    weight_sets: tuple[str, ...]
    request: PlanRequest
    overrides: Overrides = NO_OVERRIDES
    planner: "Planner | None" = None

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        """The plan's summary and its scores by set."""
        from allocator.explain.outcomes import outcomes
        from allocator.jobs.summary import summary_document

        scenario = read_source(self.source, replace(self.overrides, policy=self.policy))
        scored = self._scenarios()
        planner = self.planner or real_planner()
        planned = planner(scenario, self.request, ProgressDocuments(observer))
        return {
            "policy": self.policy,
            "summary": summary_document(scenario, planned),
            "outcomes": asdict(outcomes(scenario, planned.plan)),
            "scores": scores(scored, planned) if planned.plan.verified else {},
        }

    def _scenarios(self) -> "dict[str, Scenario]":
        """The scenario under each set, by the set's name; `own` may be one that is named too."""
        overrides = replace(self.overrides, policy=self.policy)
        found: dict[str, Scenario] = {}
        for name in self.weight_sets:
            chosen = overrides if name == OWN else replace(overrides, contact_weights=name)
            under = read_source(self.source, chosen)
            found.setdefault(under.contact_weights.name, under)
        if len(found) < FEWEST_SETS:
            raise ConfigError(
                f"The scenario's own contact weights are {', '.join(found)}, so only one set was "
                "named and a comparison needs two; name another one."
            )
        return found


def scores(scored: "Mapping[str, Scenario]", planned: "Planned") -> dict[str, dict[str, Any]]:
    """Exposure by kind and the worst-off person, judged under each set of contact weights.

    `range` and `draws` are the exposures under influence graphs drawn around the record; every
    policy and set has the same ones, for they depend on edges and seed alone.
    """
    from allocator.explain.sensitivity import drawn_changes
    from allocator.influence.draws import draw_graphs

    any_set = next(iter(scored.values()))
    changes = drawn_changes(any_set, draw_graphs(any_set, planned.plan.provenance.seed))
    return {name: _score(under, planned, changes) for name, under in scored.items()}


def _score(
    scenario: "Scenario", planned: "Planned", changes: "Mapping[ExposureKind, DrawnPairs]"
) -> dict[str, Any]:
    from allocator.explain.exposure import exposure_tables, worst_received
    from allocator.explain.placements import placement_planned, read_placements
    from allocator.explain.sensitivity import exposure_draws, range_of
    from allocator.verify import verify

    exposure = verify(scenario, placement_planned(planned.plan)).exposure
    placed = read_placements(scenario, planned.plan)
    draws = exposure_draws(placed, changes, exposure)
    return {
        "exposure": {kind.value: value for kind, value in exposure.items()},
        "range": {kind.value: list(range_of(exposure[kind], draws[kind])) for kind in draws},
        "draws": {kind.value: values.tolist() for kind, values in draws.items()},
        "worst_off": int(worst_received(exposure_tables(placed))[1]),
    }


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
    """The whole comparison as values that JSON can carry; of the draws only what they come to."""
    from allocator.explain.sensitivity import PERCENT
    from allocator.influence.draws import DRAWS

    first = results[0]["summary"]
    return {
        "scenario": first["scenario"],
        "weight_sets": list(dict.fromkeys(name for row in results for name in row["scores"])),
        "order": _order_sentences(results),
        "edge_uncertainty": {
            "graphs": DRAWS,
            "percent": list(PERCENT),
            "seed": first["provenance"]["seed"],
        },
        "policies": [{**row, "scores": _without_draws(row["scores"])} for row in results],
        "files": [],
        "caveat": first["caveat"],
        "provenance": first["provenance"],
    }


def _without_draws(scores_by_set: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: {key: value for key, value in entry.items() if key != "draws"}
        for name, entry in scores_by_set.items()
    }


def _order_sentences(results: Sequence[Mapping[str, Any]]) -> list[str]:
    from allocator.report.order import Scored, order_sentences

    found = [
        Scored(row["policy"], weight_set, entry["exposure"], entry["draws"])
        for row in results
        for weight_set, entry in row["scores"].items()
    ]
    if not found:
        return []
    return [*order_sentences(found), *_same_plan_words(results), *_unplaced_words(results)]


def _same_plan_words(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Policies that came to one plan; a reader would else look for a difference, or for a fault."""
    policies: dict[tuple[Any, ...], list[str]] = {}
    for row in results:
        if row["scores"]:
            summary = row["summary"]
            moves = sorted((move["person_id"], move["to"]) for move in summary["moves"])
            unplaced = sorted(person["person_id"] for person in summary["unplaced"])
            policies.setdefault((*moves, None, *unplaced), []).append(row["policy"])
    return [
        f"The same plan, person by person, under {', '.join(same)}: what these policies treat "
        "differently is either not in this scenario or changes nothing here."
        for same in policies.values()
        if len(same) > 1
    ]


def _unplaced_words(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """A plan that leaves people out has less exposure for that reason alone."""
    unplaced = {row["policy"]: len(row["summary"]["unplaced"]) for row in results if row["scores"]}
    if not any(unplaced.values()):
        return []
    listed = ", ".join(f"{policy} {count:,}" for policy, count in unplaced.items())
    compare = "Exposures compare only between plans that place the same number of people."
    return [f"People without a place have no exposure; they are, by policy: {listed}. {compare}"]


def comparison_rows(results: Sequence[Mapping[str, Any]]) -> "tuple[ComparisonRow, ...]":
    """One row per policy that gave a plan and contact-weight set."""
    from allocator.explain.outcomes import Outcomes
    from allocator.report.compare import ComparisonRow

    return tuple(
        ComparisonRow(
            policy=result["policy"],
            contact_weights=weight_set,
            **entry["exposure"],
            ranges={kind: (low, high) for kind, (low, high) in entry["range"].items()},
            worst_person_exposure=entry["worst_off"],
            unplaced=len(result["summary"]["unplaced"]),
            derogations=len(result["summary"]["derogations"]),
            derogation_points=sum(d["points"] for d in result["summary"]["derogations"]),
            outcomes=Outcomes(**result["outcomes"]) if "outcomes" in result else None,
            verified=result["summary"]["verified"],
        )
        for result in results
        for weight_set, entry in result["scores"].items()
    )
