"""One page, from the request to the answer: what the API's operations ask for, told as a page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from time import perf_counter
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from pks_kit.errors import PksKitError, UsageError
from pks_kit.json_form import to_json
from pks_kit.pipelines.error_form import error_form, unforeseen
from pks_kit.web.desk_token import DeskIdentity
from pks_kit.web.gate import check_request
from pks_kit.web.idempotency import answered_once
from pks_kit.web.operation import NOBODY, Call, Operation
from pks_kit.web.pages.declared import NavEntry
from pks_kit.web.pages.error_page import told_page
from pks_kit.web.pages.guarding import (
    COOKIE,
    FIELD,
    HEADERS,
    check_origin,
    check_token,
    cookie_value,
    set_cookie,
)
from pks_kit.web.pages.sent_form import KEY, read_form
from pks_kit.web.pages.visit import Visit
from pks_kit.web.problem_error import ToldError
from pks_kit.web.scope import Reach

if TYPE_CHECKING:
    from pks_kit.web.identity import Identity
    from pks_kit.web.portal import Portal

_LOG = logging.getLogger("pks_kit.web")


def page_handler(
    portal: Portal, identity: Identity, operation: Operation, entries: tuple[NavEntry, ...]
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Return what answers the requests of one page.

    Args:
        portal: The portal.
        identity: Finds out who asks.
        operation: The page.
        entries: Entries of the navigation.
    """

    async def handler(request: Request) -> Response:
        begun = perf_counter()
        call = Call(portal=portal, request=request, person=NOBODY, reach=Reach(frozenset()))
        seat = identity if isinstance(identity, DeskIdentity) else None
        visit = Visit(call=call, cookie=cookie_value(request), entries=entries, seat=seat)
        try:
            check_request(portal, request)
            await _met(identity, operation, call)
            response = await _visited(operation, visit)
        except PksKitError as error:
            if error.http_status >= 500:
                _LOG.warning("%s %s: %s", operation.method, operation.path, error.code)
            if error.code == "web.unnamed" and (operation.method == "GET" or visit.is_part):
                response = visit.to_seat(visit.here)
            else:
                response = told_page(visit, to_json(error_form(error)))
        except ToldError as error:
            response = told_page(visit, error.form)
        except (HTTPException, ClientDisconnect):
            response = told_page(visit, to_json(error_form(UsageError("web.bad_form"))))
        except Exception as error:  # noqa: BLE001 - the text of an error may hold personal data
            told = unforeseen(error)
            _LOG.error("%s %s: %s at %s", operation.method, operation.path, *told.values())
            form = to_json(error_form(PksKitError("web.unforeseen", **told)))
            response = told_page(visit, form)
        finally:
            visit.sent.forget()
        if call.person is not NOBODY and operation.recorded:
            sasaran = str(request.path_params.get(operation.target, ""))
            what = f"{operation.method} {operation.path}"
            try:
                await portal.record_access(call.person, what, sasaran, response.status_code)
            except PksKitError as error:  # what cannot be recorded is not shown
                response = told_page(visit, to_json(error_form(error)))
        _finished(visit, response)
        portal.metrics.answered(operation, response.status_code, perf_counter() - begun)
        return response

    return handler


async def _met(identity: Identity, operation: Operation, call: Call) -> None:
    """Find out who asks; what everybody may see is shown to nobody in particular too."""
    try:
        call.person = await identity.person(call.request)
    except PksKitError:
        if operation.act is not None:
            raise


async def _visited(operation: Operation, visit: Visit) -> Response:
    call, request = visit.call, visit.request
    if operation.act is not None:
        call.reach = call.person.reach(operation.act)
        if not call.reach:
            raise UsageError("web.not_allowed")
    if operation.method == "GET":
        return await operation.endpoint(visit)  # type: ignore[no-any-return]
    check_origin(request)
    visit.sent = await read_form(call.portal, request, uploads=operation.uploads)
    earlier = {NOBODY.subject, *visit.seat.earlier} if visit.seat is not None else set()
    check_token(request, call.person, visit.sent.one(FIELD), earlier)
    if not operation.creates:
        return await operation.endpoint(visit)  # type: ignore[no-any-return]
    key = visit.sent.one(KEY)
    if not key:
        raise UsageError("web.stale_form")
    return await answered_once(call, key, visit.sent.digest(), lambda: operation.endpoint(visit))


def _finished(visit: Visit, response: Response) -> None:
    """Set what every answer of a page carries."""
    for name, value in HEADERS.items():
        if name not in response.headers:
            response.headers[name] = value
    response.headers["Content-Language"] = visit.language
    if visit.request.method != "GET" and not visit.sent.fields:
        # whoever goes on sending what nobody reads would hold the connection for as long
        response.headers["Connection"] = "close"
    response.headers["Vary"] = "Accept-Language, Cookie, HX-Request"
    if visit.request.cookies.get(COOKIE) != visit.cookie and "html" in response.headers.get(
        "content-type", ""
    ):
        visit.cookies.append(set_cookie(visit.request, COOKIE, visit.cookie))
    for one in visit.cookies:
        response.headers.append("Set-Cookie", one)
