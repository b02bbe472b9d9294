"""Crafted attacks as data: credentials that are none, and headers that lie."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.api.issuer import NAME, SUBJECT, Issuer, encode

Make = Callable[[Issuer], str]
DAY = 86_400


def _claims(**changes: Any) -> Make:
    return lambda issuer: issuer.token(issuer.claims(**changes))


def _later(name: str, seconds: int, **changes: Any) -> Make:
    return lambda issuer: issuer.token(
        issuer.claims(**{name: int(issuer.now) + seconds}, **changes)
    )


def _header(**header: Any) -> Make:
    return lambda issuer: issuer.token(**header)


def _forged(header: Mapping[str, Any], secret: Callable[[Issuer], bytes] | None = None) -> Make:
    return lambda i: i.forged({"typ": "JWT", "kid": "r1", **header}, secret(i) if secret else None)


def _cut(change: Callable[[list[str]], list[str]]) -> Make:
    return lambda issuer: ".".join(change(issuer.token().split(".")))


def _escalated(issuer: Issuer) -> str:
    """Somebody's right token with more rights written into it."""
    header, _, signature = issuer.token().split(".")
    return f"{header}.{encode(issuer.claims(authorities=['ROLE_ALLOCATOR_SIGNER']))}.{signature}"


def _pem(issuer: Issuer) -> bytes:
    return issuer.public_pem()


