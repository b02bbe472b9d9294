"""Who is asking: the caller of a request, and the action that an operation allows."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.errors import AuthenticationError
from allocator.service.root import Service


def service_of(request: Request) -> Service:
    """The service behind this application."""
    service: Service = request.app.state.service
    return service


def identify(request: Request) -> Caller:
    """The caller behind the request's credentials.

    Raises
    ------
    AuthenticationError
        If there are none, or they are not valid.
    """
    raise AuthenticationError("Sign in, or send a token or an API key.", request.url.path)


ServiceOf = Annotated[Service, Depends(service_of)]
CallerOf = Annotated[Caller, Depends(identify)]


def allow(action: Action) -> Callable[[Caller], Caller]:
    """A dependency that gives the caller, whom one of their roles must allow the action."""

    def allowed(caller: CallerOf) -> Caller:
        caller.require(action)
        return caller

    allowed.action = action  # type: ignore[attr-defined] # read by the test of roles and operations
    return allowed
