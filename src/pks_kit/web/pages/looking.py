"""What a page shows of agreements when it is found out: a page is there at once, the rest follows.

A page waits a moment for what nobody asked for before and is shown with what is known. Its script
asks for the rest, every two seconds; without a script a link loads the page again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from pks_kit.errors import PksKitError
from pks_kit.json_form import to_json
from pks_kit.pipelines.error_form import error_form
from pks_kit.web.kept import Found, Key
from pks_kit.web.problem_error import ToldError

if TYPE_CHECKING:
    from pks_kit.web.pages.visit import Visit

PAGE_SECONDS = 0.08
"""How long a page waits for what nobody asked for before; it takes as long again itself while a
batch fills the cores, and shall be there within 200 ms."""
PART_SECONDS = 1.0
"""How long the script of a page that is already there waits, and whoever sends a form."""
_ASKED_AT_ONCE = 3
_MOST_TURNS = 30
"""So often the script of a page asks, every two seconds, until a person has to."""
_MOST_LOOKED_FOR = 40
"""Agreements that are being looked at at once, for everybody together: a second of two cores."""


async def found_soon(
    visit: Visit,
    keys: Sequence[Key],
    ask: Callable[[tuple[Key, ...]], Awaitable[Sequence[Found]]],
) -> dict[Key, Found]:
    """Return what is known or found out soon; the rest is found out afterwards.

    Args:
        visit: The visit; a page waits shorter than what its script asks for.
        keys: What is asked, in the memory of the portal.
        ask: Finds out some of it, as of ``KeptAnswers.soon``.
    """
    portal = visit.portal

    async def in_turn(part: tuple[Key, ...]) -> Sequence[Found]:
        async with portal.looking_ahead:
            return await ask(part)

    is_page = not visit.is_part and visit.request.method == "GET"
    return await portal.kept.soon(
        keys,
        in_turn,
        seconds=PAGE_SECONDS if is_page else PART_SECONDS,
        together=_ASKED_AT_ONCE,
        most=_MOST_LOOKED_FOR,
    )


def still_looking(waiting: Sequence[str], here: str, turn: int) -> dict[str, Any]:
    """Return what ``temuan-tunggu.html.j2`` shows: how many wait, and where a script asks again.

    Args:
        waiting: Ids of the agreements that are still being looked at.
        here: Address of the page, with a question mark.
        turn: How often a script asked for it; in the end it no longer does.
    """
    again = "".join(f"&belum={one}" for one in waiting)
    return {
        "waiting": len(waiting),
        "reload": here,
        "asks_at": f"{here}{again}&kali={turn + 1}" if waiting and turn < _MOST_TURNS else "",
    }


def problem_of(error: Exception) -> dict[str, Any]:
    """Return why something could not be looked at, as a page tells it.

    Raises:
        Exception: What nobody foresaw in this process.
    """
    if isinstance(error, ToldError):
        return error.form
    if isinstance(error, PksKitError):
        form: dict[str, Any] = to_json(error_form(error))
        return form
    raise error
