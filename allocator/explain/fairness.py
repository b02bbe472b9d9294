"""Whether outcomes of plans differ between groups: rates, ratios, exact tests, nothing small.

The groups come from attributes that are held elsewhere and that planning never reads (R47).
What leaves this module are numbers about groups; no person's id does.

References
----------
.. [1] Fisher's exact test, and the Katz interval of a ratio of rates, as `scipy.stats` has them.
.. [2] Benjamini and Hochberg 1995: of many comparisons a few differ by chance, so p is adjusted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.stats import false_discovery_control, fisher_exact
from scipy.stats.contingency import relative_risk

from allocator.model.scenario import Scenario
from allocator.verify.judge import find_breaches
from allocator.verify.view import View, load_of

CONFIDENCE = 0.95


class Outcome(StrEnum):
    """What a plan does to a person."""

    MOVED = "moved"
    CROWDED = "crowded"
    BELOW_FLOOR = "below_floor"
    RESTRICTIVE = "restrictive"
    DEROGATION = "derogation"
    UNPLACED = "unplaced"


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.MOVED: "moved to another cell",
    Outcome.CROWDED: "in a cell with more places taken than certified",
    Outcome.BELOW_FLOOR: "below the hard space floor",
    Outcome.RESTRICTIVE: "in a regime above the ordinary one",
    Outcome.DEROGATION: "named in a derogation",
    Outcome.UNPLACED: "without a place",
}


@dataclass(frozen=True, slots=True)
class Alarms:
    """When a difference is an alarm (P37) and what is too small to show.

    Parameters
    ----------
    ratio : of a group's rate to everybody else's, above 1; below 1 / ratio is an alarm too.
    least_group : people in the smallest group that is shown or compared.
    least_count : smallest number of people with an outcome that is shown, 0 excepted.
    level : largest adjusted p-value of an alarm.
    """

    ratio: float = 1.25
    least_group: int = 20
    least_count: int = 5
    level: float = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """One outcome in one group against everybody else.

    Parameters
    ----------
    count, others_count : people with the outcome. ratio : of the two rates, None where nobody else
        has the outcome. interval : of the ratio, None where a count is 0.
    is_hidden : the counts, and all that would tell them, are not to be shown.
    p_adjusted : of all comparisons of the audit together.
    """

    attribute: str
    group: str
    outcome: Outcome
    people: int
    count: int
    others: int
    others_count: int
    ratio: float | None
    interval: tuple[float, float] | None
    p_value: float
    is_hidden: bool
    p_adjusted: float = 1.0
    is_alarm: bool = False

    @property
    def is_higher(self) -> bool:
        """True where the group has the outcome more often than everybody else."""
        return self.count * self.others > self.others_count * self.people


@dataclass(frozen=True, slots=True)
class AttributeAudit:
    """One attribute.

    `hidden_groups` : how many groups are not shown, because they are small or would give a small
    one away.
    """

    attribute: str
    groups: Mapping[str, int]
    hidden_groups: int
    comparisons: tuple[Comparison, ...]


def outcomes_of(
    scenario: Scenario, placement: Mapping[str, str | None]
) -> dict[Outcome, frozenset[str]]:
    """People with each outcome under a placement, by the judge's facts."""
    view = View(scenario, placement)
    floor = view.limits.space_floor_hard_m2
    found: dict[Outcome, set[str]] = {outcome: set() for outcome in Outcome}
    for site, people in view.occupied():
        ids = {person.person_id for person in people}
        fitting = site.places_of_size(floor)
        if load_of(people) > site.cell.cna:
            found[Outcome.CROWDED] |= ids
        if fitting is not None and load_of(people) > fitting:
            found[Outcome.BELOW_FLOOR] |= ids
        if site.regime_level > view.limits.ordinary_regime_ceiling:
            found[Outcome.RESTRICTIVE] |= ids
    found[Outcome.MOVED] |= {person.person_id for person, _ in view.moved}
    found[Outcome.UNPLACED] |= set(view.unplaced)
    for entry in find_breaches(view).derogations:
        found[Outcome.DEROGATION] |= set(entry.breach.person_ids)
    return {outcome: frozenset(ids) for outcome, ids in found.items()}


def ever(outcomes: Iterable[Mapping[Outcome, frozenset[str]]]) -> dict[Outcome, frozenset[str]]:
    """People with each outcome under at least one of several plans; each counts once."""
    known = tuple(outcomes)
    return {
        outcome: frozenset(person_id for one in known for person_id in one[outcome])
        for outcome in Outcome
    }


