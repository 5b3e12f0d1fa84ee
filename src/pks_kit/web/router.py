"""The router that an application includes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends

from pks_kit.web.identity import Identity
from pks_kit.web.operation import Operation, route_class
from pks_kit.web.pages.groups import add_pages
from pks_kit.web.portal import Portal
from pks_kit.web.routes import (
    audit,
    batch,
    batch_rows,
    berkas,
    buku_kerja,
    health,
    isian,
    langkah,
    pekerjaan,
    perjanjian,
    terima,
    verifikasi,
)

GROUPS = (
    health,
    perjanjian,
    buku_kerja,
    langkah,
    terima,
    berkas,
    verifikasi,
    isian,
    batch,
    batch_rows,
    pekerjaan,
    audit,
)


def pks_router(portal: Portal, identity: Identity) -> APIRouter:
    """Return the router of a portal; its application must run the portal's ``lifespan``.

    Args:
        portal: The portal.
        identity: Finds out who asks.
    """
    operations: dict[Callable[..., Any], Operation] = {
        one.endpoint: one for group in GROUPS for one in group.OPERATIONS
    }
    router = APIRouter(route_class=route_class(portal, identity, operations))
    for one in operations.values():
        router.add_api_route(
            one.path,
            one.endpoint,
            methods=[one.method],
            name=one.endpoint.__name__,
            operation_id=one.endpoint.__name__,
            dependencies=[Depends(identity.scheme)] if one.act is not None else [],
            **one.told,
        )
    add_pages(router, portal, identity)
    return router
