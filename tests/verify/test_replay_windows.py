"""The judge on move windows: times, and what every night between two of them has to be."""

import pytest

from allocator.model.sequence import DAY_MINUTES, Batch, Sequence, Step
from allocator.verify import check_sequence
from tests.builders import person
from tests.verify.sequences import ORDER, order, prison, steps


def _at(minutes: tuple[int, ...], batches: tuple[tuple[Step, ...], ...], **fields: str) -> Sequence:
    """Batches at the given minutes."""
    made = tuple(Batch(minute, batch) for minute, batch in zip(minutes, batches, strict=True))
    n_temporary = sum(step.is_temporary for batch in batches for step in batch)
    return order(batches=made, minutes=minutes[-1] + 30, temporary_bound=n_temporary, **fields)


def test_a_batch_ends_within_its_window() -> None:
    last = (steps("a c1 c3"),)
    alone = prison(person("a", current_place="c1"))
    assert check_sequence(alone, _at((510,), last, target="a:c3")) == ()
    assert check_sequence(alone, _at((DAY_MINUTES + 510,), last, target="a:c3")) == ()
    assert check_sequence(alone, _at((DAY_MINUTES + 517,), last, target="a:c3")) == (
        "batch 1 ends 7 minutes after its window closes",
    )


@pytest.mark.parametrize("place", ["b1", "c3"])
def test_nobody_spends_the_night_in_a_temporary_place(place: str) -> None:
    batches = (steps(f"a c1 {place}!"), steps("b c2 c1"), steps(f"a {place} c2"))
    two = prison(person("a", current_place="c1"), person("b", current_place="c2"))
    assert check_sequence(two, _at((0, 30, 60), batches, target="a:c2 b:c1")) == ()
    faults = check_sequence(two, _at((0, 30, DAY_MINUTES), batches, target="a:c2 b:c1"))
    assert faults[0] == (
        f"the night after window 1: a stays in {place}, which is a temporary place"
    )


def test_nobody_spends_the_night_in_the_holding_location() -> None:
    faults = check_sequence(prison(), _at((0, 30, DAY_MINUTES), ORDER, target="a:c2 b:c1 n:c3"))
    assert "the night after window 1: a stays in swap, which is a temporary place" in faults


def test_a_finished_part_of_the_plan_may_last_over_night() -> None:
    batches = (steps("b c2 c3"), steps("a c1 c2"))
    two = prison(person("a", current_place="c1"), person("b", current_place="c2"))
    made = _at((30, DAY_MINUTES), batches, target="a:c2 b:c3")
    assert check_sequence(two, made) == ()
    assert [len(window) for window in made.windows] == [1, 1]
