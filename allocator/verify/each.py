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

    Parameters
    ----------
    fault_of : of a person and a cell and of who else is in that cell, and of nobody else: where a
        view differs from another by one person, the others' breaches are taken over from that one.
    """
    key = (fault_of.__module__, fault_of.__qualname__, rule.value)
    origin = view.origin
    found: dict[str, Breach] = {}
    if origin is not None and key in origin.breaches_of:
        looked_at = view.looked_at
        again = {view.mover, *(person.person_id for person, _ in looked_at)}
        known = origin.breaches_of[key].items()
        found = {person_id: breach for person_id, breach in known if person_id not in again}
    else:
        looked_at = tuple(view.placed())
    for person, site in looked_at:
        fault = fault_of(person, site)
        if fault is not None:
            words = f"{person.person_id} in {site.cell_id}: {fault}"
            breach = Breach(rule, (person.person_id,), site.cell_id, 1, words)
            found[person.person_id] = breach
    view.breaches_of[key] = found
    yield from found.values()


def first_of(*faults: tuple[bool, str]) -> str | None:
    """Words of the first fault that is there."""
    return next((words for is_there, words in faults if is_there), None)
