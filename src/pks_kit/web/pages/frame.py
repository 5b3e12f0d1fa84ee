"""What stands round the pages: files of browsers, the language, and what is at no address."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Match

from pks_kit.errors import UsageError
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.guarding import set_cookie
from pks_kit.web.pages.static_files import CACHED, static_files
from pks_kit.web.pages.visit import LANGUAGE_COOKIE, Visit

_LANGUAGES = frozenset({"id", "en"})


async def meja_statis(visit: Visit) -> Response:
    """Give what browsers fetch beside the pages."""
    found = static_files().get(visit.given("nama"))
    if found is None:
        raise UsageError("web.no_page_here")
    return Response(found.content, headers={"Cache-Control": CACHED}, media_type=found.media)


async def meja_bahasa(visit: Visit) -> Response:
    """Choose the language and go back to where it was chosen."""
    chosen = visit.sent.one("bahasa")
    if chosen in _LANGUAGES:
        visit.cookies.append(set_cookie(visit.request, LANGUAGE_COOKIE, chosen))
    return visit.to(visit.own_path(visit.sent.one("kembali")))


async def meja_tidak_ada(visit: Visit) -> Response:
    """Lead from the address of a form to the page that it is on; else say that there is none."""
    sent_there = {**visit.request.scope, "method": "POST"}
    for route in visit.request.scope["router"].routes:
        if route.matches(sent_there)[0] is Match.FULL:
            return visit.to(visit.request.url.path.removeprefix(visit.root).rpartition("/")[0])
    raise UsageError("web.no_page_here")


PAGES = (
    shown("/statis/{nama}", meja_statis, None, recorded=False),
    sent("/bahasa", meja_bahasa, None, creates=False, recorded=False),
    shown("/{lain:path}", meja_tidak_ada, None, recorded=False),
)
NAV: tuple[NavEntry, ...] = ()
