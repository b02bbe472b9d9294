"""R23: a sealed unit shares no exercise group, activity or worship with cells outside it.

While it does, a cell under it holds nobody.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.SEALED_UNITS


def check(view: View) -> Iterator[Breach]:
    """People under a sealed unit that is not sealed in fact."""
    leaks = _leaks(view)

    def fault_of(_: Person, site: Site) -> str | None:
        leaking = sorted(site.sealed & leaks.keys())
        return f"sealed unit {leaking[0]} shares {leaks[leaking[0]]}" if leaking else None

    yield from person_breaches(view, RULE, fault_of)


def _leaks(view: View) -> Mapping[str, str]:
    """One thing that each leaking sealed unit shares with cells outside it."""
    leaks: dict[str, str] = {}
    for shared, sites in sorted(_sites_by_use(view).items()):
        for unit_id in set().union(*(site.sealed for site in sites)):
            if any(unit_id not in site.sealed for site in sites):
                leaks.setdefault(unit_id, shared)
    return leaks


def _sites_by_use(view: View) -> Mapping[str, list[Site]]:
    by_use: defaultdict[str, list[Site]] = defaultdict(list)
    for site in view.sites.values():
        group = site.unit_at.get(Level.EXERCISE_GROUP)
        if group is not None:
            by_use[f"exercise group {group}"].append(site)
        for kind, names in site.settings.items():
            for name in names:
                by_use[f"{kind} {name}"].append(site)
    return by_use
