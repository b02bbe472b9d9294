"""The blocks of docs/library.md run one after another, as a reader would paste them."""

import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "library.md"


def test_the_pages_blocks_run_and_their_values_are_the_literatures() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - our own page
    assert len(blocks) == 3
    assert sorted(set(names["groups"].tolist())) == [0, 1, 2, 3]
    sizes = [int((names["groups"] == g).sum()) for g in range(4)]
    assert all(8 <= size <= 12 for size in sizes)
    load = [int(names["room"][names["site"] == c].sum()) for c in range(6)]
    assert all(load <= names["caps"])
