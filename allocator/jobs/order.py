"""The order of a verified plan's moves, and the nearest plan that can be carried out (R28, R29)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from allocator import __version__
from allocator.errors import ConfigError, InternalError
from allocator.explain.placements import placement_planned
from allocator.jobs.order_departures import Departure, departures, without
from allocator.jobs.plan_parts import shortfall_of
from allocator.jobs.verification import scenario_of_plan
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.judgement import Judgement
from allocator.model.plan import MadeBy, Placement, Plan, Provenance, TierValue, Verdict
from allocator.model.scenario import Scenario
from allocator.model.sequence import Sequence
from allocator.prepare.instance import prepare_instance
from allocator.prepare.last_plan import plan_hash
from allocator.prepare.moving import move_facts
from allocator.solver.order.patience import MOST_WORK
from allocator.solver.order.sequence import order_moves
from allocator.verify import check_aim, check_plan, check_sequence, verify

QUICK_WORK = 10_000


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order of moves.

    Parameters
    ----------
    plan : the plan whose moves are asked for.
    nearest : the plan without the moves that are left out, accepted by the judge; None where
        nobody is left out, or where the judge refuses it.
    nearest_refused : what the judge has against it, empty where nothing.
    assumed_left : people of whom the order assumes that they have left; nobody has decided it.
    departures : what could be carried out if others had left.
    nights : the judge's values after each window, where there are several.
    seconds : for the order alone.
    """

    scenario: Scenario
    plan: Plan
    sequence: Sequence
    nearest: Plan | None
    nearest_refused: tuple[str, ...]
    seconds: float
    assumed_left: tuple[str, ...] = ()
    departures: tuple[Departure, ...] = ()
    nights: tuple[Judgement, ...] = ()


def order_plan(
    source: Path | Mapping[str, Any],
    plan: Plan,
    last_plan: Plan | None = None,
    assume_left: Iterable[str] = (),
) -> Ordered:
    """Order the moves of a plan under the settings that it was made with.

    Parameters
    ----------
    last_plan : the plan that this one revises, see `verification.verify_plan`.
    assume_left : people without a cell in the plan of whom to assume that they have left.

    Raises
    ------
    ConfigError
        If the judge does not confirm the plan: nobody is moved by a plan that is not lawful; or as
        `order_departures.without`.
    InternalError
        If the judge's replay finds a fault in the order.
    """
    scenario = scenario_of_plan(source, plan, last_plan)
    faults = check_plan(scenario, plan)
    if faults:
        raise ConfigError(
            f"The plan is not confirmed for {scenario.name!r}, so its moves get no order: "
            f"the judge finds {len(faults)} discrepancies, which `allocator verify` lists."
        )
    started = perf_counter()
    placement, gone = placement_planned(plan), tuple(sorted(set(assume_left)))
    start = without(scenario, placement, gone) if gone else scenario
    sequence = _replayed(start, placement)
    seconds = perf_counter() - started
    nearest = nearest_plan(scenario, plan, sequence) if sequence.left_out else None
    refused = () if nearest is None else check_plan(scenario, nearest)
    return Ordered(
        scenario, plan, sequence, None if refused else nearest, refused, seconds, gone,
        departures(start, placement, sequence, partial(_replayed, work=QUICK_WORK)),
        _nights(start, sequence),
    )  # fmt: skip


def _replayed(
    scenario: Scenario, placement: Mapping[str, str | None], work: int = MOST_WORK
) -> Sequence:
    sequence = order_placement(scenario, placement, work)
    _refuse_faults(scenario, placement, sequence)
    return sequence


def _nights(scenario: Scenario, sequence: Sequence) -> tuple[Judgement, ...]:
    """The judge's word on the state after each window; nothing where there is one."""
    if len(sequence.windows) < 2:
        return ()
    cells = scenario.estate.cell_by_id
    places = {person.person_id: person.current_place for person in scenario.people}
    found: list[Judgement] = []
    for window in sequence.windows:
        places |= {step.person_id: step.to_place for batch in window for step in batch.steps}
        found.append(
            verify(scenario, {k: place if place in cells else None for k, place in places.items()})
        )
    return tuple(found)


def judged_order(scenario: Scenario, placement: Mapping[str, str | None]) -> Sequence:
    """As `order_placement`, replayed by the judge.

    Raises
    ------
    InternalError
        If the judge's replay finds a fault in the order.
    """
    sequence = order_placement(scenario, placement)
    _refuse_faults(scenario, placement, sequence)
    return sequence


def _refuse_faults(
    scenario: Scenario, placement: Mapping[str, str | None], sequence: Sequence
) -> None:
    faults = (*check_sequence(scenario, sequence), *check_aim(scenario, placement, sequence))
    if faults:
        raise InternalError(
            "The order of moves failed its replay, so it is not shown. This is a fault of the "
            "program and not of your data; please report it with the scenario's hash.",
            "; ".join(faults),
        )


def order_placement(
    scenario: Scenario, placement: Mapping[str, str | None], work: int = MOST_WORK
) -> Sequence:
    """The order of the moves from where people are to a placement.

    Parameters
    ----------
    placement : cell id by person id, None for people who get none.
    work : see `order_moves`.
    """
    index = ScenarioIndex(scenario)
    target = int_array(
        index.cell_at.get(placement.get(person.person_id) or "", -1) for person in scenario.people
    )
    instance = prepare_instance(scenario)
    return order_moves(instance, target, move_facts(index), scenario.content_hash, work)


def nearest_plan(scenario: Scenario, plan: Plan, sequence: Sequence) -> Plan:
    """The plan with everybody who is left out where they are, with the judge's values of it.

    Bounds stay: they hold for every plan of the scenario. The provenance says which plan it was
    made from, and how: the search that it names does not make this one.
    """
    staying = frozenset(sequence.left_out)
    cells = scenario.estate.cell_by_id
    placements = tuple(_stayed(p, cells) if p.person_id in staying else p for p in plan.placements)
    judgement = verify(scenario, {p.person_id: p.cell_id for p in placements})
    bounds = {entry.tier: entry.bound for entry in plan.tiers}
    is_same = set(judgement.unplaced) == {p.person_id for p in plan.unplaced}
    return replace(
        plan,
        verdict=Verdict.FEASIBLE,
        placements=placements,
        tiers=tuple(
            TierValue(tier, value, bounds.get(tier)) for tier, value in judgement.tiers.items()
        ),
        derogations=judgement.derogations,
        exposure=judgement.exposure,
        shortfall=shortfall_of(scenario, judgement),
        shortfall_causes=plan.shortfall_causes if is_same else (),
        provenance=_derived(plan),
        verified=True,
    )


def _derived(plan: Plan) -> Provenance:
    return replace(
        plan.provenance,
        made_by=MadeBy.NEAREST,
        started_from=plan_hash(plan),
        software_version=__version__,
    )


def _stayed(placement: Placement, cells: Mapping[str, object]) -> Placement:
    here = placement.from_place
    return replace(placement, cell_id=here if here in cells else None)
