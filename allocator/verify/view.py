"""A scenario and a placement side by side, indexed so that each rule can be read at a glance."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.profile import RuleSetting, Thresholds
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Enforcement, ExposureKind, Level
from allocator.verify.exposure import Exposures
from allocator.verify.people import Records
from allocator.verify.sites import Site, build_sites


class View:
    """Who is where, by unit of every level; people without a known cell are in no unit.

    Parameters
    ----------
    placement : cell id or None by person id; may be faulty (R01 says how).
    base : a view of the same scenario whose indexes of cells and records are taken over.
    """

    def __init__(
        self,
        scenario: Scenario,
        placement: Mapping[str, str | None],
        base: "View | None" = None,
    ) -> None:
        self.scenario = scenario
        self.placement = placement
        self.day = scenario.day
        self.policy = scenario.policy
        self.records: Records = Records(scenario) if base is None else base.records
        self.sites: dict[str, Site] = build_sites(scenario) if base is None else base.sites
        self.exposures: Exposures = (
            Exposures(scenario, self.records) if base is None else base.exposures
        )
        self.own_breaches: dict[RuleId, dict[str, Breach]] = {}
        self.unit_breaches: dict[tuple[RuleId, Level, str], dict[str, Breach]] = {}
        self._before: tuple[View, str] | None = None

    def at_present(self) -> "View":
        """The same scenario with everyone in the present cell."""
        present = {person.person_id: person.current_place for person in self.scenario.people}
        cells = {key: place if place in self.sites else None for key, place in present.items()}
        return View(self.scenario, cells, base=self)

    def with_person_in(self, person_id: str, cell_id: str | None) -> "View":
        """The same placement with one person in another cell, or in none."""
        after = View(self.scenario, {**self.placement, person_id: cell_id}, base=self)
        after._before = self, person_id
        return after

    def breaches_before(
        self, rule: RuleId
    ) -> tuple[dict[str, Breach], Iterable[tuple[Person, Site]]]:
        """Breaches by person that hold on from the view before, and who must be looked at."""
        if self._before is None or rule not in self._before[0].own_breaches:
            return {}, self.placed()
        before, mover = self._before
        known = before.own_breaches[rule].items()
        here = self.site_of.get(mover)
        again = () if here is None else ((self.scenario.person_by_id[mover], here),)
        return {person_id: breach for person_id, breach in known if person_id != mover}, again

    def unit_breaches_before(
        self, key: tuple[RuleId, Level, str]
    ) -> tuple[dict[str, Breach], Iterable[tuple[str, tuple[Person, ...]]]]:
        """Breaches by unit that hold on from the view before, and units that must be looked at."""
        units = self.people_by_unit(key[1])
        if self._before is None or key not in self._before[0].unit_breaches:
            return {}, units.items()
        before, mover = self._before
        sites = (view.site_of.get(mover) for view in (before, self))
        again = {site.unit_at[key[1]] for site in sites if site and key[1] in site.unit_at}
        known = before.unit_breaches[key].items()
        kept = {unit_id: breach for unit_id, breach in known if unit_id not in again}
        return kept, [(unit_id, units[unit_id]) for unit_id in sorted(again) if unit_id in units]

    @property
    def limits(self) -> Thresholds:
        """Thresholds of the legal profile."""
        return self.scenario.profile.thresholds

    def setting(self, rule: RuleId) -> RuleSetting:
        """How a rule is applied: the policy's word first, then the profile's."""
        return self.policy.settings.get(rule) or self.scenario.profile.settings[rule]

    def applies(self, rule: RuleId) -> bool:
        """False for a rule that is off."""
        return self.setting(rule).enforcement is not Enforcement.OFF

    def weight(self, goal: GoalId) -> int:
        """Points per unit of a goal, 0 where the policy names none."""
        return self.policy.weights.get(goal, 0)

    @cached_property
    def site_of(self) -> dict[str, Site]:
        """Site of everyone who has a known cell."""
        known = self.scenario.person_by_id
        return {
            person_id: self.sites[cell_id]
            for person_id, cell_id in self.placement.items()
            if cell_id is not None and cell_id in self.sites and person_id in known
        }

    @cached_property
    def _placed(self) -> tuple[tuple[Person, Site], ...]:
        known = self.scenario.person_by_id
        return tuple((known[key], site) for key, site in sorted(self.site_of.items()))

    @cached_property
    def unplaced(self) -> tuple[str, ...]:
        """People of the scenario without a known cell, sorted."""
        ids = (person.person_id for person in self.scenario.people)
        return tuple(sorted(person_id for person_id in ids if person_id not in self.site_of))

    def placed(self) -> Iterator[tuple[Person, Site]]:
        """People with a cell, by id, each with the site."""
        yield from self._placed

    def people_by_unit(self, level: Level) -> Mapping[str, tuple[Person, ...]]:
        """People by unit of a level, in the order of unit ids, each sorted by id."""
        return self._people_by_level[level]

    @cached_property
    def _people_by_level(self) -> dict[Level, dict[str, tuple[Person, ...]]]:
        groups: dict[Level, defaultdict[str, list[Person]]]
        groups = {level: defaultdict(list) for level in Level}
        for person, site in self.placed():
            for level, unit_id in site.unit_at.items():
                groups[level][unit_id].append(person)
        return {
            level: {unit: tuple(people) for unit, people in sorted(units.items())}
            for level, units in groups.items()
        }

    def cells_of_unit(self, level: Level, unit_id: str) -> frozenset[str]:
        """Ids of all cells in a unit of a level, held or not."""
        return self._cells_by_unit[level, unit_id]

    @cached_property
    def _cells_by_unit(self) -> dict[tuple[Level, str], frozenset[str]]:
        cells: defaultdict[tuple[Level, str], set[str]] = defaultdict(set)
        for cell_id, site in self.sites.items():
            for key in site.unit_at.items():
                cells[key].add(cell_id)
        return {key: frozenset(ids) for key, ids in cells.items()}

    def named(self, level: Level, unit_id: str) -> str:
        """A unit in words, by its real type: without landings the unit at LANDING may be a wing."""
        unit = self.scenario.estate.unit_by_id.get(unit_id)
        kind = level if unit is None or level is Level.EXERCISE_GROUP else unit.unit_type
        return f"{kind.replace('_', ' ')} {unit_id}"

    def occupied(self) -> Iterator[tuple[Site, tuple[Person, ...]]]:
        """Cells that hold someone, with the people in them."""
        for cell_id, people in self.people_by_unit(Level.CELL).items():
            yield self.sites[cell_id], people

    def present_site(self, person: Person) -> Site | None:
        """The present cell; None for arrivals and for people in a virtual place."""
        return self.sites.get(person.current_place or "")

    @cached_property
    def moved(self) -> tuple[tuple[Person, Site], ...]:
        """People placed in another cell than the present one, each with the present site."""
        pairs = ((person, self.present_site(person), site) for person, site in self.placed())
        return tuple(
            (person, old) for person, old, new in pairs if old is not None and old is not new
        )

    @cached_property
    def exposure(self) -> dict[ExposureKind, int]:
        """Points times contact by kind, unweighted.

        Where one person moved, what is between that person and the others is taken off and put on.
        """
        if self._before is None:
            return self.exposures.of_all(self.site_of)
        before, person_id = self._before
        gone = self.exposures.of_one(person_id, before.site_of)
        come = self.exposures.of_one(person_id, self.site_of)
        return {kind: before.exposure[kind] - gone[kind] + come[kind] for kind in ExposureKind}


def load_of(people: tuple[Person, ...]) -> int:
    """Places taken by the people of a cell."""
    return sum(person.places_needed for person in people)


def triangular(count: int) -> int:
    """1 + 2 + ... + count: the price of crowding grows with each person too many; 0 below 1."""
    return count * (count + 1) // 2 if count > 0 else 0


def ids_of(people: tuple[Person, ...]) -> tuple[str, ...]:
    """Ids of people, sorted."""
    return tuple(sorted(person.person_id for person in people))
