"""How the server is, and its figures."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from pks_kit.web.metrics import MEDIA
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.routes.common import answer, problems, told_by
from pks_kit.web.scope import Act
from pks_kit.web.state import queue
from pks_kit.web.views import HealthForm


async def kesehatan(call: Asked) -> Response:
    """Say that the server can work, since its state answers, and whether it is warm."""
    await call.portal.read(queue.counted)
    return answer(HealthForm(status="ok", hangat=call.portal.pool.is_warm))


async def metrik(call: Asked) -> Response:
    """Return the figures of this server in the text form of Prometheus."""
    depth = await call.portal.read(queue.counted)
    return Response(call.portal.metrics.text(depth), media_type=MEDIA)


async def skema_kontrak(call: Asked) -> Response:
    """Return the JSON Schema of contract data: what ``data`` holds in other operations."""
    return await told_by(call, "skema", {})


OPERATIONS = (
    Operation(
        method="GET",
        path="/skema/kontrak",
        endpoint=skema_kontrak,
        act=Act.CHECK,
        recorded=False,
        told={"response_model": dict[str, Any], "responses": problems(), "tags": ["server"]},
    ),
    Operation(
        method="GET",
        path="/kesehatan",
        endpoint=kesehatan,
        act=None,
        told={"response_model": HealthForm, "responses": problems(), "tags": ["server"]},
    ),
    Operation(
        method="GET",
        path="/metrik",
        endpoint=metrik,
        act=Act.AUDIT,
        recorded=False,
        told={
            "response_class": Response,
            "responses": {200: {"content": {MEDIA: {}}}, **problems()},
            "tags": ["server"],
        },
    ),
)
