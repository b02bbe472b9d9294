"""Rows through their file, and what the tables make of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.study import table
from benchmarks.study.best import Best, better_of, read_best, write_best
from benchmarks.study.files import instance_of, known_digests
from benchmarks.study.rows import Row, append_rows, read_rows
from benchmarks.study.run import jobs_of
from benchmarks.study.specs import BY_NAME, SMOKE, SPECS

ROW = Row(
    "gqap_20_6_75", "gqap", 20, "ours", 1, 2.0, "done", 2.1, ("unplaced", "exposure"), 1, (0, 130),
    (0, None), False, True, None, 77, "a, note", ((0.5, (1, 200)), (2.0, (0, 130))),
)  # fmt: skip
PEER = replace(ROW, method="annealing", values=(0, 100), bounds=())
BEST = {"gqap_20_6_75": Best("gqap_20_6_75", (0, 100), 1, False, "x", 9.0, 3, "c", "t")}


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    append_rows(tmp_path / "rows.csv", [ROW])
    append_rows(tmp_path / "rows.csv", [PEER])
    assert read_rows(tmp_path / "rows.csv") == [ROW, PEER]


def test_gap_is_of_the_main_tier_and_only_where_earlier_ones_are_equal() -> None:
    assert table.gap(ROW, BEST[ROW.spec]) == pytest.approx(30.0)
    worse = replace(ROW, values=(2, 50))
    assert table.gap(worse, BEST[ROW.spec]) is None
    assert "unplaced +2" in table.gap_table([worse], BEST)


def test_a_lost_comparison_is_shown_and_a_won_one_is_not() -> None:
    rows = [ROW, PEER, replace(ROW, seed=2, values=(0, 90)), replace(PEER, seed=2)]
    shown = table.beaten_table([ROW, PEER], BEST)
    assert (
        "| gqap_20_6_75 | 2 | annealing | 30.00 % | 0.00 % | 30.00 % | 0 won, 0 equal, 1 lost |"
        in shown
    )
    assert table.beaten_table(rows, BEST) == "Nowhere."


def test_the_median_counts_runs_without_a_lawful_placement_as_worst() -> None:
    good = [replace(ROW, values=(0, v)) for v in (2, 7)]
    failed = replace(ROW, status="failed", values=())
    unlawful = replace(ROW, values=(0, 1), lawful=False)
    assert table.middle([*good, failed]) == good[1]
    assert table.middle([good[0], failed, unlawful, failed]) is None
    assert table.middle([]) is None
    assert table.beaten_table([PEER], BEST) == "Nothing was compared."
    lost = replace(ROW, status="failed", values=())
    assert "| gqap_20_6_75 | 2 | annealing | failed |" in table.beaten_table([lost, PEER], BEST)


def test_a_file_from_before_figures_is_added_to_and_a_figure_is_never_lost(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    append_rows(path, [ROW])
    lines = path.read_text().splitlines()
    at = lines[0].split(",").index("figures")
    assert (lines[0].split(",")[at], lines[1].count(",[],")) == ("figures", 1)
    path.write_text(lines[0].replace("figures,", "") + "\n" + lines[1].replace(",[],", ",") + "\n")
    append_rows(path, [PEER])
    assert read_rows(path) == [ROW, PEER]
    with pytest.raises(ValueError, match="no column 'figures'"):
        append_rows(path, [replace(ROW, figures=(("p99_ms", 7.0),))])
    assert read_rows(path) == [ROW, PEER]


def test_what_is_worse_is_named_by_its_tier() -> None:
    worse, better = replace(ROW, values=(7, 50)), replace(PEER, values=(2, 60))
    assert table.worse_by([worse], [better]) == "unplaced +5"
    assert table.worse_by([replace(ROW, status="failed")], [better]) == "no lawful placement"


def test_best_known_improves_by_lawful_verified_rows_only(tmp_path: Path) -> None:
    rows = [
        replace(PEER, values=(0, 60), lawful=False),
        replace(PEER, values=(0, 70), verified=False),
        replace(PEER, values=(0, 90), seed=5),
    ]
    best = better_of(BEST, rows)
    assert (best[ROW.spec].values, best[ROW.spec].seed) == ((0, 90), 5)
    write_best(best, tmp_path / "best.csv")
    assert read_best(tmp_path / "best.csv") == best


def test_jobs_cover_all_but_first_fit_runs_once() -> None:
    jobs = list(jobs_of(["prison_60", "signed_90"], ["ours", "first_fit"], range(1, 4)))
    assert len({(j.spec, j.method, j.seed, j.budget) for j in jobs}) == len(jobs)
    assert sum(j.method == "first_fit" for j in jobs) == 2
    assert sum(j.method == "ours" for j in jobs) == 2 * 3 * 3


def test_every_stored_instance_is_the_one_of_its_digest() -> None:
    assert {spec.name for spec in SPECS} == set(known_digests())
    for name in SMOKE:
        assert instance_of(BY_NAME[name]).n_persons == BY_NAME[name].people
