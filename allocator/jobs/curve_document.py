"""One plain document that says what more moves are worth."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from allocator.explain.curve import (
    FEWEST_POINTS,
    METHOD,
    Fall,
    Gain,
    Knee,
    Worth,
    comparable,
    compared_tiers,
    gain_between,
    knees,
)
from allocator.explain.headline import CAVEAT, TIER_WORDS
from allocator.jobs.curve import Point
from allocator.jobs.exits import ExitCode
from allocator.model.vocabulary import Tier
from allocator.prepare.plan_document import plan_provenance

FALLS = {
    Tier.UNPLACED: "the number of people without a place",
    Tier.DEROGATIONS: "weighted derogations",
    Tier.PROTECTION: "weighted breaches of protection",
    Tier.DEPARTURES: "departures from the last plan",
    Tier.EXPOSURE: "exposure",
    Tier.MOVES: "the burden of moves",
    Tier.PREFERENCES: "unmet preferences",
}
OF_A_POINT = frozenset({"max_moves", "made_by", "started_from"})
FOUND = (
    "Gains are differences between verified plans that the search found. With more search every "
    "point may get better; the bounds say how far at most."
)
NEXT_STEP = (
    "Proposals. Nobody is moved until a named person has decided and signed. `allocator plan "
    "SCENARIO --max-moves LIMIT --from plan-N.json --out DIR` writes the report of a point; LIMIT "
    "is what its plan was made with. Where a plan started from another one, `--start "
    "plan-M.json` in the place of `--from` makes it again."
)


def curve_document(
    points: Sequence[Point], without_plan: Sequence[int] = (), *, interrupted: bool = False
) -> dict[str, Any]:
    """Everything that a screen or page shows.

    Parameters
    ----------
    points : in the order of the moves allowed, at least one. without_plan : moves allowed for which
        no plan was found. interrupted : points with more moves are missing.
    """
    last = points[-1]
    tiers = compared_tiers(tuple(last.tiers))
    worths = [Worth(point.allowed, tuple(point.tiers[tier] for tier in tiers)) for point in points]
    steps = [gain_between(tiers, fewer, more) for fewer, more in pairwise(worths)]
    found = knees(tiers, worths)
    source = plan_provenance(last.plan.provenance)
    return {
        "scenario": last.scenario,
        "people": last.people,
        "words": _words(points, steps, found),
        "exit_code": int(_exit_code(points, without_plan, interrupted=interrupted)),
        "interrupted": interrupted,
        "without_plan": list(without_plan),
        "own_limit": last.own_limit,
        "compared_tiers": [{"tier": t.value, "words": TIER_WORDS[t]} for t in tiers],
        "points": [_point(point, points, tiers) for point in points],
        "steps": [_step(gain) for gain in steps],
        "total": _step(gain_between(tiers, worths[0], worths[-1])),
        "knees": [_knee(knee) for knee in found],
        "notes": [
            *_no_knee(tiers, worths, found),
            *_notes(points, tiers, without_plan, interrupted=interrupted),
        ],
        "seconds": round(sum(point.seconds for point in points), 3),
        "files": [],
        "provenance": {key: value for key, value in source.items() if key not in OF_A_POINT},
        "caveat": CAVEAT,
        "next_step": NEXT_STEP,
    }


def plan_of(point: Point, points: Sequence[Point]) -> int:
    """Moves allowed of the first point with the same plan."""
    places = point.plan.placements
    return next(p.allowed for p in points if p.plan.placements == places)


def plan_name(allowed: int) -> str:
    """File name of the plan of a point."""
    return f"plan-{allowed}.json"


def _point(point: Point, points: Sequence[Point], tiers: Sequence[Tier]) -> dict[str, Any]:
    return {
        "moves_allowed": point.allowed,
        "moves_used": point.used,
        "tiers": {tier.value: value for tier, value in point.tiers.items()},
        "bounds": {tier.value: point.bounds.get(tier) for tier in tiers},
        "exposure": {kind.value: value for kind, value in point.exposure.items()},
        "unplaced": len(point.plan.unplaced),
        "derogations": len(point.plan.derogations),
        "verified": point.plan.verified,
        "plan_of": plan_of(point, points),
        "plan_limit": point.plan.provenance.max_moves,
        "made_by": point.plan.provenance.made_by.value,
        "started_from": point.plan.provenance.started_from,
        "seconds": round(point.seconds, 3),
    }


def _step(gain: Gain) -> dict[str, Any]:
    return {
        "from": gain.fewer,
        "to": gain.more,
        "falls": [
            {"tier": fall.tier.value, "points": fall.points, "percent": fall.percent}
            for fall in gain.falls
        ],
        "words": gain_words(gain),
    }


def gain_words(gain: Gain) -> str:
    """One sentence: what the further moves would lower, by how much, and at what price.

    Where more people have a place, other tiers count other people and are left out.
    """
    count = gain.more - gain.fewer
    moves = f"{count:,} more {'move' if count == 1 else 'moves'} ({gain.fewer:,} → {gain.more:,})"
    if not gain.falls:
        return f"{moves}: the search found nothing better."
    first, *others = gain.falls
    if first.tier is Tier.UNPLACED:
        end = "; other values then count more people" if others else ""
        return f"{moves} would lower {_fall_words(first)}{end}."
    lower = [_fall_words(fall) for fall in gain.falls if fall.points > 0]
    higher = [_fall_words(fall) for fall in gain.falls if fall.points < 0]
    end = f", and raise {_and(higher)}" if higher else ""
    return f"{moves} would lower {_and(lower)}{end}."


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _fall_words(fall: Fall) -> str:
    share = "" if fall.percent is None else f" ({abs(fall.percent):,} %)"
    return f"{FALLS[fall.tier]} by {abs(fall.points):,}{share}"


def _knee(knee: Knee) -> dict[str, Any]:
    return {
        "tier": knee.tier.value,
        "moves": knee.moves,
        "first": knee.first,
        "last": knee.last,
        "per_move_before": knee.per_move_before,
        "per_move_after": knee.per_move_after,
        "method": METHOD,
        "words": _knee_words(knee),
    }


def _knee_words(knee: Knee) -> str:
    return (
        f"Knee of {TIER_WORDS[knee.tier].lower()}, among {knee.first:,} to {knee.last:,} moves: "
        f"{knee.moves:,} moves. Up to there each further move lowers it by "
        f"{knee.per_move_before:,} on average, beyond it by {knee.per_move_after:,}."
    )


def _words(points: Sequence[Point], steps: Sequence[Gain], found: Sequence[Knee]) -> str:
    """From the scenario's own limit where it is a point, else the knee, else the start."""
    if not steps:
        return f"One point only: {points[0].allowed:,} moves allowed, {points[0].used:,} used."
    starts = [points[-1].own_limit, *(knee.moves for knee in found[::-1]), points[0].allowed]
    gain = next(step for start in starts for step in steps if step.fewer == start)
    return gain_words(gain)


