"""Whether a plan still fits: the version it was made from against the newest, and its time.

Whatever changed concerns a plan, except what provably does not:

- decisions that the plan keeps: a lock where it puts the person, a ban of another cell;
- complaints of people whom it does not move, and those that freeze nothing because the move is
  urgent, unless they are against the very cell of the plan (R55);
- while it is carried out, arrivals who have no cell yet.

And only where the judge finds the same of the plan in both versions, breach for breach.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session

from allocator.jobs.verification import scenario_of_plan
from allocator.model.complaints import Complaint
from allocator.model.locks import Lock as OfficerLock
from allocator.model.locks import LockKind
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.prepare.plan_document import read_plan
from allocator.service import scenarios
from allocator.service.access.caller import system_caller
from allocator.service.root import Service
from allocator.service.scenarios import LoadedScenarios, Version
from allocator.service.workflow.changed import Changed, changes
from allocator.service.workflow.states import UNDER_WAY, PlanState
from allocator.store.tables import ScenarioLine, StoredPlan
from allocator.verify import verify
from allocator.verify.r24_frozen import frozen_by_complaint
from allocator.verify.view import View

SYSTEM = system_caller("workflow")
TIME_OVER, DATA_MOVED_ON, DATA_DELETED = "time_over", "data_moved_on", "data_deleted"
WORDS = {
    TIME_OVER: "Its time is over.",
    DATA_MOVED_ON: "Its data have moved on",
    DATA_DELETED: "Its data were deleted when their time was over.",
}
MOST_COMPARED = 256
Compared = tuple[str, int, bool]
_LOADED = LoadedScenarios()  # by content hash, so that no service sees what is not its own


@dataclass(frozen=True, slots=True)
class Fit:
    """How a plan stands against the newest version.

    Parameters
    ----------
    version, head : the number of the version it was made from, and of the newest.
    reason : "" while it fits, else a key of `WORDS`.
    concerning, harmless : what changed in between.
    frozen : people whose complaint stops their move.
    """

    version: int
    head: int
    reason: str = ""
    concerning: tuple[Changed, ...] = ()
    harmless: tuple[Changed, ...] = ()
    frozen: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """Why it does not fit, without anybody's id; "" where it does."""
        if self.reason != DATA_MOVED_ON:
            return WORDS.get(self.reason, "")
        found = "; ".join(change.words for change in self.concerning)
        return f"{WORDS[self.reason]} ({found})."

    @property
    def detail(self) -> dict[str, Any]:
        """What is kept with the plan's history: kinds and numbers."""
        return {
            "version": self.version,
            "newest_version": self.head,
            "changed": {change.kind: change.count for change in self.concerning},
            "unconcerning": {change.kind: change.count for change in self.harmless},
        }


class _Comparisons:
    """What was found last, since neither plans nor versions ever change; for several threads."""

    def __init__(self, most: int) -> None:
        self._found: OrderedDict[Compared, Fit] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def get(self, key: Compared) -> Fit | None:
        with self._lock:
            return self._found.get(key)

    def put(self, key: Compared, fit: Fit) -> None:
        with self._lock:
            self._found[key] = fit
            while len(self._found) > self._most:
                self._found.popitem(last=False)


_KNOWN = _Comparisons(MOST_COMPARED)


def fit_of(service: Service, session: Session, stored: StoredPlan) -> Fit:
    """Compare a stored plan with the newest version of its scenario, and with the clock."""
    head = session.get_one(ScenarioLine, stored.scenario_id).head
    is_executing = PlanState(stored.state) in UNDER_WAY
    ends = stored.made_at + timedelta(hours=service.settings.plan_hours)
    if not is_executing and service.clock() >= ends:
        return Fit(stored.version, head, TIME_OVER)
    if head == stored.version:
        return Fit(stored.version, head)
    key = (stored.plan_id, head, is_executing)
    known = _KNOWN.get(key)
    if known is None:
        known = _compare(session, stored, head)
        _KNOWN.put(key, known)
    return known


def _compare(session: Session, stored: StoredPlan, head: int) -> Fit:
    before = scenarios.find_in(session, SYSTEM, stored.scenario_id, stored.version)
    newest = scenarios.find_in(session, SYSTEM, stored.scenario_id, head)
    if stored.document is None or before.document is None or newest.document is None:
        return Fit(stored.version, head, DATA_DELETED)
    is_executing = PlanState(stored.state) in UNDER_WAY
    return _compared(before, newest, read_plan(stored.document), is_executing=is_executing)


def loaded(version: Version) -> Scenario:
    """The scenario of a version, read once."""
    return _LOADED.of(version)


def _compared(before: Version, newest: Version, plan: Plan, *, is_executing: bool) -> Fit:
    old, new = _LOADED.of(before), _LOADED.of(newest)
    found = changes(old, new)
    case = _Case(new, plan, is_executing)
    harmless = tuple(change for change in found if case.is_harmless(change))
    if harmless and not _is_judged_alike(before, newest, plan):
        harmless = ()
    concerning = tuple(change for change in found if change not in harmless)
    reason = DATA_MOVED_ON if concerning else ""
    frozen = case.frozen if concerning else frozenset[str]()
    return Fit(before.number, newest.number, reason, concerning, harmless, frozen)


@dataclass(frozen=True)
class _Case:
    new: Scenario
    plan: Plan
    is_executing: bool

    def is_harmless(self, change: Changed) -> bool:
        """True where the change cannot concern the plan, if the judge finds so too."""
        if change.kind == "locks_added":
            return all(self._keeps(lock) for lock in change.rows)
        if change.kind == "complaints_added":
            return all(self._stands(complaint) for complaint in change.rows)
        if change.kind == "people_arrived" and self.is_executing:
            cells = self.new.estate.cell_by_id
            people = self.new.person_by_id
            return all(people[key].current_place not in cells for key in change.ids)
        return False

    @property
    def frozen(self) -> frozenset[str]:
        """People whom the plan moves and whose complaint does not let them be moved."""
        movers = {placement.person_id for placement in self.plan.moves}
        return frozenset(movers & frozen_by_complaint(View(self.new, {})))

    def _keeps(self, lock: OfficerLock) -> bool:
        planned = {p.person_id: p.cell_id for p in self.plan.placements}.get(lock.person_id)
        if planned is None:
            return False
        return (planned == lock.cell_id) is (lock.kind is LockKind.LOCK)

    def _stands(self, complaint: Complaint) -> bool:
        target = {p.person_id: p.cell_id for p in self.plan.moves}.get(complaint.person_id)
        if not complaint.is_open(self.new.day):
            return False
        if target is None:
            return True
        return complaint.person_id not in self.frozen and target != complaint.cell_id


def _is_judged_alike(before: Version, newest: Version, plan: Plan) -> bool:
    """True where the judge finds the same of the plan in both versions, and nothing unlawful."""
    placement = {p.person_id: p.cell_id for p in plan.placements}
    found = []
    for version in (before, newest):
        scenario = scenario_of_plan(version.require_document(), plan)
        everybody = {person.person_id: None for person in scenario.people} | placement
        judged = verify(scenario, everybody)
        found.append((judged.unlawful, judged.derogations, judged.conflicts, judged.exposure))
    return found[0] == found[1] and not found[0][0]
