"""All pages. A new group is a module with ``PAGES`` and ``NAV``, and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.web.pages import (
    agreement_acts,
    batch_downloads,
    batch_list,
    batch_pages,
    batch_plan,
    batch_results,
    batch_set_aside,
    calendar,
    dashboard,
    facility,
    form_pages,
    frame,
    job_pages,
    letters,
    one_agreement,
    paper,
    seat,
    sheets,
    stack,
    upload_pages,
    worklist,
)
from pks_kit.web.pages.route import page_handler

if TYPE_CHECKING:
    from fastapi import APIRouter

    from pks_kit.web.identity import Identity
    from pks_kit.web.operation import Operation
    from pks_kit.web.pages.declared import NavEntry
    from pks_kit.web.portal import Portal

GROUPS = (
    worklist,
    facility,
    one_agreement,
    agreement_acts,
    stack,
    paper,
    batch_list,
    batch_pages,
    batch_plan,
    batch_results,
    batch_set_aside,
    batch_downloads,
    letters,
    calendar,
    dashboard,
    sheets,
    form_pages,
    upload_pages,
    job_pages,
    seat,
    frame,  # last: it answers what no page is at
)


def pages() -> tuple[Operation, ...]:
    """Return all pages, in the order in which they are tried."""
    return tuple(one for group in GROUPS for one in group.PAGES)


def entries() -> tuple[NavEntry, ...]:
    """Return the entries of the navigation in their order."""
    found = [one for group in GROUPS for one in group.NAV]
    return tuple(sorted(found, key=lambda one: one.order))


def add_pages(router: APIRouter, portal: Portal, identity: Identity) -> None:
    """Put all pages into a router.

    Args:
        router: The router.
        portal: The portal.
        identity: Finds out who asks.
    """
    shown = entries()
    for one in pages():
        router.add_route(
            one.path,
            page_handler(portal, identity, one, shown),
            methods=[one.method],
            name=one.endpoint.__name__,
            include_in_schema=False,
        )
