"""Heads of the log noted in a file outside of the database, against which a cut at its end shows.

One line for each head, the oldest first: when it was noted, and `NUMBER:HASH`. The file is only
added to; keep it where whoever administers the database cannot write.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from allocator.dry_run import is_dry_run
from allocator.errors import ConfigError
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.audit.chain import START, Head, head
from allocator.service.files import private
from allocator.service.root import Service
from allocator.store.tables import AuditEntry


@dataclass(frozen=True, slots=True)
class Noted:
    """The head of the log, and in words whether the log has lost the head noted before."""

    head: Head
    faults: tuple[str, ...] = ()


def read_head(words: str) -> Head:
    """A head as `words_of` writes it.

    Raises
    ------
    ConfigError
        If it is none.
    """
    number, _, found = words.partition(":")
    if not (number.isascii() and number.isdecimal()) or len(found) != len(START):
        raise ConfigError(f"{words!r} is not NUMBER:HASH as `allocator audit head` prints it.")
    return Head(int(number), found)


def words_of(found: Head) -> str:
    """A head in one word."""
    return f"{found.number}:{found.entry_hash}"


def heads_in(file: Path) -> tuple[Head, ...]:
    """The heads that a file notes, in its order; none where it is not there.

    Raises
    ------
    ConfigError
        If it cannot be read or a line is no head.
    """
    try:
        lines = file.read_text("ascii").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read as noted heads: {error}.") from error
    return tuple(read_head(line.rpartition(" ")[2]) for line in lines if line)


def head_now(service: Service, caller: Caller) -> Head:
    """The newest entry's number and hash; nothing of the log itself is read."""
    caller.require(Action.READ_AUDIT)
    with service.database.read() as session:
        return head(session)


def note_head(service: Service, caller: Caller, file: Path) -> Noted:
    """Add the head to a file, unless the log no longer holds the one that was noted last.

    Raises
    ------
    ConfigError
        If the file cannot be read or written.
    """
    last = heads_in(file)[-1:]
    now = head_now(service, caller)
    if last and not _holds(service, last[0]):
        fault = f"entry {last[0].number} was noted and is missing or another"
        return Noted(now, (fault,))
    if last != (now,) and not is_dry_run():
        _add(file, f"{service.clock().isoformat(timespec='seconds')} {words_of(now)}\n")
    return Noted(now)


def _holds(service: Service, noted: Head) -> bool:
    same = (AuditEntry.number == noted.number, AuditEntry.entry_hash == noted.entry_hash)
    with service.database.read() as session:
        found = session.scalar(select(AuditEntry.number).where(*same))
    return noted.number == 0 or found is not None


def _add(file: Path, line: str) -> None:
    try:
        with open(file, "a", encoding="ascii", opener=private) as opened:
            opened.write(line)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        raise ConfigError(f"The head cannot be noted in {file}: {error.strerror}.") from error
