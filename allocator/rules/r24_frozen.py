r"""R24: a frozen person stays in the present cell; so does one whose complaint is open (R55).

For each person with a current freeze, or who is out at court or hospital, or with an open complaint
and no urgent reason to move, with present cell :math:`c_p`:

.. math:: x_{p,c} = 0 \quad \forall c \ne c_p

A reason is urgent when staying would be unlawful whoever else moves: the cell is out of use, no
current authority carries the regime there, or the limit of days alone or without space is reached.

Amount of a breach: 1 per person placed elsewhere.

References
----------
.. [1] Medical, court and examination holds; the bed of a person who is out is kept.
.. [2] Directive (EU) 2016/680, Article 13: whoever complains is heard before the next decision.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import Penalty, Stay
from allocator.rules._regime import regime_of

RULE = RuleId.FROZEN


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Stay]:
    """One `Stay` over everyone who is frozen in a cell."""
    scenario = index.scenario
    frozen = {freeze.person_id for freeze in scenario.freezes if freeze.is_current(scenario.day)}
    complaining = {c.person_id for c in scenario.complaints if c.is_open(scenario.day)}

    def stays(person: Person) -> bool:
        if person.out or person.person_id in frozen:
            return True
        return person.person_id in complaining and not _must_leave(index, person)

    held = index.people_where(stays)
    persons = held[index.current[held] >= 0]
    if persons.size:
        yield Stay(RULE, persons, penalty)


def _must_leave(index: ScenarioIndex, person: Person) -> bool:
    """True where staying in the present cell would be unlawful whoever else moves."""
    scenario = index.scenario
    limits = scenario.profile.thresholds
    cell = scenario.estate.cell_by_id.get(person.current_place or "")
    if cell is None or not scenario.estate.is_in_use(cell):
        return True
    if person.days_in_solitary >= limits.solitary_limit_days:
        return True
    if person.days_below_hard_floor >= limits.max_days_below_hard_floor:
        return True
    regime = regime_of(index, cell)
    return regime is not None and not any(
        authority.kind in regime.kinds
        and authority.is_current(scenario.day)
        and authority.regime_level >= regime.level
        and authority.has_medical(scenario.day)
        for authority in scenario.authorities_by_person.get(person.person_id, ())
    )
