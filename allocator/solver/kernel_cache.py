"""The cache of compiled functions, which knows the sources of what they call.

numba keeps a function with everything that is compiled into it, and looks at the function's own
file only to tell whether it is still true. After a change of a file that it calls into, it would
run what that file said before, without a word.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache

SOLVER = Path(__file__).parent
CALLED = (SOLVER / "compiled.py", SOLVER / "packed.py", SOLVER / "search")


def sources_of(folder: Path) -> list[Path]:
    """What may be compiled into a function of a folder, and how: itself, the layout, the search."""
    named = {file for file in CALLED if file.is_file()}
    return sorted(named.union(*(d.glob("*.py") for d in (folder, *CALLED) if d.is_dir())))


@cache
def _stamp(folder: Path) -> bytes:
    return sha256(b"".join(map(_digest, sources_of(folder)))).digest()


@cache
def _digest(file: Path) -> bytes:
    return sha256(file.read_bytes()).digest()


class _Stamped:
    """A locator whose stamp is of all sources, in place of the function's own."""

    _py_file: str

    def get_source_stamp(self) -> bytes:
        return _stamp(Path(self._py_file).parent)


class _Implementation(CompileResultCacheImpl):
    # numba's place for the kinds of folders that are tried
    _locator_classes: Any = tuple(
        type(found.__name__, (_Stamped, found), {})
        for found in CompileResultCacheImpl._locator_classes  # noqa: SLF001
    )


class KernelCache(FunctionCache):
    """numba's cache of one function: `KernelCache(function)`."""

    _impl_class: Any = _Implementation
