"""Measures on a prison of 60: their rows are judged, complete, and no run of a method."""

from pathlib import Path

import pytest

from allocator.solver.options import Effort
from benchmarks.place import percentile_99
from benchmarks.study import table
from benchmarks.study.environment import ONE_THREAD
from benchmarks.study.marks.proof import proven_gap
from benchmarks.study.measures import proof, scaling, urgent
from benchmarks.study.measures.registry import MEASURES
from benchmarks.study.peers.registry import METHODS
from benchmarks.study.rows import append_rows, read_rows
from benchmarks.study.run import Job, most_seconds
from benchmarks.study.specs import BY_NAME
from tests.little_work import little_work


def test_one_in_a_hundred_exceeds_the_99th_percentile() -> None:
    assert percentile_99(range(1, 301)) == 297
    assert percentile_99([5, 2, 3]) == 5


def test_everybody_of_the_prison_asks_once(tmp_path: Path) -> None:
    row = urgent.measure(BY_NAME["prison_60"], 7)
    assert (row.figure("calls"), row.figure("checked")) == (60, 3)
    assert 0 < row.figure("p50_ms") <= row.figure("p99_ms") <= row.figure("most_ms")
    assert 60 <= row.figure("offers") <= 5 * 60
    assert not row.counts
    append_rows(tmp_path / "rows.csv", [row])
    assert read_rows(tmp_path / "rows.csv") == [row]
    assert table.grouped([row]) == {}


def test_a_prison_from_nothing_to_a_judged_plan() -> None:
    with little_work():
        row = scaling.measure(BY_NAME["prison_60"], 2)
    assert (row.lawful, row.verified, row.counts) == (True, True, True)
    assert len(row.values) == len(row.bounds) == len(row.tiers)
    assert row.megabytes >= row.figure("before_solve_mb") > 50
    assert row.figure("build_s") > 0
    assert not row.is_late
    with pytest.raises(ValueError, match="signed_90 is not a generated prison"):
        scaling.measure(BY_NAME["signed_90"], 2)


def test_a_night_of_60_is_proved_down_to_exposure() -> None:
    with little_work():
        row = proof.measure(BY_NAME["nightly_60"], 1, Effort.QUICK)
    assert (row.budget, row.lawful, row.verified, row.counts) == (0.0, True, True, True)
    assert proven_gap(row) == (0.0, "exposure")
    assert row.values[: row.main + 1] == row.bounds[: row.main + 1]
    assert 0 < row.figure("cpu_s") < 2 * row.figure("limit_s")


def test_proofs_are_asked_of_every_night_and_of_all_others_up_to_a_thousand() -> None:
    names = MEASURES["proof"]
    assert names[:3] == ("nightly_60", "nightly_300", "nightly_1000")
    assert {"prison_1000", "f13_high_d", "gqap_20_6_75"} <= set(names)
    assert not {"prison_3000", "prison_10000"} & set(names)


def test_measures_have_names_and_limits_of_their_own() -> None:
    assert not set(MEASURES) & set(METHODS)
    assert most_seconds(Job("prison_10000", "scaling", 1, 0.0)) > 3_600
    assert most_seconds(Job("prison_10000", "ours", 1, 120.0)) < 600


def test_children_get_one_thread_of_linear_algebra() -> None:
    assert {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"} <= set(ONE_THREAD)
    assert set(ONE_THREAD.values()) == {"1"}
