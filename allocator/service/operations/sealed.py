"""Sealed files: compressed, encrypted and authenticated in chunks, under a passphrase.

AES-256-GCM in the STREAM construction: the nonce counts the chunks and marks the last one, so that
a chunk changed, moved, repeated or cut off is noticed. The key comes from the passphrase by scrypt.

References
----------
.. [1] V. T. Hoang et al., "Online authenticated-encryption and its nonce-reuse misuse-resistance",
   CRYPTO 2015: the STREAM construction.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from allocator.errors import ConfigError

MAGIC = b"ALLOCATOR-BACKUP-1\n"
SALT_BYTES = 16
PREFIX_BYTES = 7
CHUNK_BYTES = 1 << 20
SHORTEST_PASSPHRASE = 20
SCRYPT = {"length": 32, "n": 1 << 15, "r": 8, "p": 1}
WRONG = "The backup cannot be opened: another passphrase, or the file was changed or cut off."


def write_sealed(file: BinaryIO, passphrase: str, lines: Iterable[bytes]) -> None:
    """Write lines, each without its newline.

    Raises
    ------
    ConfigError
        If the passphrase is too short.
    """
    salt, prefix = os.urandom(SALT_BYTES), os.urandom(PREFIX_BYTES)
    cipher = AESGCM(_key(passphrase, salt))
    header = MAGIC + salt + prefix
    file.write(header)
    for number, (chunk, is_last) in enumerate(_marked(_compressed(lines))):
        sealed = cipher.encrypt(_nonce(prefix, number, is_last=is_last), chunk, header)
        file.write(struct.pack(">I?", len(sealed), is_last))
        file.write(sealed)


def read_sealed(file: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """The lines that were written.

    Raises
    ------
    ConfigError
        If it is no backup, or cannot be opened.
    """
    header = file.read(len(MAGIC) + SALT_BYTES + PREFIX_BYTES)
    if not header.startswith(MAGIC) or len(header) != len(MAGIC) + SALT_BYTES + PREFIX_BYTES:
        raise ConfigError("The file is not a backup that `allocator backup` made.")
    salt, prefix = header[len(MAGIC) : -PREFIX_BYTES], header[-PREFIX_BYTES:]
    chunks = _opened(file, AESGCM(_key(passphrase, salt)), prefix, header)
    rest, inflate = b"", zlib.decompressobj()
    for chunk in chunks:
        *whole, rest = (rest + inflate.decompress(chunk)).split(b"\n")
        yield from whole


def _opened(file: BinaryIO, cipher: AESGCM, prefix: bytes, header: bytes) -> Iterator[bytes]:
    number, is_last = 0, False
    while not is_last:
        head = file.read(5)
        if len(head) < 5:
            raise ConfigError(WRONG)
        length, is_last = struct.unpack(">I?", head)
        if length > 2 * CHUNK_BYTES:
            raise ConfigError(WRONG)
        try:
            nonce = _nonce(prefix, number, is_last=is_last)
            yield cipher.decrypt(nonce, file.read(length), header)
        except InvalidTag:
            raise ConfigError(WRONG) from None
        number += 1
    if file.read(1):
        raise ConfigError(WRONG)


def _compressed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The stream in pieces of at most CHUNK_BYTES."""
    deflate, waiting = zlib.compressobj(6), b""
    for line in lines:
        waiting += deflate.compress(line + b"\n")
        while len(waiting) >= CHUNK_BYTES:
            yield waiting[:CHUNK_BYTES]
            waiting = waiting[CHUNK_BYTES:]
    waiting += deflate.flush()
    for start in range(0, len(waiting), CHUNK_BYTES):
        yield waiting[start : start + CHUNK_BYTES]


def _marked(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each chunk with whether it is the last."""
    before = next(chunks)
    for chunk in chunks:
        yield before, False
        before = chunk
    yield before, True


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + struct.pack(">I?", number, is_last)


def _key(passphrase: str, salt: bytes) -> bytes:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise ConfigError(
            f"The passphrase of a backup has at least {SHORTEST_PASSPHRASE} characters."
        )
    return Scrypt(salt=salt, **SCRYPT).derive(passphrase.encode())
