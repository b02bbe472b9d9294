"""Crafted attacks as data: addresses and bodies that lie."""

import gzip
import json
import zlib
from typing import Any

ADDRESSES: dict[str, str] = {
    "up": "/v1/../etc/passwd",
    "up encoded": "/v1/users/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "up encoded twice": "/v1/users/%252e%252e%252fetc%252fpasswd",
    "up backslash": "/v1/users/..%5c..%5cwindows%5cwin.ini",
    "up in UTF-8 too long": "/v1/users/%c0%ae%c0%ae%c0%af",
    "up with dots": "/v1/users/....//....//etc/passwd",
    "static up": "/static/..%2f..%2fallocator%2fapi%2fapp.py",
    "static up plain": "/static/../../settings.py",
    "static absolute": "/static//etc/passwd",
    "zero": "/v1/users/a%00b",
    "line break": "/v1/users/a%0d%0aSet-Cookie:%20session=x",
    "query of SQL": "/v1/users/'%20OR%20'1'='1",
    "end of SQL": "/v1/users/x';%20DROP%20TABLE%20account;--",
    "template": "/v1/users/{{7*7}}",
    "format": "/v1/users/%25s%25n",
    "shell": "/v1/users/$(id)",
    "long": "/v1/users/" + "x" * 5000,
    "long query": "/v1/users?" + "a=b&" * 2000,
    "zero in a query": "/v1/users?cursor=%00",
    "query in place of an id": "/v1/users?roles=administrator&is_disabled=false",
    "git": "/.git/config",
    "environment": "/.env",
    "database": "/allocator.sqlite3",
    "secret": "/secret.key",
    "admin": "/admin",
    "dots as id": "/v1/users/..",
    "capitals": "/V1/USERS",
    "two slashes": "//v1/users",
    "semicolon": "/v1/users;admin=true",
    "other version": "/v0/users",
    "debug": "/debug/vars",
    "page as id": "/v1/users/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
}


def _deep(opening: bytes, closing: bytes, depth: int) -> bytes:
    return opening * depth + closing * depth


GOOD = {"name": "new.one", "password": "three quiet green lamps", "roles": ["officer"], "facilities": ["F"]}  # fmt: skip # noqa: E501


def _with(**changes: Any) -> bytes:
    return json.dumps(GOOD | changes).encode()


BODIES: dict[str, bytes] = {
    "lists in lists": _deep(b"[", b"]", 100),
    "many lists in lists": _deep(b"[", b"]", 100_000),
    "objects in objects": _deep(b'{"a":', b"}", 5_000),
    "open lists": b"[" * 200_000,
    "deep in a good body": _with()[:-1] + b',"x":' + _deep(b"[", b"]", 200) + b"}",
    "as deep as allowed": _deep(b"[", b"]", 32),
    "many values": b"[" + b"0," * 2_500_000 + b"0]",
    "many empty lists": b"[" + b"[]," * 1_100_000 + b"[]]",
    "huge number": b'{"name":' + b"9" * 50_000 + b"}",
    "huge power": b'{"name":1e999999999}',
    "not a number": b'{"name":NaN}',
    "infinite": b'{"name":-Infinity}',
    "zero byte": b'{"name":"a\x00b"}',
    "zero escaped": _with(display_name="a\x00b"),
    "half a pair": b'{"name":"\\ud800"}',
    "other half": b'{"name":"\\udc00\\ud800"}',
    "no UTF-8": b'{"name":"\xff\xfe"}',
    "UTF-16": json.dumps(GOOD).encode("utf-16"),
    "UTF-32": json.dumps(GOOD).encode("utf-32"),
    "surrogate in UTF-8": b'{"name":"\xed\xa0\x80"}',
    "nothing": b"",
    "null": b"null",
    "a number": b"7",
    "a list": b"[]",
    "half": b'{"name":',
    "gzip without saying so": gzip.compress(b"[" * 1_000_000),
    "deflate without saying so": zlib.compress(b"0" * 1_000_000),
    "key twice": b'{"name":"a","name":"b"}',
    "name a list": _with(name=["a"]),
    "name an object": _with(name={"$ne": None}),
    "name empty": _with(name=""),
    "name a formula": _with(name="=cmd|'/c calc'!A0"),
    "display name a formula": _with(display_name='=HYPERLINK("http://evil.example")'),
    "display name plus": _with(display_name="+1+1"),
    "display name minus": _with(display_name="-2+3"),
    "display name at": _with(display_name="@SUM(1)"),
    "display name tab": _with(display_name="\t=1"),
    "display name line break": _with(display_name="a\r\nb"),
    "display name turned round": _with(display_name="a\u202eb"),
    "facility a formula": _with(facilities=["=1+1"]),
    "facility a line break": _with(facilities=["F\nG"]),
    "facility a path": _with(facilities=["../G"]),
    "facility of others": _with(facilities=["G"]),
    "facility everywhere": _with(facilities=["*"]),
    "facility of both": _with(facilities=["F", "G"]),
    "no facility": _with(facilities=[]),
    "no role": _with(roles=[]),
    "unknown role": _with(roles=["emperor"]),
    "role in capitals": _with(roles=["ADMINISTRATOR"]),
    "role star": _with(roles=["*"]),
    "more fields": _with(is_administrator=True),
    "id of one's own": _with(id="x"),
    "hash of one's own": _with(password_hash="!"),  # noqa: S106
    "prototype": _with(__proto__={"roles": ["administrator"]}),
    "short password": _with(password="short"),  # noqa: S106
    "password of one sign": _with(password="a" * 20),
    "password a name": _with(password="new.one new.one"),  # noqa: S106
    "long password": _with(password="ab cd ef " * 100),
    "path in a name": _with(name="../../etc/passwd"),
}
