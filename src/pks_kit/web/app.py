"""An application of its own, for whoever has none to include the router in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pks_kit.errors import UsageError
from pks_kit.web.identities import identity_of
from pks_kit.web.identity import Identity
from pks_kit.web.portal import Portal
from pks_kit.web.problems import ProblemResponse, language_of
from pks_kit.web.router import pks_router

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_CODE_OF_STATUS = {404: "web.no_route", 405: "web.no_method"}


def create_app(portal: Portal, identity: Identity | None = None, *, prefix: str = "") -> FastAPI:
    """Return an application with the router of a portal.

    Args:
        portal: The portal.
        identity: Finds out who asks; None takes the one of the settings.
        prefix: Where the router is mounted; empty or a path without a stroke at its end.

    Raises:
        UsageError: ``web.no_identity``: neither the caller nor the settings name one.
    """
    app = FastAPI(
        title="pks-kit",
        version="1",
        lifespan=portal.lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.include_router(pks_router(portal, identity or identity_of(portal)), prefix=prefix)
    app.add_exception_handler(HTTPException, _as_problem)
    app.add_middleware(OwnHost, names=portal.settings.nama_host)
    return app


async def _as_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    problem = ProblemResponse(language_of(request))
    answer = problem.of(UsageError(_CODE_OF_STATUS.get(status, "web.bad_request")))
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


class OwnHost:
    """Answers requests for its own names alone, and says how answers may be used.

    A page of another site that makes its name lead here (DNS rebinding) names that other host.

    Args:
        app: The application.
        names: Names that are served; one that begins with a dot serves all names below.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self._app = app
        self._names = tuple(one.lower() for one in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not self._serves(hosts[0].decode("latin-1")):
            problem = ProblemResponse(language_of(Request(scope)))
            await problem.of(UsageError("web.other_host"))(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}
                added = [one for one in _HEADERS if one[0] not in known]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, told)

    def _serves(self, host: str) -> bool:
        name = host.lower()
        name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
        return any(
            name == one or (one.startswith(".") and name.endswith(one)) for one in self._names
        )


def openapi_of(portal: Portal, identity: Identity) -> dict[str, Any]:
    """Return the OpenAPI document of the router, without opening anything."""
    return create_app(portal, identity).openapi()
