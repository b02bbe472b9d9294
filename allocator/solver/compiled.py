"""Functions that numba compiles: those that Python calls, and those that only such ones call.

Compiled code is kept on disk with everything that it calls. Loading the parts as well took half a
second of the start of every process, hence `inner`.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.registry import CPUDispatcher

from allocator.solver.kernel_cache import KernelCache

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(
    signature: str, *, allocates: bool = False, fast: bool = False
) -> Callable[[Function], Function]:
    """Compile for one signature (i8, f8, b1; [::1] an array) without the interpreter lock, cached.

    Without a signature numba compiles once more for every constant that is passed. Functions that
    allocate nothing need no runtime: else each call counts references to its arrays, which took
    more time than the search itself. With `fast`, floats may be added in any order and have no
    infinities.
    """

    def decorate(function: Function) -> Function:
        found = _Kept(function, targetoptions=_options(allocates, fast))
        found.make_ready(signature)
        return cast("Function", found)

    return decorate


def inner(
    signature: str, *, allocates: bool = False, fast: bool = False, hot: bool = False
) -> Callable[[Function], Function]:
    """The same for a function that compiled ones call: it is loaded or compiled when one is.

    With `hot` it becomes part of each of its callers, which compile longer: handing over arrays
    took a sixth of a trial's time.
    """

    def decorate(function: Function) -> Function:
        found = _Inner(function, targetoptions=_options(allocates, fast, hot))
        found.signature = signature
        return cast("Function", found)

    return decorate


def inlined(function: Function) -> Function:
    """Make a function part of those compiled ones that call it.

    Handing over a tuple of arrays takes longer than most of what is done with it.
    """
    made: Any = njit
    return cast("Function", made(inline="always")(function))


class _Kept(CPUDispatcher):
    """Compiles for one signature and keeps that on disk."""

    def make_ready(self, signature: str) -> None:
        cache: Any = KernelCache
        self._cache = cache(self.py_func)
        self.compile(signature)
        self.disable_compile()


class _Inner(_Kept):
    """Compiles for its signature before it is first called or made part of something."""

    signature: str

    def __call__(self, *args: Any) -> Any:
        """From Python, as tests do."""
        self._make_ready()
        return super().__call__(*args)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """From what is being compiled."""
        self._make_ready()
        return super().get_call_template(args, kws)

    def _make_ready(self) -> None:
        if not self.overloads:
            self.make_ready(self.signature)


def _options(allocates: bool, fast: bool, hot: bool = False) -> dict[str, Any]:
    kept = {"nopython": True, "nogil": True, "_nrt": allocates, "fastmath": fast}
    return kept | {"forceinline": True} if hot else kept
