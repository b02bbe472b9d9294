"""Spans of requests for a collector (OpenTelemetry), where the settings name one.

FastAPI begins and ends them; what leaves is filtered here. Without an endpoint nothing is loaded
and nothing is sent. FastAPI's own figures and records of errors stay off: `/metrics` and the log
tell the same without texts that may quote a person.
"""

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import Receive, Scope, Send

from allocator.api.trace_context import ignore_double
from allocator.errors import ConfigError
from allocator.service.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

QUIET: TelemetryConfig = {"metrics": False, "logs": False, "auto_configure": False}


class TracedApp(FastAPI):
    """The framework, whose spans begin before any middleware."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, in the one trace that the request names."""
        if scope["type"] == "http":
            ignore_double(scope)
        await super().__call__(scope, receive, send)


def telemetry_of(settings: Settings) -> TelemetryConfig:
    """What FastAPI is to trace.

    Raises
    ------
    ConfigError
        If a collector is named and the extra `otel` is not installed.
    """
    if settings.otlp_endpoint is None:
        return {**QUIET, "tracing": False}
    return {**QUIET, "tracing": True, "tracer_provider": _provider(settings.otlp_endpoint)}


def _provider(endpoint: str) -> "TracerProvider":
    try:
        from allocator.api.spans import provider_for
    except ModuleNotFoundError as error:
        raise ConfigError(
            "ALLOCATOR_OTLP_ENDPOINT needs OpenTelemetry: install the project with the extra "
            "`otel`."
        ) from error
    found: TracerProvider = provider_for(endpoint)
    return found
