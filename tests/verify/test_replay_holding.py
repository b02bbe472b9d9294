"""The judge on people who start in a holding location."""

import pytest

from allocator.model.sequence import Batch, Sequence
from allocator.verify import check_holding, check_sequence
from tests.builders import person
from tests.verify.sequences import order, prison, steps

LATE = "batch {}: n has been between cells for {} minutes, 60 allowed, and could have gone at {}"


def _order(minutes: list[int], *batches: str, target: str) -> Sequence:
    made = tuple(Batch(m, steps(b)) for m, b in zip(minutes, batches, strict=True))
    return order(batches=made, minutes=minutes[-1] + 30, target=target, temporary_bound=0)


@pytest.mark.parametrize(("minute", "is_late"), [(60, False), (61, True)])
def test_whoever_is_held_leaves_within_the_limit(minute: int, *, is_late: bool) -> None:
    people = [person("a", current_place="c1"), person("n", current_place="swap")]
    made = _order([0, minute], "a c1 c2", "n swap c3", target="a:c2 n:c3")
    assert check_sequence(prison(*people), made) == ()
    faults = check_holding(prison(*people), made)
    assert faults == ((LATE.format(2, minute, 0),) if is_late else ())


def test_only_who_could_have_gone_is_late() -> None:
    """The cell is left in the first batch, n could have gone in the next; or it is left later."""
    people = [person("a"), person("b", current_place="c3")]
    scenario = prison(*people, person("n", current_place="swap"))
    both = "a:c1 b:c2 n:c3"
    made = _order([0, 60, 90], "b c3 c2", "a - c1", "n swap c3", target=both)
    assert check_holding(scenario, made) == (LATE.format(3, 90, 60),)
    made = _order([0, 90, 120], "a - c1", "b c3 c2", "n swap c3", target=both)
    assert check_holding(scenario, made) == ()


def test_somebody_at_the_reception_may_come_later() -> None:
    people = [person("a", current_place="c1"), person("n", current_place="reception")]
    made = _order([0, 90], "a c1 c2", "n reception c3", target="a:c2 n:c3")
    assert check_holding(prison(*people), made) == ()
