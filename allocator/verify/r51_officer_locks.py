"""R51: people are in the cell that an officer has locked, and in none that one has ruled out."""

from collections import defaultdict
from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.locks import Lock, LockKind
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.verify.each import first_of, person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.OFFICER_LOCKS


def check(view: View) -> Iterator[Breach]:
    """People placed against a current lock."""
    locks: defaultdict[tuple[str, LockKind], list[Lock]] = defaultdict(list)
    for lock in view.scenario.locks:
        if lock.is_current(view.day):
            locks[lock.person_id, lock.kind].append(lock)

    def fault_of(person: Person, site: Site) -> str | None:
        kept = locks[person.person_id, LockKind.LOCK]
        refused = [
            lock
            for kind in (LockKind.FORBID, LockKind.REJECT)
            for lock in locks[person.person_id, kind]
            if lock.cell_id == site.cell_id
        ]
        away = bool(kept) and all(lock.cell_id != site.cell_id for lock in kept)
        return first_of(
            (away, "locked to " + "; ".join(map(_words, kept))),
            (bool(refused), "forbidden: " + "; ".join(map(_words, refused))),
        )

    yield from person_breaches(view, RULE, fault_of)


def _words(lock: Lock) -> str:
    return f"{lock.cell_id} by {lock.by} on {lock.at} ({lock.reason.replace('_', ' ')})"
