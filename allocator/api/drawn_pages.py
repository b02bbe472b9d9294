"""Drawing a stored answer: one of an older version may lack what its page draws."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import UndefinedError

from allocator.jobs.problems import error_document
from allocator.service.errors import OlderFormError

LOG = logging.getLogger("allocator.api")
LACKING = (LookupError, TypeError, ValueError, UndefinedError)
OLDER_FORM = (
    "This answer lacks something that its page draws, as answers made by an older version do, so "
    "that it cannot be drawn. What it says is whole."
)
Draw = Callable[[Mapping[str, Any]], str]


def drawn(draw: Draw, document: Mapping[str, Any]) -> str:
    """The page of a stored document; what it lacked is logged as a place in the code.

    Raises
    ------
    OlderFormError
        If the document has another form than its page reads.
    """
    try:
        return draw(document)
    except LACKING as error:
        LOG.warning("not drawn: %s", error_document(error)["developer_message"])
        raise OlderFormError(OLDER_FORM) from error
