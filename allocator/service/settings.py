"""Every setting of the service: environment (`ALLOCATOR_…`) over file over default.

Secrets come from the environment, or from a file that `ALLOCATOR_…_FILE` names; never from an
option of a command. `allocator config show` prints all of them with the secrets hidden.
"""

import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy.engine import make_url

from allocator.errors import ConfigError
from allocator.service.access.roles import Role
from allocator.service.files import SUFFIX, private, secret_in_file

PREFIX = "ALLOCATOR_"
CONFIG_VARIABLE = "ALLOCATOR_CONFIG"
SECRETS = ("secret_key", "database_url")
SHORTEST_SECRET = 32
COMMON_SECRETS = frozenset({"changeme", "secret", "password", "default", "development", "test"})
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
SECRET_FILE = "secret.key"  # noqa: S105 - a name of a file
DATABASE_FILE = "allocator.sqlite3"


def _network(words: str) -> str:
    """An address or a network in its usual form; every address together is nobody to trust."""
    network = ip_network(words)
    if network.prefixlen == 0:
        message = "it would trust everybody"
        raise ValueError(message)
    return str(network)


def _collector(address: str) -> str:
    """The address of a collector of spans, without a password, which would be shown."""
    url = urlsplit(address)
    if url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc or url.query:
        message = "it is http://HOST:PORT or https://HOST:PORT, and a secret is in OTEL_… variables"
        raise ValueError(message)
    return address


Network: TypeAlias = Annotated[str, AfterValidator(_network)]


class Settings(BaseSettings):
    """Settings by name; unknown ones are refused in the file.

    In development everything has a default: the loopback address, SQLite and a secret of its own
    in `data_folder`. In production the secret must be given, and browsers must come over TLS.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    environment: Literal["development", "production"] = "development"
    data_folder: Path = Path("allocator-data")
    database_url: SecretStr | None = None
    secret_key: SecretStr | None = None

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    trusted_proxies: tuple[Network, ...] = ()
    max_body_mib: Annotated[int, Field(ge=1, le=1024)] = 64

    embedded_workers: Annotated[int, Field(ge=0, le=64)] = 1
    queue_size: Annotated[int, Field(ge=1, le=100_000)] = 64
    lease_seconds: Annotated[float, Field(gt=0, le=3600)] = 15.0
    most_attempts: Annotated[int, Field(ge=1, le=100)] = 3
    run_memory_mib: Annotated[int, Field(ge=512)] | None = None
    run_seconds: Annotated[float, Field(gt=0)] = 3600.0
    grace_seconds: Annotated[float, Field(ge=0, le=600)] = 2.0

    session_idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    session_hours: Annotated[int, Field(ge=1, le=24)] = 12
    login_attempts_per_minute: Annotated[int, Field(ge=1)] = 10
    runs_per_minute: Annotated[int, Field(ge=1)] = 60
    verifications_per_minute: Annotated[int, Field(ge=1)] = 10
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_jwks_url: str | None = None
    oidc_roles_claim: str = "authorities"
    oidc_facilities_claim: str = "caseloads"
    oidc_roles: dict[str, str] = {}

    plan_hours: Annotated[int, Field(ge=1)] = 24
    overdue_hours: Annotated[int, Field(ge=1)] = 24
    idempotency_hours: Annotated[int, Field(ge=1)] = 24
    retention_days: Annotated[int, Field(ge=1)] = 365
    snapshot_days: Annotated[int, Field(ge=1)] = 90
    metrics_open: bool = False
    otlp_endpoint: Annotated[str, AfterValidator(_collector)] | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options, then the environment, then the file that ALLOCATOR_CONFIG names."""
        del dotenv_settings, file_secret_settings
        file = os.environ.get(CONFIG_VARIABLE)
        sources = (init_settings, env_settings)
        return sources if file is None else (*sources, TomlConfigSettingsSource(settings_cls, file))

    @property
    def is_production(self) -> bool:
        """True outside development."""
        return self.environment == "production"

    @property
    def database(self) -> str:
        """The address of the database."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_folder / DATABASE_FILE}"


def read_settings(**options: Any) -> Settings:
    """Settings from options that are not None, the environment and the file.

    Raises
    ------
    ConfigError
        If a setting makes no sense, with its name and what is allowed.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = Settings(**(_secrets_of_files() | given))
    except ValidationError as error:
        lines = "; ".join(
            f"{PREFIX}{'_'.join(str(part) for part in entry['loc']).upper()}: {entry['msg']}"
            for entry in error.errors()
        )
        raise ConfigError(f"The settings cannot be used. {lines}.") from None
    _refuse_unsafe(settings)
    return settings


def shown(settings: Settings) -> dict[str, Any]:
    """The settings as plain data; secrets, and the password in the database's address, hidden."""
    document: dict[str, Any] = settings.model_dump(mode="json")
    if settings.database_url is not None:
        url = make_url(settings.database_url.get_secret_value())
        document["database_url"] = url.render_as_string(hide_password=True)
    return document


def secret_of(settings: Settings) -> bytes:
    """The secret that every key is derived from; in development made once and kept.

    Raises
    ------
    ConfigError
        In production, if none is given; anywhere, if it is short or a well-known word.
    """
    if settings.secret_key is not None:
        return _checked_secret(settings.secret_key.get_secret_value())
    if settings.is_production:
        raise ConfigError(
            f"In production {PREFIX}SECRET_KEY or {PREFIX}SECRET_KEY{SUFFIX} must be given: "
            f"at least {SHORTEST_SECRET} random characters, the same for every server and worker."
        )
    path = settings.data_folder / SECRET_FILE
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(path, "x", encoding="ascii", opener=private) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return _checked_secret(path.read_text("ascii"))


def _checked_secret(secret: str) -> bytes:
    words = secret.strip()
    if words.lower() in COMMON_SECRETS or len(words) < SHORTEST_SECRET or len(set(words)) < 10:
        raise ConfigError(
            f"The secret key is a default or too short: give at least {SHORTEST_SECRET} random "
            "characters, for instance those of `openssl rand -base64 48`."
        )
    return words.encode()


def _secrets_of_files() -> dict[str, str]:
    found = {name: secret_in_file(f"{PREFIX}{name.upper()}") for name in SECRETS}
    return {name: text for name, text in found.items() if text is not None}


def _refuse_unsafe(settings: Settings) -> None:
    if not settings.is_production and settings.host not in LOOPBACK_HOSTS:
        raise ConfigError(
            f"In development the service listens on this machine only: {settings.host!r} is "
            f"refused. Use one of {', '.join(sorted(LOOPBACK_HOSTS))}, or set "
            f"{PREFIX}ENVIRONMENT=production with a secret of your own."
        )
    given = (settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url)
    if any(given) and not all(given):
        raise ConfigError(
            f"{PREFIX}OIDC_ISSUER, {PREFIX}OIDC_AUDIENCE and {PREFIX}OIDC_JWKS_URL go together."
        )
    _refuse_unsafe_provider(settings)


def _refuse_unsafe_provider(settings: Settings) -> None:
    unknown = sorted(set(settings.oidc_roles.values()) - set(Role))
    if unknown:
        raise ConfigError(
            f"{PREFIX}OIDC_ROLES names roles that do not exist: {', '.join(unknown)}. "
            f"Roles: {', '.join(Role)}."
        )
    url = urlsplit(settings.oidc_jwks_url or "https://")
    if url.scheme != "https" and (settings.is_production or url.hostname not in LOOPBACK_HOSTS):
        raise ConfigError(f"{PREFIX}OIDC_JWKS_URL begins with https://; keys need a safe way here.")
