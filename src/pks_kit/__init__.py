"""pks-kit: draft, sign, stamp and verify the PKS of BPJS Kesehatan with primary-care facilities.

The library behind the command line. The public verbs are ``draft``, ``check``, ``sign``,
``extend`` and ``verify``; each takes one request object and returns one result object. They are
imported when first used, so that ``import pks_kit`` stays fast.
"""

from __future__ import annotations

import importlib
from typing import Any

from pks_kit.errors import (
    FindingsError,
    InputError,
    InputProblemsError,
    LedgerError,
    NotInForceError,
    PksKitError,
    Problem,
    RenderError,
    SigningError,
    TemplateError,
    UsageError,
    VerificationError,
)

_LAZY = {
    "CoverRequest": "pks_kit.pipelines.cover",
    "CoverResult": "pks_kit.pipelines.cover",
    "DraftRequest": "pks_kit.pipelines.draft",
    "DraftResult": "pks_kit.pipelines.draft",
    "ExtendRequest": "pks_kit.pipelines.extend",
    "ExtendResult": "pks_kit.pipelines.extend",
    "SignRequest": "pks_kit.pipelines.sign",
    "SignResult": "pks_kit.pipelines.sign",
    "VerifyReport": "pks_kit.verification.report.verdict",
    "VerifyRequest": "pks_kit.pipelines.verify",
    "check": "pks_kit.pipelines.draft",
    "cover": "pks_kit.pipelines.cover",
    "draft": "pks_kit.pipelines.draft",
    "extend": "pks_kit.pipelines.extend",
    "sign": "pks_kit.pipelines.sign",
    "sign_async": "pks_kit.pipelines.sign",
    "verify": "pks_kit.pipelines.verify",
}

__all__ = [
    "CoverRequest",
    "CoverResult",
    "DraftRequest",
    "DraftResult",
    "ExtendRequest",
    "ExtendResult",
    "FindingsError",
    "InputError",
    "InputProblemsError",
    "LedgerError",
    "NotInForceError",
    "PksKitError",
    "Problem",
    "RenderError",
    "SignRequest",
    "SignResult",
    "SigningError",
    "TemplateError",
    "UsageError",
    "VerificationError",
    "VerifyReport",
    "VerifyRequest",
    "check",
    "cover",
    "draft",
    "extend",
    "sign",
    "sign_async",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name not in _LAZY:
        raise AttributeError(f"module 'pks_kit' has no attribute {name!r}")
    return getattr(importlib.import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
