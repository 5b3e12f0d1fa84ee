"""An application of its own, for whoever has none to include the router in."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pks_kit.errors import UsageError
from pks_kit.web.desk_token import ENTRY, DeskIdentity
from pks_kit.web.identities import identity_of
from pks_kit.web.identity import Identity
from pks_kit.web.openapi import described
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


def create_app(portal: Portal, identity: Identity | None = None) -> FastAPI:
    """Return an application with the router of a portal.

    Args:
        portal: The portal.
        identity: Finds out who asks; None takes the one of the settings.

    Raises:
        UsageError: ``web.no_identity``: neither the caller nor the settings name one.
    """
    app = _DescribedApp(
        title="pks-kit",
        version="1",
        lifespan=portal.lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    chosen = identity or identity_of(portal)
    app.include_router(pks_router(portal, chosen))
    if isinstance(chosen, DeskIdentity):
        app.add_route(ENTRY, _entrance(chosen, "/"), include_in_schema=False)
    known = [
        (compile_path(path)[0], set(methods)) for path, methods in app.openapi()["paths"].items()
    ]
    app.add_exception_handler(HTTPException, _Problems(known))
    app.add_middleware(OwnHost, names=portal.settings.nama_host)
    return app


class _DescribedApp(FastAPI):
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = described(super().openapi())
        return self.openapi_schema


def _entrance(identity: DeskIdentity, onward: str) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers the first visit to the desk."""

    async def enter(request: Request) -> Response:
        try:
            cookie = identity.admit(request.query_params.get("token", ""))
        except UsageError as error:
            if "text/html" in request.headers.get("accept", ""):
                # who opens the address again is known by the cookie, or told by the page
                return RedirectResponse(onward, HTTPStatus.SEE_OTHER)
            return ProblemResponse(language_of(request)).of(error)
        # the address with the token leaves the history and is sent to nobody
        headers = {"Location": onward, "Set-Cookie": cookie, "Cache-Control": "no-store"}
        return Response(status_code=HTTPStatus.SEE_OTHER, headers=headers)

    return enter


class _Problems:
    """Tells what the framework refuses as a problem.

    Args:
        known: Addresses with the methods that they take.
    """

    def __init__(self, known: list[tuple[re.Pattern[str], set[str]]]) -> None:
        self._known = known

    async def __call__(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        problem = ProblemResponse(language_of(request))
        answer = problem.of(UsageError(_CODE_OF_STATUS.get(status, "web.bad_request")))
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            path = request.scope["path"]
            taken = {one for found, methods in self._known if found.match(path) for one in methods}
            own = (getattr(error, "headers", None) or {}).get("Allow", "")
            answer.headers["Allow"] = ", ".join(sorted(one.upper() for one in taken)) or own
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
