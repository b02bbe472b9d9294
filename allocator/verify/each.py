"""Breaches of one person in one cell: whoever a test finds, once for each rule."""

from collections.abc import Callable, Iterator

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.sites import Site
from allocator.verify.view import View

FaultOf = Callable[[Person, Site], str | None]


def person_breaches(view: View, rule: RuleId, fault_of: FaultOf) -> Iterator[Breach]:
    """One breach of amount 1 for every placed person in whom `fault_of` finds something wrong.

    `fault_of` looks at the person and the cell alone, so that where one person moved only that one
    is looked at again.
    """
    found, again = view.breaches_before(rule)
    for person, site in again:
        fault = fault_of(person, site)
        if fault is not None:
            found[person.person_id] = _breach(rule, person, site, fault)
    view.own_breaches[rule] = found
    yield from found.values()


def company_breaches(view: View, rule: RuleId, fault_of: FaultOf) -> Iterator[Breach]:
    """As `person_breaches`, where `fault_of` looks at who else is there."""
    for person, site in view.placed():
        fault = fault_of(person, site)
        if fault is not None:
            yield _breach(rule, person, site, fault)


def _breach(rule: RuleId, person: Person, site: Site, fault: str) -> Breach:
    words = f"{person.person_id} in {site.cell_id}: {fault}"
    return Breach(rule, (person.person_id,), site.cell_id, 1, words)


def first_of(*faults: tuple[bool, str]) -> str | None:
    """Words of the first fault that is there."""
    return next((words for is_there, words in faults if is_there), None)
