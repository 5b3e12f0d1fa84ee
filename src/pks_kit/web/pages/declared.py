"""How a page is declared: an operation whose answer is HTML, and its entry in the navigation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from pks_kit.web.operation import Operation
from pks_kit.web.scope import ROLES, Act, Person, Role

if TYPE_CHECKING:
    from pks_kit.web.pages.visit import Visit

ROOT = "/meja"
"""Where the pages stand, below the router."""

PageEndpoint = Callable[["Visit"], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """An entry of the navigation.

    Attributes:
        code: Its words are ``desk.nav.<code>``; a page names it to be marked.
        path: Address below :data:`ROOT`.
        act: What must be allowed for it to be shown.
        order: Place among the others, small first.
        roles: Whom it is for.
    """

    code: str
    path: str
    act: Act
    order: int
    roles: tuple[Role, ...] = ROLES

    def is_for(self, person: Person) -> bool:
        """Return whether it is shown to a person."""
        fits = any(one.role in self.roles for one in person.scopes)
        return fits and bool(person.reach(self.act))


def shown(
    path: str, endpoint: PageEndpoint, act: Act | None, *, target: str = "", recorded: bool = True
) -> Operation:
    """Return a page that is looked at.

    Args:
        path: Address below :data:`ROOT`.
        endpoint: Makes the page.
        act: What must be allowed; None for everybody.
        target: Name of the path parameter that says what an access was about.
        recorded: As of :class:`Operation`.
    """
    return Operation(
        method="GET",
        path=ROOT + path,
        endpoint=endpoint,
        act=act,
        target=target,
        recorded=recorded,
    )


def sent(
    path: str,
    endpoint: PageEndpoint,
    act: Act | None,
    *,
    target: str = "",
    creates: bool = True,
    uploads: bool = False,
    recorded: bool = True,
) -> Operation:
    """Return a form that is sent.

    Args:
        path: Address below :data:`ROOT`.
        endpoint: Does it and answers, most often by leading to another page.
        act: What must be allowed.
        target: Name of the path parameter that says what an access was about.
        creates: Whether it creates or pays: then its hidden field makes that it happens once.
        uploads: Whether files come with it.
        recorded: As of :class:`Operation`.
    """
    return Operation(
        method="POST",
        path=ROOT + path,
        endpoint=endpoint,
        act=act,
        target=target,
        creates=creates,
        uploads=uploads,
        recorded=recorded,
    )
