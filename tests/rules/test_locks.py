"""R51 as shapes: which cells a lock bars, and from when to when."""

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.locks import LockKind
from tests.builders import DAY, days_ago, derogable, forbid, lock, make_scenario
from tests.rules.plain import Plain, compiled

RULE = RuleId.OFFICER_LOCKS


def barred(*locks: object) -> list[Plain]:
    scenario = make_scenario(["c1", "c2", "c3"], ["p1", "p2", "p3"], locks=locks)
    return compiled(scenario, RULE)


def test_a_lock_bars_every_other_cell_and_a_ban_its_own() -> None:
    assert barred(lock("p2", "c2"), forbid("p1", "c3")) == [
        ("eligible", "p1", "c3", None),
        ("eligible", "p2", "c1 c3", None),
    ]


def test_a_rejection_bars_as_a_ban_does() -> None:
    rejected = lock("p3", "c1", LockKind.REJECT)
    assert barred(rejected, forbid("p3", "c2")) == [("eligible", "p3", "c1 c2", None)]


def test_two_locks_leave_either_cell_and_a_ban_takes_one_of_them() -> None:
    both = (lock("p1", "c1"), lock("p1", "c2"))
    assert barred(*both) == [("eligible", "p1", "c3", None)]
    assert barred(*both, forbid("p1", "c2")) == [("eligible", "p1", "c2 c3", None)]


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (DAY, None, True),
        (days_ago(-1), None, False),
        (days_ago(5), DAY, True),
        (days_ago(5), days_ago(1), False),
    ],
)
def test_a_lock_holds_from_its_day_to_its_last(since, until, *, holds: bool) -> None:  # type: ignore[no-untyped-def]
    found = barred(forbid("p3", "c2", at=since, until=until))
    assert found == ([("eligible", "p3", "c2", None)] if holds else [])


def test_a_profile_may_let_a_role_sign_it_away() -> None:
    scenario = make_scenario(
        ["c1", "c2"], ["p1"], locks=[lock("p1", "c1")], settings={RULE: derogable(7)}
    )
    assert compiled(scenario, RULE) == [("eligible", "p1", "c2", ("derogations", 7))]
