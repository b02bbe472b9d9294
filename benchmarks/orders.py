"""Orders of the moves of many plans over F01-F12, each replayed by the judge.

    python -m benchmarks.orders --plans 1000

Plans come from short solves with seeds and move budgets of their own. A row is one plan: people who
move, temporary steps with their bound, people left out, seconds of the order and of the replay,
faults; and what trying all orders says of it (`order_checks`), where that is small enough. Both the
bound and the least of all orders are of the people who are not left out, who may wait anywhere and
for any time: nights and windows, which make more of them wait, are in neither. The
placement of a plan whose order has a fault, or a circle that trying all orders refutes, is kept
beside the rows, since a solve within seconds cannot be repeated. Started again it does what has no
row yet.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from time import perf_counter, process_time

import pandas as pd

from allocator.jobs.locate import find_scenario
from allocator.jobs.order import order_placement
from allocator.jobs.task import read_source
from allocator.model.scenario import Scenario
from allocator.prepare.instance import prepare_instance
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.solve import solve
from allocator.verify import check_aim, check_holding, check_sequence
from benchmarks.order_checks import Checked, check_by_brute_force
from benchmarks.order_states import MOST_ASKED
from benchmarks.study.environment import ROOT

SCENARIOS = (
    "f01_grad_hs", "f02_dubrin", "f03_idra_closed", "f04_idra_semi", "f05_spuza_r", "f06_state_bh",
    "f07_fed_net", "f08_zena", "f09_shenk", "f10_tepe", "f11_zabel", "f12_north_r",
)  # fmt: skip
BUDGETS = (3, 7, 15, 30, 60, 100)
SOLVE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """What one plan's order came to; from `rings` on as `Checked` has it.

    `busy` : seconds of processor time, which say more on a machine that does other work.
    """

    scenario: str
    seed: int
    budget: int
    moves: int
    steps: int
    temporary: int
    bound: int
    left_out: int
    undecided: int
    hindrances: int
    order_seconds: float
    order_busy_seconds: float
    replay_seconds: float
    faults: str
    rings: int
    confirmed: int
    refuted: int
    least: int
    groups: int
    groups_tried: int
    brute_busy_seconds: float


@dataclass(frozen=True, slots=True)
class Tried:
    """A row, and by person's identifier the cell (None without a place) that its plan gives."""

    row: Row
    placement: dict[str, str | None]


def rows(
    names: tuple[str, ...], plans: int, done: set[tuple[str, int]], most: int
) -> Iterator[Tried]:
    """Plan after plan, scenario by scenario, so that an early stop leaves all alike."""
    loaded = {name: read_source(find_scenario(name)) for name in names}
    for number in range(plans):
        name, seed = names[number % len(names)], number // len(names) + 1
        if (name, seed) not in done:
            yield one_row(name, loaded[name], seed, most)


def one_row(name: str, scenario: Scenario, seed: int, most: int) -> Tried:
    """Plan, order, replay."""
    budget = BUDGETS[seed % len(BUDGETS)]
    limited = replace(scenario, max_moves=budget)
    instance = prepare_instance(limited)
    found = solve(instance, SolveOptions(Effort.QUICK, SOLVE_SECONDS, seed, 2))
    cells = [None if c < 0 else instance.cell_ids[c] for c in found.placement.tolist()]
    placement = dict(zip(instance.person_ids, cells, strict=True))
    started, busy = perf_counter(), process_time()
    sequence = order_placement(limited, placement)
    ordered, order_busy = perf_counter(), process_time() - busy
    faults = (*check_sequence(limited, sequence), *check_aim(limited, placement, sequence))
    faults = faults or check_holding(limited, sequence)
    replayed, busy = perf_counter(), process_time()
    tried: Checked = check_by_brute_force(limited, sequence, most)
    row = Row(
        name, seed, budget, len(sequence.target), len(sequence.steps),
        sequence.temporary_steps, sequence.temporary_bound, len(sequence.left_out),
        len(sequence.undecided), len(sequence.hindrances), round(ordered - started, 3),
        round(order_busy, 3), round(replayed - ordered, 3), "; ".join(faults),
        brute_busy_seconds=round(process_time() - busy, 3), **asdict(tried),
    )  # fmt: skip
    return Tried(row, placement)


def main() -> int:
    """Do what has no row; print a line for each plan and a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=1_000)
    parser.add_argument("--scenarios", nargs="+", default=SCENARIOS)
    parser.add_argument("--states", type=int, default=MOST_ASKED, help="that are tried at most")
    parser.add_argument("--rows", type=Path, default=ROOT / "out" / "bench" / "orders.csv")
    options = parser.parse_args()
    path: Path = options.rows
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    done = set() if is_new else _done(_read(path))
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Row)])
        if is_new:
            writer.writeheader()
        for tried in rows(tuple(options.scenarios), options.plans, done, options.states):
            if tried.row.faults or tried.row.refuted:
                _keep(tried, path)
            writer.writerow(asdict(tried.row))
            file.flush()
            print(tried.row, flush=True)
    return _summary(_read(path))


def _keep(tried: Tried, path: Path) -> None:
    row = tried.row
    kept = path.with_name(f"{path.stem}_{row.scenario}_{row.seed}.json")
    kept.write_text(json.dumps({"budget": row.budget, "placement": tried.placement}), "utf-8")


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, keep_default_na=False)


def _done(found: pd.DataFrame) -> set[tuple[str, int]]:
    return set(zip(found.scenario.tolist(), found.seed.tolist(), strict=True))


def _summary(found: pd.DataFrame) -> int:
    faulty = found[found.faults != ""]
    print(
        f"{len(found)} plans, {found.moves.sum()} moves, {len(faulty)} with faults; somebody left "
        f"out in {(found.left_out > 0).sum()} ({found.left_out.sum()} people, "
        f"{found.hindrances.sum()} hindrances); {found.temporary.sum()} temporary steps, "
        f"{(found.temporary - found.bound).sum()} above what is proved needed; order "
        f"{found.order_seconds.median():.2f} s in the median, {found.order_seconds.max():.2f} s at "
        f"most ({found.order_busy_seconds.max():.2f} s of processor time), replay at most "
        f"{found.replay_seconds.max():.2f} s"
    )
    is_tried = found.groups_tried == found.groups
    wrong = is_tried & (found.bound > found.least)
    print(
        f"trying all orders: of {found.rings.sum()} circles {found.confirmed.sum()} confirmed, "
        f"{found.refuted.sum()} refuted, the others too large; {wrong.sum()} bounds refuted"
    )
    for words, chosen in (
        ("ordered whole", found.left_out == 0),
        ("of all plans", found.moves > 0),
    ):
        known = found[chosen & is_tried]
        print(
            f"{words}: {found.temporary[chosen].sum()} temporary steps, "
            f"{found.bound[chosen].sum()} proved needed; in the {len(known)} in which all orders "
            f"of the same people were tried {known.temporary.sum()}, at least {known.least.sum()}"
        )
    print(faulty.head(10).to_string() if len(faulty) else "", end="")
    return 1 if len(faulty) or found.refuted.sum() or wrong.any() else 0


if __name__ == "__main__":
    sys.exit(main())
