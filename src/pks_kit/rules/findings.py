"""Findings: what the checks of contract data say, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pks_kit.errors import pointer_of
from pks_kit.messages import Message, lookup

Level = Literal["blocking", "warning", "info", "manual"]
"""``blocking`` stops the draft; ``warning`` should be looked at; ``info`` is good to know;
``manual`` asks a person to decide what a machine cannot."""

ORDER: dict[str, int] = {"blocking": 0, "manual": 1, "warning": 2, "info": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding.

    Attributes:
        code: Stable code; its words stand in the message catalogue.
        level: How grave it is.
        path: Place in the input, for example ``jadwal.praktik[3].tenaga``.
        params: Values for the placeholders of the words; never a full NIK or phone number.
        legal_basis: Rule that the finding rests on.
    """

    code: str
    level: Level
    path: str
    legal_basis: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> Message:
        """Return message and hint in both languages."""
        return lookup(self.code).fill(self.params)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form used by ``--json``."""
        text = self.text
        return {
            "code": self.code,
            "level": self.level,
            "path": self.path,
            "pointer": pointer_of(self.path),
            "message": {"id": text.id, "en": text.en},
            "hint": {"id": text.hint_id, "en": text.hint_en},
            "legal_basis": self.legal_basis,
        }


def blocking(code: str, path: str, legal_basis: str, /, **params: Any) -> Finding:
    """Return a blocking finding."""
    return Finding(code=code, level="blocking", path=path, params=params, legal_basis=legal_basis)


def warning(code: str, path: str, legal_basis: str, /, **params: Any) -> Finding:
    """Return a warning."""
    return Finding(code=code, level="warning", path=path, params=params, legal_basis=legal_basis)


def info(code: str, path: str, legal_basis: str, /, **params: Any) -> Finding:
    """Return an info finding."""
    return Finding(code=code, level="info", path=path, params=params, legal_basis=legal_basis)


def manual(code: str, path: str, legal_basis: str, /, **params: Any) -> Finding:
    """Return a finding that only a person can decide."""
    return Finding(code=code, level="manual", path=path, params=params, legal_basis=legal_basis)
