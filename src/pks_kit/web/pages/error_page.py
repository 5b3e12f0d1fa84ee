"""An error as a page: what is wrong, what to do now, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from pks_kit.web.pages.rendering import Words

if TYPE_CHECKING:
    from pks_kit.web.pages.visit import Visit

_KNOWN = frozenset({400, 401, 403, 404, 409, 412, 413, 422, 503})


def told_page(visit: Visit, form: Mapping[str, Any]) -> Response:
    """Return the page that tells an error as ``error_form`` shows it.

    Args:
        visit: The visit.
        form: The error.
    """
    status = int(form["http_status"])
    heading = f"error.{status}" if status in _KNOWN else "error.other"
    if form["code"] == "web.other_person":
        heading = "error.other_person"
    now, is_asked_who = f"{heading}.now", form["code"] == "web.who"
    if is_asked_who and visit.seat is not None:
        now = "error.401.desk"
    seat = ""
    if form["code"] == "web.unnamed":
        heading, seat = "error.unnamed", visit.seat_path(visit.here)
        now = f"{heading}.now"
    values: dict[str, Any] = {
        "seat_at": seat,
        "form_at": visit.here if visit.request.method != "GET" else "",
        "heading": heading,
        "now": now,
        # its hint is for programs, which send a proof with what they ask
        "hinted": not seat and not is_asked_who,
        "coded": now != "error.401.desk",
        "form": form,
        "entries_of_error": [*(form.get("problems") or ()), *(form.get("findings") or ())],
    }
    if visit.is_part:
        return visit.part("kesalahan-bagian.html.j2", status=status, **values)
    title = Words(visit.language).of(heading)
    return visit.page("kesalahan.html.j2", title, status=status, **values)