def audit(
    groups: Mapping[str, Mapping[str, str]],
    outcomes: Mapping[Outcome, frozenset[str]],
    alarms: Alarms,
) -> tuple[AttributeAudit, ...]:
    """Compare every group that is large enough with everybody else.

    Parameters
    ----------
    groups : for each attribute the group of every person looked at, by person id.
    """
    audits = [_audit(name, group_of, outcomes, alarms) for name, group_of in groups.items()]
    adjusted = iter(_adjusted([c.p_value for a in audits for c in a.comparisons]))
    return tuple(
        replace(
            one,
            comparisons=tuple(_judged(c, next(adjusted), alarms) for c in one.comparisons),
        )
        for one in audits
    )


def _audit(
    name: str,
    group_of: Mapping[str, str],
    outcomes: Mapping[Outcome, frozenset[str]],
    alarms: Alarms,
) -> AttributeAudit:
    sizes = _sizes(group_of.values())
    hidden = suppressed(sizes, alarms.least_group)
    shown = {group: size for group, size in sizes.items() if group not in hidden}
    comparisons: list[Comparison] = []
    if len(sizes) > 1:
        for outcome in Outcome:
            having = _sizes(group_of[p] for p in outcomes[outcome] if p in group_of)
            counts = {group: having.get(group, 0) for group in sizes}
            masked = _masked(counts, hidden, alarms.least_count)
            comparisons += _comparisons(name, outcome, sizes, counts, shown, masked)
    return AttributeAudit(name, shown, len(hidden), tuple(comparisons))


def _sizes(values: Iterable[str]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for value in values:
        sizes[value] = sizes.get(value, 0) + 1
    return dict(sorted(sizes.items()))


def suppressed(
    sizes: Mapping[str, int], least: int, already: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Groups to hide: the small ones, and as many more as keep those from being worked out.

    What is hidden can be had by subtraction from the whole, so that it has to be at least two
    groups which together are not small. Empty groups tell of nobody and stay.
    """
    hidden = {group for group, size in sizes.items() if 0 < size < least} | already
    if not hidden:
        return frozenset()
    rest = sorted((size, group) for group, size in sizes.items() if group not in hidden)
    while rest and (len(hidden) == 1 or 0 < sum(sizes[group] for group in hidden) < least):
        at = next((k for k, (size, _) in enumerate(rest) if size > 0), 0)
        hidden.add(rest.pop(at)[1])
    return frozenset(hidden)


def _masked(counts: Mapping[str, int], hidden: frozenset[str], least: int) -> frozenset[str]:
    """Groups whose count of one outcome is not shown: small, or everybody else's is."""
    total = sum(counts.values())
    small = {group for group, count in counts.items() if 0 < total - count < least}
    return suppressed(counts, least, hidden | small)


def _comparisons(
    name: str,
    outcome: Outcome,
    sizes: Mapping[str, int],
    counts: Mapping[str, int],
    shown: Mapping[str, int],
    masked: frozenset[str],
) -> Iterator[Comparison]:
    whole, total = sum(sizes.values()), sum(counts.values())
    if not total:
        return
    for group, people in shown.items():
        count, others, others_count = counts[group], whole - people, total - counts[group]
        table = np.array([[count, people - count], [others_count, others - others_count]])
        ratio = (count * others) / (others_count * people) if others_count else None
        interval = None
        if count and others_count:
            low, high = relative_risk(count, people, others_count, others).confidence_interval(
                CONFIDENCE
            )
            interval = (float(low), float(high))
        p_value = float(fisher_exact(table).pvalue)
        is_hidden = group in masked
        yield Comparison(
            name, group, outcome, people, count, others, others_count, ratio, interval, p_value,
            is_hidden,
        )  # fmt: skip


def _adjusted(p_values: list[float]) -> list[float]:
    if not p_values:
        return []
    found = false_discovery_control([min(p, 1.0) for p in p_values], method="bh")
    return [float(p) for p in found]


def _judged(comparison: Comparison, p_adjusted: float, alarms: Alarms) -> Comparison:
    ratio = comparison.ratio
    is_far = ratio is None or ratio > alarms.ratio or ratio < 1 / alarms.ratio
    is_large = min(comparison.people, comparison.others) >= alarms.least_group
    is_alarm = is_far and is_large and p_adjusted <= alarms.level
    return replace(comparison, p_adjusted=p_adjusted, is_alarm=is_alarm)
