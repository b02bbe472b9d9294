"""Tokens of an identity provider (OIDC): who they stand for, and every reason to refuse them.

Only signatures that the provider alone can make are accepted (RS256, PS256, ES256), with a key that
its key set names by `kid`. Roles come from a claim through `oidc_roles`, the scope from the
caseload claim. Times are judged by the service's clock.

References
----------
.. [1] RFC 8725, JSON Web Token Best Current Practices, 3.1-3.12: pinned algorithms, issuer,
   audience, type; keys of the right kind.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.types import Options

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.errors import AuthenticationError
from allocator.service.root import Service
from allocator.service.settings import Settings

ALGORITHMS = ("RS256", "PS256", "ES256")
TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
LEEWAY_SECONDS = 30
SHORTEST_RSA_BITS = 2048
LONGEST_TOKEN = 8192
LONGEST_SUBJECT = 255
FETCH_TIMEOUT_SECONDS = 3.0
KEYS_LAST_SECONDS = 300.0
REFETCH_SECONDS = 30.0
REFUSED = "The token is not valid. Sign in again."
_NEEDED = ["exp", "iat", "iss", "aud", "sub"]


def caller_of_token(service: Service, token: str, request_id: str = "") -> Caller:
    """The person behind a bearer token.

    Raises
    ------
    AuthenticationError
        If no provider is set, or the token is not one of its valid ones for this service.
    """
    settings = service.settings
    if settings.oidc_issuer is None or settings.oidc_jwks_url is None:
        raise AuthenticationError(REFUSED, "no identity provider is set")
    if len(token) > LONGEST_TOKEN:
        raise AuthenticationError(REFUSED, "the token is too long")
    try:
        claims = _verified(token, settings, key_set(settings.oidc_jwks_url))
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise AuthenticationError(REFUSED, type(error).__name__) from None
    _check_times(claims, service.clock().timestamp())
    return _caller(claims, settings, request_id)


@dataclass(slots=True)
class KeySet:
    """The provider's public keys, fetched at most once in `refetch_seconds`, come what may.

    Neither tokens with unknown key ids nor a provider that does not answer make this service knock
    at another's door at will. Keys that are too old are not used: a withdrawn one would live on.
    """

    url: str
    refetch_seconds: float = REFETCH_SECONDS
    _keys: tuple[jwt.PyJWK, ...] = field(default=(), init=False)
    _fetched_at: float = field(default=-math.inf, init=False)
    _tried_at: float = field(default=-math.inf, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def find(self, kid: str) -> jwt.PyJWK:
        """The key of an id.

        Raises
        ------
        jwt.PyJWTError
            If there is none, or the provider does not answer.
        """
        with self._lock:
            if time.monotonic() - self._fetched_at > KEYS_LAST_SECONDS:
                self._keys = ()
            found = self._match(kid)
            if found is None and time.monotonic() - self._tried_at >= self.refetch_seconds:
                self._fetch()
                found = self._match(kid)
        if found is None:
            raise jwt.PyJWKClientError("there is no key of this id")
        return found

    def _match(self, kid: str) -> jwt.PyJWK | None:
        return next((key for key in self._keys if key.key_id == kid), None)

    def _fetch(self) -> None:
        self._tried_at = time.monotonic()
        client = jwt.PyJWKClient(self.url, cache_jwk_set=False, timeout=FETCH_TIMEOUT_SECONDS)
        try:
            self._keys = tuple(client.get_signing_keys())
        except (ValueError, OSError) as error:
            raise jwt.PyJWKClientError("the provider's answer is no key set") from error
        self._fetched_at = time.monotonic()


@lru_cache(maxsize=4)
def key_set(url: str) -> KeySet:
    """The keys behind an address, shared by all requests of this process."""
    return KeySet(url)


def _verified(token: str, settings: Settings, keys: KeySet) -> Mapping[str, Any]:
    header = jwt.get_unverified_header(token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS or not isinstance(kid, str) or not kid or "crit" in header:
        raise jwt.InvalidTokenError("algorithm, key id or a critical extension")
    if str(header.get("typ", "jwt")).lower() not in TYPES:
        raise jwt.InvalidTokenError("type")
    found = keys.find(kid)
    _check_key(found, str(algorithm))
    options: Options = {
        "require": _NEEDED, "verify_exp": False, "verify_nbf": False, "verify_iat": False
    }  # fmt: skip # `_check_times` does, by the service's clock
    claims: Mapping[str, Any] = jwt.decode(
        token,
        found.key,
        algorithms=[str(algorithm)],
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        options=options,
    )
    return claims


def _check_key(found: jwt.PyJWK, algorithm: str) -> None:
    """The key is of the kind that the algorithm needs, and says nothing else of itself."""
    declared = found._jwk_data.get("alg")  # noqa: SLF001 - PyJWK puts a guess where none is declared
    if declared not in {None, algorithm}:
        raise jwt.InvalidKeyError("the key is for another algorithm")
    key = found.key
    if algorithm == "ES256":
        is_right = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    else:
        is_right = isinstance(key, rsa.RSAPublicKey) and key.key_size >= SHORTEST_RSA_BITS
    if not is_right:
        raise jwt.InvalidKeyError("the key is of another kind, or short")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires, issued = _moment(claims, "exp"), _moment(claims, "iat")
    begins = _moment(claims, "nbf") if "nbf" in claims else issued
    if expires <= now - LEEWAY_SECONDS or max(issued, begins) > now + LEEWAY_SECONDS:
        raise AuthenticationError(REFUSED, "the token is over or not yet valid")


def _moment(claims: Mapping[str, Any], name: str) -> float:
    found = claims[name]
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise AuthenticationError(REFUSED, f"{name} is no time")
    return float(found)


def _caller(claims: Mapping[str, Any], settings: Settings, request_id: str) -> Caller:
    subject = claims["sub"]
    if not isinstance(subject, str) or not _is_plain(subject):
        raise AuthenticationError(REFUSED, "the subject cannot be used")
    granted = _words(claims.get(settings.oidc_roles_claim))
    roles = frozenset(Role(settings.oidc_roles[n]) for n in granted if n in settings.oidc_roles)
    facilities = _words(claims.get(settings.oidc_facilities_claim))
    shown = claims.get("name")
    name = shown if isinstance(shown, str) and _is_plain(shown) else subject
    actor = f"oidc:{settings.oidc_issuer}#{subject}"
    return Caller(actor, name, roles, facilities, request_id)


def _words(claim: Any) -> frozenset[str]:
    """A claim that is a list, or words with spaces between; anything else gives nothing."""
    if isinstance(claim, str):
        return frozenset(claim.split())
    if isinstance(claim, list):
        return frozenset(word for word in claim if isinstance(word, str))
    return frozenset()


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= LONGEST_SUBJECT and text.isprintable()
