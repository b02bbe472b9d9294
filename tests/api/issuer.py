"""An identity provider of the tests' own: keys made on the spot, its key set on loopback."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

NAME = "https://issuer.example"
AUDIENCE = "allocator"
ROLES = {"ROLE_ALLOCATOR_OFFICER": "officer", "ROLE_ALLOCATOR_SIGNER": "signer"}
SUBJECT = "7f3a"


def encode(part: Mapping[str, Any] | bytes) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Issuer:
    """Makes tokens, right ones and forged ones; `now` is in seconds."""

    now: float
    url: str = ""
    fetched: int = 0
    is_broken: bool = False
    rsa_key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(65537, 2048)
    )
    other_key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(65537, 2048)
    )
    short_key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(65537, 1024)  # noqa: S505
    )
    ec_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    wide_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP384R1())
    )

    def key_set(self) -> dict[str, Any]:
        """What the provider publishes."""
        rows = [
            _named(RSAAlgorithm.to_jwk(self.rsa_key.public_key(), as_dict=True), "r1"),
            _named(RSAAlgorithm.to_jwk(self.rsa_key.public_key(), as_dict=True), "r2", alg="RS256"),
            _named(RSAAlgorithm.to_jwk(self.short_key.public_key(), as_dict=True), "short"),
            _named(RSAAlgorithm.to_jwk(self.rsa_key.public_key(), as_dict=True), "enc", use="enc"),
            _named(ECAlgorithm.to_jwk(self.ec_key.public_key(), as_dict=True), "e1"),
            _named(ECAlgorithm.to_jwk(self.wide_key.public_key(), as_dict=True), "e384"),
            {"kty": "oct", "k": encode(b"k" * 64), "kid": "oct"},
        ]
        return {"keys": rows}

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Right claims with changes; None takes one away."""
        claims = {
            "iss": NAME, "aud": AUDIENCE, "sub": SUBJECT, "name": "B. Officer",
            "iat": int(self.now), "nbf": int(self.now), "exp": int(self.now) + 300,
            "authorities": ["ROLE_ALLOCATOR_OFFICER", "ROLE_OTHER"], "caseloads": ["F"],
        }  # fmt: skip
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def token(
        self,
        claims: Mapping[str, Any] | None = None,
        algorithm: str = "RS256",
        key: Any = None,
        **header: Any,
    ) -> str:
        """A signed token."""
        used = key or (self.ec_key if algorithm.startswith("ES") else self.rsa_key)
        kid = "e1" if algorithm.startswith("ES") else "r1"
        headers = {"kid": kid, **header}
        return jwt.encode(
            dict(claims or self.claims()), used, algorithm, {k: v for k, v in headers.items() if v}
        )

    def forged(self, header: Mapping[str, Any], secret: bytes | None = None, **claims: Any) -> str:
        """A token with a header of any kind, signed with a shared secret or not at all."""
        text = f"{encode(header)}.{encode(self.claims(**claims))}"
        if secret is None:
            return f"{text}."
        kind = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
        made = hmac.new(secret, text.encode(), kind.get(str(header["alg"]), hashlib.sha256))
        return f"{text}.{encode(made.digest())}"

    def signed_short(self) -> str:
        """A token signed with a key so short that the library itself would warn of it."""
        text = f"{encode({'alg': 'RS256', 'kid': 'short'})}.{encode(self.claims())}"
        return f"{text}.{encode(self.short_key.sign(text.encode(), PKCS1v15(), SHA256()))}"

    def public_pem(self) -> bytes:
        """The public key as everybody may have it."""
        return self.rsa_key.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )

    def public_der(self) -> bytes:
        return self.rsa_key.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )


@contextmanager
def running_issuer(now: float) -> Iterator[Issuer]:
    """A provider that answers under `url`."""
    issuer = Issuer(now)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.fetched += 1
            body = b"<html>" if issuer.is_broken else json.dumps(issuer.key_set()).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    issuer.url = f"http://127.0.0.1:{server.server_address[1]}/jwks"
    yield issuer
    server.shutdown()
    server.server_close()
    thread.join()


def _named(row: dict[str, Any], kid: str, **more: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "key_ops"} | {"kid": kid} | more
