"""Compiled functions are compiled anew when anything that is compiled into them has changed."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from numba.core.registry import CPUDispatcher

from allocator.solver.kernel_cache import SOLVER, sources_of

PACKAGE = SOLVER.parent.parent
KERNELS = sorted(
    file for file in SOLVER.rglob("*.py") if "allocator.solver.compiled import" in file.read_text()
)
CALLER = """
import allocator.solver.compiled as kernels
from called import answer

@kernels.compiled("i8(i8)")
def ask(x):
    return answer(x)

print(ask(1))
"""
CALLED = """
from allocator.solver.compiled import inner

@inner("i8(i8)")
def answer(x):
    return x + {}
"""


@pytest.mark.parametrize("file", KERNELS, ids=lambda file: file.stem)
def test_whatever_compiled_functions_name_is_among_their_sources(file: Path) -> None:
    module = import_module(".".join(file.relative_to(PACKAGE).with_suffix("").parts))
    found = [f for f in vars(module).values() if isinstance(f, CPUDispatcher)]
    named = {name for f in found for name in f.py_func.__code__.co_names}
    assert found
    assert SOLVER / "compiled.py" in sources_of(file.parent)
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and named & {a.asname or a.name for a in node.names}:
            origin = sys.modules[str(node.module)].__file__
            if str(node.module).startswith("allocator."):
                assert Path(str(origin)) in sources_of(file.parent)


def test_a_change_of_what_is_called_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "caller.py").write_text(CALLER)

    def answers(added: int) -> str:
        (tmp_path / "called.py").write_text(CALLED.format(added))
        return subprocess.run(
            [sys.executable, "-B", "caller.py"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(PACKAGE)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    assert answers(1) == "2"
    assert list(tmp_path.rglob("*.nbc"))
    assert answers(1) == "2"
    assert answers(7) == "8"
