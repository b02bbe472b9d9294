"""Plans of one scenario by the number of moves allowed, from few to many.

Each point is solved in a child process, twice: from the present placement and from the plan of the
point before. A plan with fewer moves is lawful with more: where both searches do worse with more
moves the point keeps the earlier plan, and says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocator.errors import ConfigError
from allocator.jobs.child import ChildObserver
from allocator.jobs.request import MOST_MOVES, NO_OVERRIDES, Overrides, PlanRequest
from allocator.jobs.task import ProgressDocuments, read_source, real_planner

if TYPE_CHECKING:
    from allocator.jobs.ports import Planned, Planner
    from allocator.model.plan import Plan
    from allocator.model.scenario import Scenario
    from allocator.model.vocabulary import ExposureKind, Tier

FEWEST_MOVES = 5
FEWEST_POINTS = 2


@dataclass(frozen=True, slots=True)
class Point:
    """One verified plan of a curve.

    Parameters
    ----------
    allowed : moves allowed. used : people whom the plan moves out of a present cell.
    plan : names in its provenance the limit it was made with, which may be another one, and the
        plan that its search set out from, which is that of an earlier point.
    tiers : the judge's values in the scenario's order.
    bounds : what no plan with so many moves can be below, given the values of the tiers before;
        None where unknown.
    own_limit : moves that the scenario or its policy allows, None for no limit.
    """

    scenario: str
    people: int
    allowed: int
    used: int
    plan: "Plan"
    tiers: "Mapping[Tier, int]"
    bounds: "Mapping[Tier, int | None]"
    exposure: "Mapping[ExposureKind, int]"
    own_limit: int | None
    seconds: float

    @property
    def rank(self) -> tuple[int, ...]:
        """Values in the order of the tiers; less is better."""
        return tuple(self.tiers.values())


@dataclass(frozen=True, slots=True)
class PointTask:
    """Plan with a number of moves.

    Parameters
    ----------
    moves : moves allowed; None allows everybody to move.
    start : the point before, None for the first.
    known : other points; the best that moves few enough is kept where the search does worse.
    """

    source: Path | Mapping[str, Any]
    moves: int | None
    request: PlanRequest
    overrides: Overrides = NO_OVERRIDES
    start: Point | None = None
    known: tuple[Point, ...] = ()
    planner: "Planner | None" = None

    def run(self, observer: ChildObserver) -> Point | None:
        """The point; None where no plan was found and none is known."""
        own = read_source(self.source, self.overrides)
        limit = own_limit(own)
        allowed = len(own.people) if self.moves is None else self.moves
        scenario = replace(own, max_moves=allowed)
        found = [_point(scenario, plan, limit) for plan in self._plans(scenario, observer)]
        known = self.known if self.start is None else (self.start, *self.known)
        return best_point(scenario, [p for p in found if p.plan.verified], known)

    def _plans(self, scenario: "Scenario", observer: ChildObserver) -> "Iterator[Planned]":
        """The plan that `allocator plan` makes, then one from the plan of the point before.

        Either may be the better one: what is good with few moves leads on, or holds the search.
        """
        from allocator.model.plan import Verdict

        documents = ProgressDocuments(observer)
        first = (self.planner or real_planner())(scenario, self.request, documents)
        yield first
        done = first.plan.verdict is Verdict.OPTIMAL or observer.should_stop()
        if self.start is None or self.planner is not None or scenario.is_revision or done:
            return
        from allocator.jobs.plan import make_judged_plan

        yield make_judged_plan(scenario, self.request, documents, start=self.start.plan)


def own_limit(scenario: "Scenario") -> int | None:
    """Moves that the scenario or its policy allows.

    Raises
    ------
    ConfigError
        If moves are not limited by a hard rule, so that a curve would mean nothing.
    """
    from allocator.explain.placements import placement_now
    from allocator.model.catalogue import RuleId
    from allocator.model.vocabulary import Enforcement
    from allocator.verify.r25_move_budget import whole_budget
    from allocator.verify.view import View

    view = View(scenario, placement_now(scenario))
    found = view.setting(RuleId.MOVE_BUDGET).enforcement
    if found is not Enforcement.HARD:
        raise ConfigError(
            f"Rule {RuleId.MOVE_BUDGET} is {found} in profile {scenario.profile.name!r}, so a "
            "number of moves would not be kept to. A curve needs it as a hard rule."
        )
    return whole_budget(view)


def _point(scenario: "Scenario", planned: "Planned", limit: int | None) -> Point:
    plan = planned.plan
    return Point(
        scenario=scenario.name,
        people=len(scenario.people),
        allowed=scenario.max_moves or 0,
        used=_moves_used(scenario, plan),
        plan=plan,
        tiers={setting.tier: planned.judgement.tiers[setting.tier] for setting in scenario.tiers},
        bounds={entry.tier: entry.bound for entry in plan.tiers},
        exposure=planned.judgement.exposure,
        own_limit=limit,
        seconds=plan.seconds,
    )


def _moves_used(scenario: "Scenario", plan: "Plan") -> int:
    """People moved as R25 counts them: arrivals are not among them."""
    from allocator.explain.placements import placement_planned
    from allocator.verify.view import View

    return len(View(scenario, placement_planned(plan)).moved)


def best_point(
    scenario: "Scenario", found: Sequence[Point], known: Sequence[Point]
) -> Point | None:
    """The best of the plans found and of the known ones that move few enough, tier by tier.

    Parameters
    ----------
    found : made with the scenario's limit of moves. known : points with other limits.
    """
    allowed = scenario.max_moves or 0
    lawful = [point for point in known if point.used <= allowed]
    if not found and not lawful:
        return None
    best = min((*found, *lawful), key=lambda point: point.rank)
    if best in lawful:
        _refuse_unlawful(scenario, best)
    return replace(
        best,
        allowed=allowed,
        bounds=_bounds_that_hold(best, found),
        seconds=sum(point.seconds for point in found),
    )


def _refuse_unlawful(scenario: "Scenario", point: Point) -> None:
    """What was lawful with fewer moves is so with more; the judge is asked all the same."""
    from allocator.errors import InternalError
    from allocator.explain.placements import placement_planned
    from allocator.verify import verify

    judgement = verify(scenario, placement_planned(point.plan))
    if judgement.unlawful or dict(judgement.tiers) != dict(point.tiers):
        raise InternalError(
            "A plan was judged otherwise with more moves allowed, so nothing is shown. This is a "
            "fault of the program and not of your data; please report it.",
            f"{point.allowed} to {scenario.max_moves} moves: {judgement.unlawful[:3]}",
        )


def _bounds_that_hold(best: Point, found: Sequence[Point]) -> "dict[Tier, int | None]":
    """The highest bound of each tier; one holds where the tiers before have the same values."""
    bounds: dict[Tier, int | None] = {}
    for k, tier in enumerate(best.tiers):
        equal = (point for point in found if point.rank[:k] == best.rank[:k])
        values = (point.bounds.get(tier) for point in equal)
        bounds[tier] = max((value for value in values if value is not None), default=None)
    return bounds


def check_moves(text: str) -> tuple[int, ...]:
    """Numbers of moves from a list with commas, in order, each once.

    Raises
    ------
    ConfigError
        If one is no number of moves, or there are fewer than two.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    wrong = [word for word in words if not word.isdecimal() or int(word) > MOST_MOVES]
    if wrong:
        raise ConfigError(
            f"{wrong[0]!r} is no number of moves; use whole numbers from 0 to {MOST_MOVES:,} with "
            "commas between them, as in 0,5,10,20."
        )
    found = tuple(sorted({int(word) for word in words}))
    if len(found) < FEWEST_POINTS:
        raise ConfigError("A curve needs at least two numbers of moves, as in 0,5,10,20.")
    return found


def default_moves(most: int, limit: int | None) -> tuple[int, ...]:
    """0, then twice as many each time up to the moves of the plan without a limit.

    From a fifth of those on there is a point halfway too: with more moves the tiers before exposure
    are at their least, so that exposure compares.

    Parameters
    ----------
    most : moves of the plan without a limit, at least 0.
    limit : the scenario's own limit, which is a point too where it is below `most`.
    """
    moves = {0, most}
    step = FEWEST_MOVES if most >= 2 * FEWEST_MOVES else 1
    while 4 * step <= 3 * most:  # the last step leads to `most` and is not a short one
        moves.add(step)
        halfway = 3 * step // 2
        if most <= 5 * step and 4 * halfway <= 3 * most:
            moves.add(halfway)
        step *= 2
    if limit is not None and limit < most:
        moves.add(limit)
    return tuple(sorted(moves))
