"""What a JSON body looks like before it is parsed: depth, number of values, and signs.

The parser recurses with every bracket and makes an object of every value, so a small body can take
a whole machine. This looks at brackets and commas only, with operations on the whole text, in time
proportional to its length.
"""

import re

DEEPEST = 32
MOST_VALUES = 2_000_000
MOST_ESCAPES = 1_000_000
_STRUCTURE = b'"[]{},'
_OTHERS = bytes(sorted(set(range(256)) - set(_STRUCTURE)))
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_STRING = re.compile(rb'"[^"]*"')
_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


def shape_fault(body: bytes) -> str:
    """Why a body is refused without parsing it, "" if it is not.

    Parameters
    ----------
    body : what should be JSON in UTF-8; whether it is, the parser says.
    """
    if b"\x00" in body or not _is_utf8(body):
        return "The body is not text in UTF-8."
    if b"\\" in body:
        if body.count(b"\\") > MOST_ESCAPES:
            return f"The body has more than {MOST_ESCAPES} escaped signs."
        unpaired = body.replace(b"\\\\", b"")
        if b"\\u0000" in unpaired or _LONE_SURROGATE.search(unpaired):
            return "The body holds signs that no text has."
        body = _ESCAPE.sub(b"", body)
    bare = _STRING.sub(b"", body.translate(None, _OTHERS).replace(b'""', b""))
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > MOST_VALUES:
        return f"The body has more than {MOST_VALUES} values."
    if _is_deeper(bare.replace(b",", b"").translate(_BRACKETS)):
        return f"The body is nested deeper than {DEEPEST} levels, or its brackets do not match."
    return ""


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_deeper(brackets: bytes) -> bool:
    """Take away the innermost pairs level by level; what is left after so many is deeper."""
    for _ in range(DEEPEST):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)
