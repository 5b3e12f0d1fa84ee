"""The same key and the same body: the same answer, and nothing done twice.

A key belongs to the person and the address it was given for. What a request did and that it was
answered need not be written in one transaction: a job carries the key too, so whoever asks again
after a kill finds that job.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.web.state import keys

if TYPE_CHECKING:
    from pks_kit.web.operation import Call

KEY_PATTERN = r"^[\x21-\x7e]{8,200}$"
_KEY = re.compile(KEY_PATTERN)
_KEPT_HEADERS = ("content-type", "location", "etag", "content-language")
REPLAYED = "Idempotent-Replayed"
"""Header of an answer that was given before."""

_TRY_AGAIN = frozenset({409, 429})


async def answered_once(
    call: Call, key: str, sidik: str, answer: Callable[[], Awaitable[Response]]
) -> Response:
    """Return the answer of this key: the one that was given, or a new one.

    Args:
        call: The call; gets its ``key``.
        key: What the client sent.
        sidik: Hash of the body.
        answer: Gives the new answer.

    Raises:
        UsageError: ``web.key_missing``, ``web.key_reused``, ``web.key_running``.
    """
    if not _KEY.fullmatch(key):
        raise UsageError("web.key_missing")
    portal, request = call.portal, call.request
    where = f"{call.person.subject}\n{request.method} {request.url.path}?{request.url.query}"
    # what is stored neither names the person nor can be longer than its column
    call.key = f"{hashlib.sha256(where.encode()).hexdigest()}:{key}"
    given = await portal.write(keys.begin, call.key, sidik, portal.now())
    if given is not None:
        return Response(given.body, given.status, {**given.headers, REPLAYED: "true"})
    try:
        response = await answer()
    except BaseException:
        await portal.write(keys.release, call.key)
        raise
    if response.status_code >= 500 or response.status_code in _TRY_AGAIN:
        await portal.write(keys.release, call.key)
        return response
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    told = keys.GivenAnswer(status=response.status_code, headers=kept, body=bytes(response.body))
    await portal.write(keys.answered, call.key, told)
    return response
