"""The trace that work belongs to, from a request to the run that it asked for (W3C Trace Context).

What is bound here is in every line of the log that the same thread of work writes. An id of a trace
is random and names nobody.
"""

import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager

from structlog.contextvars import bound_contextvars, get_contextvars

TRACE, RUN = "trace_id", "run_id"
TRACE_BYTES = 16


def new_trace_id() -> str:
    """A new id: 32 hexadecimal digits."""
    return secrets.token_hex(TRACE_BYTES)


def current_trace() -> str:
    """The id of the trace of this request or run, "" outside of any."""
    return str(get_contextvars().get(TRACE, ""))


def in_trace(trace_id: str, run_id: str = "") -> AbstractContextManager[None]:
    """Work that belongs to a trace, and to a run where there is one."""
    return bound_contextvars(**details_of(trace_id, run_id))


def details_of(trace_id: str, run_id: str = "") -> Mapping[str, str]:
    """What lines of the log say of the work that they belong to."""
    return {name: value for name, value in ((TRACE, trace_id), (RUN, run_id)) if value}
