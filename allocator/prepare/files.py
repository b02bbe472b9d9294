"""Opening the files of a scenario safely: plain files of limited size, UTF-8 text."""

import codecs
import stat
from pathlib import Path

from allocator.prepare.problems import Place, Problems

MAX_FILE_BYTES = 200_000_000


def read_bytes(path: Path, name: str, problems: Problems) -> bytes | None:
    """Content of a plain file, None with a problem recorded when it cannot be had."""
    place = Place(name)
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            found = "a link" if stat.S_ISLNK(status.st_mode) else "no plain file"
            action = "Put a copy of the file itself into the folder."
            problems.add("file_not_regular", place, found, "a plain file", action)
            return None
        if status.st_size > MAX_FILE_BYTES:
            allowed = f"at most {MAX_FILE_BYTES // 1_000_000} MB"
            found = f"{status.st_size // 1_000_000} MB"
            problems.add("file_too_large", place, found, allowed, "Split or shorten the data.")
            return None
        return path.read_bytes()
    except OSError as error:
        found = error.strerror or "an error"
        action = "Check that the file exists and that you may read it."
        problems.add("file_unreadable", place, found, "a readable file", action)
        return None


def decode(data: bytes, name: str, problems: Problems) -> str | None:
    """Text of UTF-8 bytes with or without byte order mark, None with a problem recorded."""
    wrong = _wrong_encoding(data)
    if wrong is not None:
        allowed = "UTF-8, with or without byte order mark"
        action = 'Save the file again as "CSV UTF-8" or with encoding UTF-8.'
        problems.add("wrong_encoding", Place(name), wrong, allowed, action)
        return None
    position = data.find(b"\0")
    if position >= 0:
        place = Place(name, data.count(b"\n", 0, position) + 1)
        found = f"a NUL byte at byte {position}"
        action = "The file is damaged: export it again."
        problems.add("nul_byte", place, found, "text without NUL bytes", action)
        return None
    return data.decode("utf-8-sig")


def _wrong_encoding(data: bytes) -> str | None:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "UTF-32 text (byte order mark at byte 0)"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16 text (byte order mark at byte 0)"
    head = data[:2000]
    if head.count(b"\0") * 3 > len(head):
        return f"UTF-16 text without byte order mark (NUL at byte {head.find(0)})"
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError as error:
        byte = data[error.start]
        row = data.count(b"\n", 0, error.start) + 1
        kind = "Latin-1 or Windows-1252" if byte >= 0x80 else "damaged"
        return f"{kind} text: byte 0x{byte:02X} at byte {error.start}, line {row}"
    return None
