"""Two placements of one scenario side by side: who is better and worse off, and who carries it.

Everything is the judge's: tiers, exposure and breaches of both placements and of the present one.
A person is better off in B where something is better there and nothing is worse; where some things
are better and others worse nobody adds them up, and the person is in neither list (R39, R40).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from allocator.errors import InternalError
from allocator.explain.burden import Burden, burden_of
from allocator.explain.placements import placement_now
from allocator.explain.standing import LESS_IS_BETTER, Measure, Standings, Values, standings
from allocator.model.judgement import Judgement
from allocator.model.plan import Derogation
from allocator.model.scenario import Scenario
from allocator.verify.judge import judge
from allocator.verify.view import View


class Standing(StrEnum):
    """How a person stands in B against A."""

    BETTER = "better"
    WORSE = "worse"
    MIXED = "mixed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """A person whom two placements put into different places; None is no place."""

    person_id: str
    present_place: str | None
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure that differs for one person."""

    measure: Measure
    a: float | int
    b: float | int

    @property
    def is_better(self) -> bool:
        """True when B is better."""
        return (self.b < self.a) == (self.measure in LESS_IS_BETTER)


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person for whom something differs, wherever the person is; measures in their order."""

    person_id: str
    standing: Standing
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class WorstOff:
    """The worst value that any placed person has, and who has it; None when there is nobody."""

    value: float | int | None
    person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One placement as the judge reads it."""

    placement: Mapping[str, str | None]
    judgement: Judgement
    standings: Standings
    burden: Burden

    def worst(self, measure: Measure) -> WorstOff:
        """Who has most of a measure of which less is better, else least; people by id."""
        held = {
            key: values[measure]
            for key, values in self.standings.by_person.items()
            if measure in values
        }
        if not held:
            return WorstOff(None, ())
        pick = max if measure in LESS_IS_BETTER else min
        value = pick(held.values())
        return WorstOff(value, tuple(sorted(key for key, had in held.items() if had == value)))


@dataclass(frozen=True, slots=True, eq=False)
class PlanDiff:
    """Two placements against each other and against the present one.

    Parameters
    ----------
    places : people whose place differs, by id. people : people for whom a measure differs, by id.
    derogations_a, derogations_b : derogations in one and not in the other.
    """

    now: Side
    a: Side
    b: Side
    places: tuple[PlaceChange, ...]
    people: tuple[PersonChange, ...]
    derogations_a: tuple[Derogation, ...]
    derogations_b: tuple[Derogation, ...]

    def standing(self, standing: Standing) -> tuple[str, ...]:
        """People who stand so in B, by id."""
        return tuple(line.person_id for line in self.people if line.standing is standing)


def diff_placements(
    scenario: Scenario, a: Mapping[str, str | None], b: Mapping[str, str | None]
) -> PlanDiff:
    """Compare two placements under one scenario's policy, profile and contact weights.

    Parameters
    ----------
    a, b : cell id by person id, None for nowhere; every person of the scenario is named.

    Raises
    ------
    InternalError
        If people's exposures do not add up to the judge's.
    """
    present = View(scenario, placement_now(scenario))
    now, side_a, side_b = (
        _side(View(scenario, placement, base=present)) for placement in (present.placement, a, b)
    )
    return PlanDiff(
        now=now,
        a=side_a,
        b=side_b,
        places=_places(scenario, a, b),
        people=_people(side_a.standings, side_b.standings),
        derogations_a=_only(side_a.judgement.derogations, side_b.judgement.derogations),
        derogations_b=_only(side_b.judgement.derogations, side_a.judgement.derogations),
    )


def _side(view: View) -> Side:
    judgement, found = judge(view), standings(view)
    if dict(found.exposure) != dict(judgement.exposure):
        raise InternalError(
            "What people are exposed to does not add up to the judge's exposure, so nothing is "
            "shown. This is a fault of the program and not of your data; please report it.",
            f"people {dict(found.exposure)}, judge {dict(judgement.exposure)}",
        )
    return Side(view.placement, judgement, found, burden_of(view))


def _places(
    scenario: Scenario, a: Mapping[str, str | None], b: Mapping[str, str | None]
) -> tuple[PlaceChange, ...]:
    return tuple(
        PlaceChange(person_id, scenario.person_by_id[person_id].current_place, a[person_id], there)
        for person_id, there in sorted(b.items())
        if a[person_id] != there
    )


def _people(a: Standings, b: Standings) -> tuple[PersonChange, ...]:
    found = (
        (person_id, _differences(values, b.by_person[person_id]))
        for person_id, values in sorted(a.by_person.items())
    )
    return tuple(
        PersonChange(person_id, standing_of(differences), differences)
        for person_id, differences in found
        if differences
    )


def _differences(a: Values, b: Values) -> tuple[Difference, ...]:
    """Measures that both placements have and that differ."""
    both = [measure for measure in Measure if measure in a and measure in b]
    return tuple(Difference(m, a[m], b[m]) for m in both if a[m] != b[m])


def standing_of(differences: Iterable[Difference]) -> Standing:
    """Better or worse only where everything that differs says so."""
    said = {difference.is_better for difference in differences}
    if len(said) != 1:
        return Standing.MIXED if said else Standing.SAME
    return Standing.BETTER if said == {True} else Standing.WORSE


def _only(mine: Iterable[Derogation], theirs: Iterable[Derogation]) -> tuple[Derogation, ...]:
    known = {_signature(entry) for entry in theirs}
    return tuple(entry for entry in mine if _signature(entry) not in known)


def _signature(entry: Derogation) -> tuple[object, ...]:
    """What somebody signs: the rule, the people, the place and how much; not the words."""
    breach = entry.breach
    return (breach.rule, breach.place, breach.person_ids, breach.amount, entry.signed_by)
