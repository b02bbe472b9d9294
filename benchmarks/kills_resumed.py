"""Where attempts after a kill set out from, and that no run fell behind it: the judge says so."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from allocator.jobs.task import CELLS, places_of, read_source
from allocator.model.scenario import Scenario
from allocator.service.queue.events import News
from allocator.service.queue.leases import GOES_ON_FROM
from allocator.service.queue.states import RunState
from allocator.service.root import Service
from allocator.store.tables import Run, RunEvent, StoredPlan
from allocator.verify.judge import verify

WHY = (News.LEASE_LOST, News.PROCESS_LOST, News.HANDED_BACK)
PERMILLE = 1000


@dataclass
class Resumptions:
    """Looks at what is kept of every run when somebody was killed.

    Parameters
    ----------
    kept : cells of the placement kept last, by run.
    """

    service: Service
    document: Mapping[str, Any]
    kept: dict[str, list[int]] = field(default_factory=dict)

    def look(self) -> None:
        """Remember the placements that the runs at work have now."""
        with self.service.database.read() as session:
            rows = select(Run.run_id, Run.incumbent).where(Run.state == RunState.RUNNING)
            for run_id, incumbent in session.execute(rows):
                if incumbent is not None:
                    self.kept[run_id] = incumbent[CELLS]

    def counts(self) -> dict[str, Any]:
        """How often runs were taken up again, why, and from a placement."""
        with self.service.database.read() as session:
            events = session.scalars(select(RunEvent)).all()
            began = [e.data for e in events if e.kind == News.RUNNING]
            return {
                "taken_up_again": sum(data["attempt"] > 1 for data in began),
                "from_an_incumbent": sum(GOES_ON_FROM in data for data in began),
                "why": dict(sorted(Counter(e.kind for e in events if e.kind in WHY).items())),
                "judged_against_an_incumbent": len(self.kept),
            }

    def faults(self) -> Iterator[str]:
        """Runs that ended worse than a placement which was kept of them."""
        scenario = read_source(self.document)
        with self.service.database.read() as session:
            for run_id, cells in self.kept.items():
                plan = session.scalar(select(StoredPlan).where(StoredPlan.run_id == run_id))
                if plan is None or plan.document is None:
                    yield f"run {run_id} had a placement and has no plan"
                    continue
                ended = {row["tier"]: row["value"] for row in plan.document["tiers"]}
                judged = verify(scenario, places_of(scenario, cells))
                before = {str(tier.value): value for tier, value in judged.tiers.items()}
                if is_worse(scenario, ended, before):
                    yield f"run {run_id} had {before} and ended with {ended}"


def is_worse(scenario: Scenario, ended: Mapping[str, int], before: Mapping[str, int]) -> bool:
    """True where the first tier that differs is larger by more than it may give back to others."""
    for setting in scenario.tiers:
        name = setting.tier.value
        change = ended[name] - before[name]
        if change < 0:
            return False
        if change * PERMILLE > abs(before[name]) * setting.tolerance_permille:
            return True
    return False
