"""Marks from small made-up rows: what holds, what fails, and what nobody has measured."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.study.best import Best
from benchmarks.study.marks.lines import Word
from benchmarks.study.marks.proof import proof_measure_table
from benchmarks.study.marks.quality import seconds_for
from benchmarks.study.marks.text import mark_lines, marks_text, rows_of
from benchmarks.study.peers.registry import METHODS
from benchmarks.study.rows import Row, append_rows
from benchmarks.study.specs import SPECS, Spec

SMALL = Spec("small", "toy", "gqap", (), 70, (2, 10))
OTHER = Spec("other", "toy", "gqap", (), 500, (10,))
BIG = Spec("big", "huge", "gqap", (), 1_501, (120,))
NIGHT = Spec("night_300", "nightly", "prison", (), 300, (120,))
TIERS = ("unplaced", "exposure")
RAN = Row(
    "small", "toy", 70, "ours", 1, 10.0, "done", 9.0, TIERS, 1, (0, 1007), (0, 700), lawful=True
)
BEST = {
    name: Best(name, (0, 1000), 1, False, "alns", 1_800.0, 3, "c", "t")
    for name in ("small", "other", "big", "night_300")
}
NEAR, NEVER, PROOF, URGENT = "(i) within 1 %", "(ii) never worse", "(iv) proven gap", "(v) urgent"


def ran(spec: Spec, method: str, budget: float, value: int, **changes: object) -> Row:
    row = replace(RAN, spec=spec.name, family=spec.family, people=spec.people, method=method)
    row = replace(row, budget=budget, seconds=0.9 * budget, values=(0, value))
    return replace(row, **changes)  # type: ignore[arg-type]


def said(rows: Sequence[Row], specs: Sequence[Spec], mark: str, of: str) -> tuple[Word, str]:
    lines = [m for m in mark_lines(rows, BEST, specs) if m.mark.startswith(mark) and m.of == of]
    assert len(lines) == 1
    return lines[0].word, lines[0].detail


def test_nothing_measured_is_never_said_to_hold() -> None:
    lines = mark_lines([], BEST, (SMALL, OTHER, BIG, NIGHT))
    assert {line.word for line in lines} == {Word.MISSING}
    assert len({line.mark for line in lines}) == 7


def test_within_one_per_cent_names_the_worst_and_what_is_missing() -> None:
    rows = [ran(SMALL, "ours", 10, 1007), ran(SMALL, "ours", 2, 1500)]
    word, detail = said(rows, (SMALL, OTHER), NEAR, "toy")
    assert word is Word.PARTLY
    assert "1 of 1 hold, worst small 0.70 % after 10 s; 1 seed; 1 not measured" in detail
    rows.append(ran(OTHER, "ours", 10, 1013))
    word, detail = said(rows, (SMALL, OTHER), NEAR, "toy")
    assert (word, detail) == (Word.FAILS, "1 of 2 hold, worst other 1.30 % after 10 s; 1 seed")
    rows[-1] = ran(OTHER, "ours", 10, 1003)
    assert said(rows, (SMALL, OTHER), NEAR, "toy")[0] is Word.HOLDS


def test_the_seconds_go_by_size_and_seeds_by_the_lower_median() -> None:
    rows = [ran(BIG, "ours", 30, 1000), ran(BIG, "ours", 10, 1000)]
    assert said(rows, (BIG,), NEAR, "huge") == (Word.MISSING, "")
    seeds = [ran(BIG, "ours", 120, v, seed=k) for k, v in enumerate((1002, 1009, 1030, 1070), 1)]
    assert said(seeds, (BIG,), NEAR, "huge")[0] is Word.HOLDS
    lost = replace(seeds[0], status="failed", values=())
    word, detail = said([lost, *seeds[1:]], (BIG,), NEAR, "huge")
    assert (word, "3.00 %" in detail) == (Word.FAILS, True)


def test_the_study_runs_every_instance_for_the_seconds_of_its_mark() -> None:
    assert [seconds_for(people) for people in (500, 501, 1_500, 1_501)] == [10, 30, 30, 120]
    assert [spec.name for spec in SPECS if seconds_for(spec.people) not in spec.budgets] == []


def test_a_late_run_or_a_worse_earlier_tier_is_not_near() -> None:
    late = ran(SMALL, "ours", 10, 1000, seconds=11.6)
    assert said([late], (SMALL,), NEAR, "toy")[0] is Word.FAILS
    worse = ran(SMALL, "ours", 10, 0, values=(3, 900))
    word, detail = said([worse], (SMALL,), NEAR, "toy")
    assert (word, "unplaced +3" in detail) == (Word.FAILS, True)


def test_the_best_known_of_ones_own_proves_nothing() -> None:
    own = {"small": replace(BEST["small"], seconds=9.0)}
    rows = [ran(SMALL, "ours", 10, 1000)]
    line = mark_lines(rows, own, (SMALL,))[0]
    assert (line.word, "1 with no longer run" in line.detail) == (Word.PARTLY, True)
    rows.append(ran(SMALL, "annealing", 30, 1020))
    assert mark_lines(rows, own, (SMALL,))[0].word is Word.HOLDS


def test_one_better_peer_fails_never_worse_and_is_listed_with_how_much() -> None:
    peers = [m for m in METHODS if m != "ours"]
    rows = [ran(OTHER, "ours", 10, 1007), *(ran(OTHER, m, 10, 1011) for m in peers)]
    assert said(rows, (OTHER,), NEVER, "toy") == (Word.HOLDS, "worse in 0 of 6 comparisons")
    assert said(rows[:-1], (OTHER,), NEVER, "toy")[0] is Word.PARTLY
    assert marks_text(rows, BEST, (OTHER,)).endswith("Nowhere.")
    rows[2] = ran(OTHER, "annealing", 10, 1005)
    assert said(rows, (OTHER,), NEVER, "toy") == (Word.FAILS, "worse in 1 of 6 comparisons")
    assert "| other | 10 | annealing | 0.70 % | 0.50 % | 0.20 % |" in marks_text(
        rows, BEST, (OTHER,)
    )


def test_under_two_seconds_nobody_is_compared_and_unsupported_is_no_comparison() -> None:
    early = [ran(SMALL, "ours", 1, 1500), ran(SMALL, "alns", 1, 1001)]
    assert said(early, (SMALL,), NEVER, "toy")[0] is Word.MISSING
    assert marks_text(early, BEST, (SMALL,)).endswith("Nothing was compared.")
    rows = [ran(OTHER, "ours", 10, 1007)]
    rows += [ran(OTHER, m, 10, 0, status="unsupported", values=()) for m in METHODS if m != "ours"]
    rows[-1] = ran(OTHER, "timefold", 10, 1019)
    assert said(rows, (OTHER,), NEVER, "toy") == (Word.HOLDS, "worse in 0 of 1 comparisons")


def test_ten_times_closer_at_every_equal_time() -> None:
    rows = [ran(SMALL, "ours", 10, 1003), ran(SMALL, "annealing", 10, 1030)]
    rows += [ran(SMALL, "ours", 2, 1005), ran(SMALL, "annealing", 2, 1051)]
    rows += [ran(SMALL, "alns", 2, 1049), ran(SMALL, "alns", 10, 1200)]
    word, detail = said(rows, (SMALL,), "(iii) ten times closer than annealing", "toy")
    assert word is Word.HOLDS
    assert detail == "2 s: 10.2 (0.50 % to 5.10 %); 10 s: 10.0 (0.30 % to 3.00 %)"
    word, detail = said(rows, (SMALL,), "(iii) ten times closer than alns", "toy")
    assert (word, detail.startswith("2 s: 9.8 ")) == (Word.FAILS, True)
    late = [replace(row, seconds=20.0) if row.method == "ours" else row for row in rows]
    assert said(late, (SMALL,), "(iii) ten times closer than annealing", "toy")[0] is Word.FAILS


def proof(**changes: object) -> Row:
    """A row of the measure of proof: 5.3 % in exposure after 70 s."""
    figures = (("limit_s", 120.0), ("cpu_s", 83.0), ("load_before", 2.5))
    row = ran(NIGHT, "proof", 0, 1000, bounds=(0, 947), seconds=70.0, figures=figures)
    return replace(row, **changes)  # type: ignore[arg-type]


def test_a_proof_counts_every_tier_down_to_the_main_one() -> None:
    word, detail = said([proof(bounds=(0, 953))], (NIGHT,), PROOF, "night_300")
    assert word is Word.HOLDS
    word, detail = said([proof()], (NIGHT,), PROOF, "night_300")
    assert (word, detail) == (
        Word.FAILS,
        "5.30 % (exposure) after 70 s, the worst of 1 seed, median 5.30 %; 0 proved; at most 5 %",
    )
    earlier = proof(values=(4, 1000), bounds=(3, 1000))
    assert "25.00 % (unplaced)" in said([earlier], (NIGHT,), PROOF, "night_300")[1]
    later = proof(tiers=("exposure", "moves"), main=0, values=(1000, 9), bounds=(1000, 2))
    assert said([later], (NIGHT,), PROOF, "night_300")[0] is Word.HOLDS
    assert said([proof(bounds=(0, None))], (NIGHT,), PROOF, "night_300")[0] is Word.FAILS


def test_a_proof_is_in_time_by_the_clock_or_by_the_processor() -> None:
    late = (("limit_s", 120.0), ("cpu_s", 125.0), ("load_before", 2.5))
    rows = [
        proof(bounds=(0, 1000), seconds=133.0),
        proof(bounds=(0, 1000), figures=late),
        proof(bounds=(0, 1000), seconds=133.0, figures=late),
    ]
    found = [said([row], (NIGHT,), PROOF, "night_300") for row in rows]
    assert [word for word, _ in found] == [Word.HOLDS, Word.HOLDS, Word.FAILS]
    assert [detail.split(",")[0] for _, detail in found] == [
        "0.00 % (exposure) after 83 s",
        "0.00 % (exposure) after 70 s",
        "0.00 % (exposure) after 125 s",
    ]


def test_a_proof_is_judged_by_its_own_measure_and_by_the_worst_seed() -> None:
    quick = ran(NIGHT, "ours", 120, 1000, bounds=(0, 1000))
    assert said([quick], (NIGHT,), PROOF, "night_300")[0] is Word.MISSING
    seeds = [proof(seed=k, bounds=(0, b)) for k, b in ((1, 1000), (2, 960), (3, 947))]
    word, detail = said(seeds[:2], (NIGHT,), PROOF, "night_300")
    assert (word, "4.00 % (exposure)" in detail, "1 proved" in detail) == (Word.HOLDS, True, True)
    assert said(seeds, (NIGHT,), PROOF, "night_300")[0] is Word.FAILS
    lost = proof(seed=4, status="killed", values=(), note="did not end in time")
    assert said([*seeds[:2], lost], (NIGHT,), PROOF, "night_300") == (
        Word.FAILS,
        "seed 4 killed: did not end in time",
    )


def test_the_table_of_proofs_has_every_tier_with_the_worst_seed() -> None:
    seeds = [proof(seed=k, bounds=(0, b)) for k, b in ((1, 1000), (2, 960), (3, 947))]
    line = proof_measure_table([*seeds, ran(NIGHT, "ours", 120, 7)]).splitlines()[2]
    assert line == "| night_300 | 300 | 3 | 1,000 | 947 | 0 | 4.00 % (5.30 %) | 70 | 83 |"


def test_urgent_is_decided_by_the_worst_seed_and_a_lost_run() -> None:
    names = ("p50_ms", "p99_ms", "first_ms", "most_ms", "calls")
    row = replace(RAN, spec="prison_1000", method="urgent", budget=0.0, values=())
    quick = replace(row, figures=tuple(zip(names, (2.0, 7.0, 11.0, 83.0, 1000), strict=True)))
    slow = replace(
        row, seed=2, figures=tuple(zip(names, (3.0, 50.5, 12.0, 90.0, 1000), strict=True))
    )
    assert said([quick], (), URGENT, "prison_1000")[0] is Word.HOLDS
    word, detail = said([quick, slow], (), URGENT, "prison_1000")
    assert (word, "p99 50.5 ms" in detail) == (Word.FAILS, True)
    lost = replace(row, seed=3, status="failed", note="exit 1: wrong value")
    word, detail = said([quick, lost], (), URGENT, "prison_1000")
    assert (word, detail) == (Word.FAILS, "seed 3 failed: exit 1: wrong value")


def test_cost_is_by_person_and_compared_with_a_thousand() -> None:
    steps = (
        ("build_s", 2.0),
        ("read_s", 0.5),
        ("prepare_s", 0.25),
        ("tables_s", 0.07),
        ("start_s", 11.0),
    )
    row = replace(
        RAN, spec="prison_1000", people=1_000, method="scaling", budget=0.0, figures=steps
    )
    base = replace(row, seconds=20.0, megabytes=345)
    large = replace(row, spec="prison_10000", people=10_000, seconds=700.0, megabytes=1_234)
    word, detail = said([base, large], (), "(vi)", "prison_10000")
    assert word is Word.NO_LIMIT
    assert detail.startswith(
        "70.00 ms per person, 3.50 times that at 1,000; 700.0 s to solve, 2.8 s "
    )
    assert detail.endswith("0.07 s to compile, 11 s to start; 1,234 MB")
    assert said([base, large], (), "(vi)", "prison_3000") == (Word.MISSING, "")
    assert said([replace(large, lawful=False)], (), "(vi)", "prison_10000")[0] is Word.FAILS


def test_the_last_file_counts_for_a_run_that_is_in_several(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    append_rows(first, [ran(SMALL, "ours", 10, 1007), ran(SMALL, "ours", 2, 1050)])
    append_rows(second, [ran(SMALL, "ours", 10, 1002)])
    assert [row.values[1] for row in rows_of([first, second])] == [1002, 1050]
    assert [row.values[1] for row in rows_of([second, first])] == [1007, 1050]
