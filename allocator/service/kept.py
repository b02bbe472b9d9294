"""Things that take seconds to make and are asked for again and again: kept, the oldest let go."""

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The things asked for last; safe for several threads, each thing made by one of them.

    Parameters
    ----------
    most : how many are kept, at least 1.
    are_large : such as the garbage collector, going through them, would hold up every answer.
    """

    def __init__(self, most: int, *, are_large: bool = False) -> None:
        self.most, self._are_large = most, are_large
        self._known: OrderedDict[K, V] = OrderedDict()
        self._making: dict[K, Lock] = {}
        self._lock = Lock()

    def __contains__(self, key: K) -> bool:
        """True of what is kept now."""
        with self._lock:
            return key in self._known

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The thing of a key; whoever asks while it is made waits for it."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._known:
                    return self._known[key]
            try:
                made = make()
                with self._lock:
                    self._known[key] = made
                    is_full = len(self._known) > self.most
                    while len(self._known) > self.most:
                        self._known.popitem(last=False)
                if self._are_large:
                    _set_aside(lets_go=is_full)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made


def _set_aside(*, lets_go: bool) -> None:
    """Keep what is loaded from the garbage collector, whose full rounds stop every thread.

    A round takes 0.16 s with one prison of a thousand people. What was set aside before is gone
    through once more where something is let go, so that nothing that nobody needs stays for ever.
    """
    if lets_go:
        gc.unfreeze()
    gc.collect()
    gc.freeze()
