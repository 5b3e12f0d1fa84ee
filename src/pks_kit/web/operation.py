"""One operation of the API, from the request to the answer: who, what, once, and how it is told.

Everything that holds for all operations is done here and by no middleware, so that it holds in
whatever application the router is included: who asks and what that person may, limits of the body,
idempotency, errors as problem details, entity tags, the record of accesses, figures.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from pks_kit.domain.secret import Secret
from pks_kit.errors import InputError, PksKitError, UsageError
from pks_kit.pipelines.error_form import unforeseen
from pks_kit.web.gate import check_request
from pks_kit.web.idempotency import answered_once
from pks_kit.web.problem_error import ToldError
from pks_kit.web.problems import ProblemResponse, language_of
from pks_kit.web.scope import Act, Person, Reach
from pks_kit.web.store import Spooled, spool_stream

if TYPE_CHECKING:
    from pks_kit.web.identity import Identity
    from pks_kit.web.portal import Portal

_LOG = logging.getLogger("pks_kit.web")
_BODY_BYTES = 4 * 1024 * 1024
"""Most bytes of a body that is not an upload."""

_CHUNK_BYTES = 64 * 1024

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation as it is declared.

    Attributes:
        method: HTTP method.
        path: Address below the router.
        endpoint: The function that answers.
        act: What must be allowed; None for what everybody may ask.
        creates: Whether it creates or pays, so that it needs an ``Idempotency-Key``.
        uploads: Whether its body is the content of a file.
        target: Name of the path parameter that says what an access was about; empty for none.
        recorded: Whether accesses are recorded; not where nothing of anybody is shown, nor where a
            page asks again and again.
        told: What FastAPI is told of it.
    """

    method: str
    path: str
    endpoint: Callable[..., Any]
    act: Act | None
    creates: bool = False
    uploads: bool = False
    target: str = ""
    recorded: bool = True
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Call:
    """One request that is being answered; every endpoint gets it.

    Attributes:
        portal: The portal.
        request: The request.
        person: Who asks.
        reach: The scopes with which that person may do this; the argument of every query.
        key: Idempotency key with person and address; empty where there is none.
        upload: The content that came in, for an upload.
        secrets: What the person gave for the work that this orders; kept in memory alone.
    """

    portal: Portal
    request: Request
    person: Person
    reach: Reach
    key: str = ""
    upload: Spooled | None = None
    secrets: dict[tuple[str, str], Secret] = field(default_factory=dict, repr=False)


async def _call_of(request: Request) -> Call:
    # a function that is not async would be called in a thread, for a third of an answer's time
    call: Call = request.state.pks_call
    return call


Asked = Annotated[Call, Depends(_call_of)]
"""The parameter by which an endpoint gets its call."""

NOBODY = Person(subject="", name="", scopes=frozenset())
"""Who asks what everybody may ask."""


def route_class(
    portal: Portal, identity: Identity, operations: dict[Callable[..., Any], Operation]
) -> type[APIRoute]:
    """Return the class of routes that answer for one portal.

    Args:
        portal: The portal.
        identity: Finds out who asks.
        operations: Operations by their endpoints.
    """

    class PksRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            inner = super().get_route_handler()
            operation = operations[self.endpoint]

            async def answer(request: Request) -> Response:
                return await _answer(portal, identity, operation, inner, request)

            return answer

    return PksRoute


