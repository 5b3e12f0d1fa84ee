"""A facility's own page: its agreements, who still has to sign, and what to do now."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response

from pks_kit.errors import PksKitError
from pks_kit.json_form import to_json
from pks_kit.pipelines.error_form import error_form
from pks_kit.visible_text import WIB
from pks_kit.web.pages.declared import NavEntry, shown
from pks_kit.web.pages.one_agreement import acts_of, seen_of
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.signature_places import places_of
from pks_kit.web.pages.visit import Visit
from pks_kit.web.pages.worklist import work_row
from pks_kit.web.problem_error import ToldError
from pks_kit.web.scope import Act
from pks_kit.web.state import agreements
from pks_kit.web.state.agreements import AgreementOrder, StoredAgreement

_IN_FULL = 3
"""Agreements, the newest first, of which the page tells who still has to sign."""

_MOST = 50


async def meja_faskes(visit: Visit) -> Response:
    """Show what a facility has here."""
    found = await visit.portal.read(
        agreements.page_of,
        visit.call.reach,
        words="",
        states=(),
        by=AgreementOrder("selesai", falling=True),
        skip=0,
        most=_MOST,
    )
    words = Words(visit.language)
    today = visit.portal.now().astimezone(WIB).date()
    cards = await asyncio.gather(*(_card(visit, one) for one in found[:_IN_FULL]))
    return visit.page(
        "faskes.html.j2",
        words.of("nav.facility"),
        nav="facility",
        cards=[
            {**card, "row": work_row(one, today, words)}
            for one, card in zip(found, cards, strict=False)
        ],
        earlier=[work_row(one, today, words) for one in found[_IN_FULL:]],
    )


async def _card(visit: Visit, one: StoredAgreement) -> dict[str, Any]:
    try:
        places = places_of(await seen_of(visit, one), one.cara_kontrak)
    except (PksKitError, ToldError) as error:
        # one agreement that cannot be looked up must not hide the others
        form = error.form if isinstance(error, ToldError) else to_json(error_form(error))
        why = form["message"][visit.language]
        return {"known": False, "why": why, "waiting": [], "act": acts_of(visit, one, [])}
    return {
        "known": True,
        "waiting": [each for each in places if each.waits],
        "act": acts_of(visit, one, places),
    }


PAGES = (shown("/faskes", meja_faskes, Act.SEE),)
NAV = (NavEntry(code="facility", path="/faskes", act=Act.SEE, order=5, roles=("faskes",)),)
