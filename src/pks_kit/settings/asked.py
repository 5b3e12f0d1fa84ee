"""The name of each secret of the settings, and which of them only a person can give.

A secret is named by its place in the settings, as ``penanda_tangan.cabang.pin``: so no two of them
have one name, and what a person gives for one is never taken for another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from pks_kit.messages import Message, lookup
from pks_kit.settings.model import POLA_ASAL_RAHASIA, PartySettings, SigningSettings
from pks_kit.settings.portal import POLA_ASAL_LINGKUNGAN

ASKED = "tanya"
"""Where a secret is that nobody but a person knows."""


def asked_names(settings: SigningSettings, parties: Collection[str]) -> tuple[str, ...]:
    """Return the names of the secrets of some parties that a person must give.

    Args:
        settings: The settings.
        parties: ``pihak_kesatu``, ``pihak_kedua``; those that the settings do not name have none.
    """
    found: dict[str, None] = {}
    for role, party in settings.pihak.items():
        if role in parties:
            for place, part in _parts(settings, party):
                found |= {name: None for name, origin in _secrets(place, part) if origin == ASKED}
    return tuple(found)


def places_of(settings: SigningSettings, origin: str) -> tuple[str, ...]:
    """Return the names of all secrets that come from one place, such as ``env:NAME``."""
    return tuple(name for name, known in _secrets("", settings) if known == origin)


def secret_words(name: str) -> Message:
    """Return what a person is asked for, such as ``PIN untuk «penanda tangan cabang»``.

    Args:
        name: Name of the secret; the number of a one-time code may follow it after a space.
    """
    place, _, last = name.rpartition(".")
    kind = lookup(f"secret.kind.{last.partition(' ')[0]}")
    if not place:
        return kind
    part = place.replace(".", " ").replace("_", " ")
    return lookup("secret.asked").fill({"kind": kind, "part": part})


def _parts(settings: SigningSettings, party: PartySettings) -> Iterator[tuple[str, BaseModel]]:
    signer = settings.penanda_tangan.get(party.penanda_tangan or "")
    if signer is not None:
        yield f"penanda_tangan.{party.penanda_tangan}", signer
        time = getattr(signer, "waktu", None)
        if time is not None:
            yield f"waktu.{time}", settings.waktu[time]
    meterai = settings.meterai.get(party.meterai or "")
    if meterai is not None:
        yield f"meterai.{party.meterai}", meterai


def _secrets(place: str, part: BaseModel) -> Iterator[tuple[str, str]]:
    """Yield name and origin of every secret in a part of the settings."""
    for field, about in type(part).model_fields.items():
        value, here = getattr(part, field), f"{place}.{field}" if place else field
        if isinstance(value, BaseModel):
            yield from _secrets(here, value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, BaseModel):
                    yield from _secrets(f"{here}.{key}", inner)
        elif isinstance(value, str) and _is_origin(about):
            yield here, value


def _is_origin(field: FieldInfo) -> bool:
    """Return whether a field says where a secret is; a name may well be ``tanya`` too."""
    inner = (getattr(one, "__metadata__", ()) for one in get_args(field.annotation))
    return any(
        isinstance(one, StringConstraints)
        and one.pattern in (POLA_ASAL_RAHASIA, POLA_ASAL_LINGKUNGAN)
        for several in (field.metadata, *inner)
        for one in several
    )
