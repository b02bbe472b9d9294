"""Marks of quality: near the best known, never worse than a peer, many times closer than two."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from statistics import median

from benchmarks.study.best import Best
from benchmarks.study.marks.lines import Found, Line, Word, by_family, rows_at, word_of
from benchmarks.study.peers.registry import METHODS, WITHOUT_PRISONS
from benchmarks.study.rows import Row
from benchmarks.study.specs import Spec
from benchmarks.study.table import cell_of, gap, is_better, middle

NEAR_PER_CENT, LONGER = 1.0, 1.5
SECONDS_BY_PEOPLE = ((500, 10.0), (1_500, 30.0), (None, 120.0))
FIRST_SECONDS = 2.0
CLOSER, CLOSER_THAN = 10, ("annealing", "alns")


def seconds_for(people: int) -> float:
    """Seconds in which an instance of a size is to be solved."""
    return next(s for most, s in SECONDS_BY_PEOPLE if most is None or people <= most)


def distance(rows: Sequence[Row], best: Best | None, *, may_be_late: bool = False) -> float:
    """Gap of the median run in per cent; infinite if it is late, unlawful or worse before."""
    row = middle(rows)
    if row is None or best is None or (row.is_late and not may_be_late):
        return inf
    found = gap(row, best)
    return inf if found is None else found


def near_best(found: Found, best: Mapping[str, Best], specs: Sequence[Spec]) -> Iterator[Line]:
    """Within 1 % of the best known, in the seconds of the instance's size."""
    for family, members in by_family(specs).items():
        gaps = {}
        for spec in members:
            if rows := rows_at(found, spec.name, seconds_for(spec.people), "ours"):
                gaps[spec.name] = (distance(rows, best.get(spec.name)), rows)
        held = sum(value <= NEAR_PER_CENT for value, _ in gaps.values())
        missing = len(members) - len(gaps)
        short = sum(not _is_searched_longer(found, rows[0], best) for _, rows in gaps.values())
        word = word_of(held=held, failed=len(gaps) - held, missing=missing + short)
        detail = _near_detail(gaps, held, best)
        detail += f"; {short} with no longer run to compare with" * (short > 0)
        detail += f"; {missing} not measured" * (missing > 0 and len(gaps) > 0)
        yield Line("(i) within 1 %", family, word, detail)


def _is_searched_longer(found: Found, row: Row, best: Mapping[str, Best]) -> bool:
    """Whether the best known could be from a longer run than this one, or is proved.

    Where nobody has searched for longer, a run is near the best known because it is the best known.
    """
    known = best.get(row.spec)
    if known is None:
        return False
    longest = max(b for spec, b in found if spec == row.spec)
    return known.proved or max(longest, known.seconds) >= LONGER * row.budget


def _near_detail(
    gaps: Mapping[str, tuple[float, list[Row]]], held: int, best: Mapping[str, Best]
) -> str:
    if not gaps:
        return ""
    worst = max(gaps, key=lambda name: gaps[name][0])
    rows = gaps[worst][1]
    seeds = min(len(some) for _, some in gaps.values())
    return (
        f"{held} of {len(gaps)} hold, worst {worst} {cell_of(rows, best.get(worst))} after "
        f"{rows[0].budget:g} s; {seeds} seed{'s' * (seeds > 1)}"
    )


def never_worse(found: Found, specs: Sequence[Spec]) -> Iterator[Line]:
    """At no time from 2 s on is the median of a peer better than the median of ours."""
    for family, members in by_family(specs).items():
        said = [_comparison(found, *key) for spec in members for key in _wanted(found, spec)]
        held, failed, missing = (
            said.count(word) for word in (Word.HOLDS, Word.FAILS, Word.MISSING)
        )
        detail = f"worse in {failed} of {held + failed} comparisons" if held + failed else ""
        if missing and detail:
            detail += f"; {missing} not measured or late"
        word = word_of(held=held, failed=failed, missing=missing)
        yield Line("(ii) never worse", family, word, detail)


def _wanted(found: Found, spec: Spec) -> Iterator[tuple[str, float, str]]:
    """Instance, seconds and peer of every comparison that a spec asks for or that was run."""
    times = {float(b) for b in spec.budgets} | {b for name, b in found if name == spec.name}
    for budget in sorted(b for b in times if b >= FIRST_SECONDS):
        for peer in METHODS:
            if peer != "ours" and not (spec.is_scenario and peer in WITHOUT_PRISONS):
                yield spec.name, budget, peer


def _comparison(found: Found, spec: str, budget: float, peer: str) -> Word | None:
    """Whether ours holds against a peer; None where the peer cannot take the instance."""
    mine, theirs = (rows_at(found, spec, budget, method) for method in ("ours", peer))
    if any(row.status == "unsupported" for row in theirs):
        return None
    if not mine or not theirs:
        return Word.MISSING
    row = middle(mine)
    if is_better(middle(theirs), row):
        return Word.FAILS
    return Word.MISSING if row is None or row.is_late else Word.HOLDS


def many_times_closer(
    found: Found, best: Mapping[str, Best], specs: Sequence[Spec]
) -> Iterator[Line]:
    """Median gaps of a family: ten times ours is at most the peer's, at each equal time."""
    for family, members in by_family(specs).items():
        for peer in CLOSER_THAN:
            yield _closer_line(found, best, members, family, peer)


def _closer_line(
    found: Found, best: Mapping[str, Best], members: Sequence[Spec], family: str, peer: str
) -> Line:
    wanted = {(s.name, float(b)) for s in members for b in s.budgets if b >= FIRST_SECONDS}
    both = _run_by_both(found, {spec.name for spec in members}, peer)
    held, said = 0, []
    times = sorted({budget for _, budget in both})
    for budget in times:
        pairs = [(best.get(key[0]), *both[key]) for key in sorted(both) if key[1] == budget]
        ours = median(distance(mine, known) for known, mine, _ in pairs)
        theirs = median(distance(rows, known, may_be_late=True) for known, _, rows in pairs)
        held += ours < inf and CLOSER * ours <= theirs
        said.append(f"{budget:g} s: {_ratio_text(ours, theirs)}")
    missing = len(wanted - set(both))
    short = sum(not _is_searched_longer(found, mine[0], best) for mine, _ in both.values())
    word = word_of(held=held, failed=len(times) - held, missing=missing + short)
    said += [f"{short} with no longer run to compare with"] * (short > 0)
    said += [f"{missing} not measured"] * (missing > 0 and len(times) > 0)
    return Line(f"(iii) ten times closer than {peer}", family, word, "; ".join(said))


def _run_by_both(
    found: Found, names: set[str], peer: str
) -> dict[tuple[str, float], tuple[list[Row], list[Row]]]:
    """Rows of ours and of a peer by instance and equal time, where both have some."""
    return {
        key: (by_method["ours"], by_method[peer])
        for key, by_method in found.items()
        if key[0] in names and key[1] >= FIRST_SECONDS
        if by_method.get("ours") and by_method.get(peer)
    }


def _ratio_text(ours: float, theirs: float) -> str:
    """How many times closer, and the gaps that it comes from."""
    if ours == inf:
        return "ours late or earlier tier worse"
    if theirs == inf:
        return f"peer's earlier tier worse (ours {ours:.2f} %)"
    if ours == 0:
        return (
            "both at the best known" if theirs == 0 else f"ours at the best known, {theirs:.2f} %"
        )
    return f"{theirs / ours:.1f} ({ours:.2f} % to {theirs:.2f} %)"
