"""What is proven of the plans of a day: the gap of every tier between a plan's value and its bound.

Read from the summaries that are kept with the plans; tiers and kinds of proof are the only labels.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from sqlalchemy import select
from sqlalchemy.orm import Session

from allocator.model.vocabulary import Tier
from allocator.service.queue.states import RunState
from allocator.store.tables import Run, StoredPlan

BUCKETS_GAP = (0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)


class Proof(StrEnum):
    """What is known of a whole plan: every tier proved best, every tier bounded, or not even so."""

    PROVED = "proved"
    BOUNDED = "bounded"
    UNBOUNDED = "unbounded"


@dataclass(frozen=True, slots=True)
class TierGap:
    """A tier of one plan; `gap` is the part of its value that might still be saved, 0 to 1.

    None where no bound is known; a value of 0 has nothing to save.
    """

    tier: Tier
    gap: float | None


@dataclass(slots=True)
class Gaps:
    """The gaps of the plans that runs of the last day made; each summary is read once."""

    _known: Mapping[str, tuple[TierGap, ...]] = field(default_factory=dict)

    def collect(self, session: Session, since: datetime) -> Iterator[Metric]:
        """Gap by tier, tiers without a bound, and plans by what is proven of them."""
        plans = self._since(session, since)
        yield _gaps(plans)
        yield _unbounded(plans)
        yield _proofs(plans)

    def _since(self, session: Session, since: datetime) -> list[tuple[TierGap, ...]]:
        ended = select(Run.plan_id).where(
            Run.state == RunState.DONE, Run.ended_at >= since, Run.plan_id.is_not(None)
        )
        before, found = self._known, dict[str, tuple[TierGap, ...]]()
        for plan_id in map(str, session.scalars(ended)):
            found[plan_id] = before[plan_id] if plan_id in before else _read(session, plan_id)
        self._known = found
        return [tiers for tiers in found.values() if tiers]


def tier_gaps(summary: Mapping[str, Any]) -> tuple[TierGap, ...]:
    """The gap of each tier of a plan's summary."""
    return tuple(
        TierGap(Tier(row["tier"]), _gap(row["value"], row["bound"])) for row in summary["tiers"]
    )


def proof_of(tiers: Sequence[TierGap]) -> Proof:
    """What is proven of the plan with these tiers."""
    gaps = [tier.gap for tier in tiers]
    if None in gaps:
        return Proof.UNBOUNDED
    return Proof.BOUNDED if any(gaps) else Proof.PROVED


def histogram(
    family: HistogramMetricFamily,
    labels: Sequence[str],
    limits: Iterable[float],
    values: Sequence[float],
) -> None:
    """Add values to a family of histograms; each bucket counts those up to its limit."""
    buckets = [(str(float(limit)), float(sum(v <= limit for v in values))) for limit in limits]
    family.add_metric(labels, [*buckets, ("+Inf", float(len(values)))], sum_value=sum(values))


def _read(session: Session, plan_id: str) -> tuple[TierGap, ...]:
    """Of a plan whose data retention has deleted nothing is known."""
    summary = session.scalar(select(StoredPlan.summary).where(StoredPlan.plan_id == plan_id))
    return () if summary is None else tier_gaps(summary)


def _gap(value: int, bound: int | None) -> float | None:
    return None if bound is None else max(0, value - bound) / max(1, abs(value))


def _gaps(plans: Iterable[tuple[TierGap, ...]]) -> Metric:
    family = HistogramMetricFamily(
        "allocator_run_gap_ratio",
        "Part of a tier's value that the proven bound leaves open, of plans of the last day.",
        labels=["tier"],
    )
    gaps: dict[Tier, list[float]] = {tier: [] for tier in Tier}
    for row in (row for tiers in plans for row in tiers):
        if row.gap is not None:
            gaps[row.tier].append(row.gap)
    for tier, values in gaps.items():
        histogram(family, [tier.value], BUCKETS_GAP, values)
    return family


def _unbounded(plans: Iterable[tuple[TierGap, ...]]) -> Metric:
    family = GaugeMetricFamily(
        "allocator_run_tiers_unbounded",
        "Tiers of plans of the last day of which no bound is known.",
        labels=["tier"],
    )
    without = [row.tier for tiers in plans for row in tiers if row.gap is None]
    for tier in Tier:
        family.add_metric([tier.value], without.count(tier))
    return family


def _proofs(plans: Iterable[tuple[TierGap, ...]]) -> Metric:
    family = GaugeMetricFamily(
        "allocator_run_proofs",
        "Plans of the last day: proved best in every tier, bounded in every tier, or neither.",
        labels=["proof"],
    )
    found = [proof_of(tiers) for tiers in plans]
    for proof in Proof:
        family.add_metric([proof.value], found.count(proof))
    return family