async def _answer(
    portal: Portal,
    identity: Identity,
    operation: Operation,
    inner: Handler,
    request: Request,
) -> Response:
    begun = perf_counter()
    request.state.pks_body_read = request.method in ("GET", "HEAD")
    problems = ProblemResponse(language_of(request))
    person = NOBODY
    try:
        check_request(portal, request)
        if operation.act is not None:
            person = await identity.person(request)
        response = await _done(portal, operation, inner, request, person)
    except PksKitError as error:
        if error.http_status >= 500:
            _LOG.warning("%s %s: %s", operation.method, operation.path, error.code)
        response = problems.of(error)
    except ToldError as error:
        response = problems.of_form(error.form)
    except RequestValidationError as error:
        response = problems.of_validation(error)
    except HTTPException as error:
        # 413: a limit of the application that the router is included in
        code = "web.too_large_here" if error.status_code == 413 else "web.bad_json"
        response = problems.of(UsageError(code))
    except ClientDisconnect:
        response = problems.of(UsageError("web.bad_request"))
    except Exception as error:  # noqa: BLE001 - the text of an error may hold personal data
        told = unforeseen(error)
        _LOG.error("%s %s: %s at %s", operation.method, operation.path, *told.values())
        response = problems.of(PksKitError("web.unforeseen", **told))
    if not request.state.pks_body_read:
        # whoever goes on sending what nobody wants would hold the connection for as long
        response.headers["Connection"] = "close"
    response = _tagged(request, response)
    if person is not NOBODY and operation.recorded:
        sasaran = str(request.path_params.get(operation.target, ""))
        what = f"{operation.method} {operation.path}"
        try:
            await portal.record_access(person, what, sasaran, response.status_code)
        except PksKitError as error:  # what cannot be recorded is not shown
            response = problems.of(error)
    portal.metrics.answered(operation, response.status_code, perf_counter() - begun)
    return response


async def _done(
    portal: Portal, operation: Operation, inner: Handler, request: Request, person: Person
) -> Response:
    reach = person.reach(operation.act) if operation.act is not None else Reach(frozenset())
    if operation.act is not None and not reach:
        raise UsageError("web.not_allowed")
    call = Call(portal=portal, request=request, person=person, reach=reach)
    request.state.pks_call = call
    try:
        if operation.uploads:
            call.upload = await _spooled(portal, request)
            sidik = call.upload.sha256
        else:
            sidik = hashlib.sha256(await _limited_body(request)).hexdigest()
        request.state.pks_body_read = True
        if not operation.creates:
            return await inner(request)
        keys = request.headers.getlist("idempotency-key")
        key = keys[0] if len(keys) == 1 else ""
        return await answered_once(call, key, sidik, lambda: inner(request))
    finally:
        if call.upload is not None:
            call.upload.path.unlink(missing_ok=True)


async def _spooled(portal: Portal, request: Request) -> Spooled:
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise UsageError("web.multipart")
    limit = portal.settings.batas_unggahan
    with suppress(ValueError):
        if int(request.headers.get("content-length", "0")) > limit:
            raise InputError("file.too_large", file="-", limit=limit)
    async with portal.uploading:
        return await spool_stream(portal.folder, request.stream(), limit)


async def _limited_body(request: Request) -> bytes:
    """Read the body and leave it where the framework finds it.

    Raises:
        UsageError: ``web.too_large``.
    """
    body = bytearray()
    async for chunk in request.stream():
        if len(body) + len(chunk) > _BODY_BYTES:
            raise UsageError("web.too_large", limit=_BODY_BYTES)
        body += chunk
    request._body = bytes(body)
    return request._body


def _tagged(request: Request, response: Response) -> Response:
    """Give an answer that was read an entity tag, and say when the client has it already."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.method != "GET" or response.status_code != 200:
        return response
    if "etag" not in response.headers and not isinstance(response, StreamingResponse):
        body = getattr(response, "body", b"")
        if body:
            response.headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    tag = response.headers.get("etag")
    wanted = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    if tag is None or (tag not in wanted and f"W/{tag}" not in wanted and wanted != ["*"]):
        return response
    kept = {name: response.headers[name] for name in ("etag", "cache-control")}
    return Response(status_code=304, headers=kept)


async def chunks_of(content: bytes) -> AsyncIterator[bytes]:
    """Yield a content in pieces."""
    for start in range(0, len(content), _CHUNK_BYTES):
        yield content[start : start + _CHUNK_BYTES]
