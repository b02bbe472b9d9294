"""Answers that are made once and read later: one for each audience that may know as much (R60).

What two readers may know of a scenario differs by their access to intelligence and by the releases
in which one of their roles is named. Most scenarios have two audiences.
"""

import json
from collections.abc import Iterable
from itertools import combinations

from allocator.explain.markings import records_of
from allocator.explain.readers import READERS, Reader
from allocator.model.scenario import Scenario

MOST = 24
"""Audiences of one scenario for each of the two kinds of readers; those with fewest roles first."""
Release = tuple[str, ...]


def audiences(scenario: Scenario) -> dict[str, Reader]:
    """A reader for each audience of a scenario, by the audience's permanent name.

    With more releases than there are audiences kept, somebody with many roles is told as much as
    with some of them.
    """
    rows = records_of(scenario).withheld(frozenset())
    releases = sorted({tuple(sorted(row.released_to)) for row in rows})
    named = {role for release in releases for role in release}
    intelligence = Reader.SECURITY.roles
    found: dict[str, Reader] = {}
    for base in READERS:
        own = intelligence if base.sees_intelligence else frozenset[str]()
        mine: dict[str, Reader] = {}
        for extra in _subsets(sorted(named - intelligence)):
            told = Reader(base.value, base.sees_intelligence, own.union(extra))
            mine.setdefault(_name(told, releases), told)
            if len(mine) == MOST:
                break
        found |= mine
    return found


def audience_of(reader: Reader, known: Iterable[str]) -> str:
    """The name of the audience that knows most among those that know no more than the reader.

    Parameters
    ----------
    known : names of audiences, that of the reader's kind without any release among them.
    """
    mine = [(releases, name) for name in known if (releases := _releases(name, reader)) is not None]
    fit = [(r, name) for r, name in mine if all(not reader.roles.isdisjoint(roles) for roles in r)]
    return max(fit, key=lambda entry: (len(entry[0]), entry[1]))[1]


def _subsets(roles: list[str]) -> Iterable[tuple[str, ...]]:
    for size in range(len(roles) + 1):
        yield from combinations(roles, size)


def _name(reader: Reader, releases: list[Release]) -> str:
    met = [list(release) for release in releases if not reader.roles.isdisjoint(release)]
    return f"{reader.value} {json.dumps(met)}" if met else reader.value


def _releases(name: str, reader: Reader) -> list[list[str]] | None:
    """The releases of an audience of the reader's kind; None for one of the other kind."""
    kind, _, releases = name.partition(" ")
    if kind != reader.value:
        return None
    found: list[list[str]] = json.loads(releases) if releases else []
    return found
