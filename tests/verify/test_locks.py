"""R51 by hand: who is placed against an officer's word, and in which words it is said."""

from allocator.model.catalogue import RuleId
from allocator.model.locks import LockKind, LockReason
from allocator.verify import verify
from tests.builders import DAY, cell, days_ago, forbid, lock, make_scenario
from tests.verify.helpers import found, put

RULE = RuleId.OFFICER_LOCKS
CELLS = [cell("c1", 3), cell("c2", 5), cell("c3", 7)]
LOCKS = (
    lock("p1", "c1"),
    lock("p2", "c1"),
    lock("p2", "c3"),
    forbid("p3", "c2"),
    lock("p3", "c1", LockKind.REJECT, by="officer-3"),
    forbid("p5", "c2", until=days_ago(1)),
    forbid("p7", "c2", at=days_ago(-1)),
)


def test_everybody_against_a_current_lock_is_found_once() -> None:
    placement = put(c2="p1 p2 p3 p5 p7")
    assert found(RULE, placement, cells=CELLS, locks=LOCKS) == [
        ("c2", "p1", 1),
        ("c2", "p2", 1),
        ("c2", "p3", 1),
    ]


def test_the_cell_of_one_of_the_locks_is_right_and_no_cell_is_no_breach() -> None:
    placement = put(c1="p1", c3="p2 p3") | {"p5": None, "p7": None}
    assert found(RULE, placement, cells=CELLS, locks=LOCKS) == []


def test_the_words_name_who_decided_when_and_why() -> None:
    locks = [lock("p1", "c1", at=DAY, by="officer-5", reason=LockReason.LOCAL_NEEDS)]
    scenario = make_scenario(["c1", "c2"], ["p1"], locks=locks)
    (breach,) = verify(scenario, {"p1": "c2"}).unlawful
    assert breach.detail == "p1 in c2: locked to c1 by officer-5 on 2026-01-15 (local needs)"


def test_a_rejected_cell_is_refused_beside_a_forbidden_one() -> None:
    assert found(RULE, put(c1="p1 p2 p3"), cells=CELLS, locks=LOCKS) == [("c1", "p3", 1)]
