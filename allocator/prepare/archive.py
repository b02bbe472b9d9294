"""A scenario folder sent as a zip archive: unpacked within bounds, or refused as a whole.

Nothing in an archive is believed: entries are counted before the list of them is read, what comes
out is counted while it comes, and only plain names of tables and of the header become files.
"""

import io
import stat
import zipfile
from pathlib import Path, PurePosixPath

from allocator.prepare.problems import Place, Problems, show

ARCHIVE = "archive"
MOST_ENTRIES = 200
MOST_UNPACKED_BYTES = 256_000_000
MOST_TIMES_LARGER = 100
FREE_BYTES = 1_000_000
CHUNK_BYTES = 65_536
ENCRYPTED = 0x1
DEEPEST = 2
ENTRY = b"PK\x01\x02"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_READ = frozenset({".csv", ".yaml"})
_OF_SPREADSHEETS = frozenset({".xlsx", ".xls", ".ods"})
_OUTSIDE = frozenset("\\:\0")
_PLAIN_MODES = frozenset({0, stat.S_IFREG, stat.S_IFDIR})
_PLAIN = "plain file names, all in one folder or in none"


def unpack_archive(data: bytes, folder: Path, problems: Problems) -> None:
    """Write the header and the CSV tables of an archive into an empty folder.

    Entries of other kinds are left out, as in a folder. Nothing is written when one is refused.

    Parameters
    ----------
    data : the archive. At most `MOST_ENTRIES` entries and `MOST_UNPACKED_BYTES` bytes come out of
        it, and, beyond `FREE_BYTES`, at most `MOST_TIMES_LARGER` times its own size.
    """
    if data.count(ENTRY) > MOST_ENTRIES:
        found, allowed = f"more than {MOST_ENTRIES} entries", f"at most {MOST_ENTRIES} entries"
        action = "Put the tables of one scenario alone into the archive."
        problems.add("archive_too_large", Place(ARCHIVE), found, allowed, action)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = _chosen(archive, problems)
            content = {} if problems.found else _content(archive, entries, len(data), problems)
    except Exception as error:  # noqa: BLE001 - a damaged stream raises zlib.error and many others
        action = "Make the archive again, without password, with a usual program."
        found = type(error).__name__
        problems.add("archive_malformed", Place(ARCHIVE), found, "a zip archive", action)
        return
    if not problems.found:
        for name, text in content.items():
            (folder / name).write_bytes(text)


def _chosen(archive: zipfile.ZipFile, problems: Problems) -> dict[str, zipfile.ZipInfo]:
    """Entries to be read by name of the file, with a problem for each that may not be there."""
    chosen: dict[str, zipfile.ZipInfo] = {}
    folders: set[str] = set()
    taken: set[str] = set()
    for entry in archive.infolist():
        path = PurePosixPath(entry.filename)
        if _is_left_out(entry, path) and not _leads_out(entry, path):
            continue
        fault = _fault(entry, path)
        if not fault and path.name.lower() in taken:
            fault = "a second file of this name"
        if fault:
            action = "Pack the folder again, with its files alone."
            place = Place(path.name or ARCHIVE)
            problems.add("archive_entry_refused", place, fault, _PLAIN, action)
            continue
        folders.add(str(path.parent))
        taken.add(path.name.lower())
        if path.suffix.lower() in _READ:
            chosen[path.name] = entry
    if len(folders) > 1:
        found = f"files in {len(folders)} folders"
        action = "Pack one scenario folder, with its files alone."
        problems.add("archive_entry_refused", Place(ARCHIVE), found, _PLAIN, action)
    return chosen


def _is_left_out(entry: zipfile.ZipInfo, path: PurePosixPath) -> bool:
    """Folders by themselves, and what some systems add of their own."""
    return entry.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts[:1]


def _leads_out(entry: zipfile.ZipInfo, path: PurePosixPath) -> bool:
    is_foreign = not _OUTSIDE.isdisjoint(entry.orig_filename)
    return is_foreign or path.is_absolute() or ".." in path.parts


def _fault(entry: zipfile.ZipInfo, path: PurePosixPath) -> str:
    """Why an entry may not be in the archive, "" if it may; of zip's own features few are taken."""
    name, mode = entry.orig_filename, entry.external_attr >> 16
    faults = (
        (_leads_out(entry, path), f"a name that leads out of the folder: {show(name)}"),
        (len(path.parts) > DEEPEST, f"a file in a folder within a folder: {show(name)}"),
        (stat.S_IFMT(mode) not in _PLAIN_MODES, "a link or a device"),
        (entry.flag_bits & ENCRYPTED, "an encrypted file"),
        (entry.compress_type not in _METHODS, "a method of compression other than deflate"),
        (path.suffix.lower() in _OF_SPREADSHEETS, "a spreadsheet; save it as CSV"),
    )
    return next((words for is_so, words in faults if is_so), "")


def _content(
    archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], size: int, problems: Problems
) -> dict[str, bytes]:
    """What the entries hold, counted as it is unpacked, whatever the archive says of sizes."""
    most = min(MOST_UNPACKED_BYTES, max(FREE_BYTES, size * MOST_TIMES_LARGER))
    content: dict[str, bytes] = {}
    left = most
    for name, entry in sorted(entries.items()):
        parts = bytearray()
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    allowed = f"at most {most // 1000} kB in all"
                    action = "Send the scenario as JSON, or with less in it."
                    found = "an archive that unpacks to more"
                    problems.add("archive_too_large", Place(name), found, allowed, action)
                    return {}
                parts += chunk
        content[name] = bytes(parts)
    return content
