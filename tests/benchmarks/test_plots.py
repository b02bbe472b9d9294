"""Plots are drawn of whatever rows there are, without a warning; only `make bench-*` has them."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.study.best import Best
from benchmarks.study.rows import Row

pytest.importorskip("matplotlib")

RUN = Row(
    "toy", "toy", 70, "ours", 1, 10.0, "done", 9.0, ("unplaced", "exposure"), 1, (0, 1007),
    lawful=True, megabytes=300,
)  # fmt: skip
STEPS = tuple((f"{name}_s", 0.7) for name in ("build", "read", "prepare"))
SCALED = replace(RUN, method="scaling", budget=0.0, figures=STEPS)
BEST = {"toy": Best("toy", (0, 1000), 1, False, "alns", 1_800.0, 3, "c", "t")}
ALL = {"quality_over_time.svg", "performance_profile.svg", "cost_against_size.svg"}


@pytest.mark.parametrize(
    ("rows", "drawn"),
    [
        ([RUN, replace(RUN, method="alns", values=(2, 900))], ALL),
        ([replace(RUN, path=((1.0, (0, 1100)), (9.0, (0, 1007))))], ALL),
        ([replace(RUN, status="failed", values=())], ALL - {"cost_against_size.svg"}),
        ([SCALED, replace(SCALED, seed=2), replace(SCALED, people=700)], {"cost_against_size.svg"}),
        ([replace(RUN, status="unsupported"), replace(SCALED, method="urgent")], set()),
    ],
)
def test_what_there_is_is_drawn(rows: list[Row], drawn: set[str], tmp_path: Path) -> None:
    from benchmarks.study.plots import write_plots

    write_plots(rows, BEST, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == drawn


def test_the_way_of_a_run_has_what_was_better_than_all_before() -> None:
    from benchmarks.study.plots import LOST, way_of

    values = (1, 900), (0, 1100), (0, 1200), (0, 1000)
    row = replace(RUN, path=tuple((float(at), some) for at, some in enumerate(values, start=1)))
    assert way_of(row, BEST["toy"]) == [(1.0, LOST), (2.0, 10.0), (4.0, 0.01)]
    assert way_of(replace(row, path=()), BEST["toy"]) == []