def _no_knee(tiers: Sequence[Tier], worths: Sequence[Worth], found: Sequence[Knee]) -> list[str]:
    """Why the last compared tier has no knee; empty where it has one."""
    name = TIER_WORDS[tiers[-1]]
    if any(knee.tier is tiers[-1] for knee in found):
        return []
    equal = len(comparable(worths, len(tiers) - 1))
    if equal < FEWEST_POINTS:
        what = f"only {equal} of {len(worths)} points are equal in what comes before"
        if equal == len(worths):
            what = "there is only 1 point" if equal == 1 else f"there are only {equal} points"
        return [f"{name}: no knee, because {what} and three are needed."]
    return [f"{name}: no knee, because no point lies below the line from the first to the last."]


def _notes(
    points: Sequence[Point],
    tiers: Sequence[Tier],
    without_plan: Sequence[int],
    *,
    interrupted: bool,
) -> list[str]:
    notes = [FOUND]
    kept = [f"{p.allowed:,}" for p in points if plan_of(p, points) != p.allowed]
    if kept:
        notes.append(
            f"With {', '.join(kept)} moves the search found nothing better than with fewer, so "
            "that the plan of an earlier point stands."
        )
    if any(p.tiers[t] != points[-1].tiers[t] for p in points for t in tiers[:-1]):
        notes.append(
            f"The knee of {tiers[-1].value} is sought among points that are equal in "
            f"{_listed(tiers[:-1])}, which come first; a step that changes one of these is told "
            "tier by tier."
        )
    if without_plan:
        listed = ", ".join(f"{moves:,}" for moves in without_plan)
        notes.append(f"No plan was found with {listed} moves.")
    if interrupted:
        notes.append("Interrupted: the last point was searched for less, and others are missing.")
    return notes


def _listed(tiers: Sequence[Tier]) -> str:
    return ", ".join(tier.value for tier in tiers)


def _exit_code(
    points: Sequence[Point], without_plan: Sequence[int], *, interrupted: bool
) -> ExitCode:
    if interrupted:
        return ExitCode.INTERRUPTED
    if without_plan:
        return ExitCode.NOTHING_FOUND
    least_bad = any(point.plan.unplaced or point.plan.derogations for point in points)
    return ExitCode.LEAST_BAD if least_bad else ExitCode.DONE


def plans_to_write(points: Sequence[Point]) -> Mapping[str, Any]:
    """Each different plan once, by its file name."""
    return {plan_name(p.allowed): p.plan for p in points if plan_of(p, points) == p.allowed}


def nothing_found(*, interrupted: bool) -> dict[str, Any]:
    """The document where no number of moves gave a plan."""
    code = ExitCode.INTERRUPTED if interrupted else ExitCode.NOTHING_FOUND
    return {
        "words": "No plan was found with any number of moves, so nothing changes.",
        "exit_code": int(code),
        "interrupted": interrupted,
        "points": [],
        "files": [],
        "caveat": CAVEAT,
    }
