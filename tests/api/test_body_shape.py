"""The look at a body before it is parsed agrees with what the parser would find."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.api.body_shape import DEEPEST, shape_fault

TEXT = st.text(st.sampled_from('ab"\\[]{},:/\u00e9\U0001f600\n'), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


@settings(max_examples=300, deadline=None)
@given(VALUES, st.integers(0, DEEPEST + 8), st.booleans())
def test_a_good_body_is_refused_exactly_when_it_is_too_deep(
    value: Any,
    more: int,
    is_ascii: bool,
) -> None:
    for _ in range(more):
        value = [value] if more % 2 else {"k": value}
    body = json.dumps(value, ensure_ascii=is_ascii).encode()
    assert bool(shape_fault(body)) == (_depth(value) > DEEPEST)


@pytest.mark.parametrize(
    ("body", "is_good"),
    [
        (rb'"\\u0000"', True),
        (rb'"\u0000"', False),
        (rb'"\\\u0000"', False),
        (rb'"\ud83d\ude00"', True),
        (rb'"\ud83d"', False),
        (rb'"\ude00"', False),
        (rb'"\ud83d\ude00\ude00"', False),
        (rb'"\\ud83d"', True),
        (b'"\xc3\xa9"', True),
        (b'"\xe9"', False),
        (b"[}", True),
        (b"][", False),
        (b'["]', False),
    ],
)
def test_signs(body: bytes, is_good: bool) -> None:
    assert (shape_fault(body) == "") is is_good
