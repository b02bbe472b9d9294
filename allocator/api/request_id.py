"""The id of the request that is being answered: given by the client or made here."""

import re
import uuid

HEADER = "X-Request-ID"
FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def checked_or_new(given: str | None) -> str:
    """The client's id if it has 8 to 64 plain signs, else a new one: nobody writes in our logs."""
    if given is not None and FORM.fullmatch(given):
        return given
    return uuid.uuid4().hex
