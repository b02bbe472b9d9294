"""What one person has under a placement, measure by measure, as the judge reads the cells (R39)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from allocator.explain.exposure import RECEIVED, ExposureTables, exposure_tables, total_of
from allocator.explain.placements import BeforeAfter
from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.person import Person
from allocator.model.vocabulary import ExposureKind, UsedFor
from allocator.verify.g37_programme import has_programme
from allocator.verify.sites import Site
from allocator.verify.view import View, load_of


class Measure(StrEnum):
    """Something that a placement gives a person, in the order in which it is shown."""

    PLACE = "place"
    RECEIVED = "received"
    SPACE = "space"
    CROWDING = "crowding"
    REGIME = "regime"
    MOVE = "move"
    SUPPORT = "support"
    SINGLE_CELL = "single_cell"
    NEAR_HOME = "near_home"
    PROGRAMME = "programme"
    STABLE_PAIR = "stable_pair"
    FIRST_NIGHT = "first_night"


MEASURE_WORDS: Mapping[Measure, str] = {
    Measure.PLACE: "a place",
    Measure.RECEIVED: "exposure received (spillover and coercion)",
    Measure.SPACE: "m² for each place taken in the cell",
    Measure.CROWDING: "places taken in the cell above its certified number",
    Measure.REGIME: "regime level of the unit",
    Measure.MOVE: "moved",
    Measure.SUPPORT: "support received",
    Measure.SINGLE_CELL: "wish for a single cell met",
    Measure.NEAR_HOME: "near home",
    Measure.PROGRAMME: "own programme offered",
    Measure.STABLE_PAIR: "stable pairs kept together",
    Measure.FIRST_NIGHT: "first-night cell for a first-time newcomer",
}
LESS_IS_BETTER = frozenset({Measure.RECEIVED, Measure.CROWDING, Measure.REGIME, Measure.MOVE})
YES_OR_NO = frozenset(
    {
        Measure.PLACE,
        Measure.MOVE,
        Measure.SINGLE_CELL,
        Measure.NEAR_HOME,
        Measure.PROGRAMME,
        Measure.FIRST_NIGHT,
    }
)
Values = Mapping[Measure, float | int]


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """What everybody has under one placement.

    Parameters
    ----------
    by_person : values by person id. A measure that does not apply to a person, or rests on an area
        that is not recorded, is absent; whoever has no cell has the measure `place` alone, at 0.
        Yes and no are 1 and 0; space is in m² rounded to 2 decimals.
    exposure : sums over people by kind, which are the judge's totals.
    """

    by_person: Mapping[str, Values]
    exposure: Mapping[ExposureKind, int]


def standings(view: View) -> Standings:
    """Everybody's values under the placement of a view."""
    tables = _exposure_of(view)
    received, support = total_of(tables.after, RECEIVED), tables.after[ExposureKind.SUPPORT]
    moved = {person.person_id for person, _ in view.moved}
    pairs = _pairs_together(view)
    loads = {site.cell_id: load_of(people) for site, people in view.occupied()}
    found: dict[str, Values] = {}
    for i, person in enumerate(view.scenario.people):
        site = view.site_of.get(person.person_id)
        if site is None:
            found[person.person_id] = {Measure.PLACE: 0}
            continue
        found[person.person_id] = {
            Measure.PLACE: 1,
            Measure.RECEIVED: int(received[i]),
            Measure.SUPPORT: int(support[i]),
            Measure.MOVE: int(person.person_id in moved),
            **_cell_values(site, loads[site.cell_id]),
            **_wishes(view, person, site),
            **({Measure.STABLE_PAIR: pairs[person.person_id]} if person.person_id in pairs else {}),
        }
    sums = {kind: int(values.sum()) for kind, values in tables.after.items()}
    return Standings(found, sums)


def _exposure_of(view: View) -> ExposureTables:
    index = ScenarioIndex(view.scenario)
    cells = int_array(
        index.cell_at.get(view.placement.get(person.person_id) or "", -1)
        for person in view.scenario.people
    )
    return exposure_tables(BeforeAfter(index, index.current, cells))


def _cell_values(site: Site, load: int) -> dict[Measure, float | int]:
    area = site.cell.area_m2
    space = {} if area is None else {Measure.SPACE: round(area / load, 2)}
    return {
        **space,
        Measure.CROWDING: max(0, load - site.cell.cna),
        Measure.REGIME: site.regime_level,
    }


def _wishes(view: View, person: Person, site: Site) -> dict[Measure, int]:
    """The preferences that the judge counts person by person; 1 where met."""
    found: dict[Measure, int] = {}
    if person.prefers_single:
        found[Measure.SINGLE_CELL] = int(site.maximum <= 1)
    if person.home_area is not None:
        found[Measure.NEAR_HOME] = int(person.home_area == site.inherited("home_area"))
    if person.programme is not None:
        found[Measure.PROGRAMME] = int(has_programme(person, site))
    newcomer = person.first_time and view.records.is_newcomer(person)
    if newcomer and view.applies(RuleId.FIRST_TIME):
        found[Measure.FIRST_NIGHT] = int(UsedFor.FIRST_NIGHT in site.uses)
    return found


def _pairs_together(view: View) -> Counter[str]:
    """Stable pairs of each person that has any, with a cell, placed in one cell."""
    together: Counter[str] = Counter()
    for pair in view.scenario.stable_pairs:
        one, other = view.site_of.get(pair.person_a), view.site_of.get(pair.person_b)
        for person_id in (pair.person_a, pair.person_b):
            together[person_id] += int(one is not None and one is other)
    return together
