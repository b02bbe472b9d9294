"""What takes long to make is made once, by whoever asks first, and let go when others come."""

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from allocator.service.kept import Kept


def test_many_who_ask_at_once_get_what_one_of_them_makes() -> None:
    kept: Kept[str, object] = Kept(2)
    made: list[object] = []
    barrier = threading.Barrier(5)

    def make() -> object:
        made.append(object())
        return made[-1]

    def ask(_: int) -> object:
        barrier.wait(10)
        return kept.get("a", make)

    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(ask, range(5)))
    assert found == made * 5


def test_the_one_asked_for_longest_ago_is_let_go() -> None:
    kept: Kept[str, list[str]] = Kept(2)
    made: list[str] = []

    def get(key: str) -> None:
        kept.get(key, lambda: [made.append(key) or key])  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        get(key)
    assert made == ["a", "b", "c", "b"]


def test_what_failed_is_made_again() -> None:
    kept: Kept[str, int] = Kept(1)

    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept.get("a", fail)
    assert kept.get("a", lambda: 7) == 7


class Large:
    """It holds itself, so that only the garbage collector lets it go."""

    def __init__(self) -> None:
        self.rows = [[k] for k in range(5000)]
        self.itself = self


@pytest.fixture
def kept() -> Iterator[Kept[str, Large]]:
    """Large things, two at most."""
    yield Kept(2, are_large=True)
    gc.freeze()  # the suite's own, which letting go has taken out


def test_large_things_are_kept_from_the_garbage_collector(kept: Kept[str, Large]) -> None:
    before = gc.get_freeze_count()
    large = kept.get("a", Large)
    assert gc.get_freeze_count() > before + 5000
    assert not any(found is large for found in gc.get_objects())
    assert kept.get("b", Large) is not large
    assert gc.get_freeze_count() > before + 10_000


def test_what_is_let_go_leaves_though_it_was_set_aside(kept: Kept[str, Large]) -> None:
    gone = weakref.ref(kept.get("a", Large))
    kept.get("b", Large)
    assert gone() is not None
    kept.get("c", Large)
    assert gone() is None
