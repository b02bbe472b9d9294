"""Officers' decisions by hand: what is written, what is refused, what the next plan keeps."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from allocator.cli.app import app
from allocator.model.locks import LockKind
from allocator.prepare.last_plan import plan_hash
from allocator.prepare.plan_document import read_plan
from allocator.prepare.read import read_scenario
from allocator.prepare.write import write_scenario_folder
from tests.jobs import fakes
from tests.scenario_documents import document, write

WHY = ("--reason", "conflict", "--by", "officer-7")


def _run(*words: str | Path, planner: Any = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], obj=planner)


def _good(*words: str | Path, planner: Any = None) -> dict[str, Any]:
    result = _run(*words, "--json", planner=planner)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def _held(n_people: int = 3) -> dict[str, Any]:
    """P1 and P2 in W-1, P3 in W-2; one place is free in W-3."""
    found = document(n_people=n_people, places=(2, 1, 1))
    for person, cell in zip(found["people"], ("W-1", "W-1", "W-2"), strict=True):
        person["current_place"] = cell
    return found


@pytest.fixture
def prison(tmp_path: Path) -> Path:
    return write(tmp_path / "prison.json", _held())


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    write_scenario_folder(_held() | {"synthetic": True, "sources": ["by hand"]}, folder)
    return folder


def test_a_lock_is_one_more_row_and_nothing_else(prison: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    found = _good(
        "decide", "lock", prison, "P2", "W-3", *WHY, "--until", "2026-01-31", "--out", new
    )
    before, after = read_scenario(prison), read_scenario(new)
    assert before.locks == ()
    (lock,) = after.locks
    assert (lock.person_id, lock.cell_id, lock.kind) == ("P2", "W-3", LockKind.LOCK)
    assert (lock.by, str(lock.at), str(lock.until)) == ("officer-7", "2026-01-15", "2026-01-31")
    assert (after.people, after.estate, after.policy) == (
        before.people,
        before.estate,
        before.policy,
    )
    assert (found["hash_before"], found["hash"]) == (before.content_hash, after.content_hash)
    assert found["closed_by"] == []
    assert f"allocator plan {new} --from PLAN" in found["next_step"]


def test_a_rejection_is_kept_by_the_next_plan(prison: Path, tmp_path: Path) -> None:
    first, new = tmp_path / "first", tmp_path / "new.json"
    assert _run("plan", prison, "--out", first, "--effort", "quick").exit_code == 0
    plan = read_plan(first / "plan.json")
    refused = next(p.cell_id for p in plan.placements if p.person_id == "P3")
    note = ("--text", "beside the stairs", "--out", new)
    row = _good("decide", "reject", prison, first, "P3", *WHY, *note)["row"]
    assert row == {
        "person_id": "P3",
        "cell_id": refused,
        "kind": "reject",
        "reason": "conflict",
        "by": "officer-7",
        "at": "2026-01-15",
        "text": "beside the stairs",
        "plan": plan_hash(plan),
    }
    words = ("plan", new, "--from", first, "--out", tmp_path / "second", "--effort", "quick")
    revised = _good(*words)["revision"]
    assert [(d["person_id"], d["from"]) for d in revised["departures"]] == [("P3", refused)]
    assert revised["departures"][0]["rules"] == ["R51-officer-locks"]
    assert _run("verify", new, tmp_path / "second").exit_code == 0
    assert read_scenario(new).locks[0].text == "beside the stairs"


def test_in_place_changes_one_table_of_a_folder(tables: Path) -> None:
    before = {path.name: path.read_bytes() for path in tables.iterdir()}
    written = _good("decide", "forbid", tables, "P1", "W-2", *WHY, "--in-place")["written"]
    assert written == str(tables / "locks.csv")
    _good("decide", "lock", tables, "P3", "W-2", *WHY, "--in-place")
    after = {path.name: path.read_bytes() for path in tables.iterdir()}
    assert after.pop("locks.csv").decode().splitlines() == [
        "person_id,cell_id,kind,reason,by,at",
        "P1,W-2,forbid,conflict,officer-7,2026-01-15",
        "P3,W-2,lock,conflict,officer-7,2026-01-15",
    ]
    assert after == before


def test_a_new_folder_keeps_the_header_as_it_was(tables: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    _good("decide", "forbid", tables, "P1", "W-2", *WHY, "--out", new)
    assert (new / "scenario.yaml").read_text() == (tables / "scenario.yaml").read_text()
    assert "by hand" in (new / "scenario.yaml").read_text()


def test_a_lock_says_which_rules_close_the_cell(tmp_path: Path) -> None:
    found = _held()
    found["cells"][2] |= {"status": "INACTIVE"}
    shut = write(tmp_path / "shut.json", found)
    words = ("decide", "lock", shut, "P1", "W-3", *WHY, "--out")
    answer = _good(*words, tmp_path / "a.json")
    assert [entry["rule"] for entry in answer["closed_by"]] == ["R02-capacity"]
    screen = _run(*words, tmp_path / "b.json").stdout
    assert "CLOSED for this person by R02-capacity" in screen
    assert "leaves the person unplaced" in screen


def test_a_complaint_freezes_until_it_is_closed(prison: Path, tmp_path: Path) -> None:
    about = ("--reason", "safety", "--by", "complaints officer")
    opened = _good("decide", "complain", prison, "P3", *about, "--in-place")
    assert (opened["row"]["cell_id"], opened["table"]) == ("W-2", "complaints")
    assert "No plan moves P3 until somebody closes it." in opened["words"]
    locked = tmp_path / "locked.json"
    answer = _good("decide", "lock", prison, "P3", "W-3", *WHY, "--out", locked)
    assert [entry["rule"] for entry in answer["closed_by"]] == ["R24-frozen"]
    end = ("--outcome", "upheld", "--by", "head of wing")
    closed = _good("decide", "close-complaint", prison, "P3", *end, "--in-place")
    assert closed["row"]["outcome"] == "upheld"
    assert "freezes nothing from today" in closed["words"]
    (complaint,) = read_scenario(prison).complaints
    assert (str(complaint.closed_at), complaint.closed_by) == ("2026-01-15", "head of wing")
    again = _run("decide", "close-complaint", prison, "P3", *end, "--in-place")
    assert (again.exit_code, "no such open complaint" in again.stderr) == (2, True)


def test_a_second_complaint_has_to_be_named(prison: Path) -> None:
    about = ("--reason", "regime", "--by", "officer-2", "--in-place")
    _good("decide", "complain", prison, "P1", *about)
    other = _good("decide", "complain", prison, "P1", "--cell", "W-3", *about)
    end = ("--outcome", "withdrawn", "--by", "officer-2", "--in-place")
    unclear = _run("decide", "close-complaint", prison, "P1", *end)
    assert (unclear.exit_code, "against W-1, W-3" in unclear.stderr) == (2, True)
    closed = _good("decide", "close-complaint", prison, "P1", "--cell", "W-3", *end)
    assert closed["row"]["cell_id"] == other["row"]["cell_id"] == "W-3"
    assert "moves stay frozen" in closed["words"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("lock", "P9", "W-1", *WHY, "--in-place"), 2, "nearest id is 'P"),
        (("lock", "P1", "W-7", *WHY, "--in-place"), 2, "There is no cell 'W-7'"),
        (("lock", "P1", "W-1", *WHY), 2, "either --out"),
        (("lock", "P1", "W-1", *WHY, "--in-place", "--out", "x"), 2, "either --out"),
        (("lock", "P1", "W-1", "--by", "x", "--reason", "mood", "--in-place"), 2, "mood"),
        (("lock", "P1", "W-1", *WHY, "--until", "2026-01-03", "--in-place"), 3, "until"),
        (("lock", "P1", "W-1", *WHY, "--text", "=1+1", "--in-place"), 3, "formula"),
        (("complain", "P1", "--reason", "safety", "--by", "", "--in-place"), 3, "by"),
    ],
)
def test_what_is_refused_changes_nothing(
    prison: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    before = prison.read_bytes()
    result = _run("decide", words[0], prison, *words[1:])
    assert result.exit_code == code, result.output
    assert said in result.stderr
    assert prison.read_bytes() == before


def test_the_same_two_are_decided_on_once_a_day(prison: Path, tmp_path: Path) -> None:
    _good("decide", "forbid", prison, "P1", "W-2", *WHY, "--in-place")
    again = _run("decide", "lock", prison, "P1", "W-2", *WHY, "--in-place")
    assert (again.exit_code, "for 2026-01-15 already" in again.stderr) == (2, True)
    there = tmp_path / "there.json"
    there.write_text("{}")
    over = _run("decide", "forbid", prison, "P1", "W-3", *WHY, "--out", there)
    assert (over.exit_code, there.read_text()) == (2, "{}")


def test_a_plan_without_a_cell_for_the_person_has_none_to_reject(
    tmp_path: Path,
) -> None:
    small = write(tmp_path / "small.json", document(n_people=3, places=(1, 1)))
    first = tmp_path / "first"
    _run("plan", small, "--out", first, planner=fakes.first_fit)
    result = _run("decide", "reject", small, first, "P3", *WHY, "--in-place")
    assert (result.exit_code, "gives P3 no cell" in result.stderr) == (2, True)


def test_what_is_taken_back_ends_yesterday_or_is_gone(tmp_path: Path) -> None:
    found = _held()
    known = {"reason": "health", "by": "officer-5", "kind": "forbid", "text": "draught"}
    found["locks"] = [
        known | {"person_id": "P1", "cell_id": "W-3", "at": "2026-01-09"},
        known | {"person_id": "P2", "cell_id": "W-3", "at": "2026-01-09"},
    ]
    prison = write(tmp_path / "prison.json", found)
    by = ("--by", "officer-3", "--in-place")
    words = _good("decide", "withdraw", prison, "P1", "W-3", *by)["words"]
    assert words == "What was decided on P1 and W-3 is taken back."
    scenario = read_scenario(prison)
    ended, kept = scenario.locks
    assert (str(ended.until), ended.is_current(scenario.day)) == ("2026-01-14", False)
    assert ended.text == "draught; taken back by officer-3 on 2026-01-15"
    assert (kept.until, kept.text) == (None, "draught")
    _good("decide", "lock", prison, "P3", "W-3", *WHY, "--in-place")
    screen = _run("decide", "withdraw", prison, "P3", "W-3", *by)
    assert (screen.exit_code, "P3 and W-3 is taken back" in screen.stdout) == (0, True)
    assert read_scenario(prison).locks == (ended, kept)
    assert _run("decide", "withdraw", prison, "P3", "W-3", *by).exit_code == 2


def test_locks_prices_each_decision(tmp_path: Path) -> None:
    found = _held()
    lock = {"reason": "health", "by": "officer-5", "at": "2026-01-12"}
    found["locks"] = [
        lock | {"person_id": "P3", "cell_id": "W-1", "kind": "lock"},
        lock | {"person_id": "P2", "cell_id": "W-2", "kind": "forbid"},
    ]
    prison = write(tmp_path / "prison.json", found)
    answer = _good("locks", prison, "--most", "1")
    (cost,) = answer["decisions"]
    assert (cost["person_id"], answer["not_looked_at"][0][0]["person_id"]) == ("P2", "P3")
    for tier in cost["tiers"]:
        assert tier["difference"] == tier["with"] - tier["without"]
    screen = _run("locks", prison).stdout
    assert "P3 locked in W-1: Costs exactly" in screen
    assert "P2 kept out of W-2:" in screen
    first = tmp_path / "first"
    assert _run("plan", prison, "--out", first, "--effort", "quick").exit_code == 0
    revised = _good("locks", prison, "--from", first)
    assert [tier["tier"] for tier in revised["tiers"]][3] == "departures"
    assert "nothing to price" in _run("locks", write(tmp_path / "bare.json", _held())).stdout
