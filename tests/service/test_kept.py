"""What takes long to make is made once, by whoever asks first, and let go when others come."""

import gc
import threading
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


def test_large_things_are_kept_from_the_garbage_collector() -> None:
    kept: Kept[str, list[list[int]]] = Kept(2, are_large=True)
    before = gc.get_freeze_count()
    try:
        large = kept.get("a", lambda: [[k] for k in range(5000)])
        assert gc.get_freeze_count() > before + 5000
        assert not any(found is large for found in gc.get_objects())
    finally:
        gc.unfreeze()
