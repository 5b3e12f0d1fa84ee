"""What is asked of every request before anything is looked up for it, of the API and of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from pks_kit.errors import PksKitError, UsageError

if TYPE_CHECKING:
    from pks_kit.web.portal import Portal


def check_request(portal: Portal, request: Request) -> None:
    """Refuse what no operation can answer.

    A database of PostgreSQL holds no U+0000 and would seem to be away; so it is refused for all.

    Raises:
        UsageError: ``web.zero_character``.
        PksKitError: ``web.not_open``.
    """
    refuse_zero(str(request.scope["path"]), *request.query_params.keys())
    refuse_zero(*request.query_params.values())
    if not portal.is_open:
        raise PksKitError("web.not_open")


def refuse_zero(*texts: str) -> None:
    """Refuse texts with the character U+0000.

    Raises:
        UsageError: ``web.zero_character``.
    """
    if any("\0" in one for one in texts):
        raise UsageError("web.zero_character")
