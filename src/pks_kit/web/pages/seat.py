"""Who sits at this computer: the name that the desk asks for, and how somebody else takes over.

Only the local desk asks. Where a portal or an issuer tells who comes, there are no such pages.
"""

from __future__ import annotations

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.web.desk_token import DeskIdentity
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit


def _seat(visit: Visit) -> DeskIdentity:
    """Return the desk, for whoever was let in.

    Raises:
        UsageError: ``web.no_page_here``: somebody else tells who comes; ``web.who``.
    """
    if visit.seat is None:
        raise UsageError("web.no_page_here")
    visit.seat.check(visit.request)
    return visit.seat


def _back(visit: Visit, path: str) -> str:
    """Return where to go on; not to this page again."""
    return "" if (own := visit.own_path(path)).startswith("/orang") else own


async def meja_orang(visit: Visit) -> Response:
    """Ask who sits here."""
    return _asked(visit, _seat(visit).suggested, _back(visit, visit.given("kembali")))


def _asked(visit: Visit, typed: str, back: str, *, problem: str = "") -> Response:
    words = Words(visit.language)
    return visit.page(
        "orang.html.j2",
        words.of("seat.title"),
        status=422 if problem else 200,
        typed=typed,
        returning=back,
        problem=words.of(f"seat.{problem}") if problem else "",
    )


async def meja_orang_duduk(visit: Visit) -> Response:
    """Let whoever typed a name sit here, and go on where the name was asked for."""
    seat, typed = _seat(visit), visit.sent.one("nama")
    back = _back(visit, visit.sent.one("kembali"))
    try:
        visit.call.person = seat.sit_down(typed)  # the access is recorded under the new name
    except UsageError:
        return _asked(visit, typed, back, problem="bad_name" if typed.strip() else "no_name")
    return visit.to(back, "seated")


async def meja_orang_ganti(visit: Visit) -> Response:
    """Let whoever sits here leave, and ask for the next name."""
    seat = _seat(visit)
    seat.stand_up()
    return visit.to_seat(_back(visit, visit.sent.one("kembali")))


PAGES = (
    shown("/orang", meja_orang, None, recorded=False),
    sent("/orang", meja_orang_duduk, None, creates=False),
    sent("/orang/ganti", meja_orang_ganti, None, creates=False),
)
NAV: tuple[NavEntry, ...] = ()