TOKENS: dict[str, Make] = {
    "expired": _later("exp", -31),
    "expired for long": _later("exp", -DAY),
    "not yet valid": _later("nbf", 3600),
    "issued tomorrow": _later("iat", DAY),
    "no expiry": _claims(exp=None),
    "no issue time": _claims(iat=None),
    "no audience": _claims(aud=None),
    "no issuer": _claims(iss=None),
    "no subject": _claims(sub=None),
    "empty subject": _claims(sub=""),
    "subject with a line break": _claims(sub="a\r\nb"),
    "subject with zero": _claims(sub="a\x00b"),
    "long subject": _claims(sub="s" * 256),
    "subject a list": lambda i: i.forged({"alg": "none", "kid": "r1"}, sub=[SUBJECT]),
    "other audience": _claims(aud="another-service"),
    "audience in other case": _claims(aud="Allocator"),
    "audience with a tail": _claims(aud="allocator.example"),
    "other audiences": _claims(aud=["a", "b"]),
    "audience empty list": _claims(aud=[]),
    "other issuer": _claims(iss="https://evil.example"),
    "issuer with a slash": _claims(iss=NAME + "/"),
    "issuer in other case": _claims(iss=NAME.upper()),
    "issuer with a tail": _claims(iss=NAME + ".evil.example"),
    "expiry true": _claims(exp=True),
    "expiry in words": _claims(exp="tomorrow"),
    "expiry a list": _claims(exp=[2**40]),
    "expiry infinite": _claims(exp=float("inf")),
    "expiry not a number": _claims(exp=float("nan")),
    "not before in words": _claims(nbf="now"),
    "issue time in words": _claims(iat="now"),
    "signed by another": lambda i: i.token(key=i.other_key),
    "signed by another, key inside": lambda i: i.token(
        key=i.other_key, jwk={"kty": "RSA", "n": "x", "e": "AQAB"}
    ),
    "signed by another, key elsewhere": lambda i: i.token(
        key=i.other_key, jku="http://evil.example/jwks"
    ),
    "signed by another, certificate inside": lambda i: i.token(key=i.other_key, x5c=["MIIB"]),
    "signed by a short key": lambda i: i.signed_short(),
    "signed on a wider curve": lambda i: i.token(algorithm="ES384", key=i.wide_key, kid="e384"),
    "wider curve as ES256": _forged({"alg": "ES256", "kid": "e384"}, lambda _: b"k" * 64),
    "algorithm not that of the key": lambda i: i.token(algorithm="PS256", kid="r2"),
    "RS384": lambda i: i.token(algorithm="RS384"),
    "RS512": lambda i: i.token(algorithm="RS512"),
    "PS512": lambda i: i.token(algorithm="PS512"),
    "unknown key": _header(kid="nobody"),
    "key id a path": _header(kid="../../../../dev/null"),
    "key id a query": _header(kid="r1' OR '1'='1"),
    "key for encryption": _header(kid="enc"),
    "symmetric key of the set": _forged({"alg": "HS256", "kid": "oct"}, lambda _: b"k" * 64),
    "no key id": _header(kid=None),
    "other type": _header(typ="dpop+jwt"),
    "logout token": _header(typ="logout+jwt"),
    "critical extension": _header(crit=["exp"]),
    "detached": lambda i: i.token(b64=False, crit=["b64"]),
    "none": _forged({"alg": "none"}),
    "None": _forged({"alg": "None"}),
    "NONE": _forged({"alg": "NONE"}),
    "nOnE": _forged({"alg": "nOnE"}),
    "no algorithm": _forged({}),
    "algorithm null": _forged({"alg": None}),
    "algorithm a list": _forged({"alg": ["RS256"]}),
    "none with the old signature": lambda i: (
        i.forged({"alg": "none", "kid": "r1"}) + i.token().split(".")[2]
    ),
    "HS256 with the public key": _forged({"alg": "HS256"}, _pem),
    "HS384 with the public key": _forged({"alg": "HS384"}, _pem),
    "HS512 with the public key": _forged({"alg": "HS512"}, _pem),
    "HS256 with the key in binary": _forged({"alg": "HS256"}, lambda i: i.public_der()),
    "HS256 with the key without end": _forged({"alg": "HS256"}, lambda i: i.public_pem().strip()),
    "HS256 with nothing": _forged({"alg": "HS256"}, lambda _: b""),
    "HS256 called RS256": _forged({"alg": "RS256"}, _pem),
    "HS256 with a common word": _forged({"alg": "HS256"}, lambda _: b"secret"),
    "more rights written in": _escalated,
    "no signature": _cut(lambda parts: [*parts[:2], ""]),
    "two parts": _cut(lambda parts: parts[:2]),
    "one part": _cut(lambda parts: parts[:1]),
    "four parts": _cut(lambda parts: [*parts, parts[2]]),
    "signature of nothing": _cut(lambda parts: [*parts[:2], "AA"]),
    "signature of zeros": _cut(lambda parts: [*parts[:2], encode(bytes(256))]),
    "header no JSON": _cut(lambda parts: [encode(b"{"), *parts[1:]]),
    "header a list": _cut(lambda parts: [encode(b"[]"), *parts[1:]]),
    "claims no JSON": _cut(lambda parts: [parts[0], encode(b"\xff"), parts[2]]),
    "header deep": _cut(lambda parts: [encode(b"[" * 3000), *parts[1:]]),
    "very long": lambda i: i.token(i.claims(pad="x" * 7000)),
    "dots": lambda _: "...",
    "empty parts": lambda _: "..",
    "encrypted form": lambda _: "a.b.c.d.e",
    "a word": lambda _: "token",
    "null": lambda _: "null",
}
KEYS: dict[str, Callable[[str], str]] = {
    "revoked or made up": lambda _: f"ak_{'0' * 32}_{'A' * 43}",
    "without secret": lambda key: key.rpartition("_")[0] if key.count("_") == 2 else key[:36],
    "empty secret": lambda key: "_".join(key.split("_", 2)[:2]) + "_",
    "one sign changed": lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
    "one sign less": lambda key: key[:-1],
    "one sign more": lambda key: key + "A",
    "other id": lambda key: f"ak_{'1' * 32}_{key.split('_', 2)[2]}",
    "hash in place of the secret": lambda key: f"ak_{key.split('_', 2)[1]}_{'0' * 64}",
    "query": lambda key: f"ak_{key.split('_', 2)[1]}_' OR '1'='1",
    "id a query": lambda _: "ak_' OR 1=1 --_x",
    "prefix": lambda _: "ak_",
    "two prefixes": lambda key: f"ak_{key}",
    "capitals": lambda key: key.upper().replace("AK_", "ak_"),
    "star": lambda _: "ak_*_*",
    "long": lambda key: key + "A" * 9000,
}
AUTHORIZATIONS: dict[str, str] = {
    "basic": "Basic YWRtaW46YWRtaW4=",
    "digest": 'Digest username="admin"',
    "negotiate": "Negotiate YII=",
    "bearer and nothing": "Bearer",
    "bearer and spaces": "Bearer    ",
    "empty": "",
    "two tokens": "Bearer a, Bearer b",
    "session as bearer": "Bearer session",
    "unknown scheme": "Admin yes",
}
COOKIES: dict[str, str] = {
    "made up": "session=" + "A" * 43,
    "empty": "session=",
    "hash": "session=" + "0" * 64,
    "long": "session=" + "A" * 5000,
    "query": "session=' OR '1'='1",
    "zero": "session=%00",
    "other name": "Session=A; sessionid=B; token=C",
    "production name": "__Host-session=" + "A" * 43,
    "role in a cookie": "role=administrator; roles=[administrator]; user=admin",
}
TRUST_HEADERS: dict[str, dict[str, str]] = {
    "user": {"X-User": "admin", "X-Roles": "administrator"},
    "remote user": {"Remote-User": "admin", "X-Remote-User": "admin", "X-Forwarded-User": "admin"},
    "forwarded for loopback": {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
    "forwarded": {"Forwarded": "for=127.0.0.1;host=localhost;proto=https"},
    "original address": {"X-Original-URL": "/livez", "X-Rewrite-URL": "/livez"},
    "client certificate": {"X-SSL-Client-Verify": "SUCCESS", "X-SSL-Client-S-DN": "CN=admin"},
    "other method": {"X-HTTP-Method-Override": "GET", "X-Method-Override": "GET"},
    "actor": {"X-Actor": "system:worker", "X-Caller": "system:worker"},
    "csrf alone": {"X-CSRF-Token": "A" * 43},
    "key by another name": {"X-API-Key": "ak_" + "0" * 32 + "_x"},
}
REFUSED_HEADERS: dict[str, tuple[list[tuple[str, str]], int]] = {
    "other host": ([("Host", "evil.example")], 421),
    "host with a tail": ([("Host", "127.0.0.1.evil.example")], 421),
    "host with a user": ([("Host", "127.0.0.1:8000@evil.example")], 421),
    "host with a path": ([("Host", "127.0.0.1/evil")], 421),
    "host with a space": ([("Host", "127.0.0.1 evil.example")], 421),
    "host with a dot": ([("Host", "localhost.")], 421),
    "host empty": ([("Host", "")], 421),
    "host in numbers": ([("Host", "2130706433")], 421),
    "host any": ([("Host", "0.0.0.0")], 421),  # noqa: S104
    "host twice": ([("Host", "127.0.0.1:8000"), ("Host", "evil.example")], 400),
    "host twice the same": ([("Host", "127.0.0.1:8000"), ("Host", "127.0.0.1:8000")], 400),
    "other origin": ([("Origin", "https://evil.example")], 403),
    "origin null": ([("Origin", "null")], 403),
    "origin other port": ([("Origin", "http://127.0.0.1:9000")], 403),
    "origin other scheme": ([("Origin", "https://127.0.0.1:8000")], 403),
    "origin a file": ([("Origin", "file://")], 403),
    "origin with a tail": ([("Origin", "http://127.0.0.1:8000.evil.example")], 403),
    "origin twice": ([("Origin", "http://127.0.0.1:8000"), ("Origin", "null")], 400),
    "cross site": ([("Sec-Fetch-Site", "cross-site")], 403),
    "same site": ([("Sec-Fetch-Site", "same-site")], 403),
    "cross site in capitals": ([("Sec-Fetch-Site", "CROSS-SITE")], 403),
    "length and chunks": ([("Content-Length", "2"), ("Transfer-Encoding", "chunked")], 400),
    "length twice": ([("Content-Length", "2"), ("Content-Length", "3")], 400),
    "length negative": ([("Content-Length", "-1")], 400),
    "length with a sign": ([("Content-Length", "+2")], 400),
    "length in hex": ([("Content-Length", "0x2")], 400),
    "length huge": ([("Content-Length", "9" * 40)], 413),
    "length of a gigabyte": ([("Content-Length", str(2**30))], 413),
    "chunks in disguise": ([("Transfer-Encoding", "xchunked")], 400),
    "chunks twice": ([("Transfer-Encoding", "chunked, chunked")], 400),
    "chunks and identity": ([("Transfer-Encoding", "chunked, identity")], 400),
    "authorization twice": ([("Authorization", "Bearer a"), ("Authorization", "Bearer b")], 400),
    "type twice": ([("Content-Type", "application/json"), ("Content-Type", "text/plain")], 400),
    "request id twice": ([("X-Request-ID", "a" * 9), ("X-Request-ID", "b" * 9)], 400),
    "line break": ([("X-Thing", "a\r\nSet-Cookie: session=x")], 400),
    "line feed": ([("X-Thing", "a\nX-Roles: administrator")], 400),
    "zero": ([("X-Thing", "a\x00b")], 400),
    "name with a line break": ([("X-A\r\nX-B", "c")], 400),
    "huge": ([("X-Thing", "x" * 20_000)], 431),
    "huge cookie": ([("Cookie", "a=" + "x" * 20_000)], 431),
    "many": ([(f"X-{number}", "x") for number in range(150)], 431),
    "gzip": ([("Content-Encoding", "gzip")], 415),
    "deflate": ([("Content-Encoding", "deflate")], 415),
    "br": ([("Content-Encoding", "br")], 415),
    "zstd": ([("Content-Encoding", "zstd")], 415),
    "gzip twice": ([("Content-Encoding", "gzip, gzip")], 415),
    "unknown encoding": ([("Content-Encoding", "x")], 415),
}
