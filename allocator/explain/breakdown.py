"""Everything that people look at after a plan, computed once and ready to print.

A report renders these numbers and computes none of its own.
"""

from dataclasses import dataclass
from datetime import date

from allocator.explain.cell_map import CellMap, cell_map, without_exposure
from allocator.explain.data_quality import QualityLine, data_quality
from allocator.explain.decisions import (
    ComplaintLine,
    DecisionLine,
    complaint_lines,
    decision_lines,
)
from allocator.explain.departures import Revision, revision_of
from allocator.explain.exposure import (
    KindExposure,
    PersonExposure,
    WingExposure,
    exposure_tables,
    kind_exposures,
    most_exposed,
    wing_exposures,
    worst_received,
)
from allocator.explain.headline import (
    ConflictLine,
    Headline,
    ShortfallLine,
    TierLine,
    conflict_lines,
    headline,
    provenance_lines,
    shortfall_lines,
    tier_lines,
)
from allocator.explain.move_lines import MoveLine, MoveTotals, move_lines, move_totals
from allocator.explain.occupancy import (
    CategoryCapacity,
    Dormitories,
    UnitOccupancy,
    category_capacities,
    dormitories,
    unit_occupancies,
)
from allocator.explain.placements import placement_now, placement_planned, read_placements
from allocator.explain.readers import Reader
from allocator.explain.reasons import rules_broken_by_person
from allocator.explain.reviews import ReviewLine, review_calendar
from allocator.explain.signing import (
    DerogationLine,
    UnlawfulHold,
    UnplacedLine,
    derogation_lines,
    unlawful_hold_lines,
    unmet_lines,
    unplaced_lines,
)
from allocator.explain.space_days import SpaceLine, SpaceTotals, space_lines, space_totals
from allocator.explain.step_down import StepDown, step_downs
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.verify.holds import unlawful_holds
from allocator.verify.judge import find_breaches
from allocator.verify.view import View


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A plan taken apart for a reader, in the order in which a report shows it.

    `unmet` : breaches that nobody signs, person by person: weighed against other aims, or, with 0
    points, only reported.
    `worst_before`, `worst_after` : most spillover and coercion that any one person receives.
    """

    reader: Reader
    scenario_name: str
    description: str
    day: date
    headline: Headline
    unlawful_holds: tuple[UnlawfulHold, ...]
    shortfall: tuple[ShortfallLine, ...]
    conflicts: tuple[ConflictLine, ...]
    unplaced: tuple[UnplacedLine, ...]
    derogations: tuple[DerogationLine, ...]
    unmet: tuple[DerogationLine, ...]
    tiers: tuple[TierLine, ...]
    kinds: tuple[KindExposure, ...]
    wings: tuple[WingExposure, ...]
    most_exposed: tuple[PersonExposure, ...]
    worst_before: int
    worst_after: int
    cell_map: CellMap
    units: tuple[UnitOccupancy, ...]
    categories: tuple[CategoryCapacity, ...]
    dormitories: Dormitories
    moves: tuple[MoveLine, ...]
    move_totals: MoveTotals
    space: tuple[SpaceLine, ...]
    space_totals: SpaceTotals
    quality: tuple[QualityLine, ...]
    reviews: tuple[ReviewLine, ...]
    complaints: tuple[ComplaintLine, ...]
    decisions: tuple[DecisionLine, ...]
    step_downs: tuple[StepDown, ...]
    provenance: tuple[tuple[str, str], ...]
    revision: Revision | None = None


def break_down(scenario: Scenario, plan: Plan, reader: Reader = Reader.OFFICER) -> Breakdown:
    """Take a plan apart; exposure and breaches are recomputed from the scenario.

    Seconds for 14,000 people: everything per pair is an array operation. A reader without access
    to intelligence gets exposure in totals and per wing, and of no person or cell.
    """
    reader = reader.of(scenario)
    shown = reader.shown(scenario)
    placed = read_placements(scenario, plan)
    tables = exposure_tables(placed)
    now, then = View(scenario, placement_now(scenario)), View(scenario, placement_planned(plan))
    planned = find_breaches(then)
    broken = [rules_broken_by_person(found) for found in (find_breaches(now), planned)]
    moves = move_lines(plan, tables, broken[0], broken[1], reader)
    space = space_lines(placed)
    worst = worst_received(tables)
    sees, drawn = reader.sees_exposure, cell_map(tables, plan)
    return Breakdown(
        reader=reader,
        scenario_name=scenario.name,
        description=scenario.description,
        day=scenario.day,
        headline=headline(plan),
        unlawful_holds=unlawful_hold_lines(scenario, plan, unlawful_holds(now)),
        shortfall=shortfall_lines(plan, reader),
        conflicts=conflict_lines(plan, reader),
        unplaced=unplaced_lines(plan, reader),
        derogations=derogation_lines(scenario, plan.derogations, reader),
        unmet=unmet_lines(scenario, planned, reader),
        tiers=tier_lines(plan),
        kinds=kind_exposures(tables),
        wings=wing_exposures(tables),
        most_exposed=most_exposed(tables) if sees else (),
        worst_before=worst[0],
        worst_after=worst[1],
        cell_map=drawn if sees else without_exposure(drawn),
        units=unit_occupancies(placed),
        categories=category_capacities(placed, plan.places_missing),
        dormitories=dormitories(placed),
        moves=moves,
        move_totals=move_totals(moves),
        space=space,
        space_totals=space_totals(placed, space),
        quality=data_quality(shown),
        reviews=review_calendar(shown, len(plan.derogations), reader),
        complaints=complaint_lines(placed),
        decisions=decision_lines(placed),
        step_downs=step_downs(placed, reader),
        provenance=provenance_lines(scenario, plan),
        revision=revision_of(scenario, plan, reader),
    )
