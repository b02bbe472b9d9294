"""JSON pointers: the path of a value in a document, as one text (RFC 6901).

References
----------
.. [1] RFC 6901, JavaScript Object Notation (JSON) Pointer, sections 3 and 4.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

DocumentPath: TypeAlias = tuple[str | int, ...]


def pointer_of(path: Sequence[str | int]) -> str:
    """The pointer of a path of keys and positions; "" is the whole document."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def existing_path(path: Sequence[str | int], document: Any) -> DocumentPath:
    """The longest part of a path that leads to a value of the document."""
    for depth, part in enumerate(path):
        if isinstance(document, Mapping) and part in document:
            document = document[part]
        elif isinstance(document, list | tuple) and _is_position(part, len(document)):
            document = document[int(part)]
        else:
            return tuple(path[:depth])
    return tuple(path)


def _is_position(part: str | int, length: int) -> bool:
    return isinstance(part, int) and 0 <= part < length
