"""The HTTP API: the verbs for a portal's backend, as a router to include or an application.

Read in this order: ``portal`` (what one server has), ``scope`` and ``identity`` (who may what),
``operation`` (what holds for each request), ``routes`` (the operations), ``work`` (what worker
processes do for them), ``state`` (what is remembered), ``jobs`` and ``pool`` (who runs what).
``docs/portal.md`` shows how it is embedded.
"""

from __future__ import annotations

from pks_kit.web.app import create_app
from pks_kit.web.desk_token import DeskIdentity
from pks_kit.web.identity import Identity, proxy
from pks_kit.web.oidc import claim_scopes, oidc
from pks_kit.web.portal import Portal
from pks_kit.web.router import pks_router
from pks_kit.web.scope import Person, Scope, scopes_of

__all__ = [
    "DeskIdentity",
    "Identity",
    "Person",
    "Portal",
    "Scope",
    "claim_scopes",
    "create_app",
    "oidc",
    "pks_router",
    "proxy",
    "scopes_of",
]
