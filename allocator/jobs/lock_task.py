"""The task of pricing locks, and its document; light to import, the child loads the solver."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocator.jobs.child import ChildObserver
from allocator.jobs.request import NO_OVERRIDES, Overrides, PlanRequest
from allocator.jobs.task import ProgressDocuments, read_source

if TYPE_CHECKING:
    from allocator.jobs.lock_costs import LockCost, LockCosts, TierCost
    from allocator.model.locks import Lock
    from allocator.model.plan import Plan
    from allocator.model.scenario import Scenario

NEXT_STEP = (
    "A cost is what an officer's decision takes from the plan's aims; it is no reason to take the "
    "decision back. A named person decides."
)


@dataclass(frozen=True, slots=True)
class LockCostTask:
    """Read, plan with and without each decision.

    Parameters
    ----------
    last_plan : the plan that is revised, None for none.
    most : decisions that are looked at.
    """

    source: Path | Mapping[str, Any]
    request: PlanRequest
    overrides: Overrides = NO_OVERRIDES
    last_plan: "Plan | None" = None
    most: int = 10

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        """The document."""
        from allocator.jobs.lock_costs import lock_costs

        scenario = read_source(self.source, self.overrides)
        last_values = None
        if self.last_plan is not None:
            from allocator.jobs.replan import comparable_values
            from allocator.prepare.last_plan import with_last_plan

            scenario = with_last_plan(scenario, self.last_plan)
            last_values = comparable_values(scenario, self.last_plan, self.request)
        news = ProgressDocuments(observer)
        costs = lock_costs(scenario, self.request, news, last_values, self.most)
        return lock_document(scenario, self.request, costs)


def lock_document(scenario: "Scenario", request: PlanRequest, costs: "LockCosts") -> dict[str, Any]:
    """Each decision with its difference of tier values, as values that JSON can carry."""
    from dataclasses import asdict

    from allocator.explain.headline import CAVEAT
    from allocator.jobs.plan_parts import provenance_of

    return {
        "scenario": scenario.name,
        "verified": True,
        "tiers": [
            {"tier": tier.value, "value": value, "bound": bound}
            for tier, value, bound in zip(
                costs.tiers, costs.best.values, costs.best.bounds, strict=True
            )
        ],
        "decisions": [_cost(cost) for cost in costs.costs],
        "not_looked_at": [_rows(locks) for locks in costs.left_out],
        "provenance": asdict(provenance_of(scenario, request)),
        "caveat": CAVEAT,
        "next_step": NEXT_STEP,
    }


def _cost(cost: "LockCost") -> dict[str, Any]:
    return {
        "person_id": cost.locks[0].person_id,
        "rows": _rows(cost.locks),
        "words": cost_words(cost),
        "is_kept_anyway": cost.is_kept_anyway,
        "tiers": [_tier(tier) for tier in cost.tiers],
    }


def _tier(cost: "TierCost") -> dict[str, Any]:
    return {
        "tier": cost.tier.value,
        "with": cost.with_lock,
        "without": cost.without,
        "difference": cost.difference,
        "at_least": cost.least,
        "at_most": cost.most,
    }


def _rows(locks: "Iterable[Lock]") -> list[dict[str, Any]]:
    return [
        {
            "person_id": lock.person_id,
            "cell_id": lock.cell_id,
            "kind": lock.kind.value,
            "reason": lock.reason.value,
            "by": lock.by,
            "at": lock.at.isoformat(),
            "until": lock.until.isoformat() if lock.until else None,
        }
        for lock in locks
    ]


def cost_words(cost: "LockCost") -> str:
    """The cost in one sentence that claims no more than the bounds prove."""
    first = cost.first
    if first is None:
        if all(tier.most == 0 for tier in cost.tiers):
            return "Costs nothing, proved."
        return "No cost found; a better plan without it is not ruled out."
    words = f"Costs {_amount(first)}"
    after = cost.tiers[cost.tiers.index(first) + 1 :]
    changes = [f"{tier.tier.value} {tier.difference:+,}" for tier in after if tier.difference]
    return f"{words}; later tiers {', '.join(changes)}." if changes else f"{words}."


def _amount(cost: "TierCost") -> str:
    points = f"{cost.difference:,} in tier {cost.tier.value}"
    if cost.least == cost.difference == cost.most:
        return f"exactly {points}"
    if cost.least == cost.difference:
        return f"at least {points}"
    proved = f", proved at least {cost.least:,}" if cost.least else ", not proved"
    return f"about {points}{proved}"
