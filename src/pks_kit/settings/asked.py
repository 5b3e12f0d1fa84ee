"""Which secrets of the settings only a person can give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pks_kit.settings.model import PartySettings, SigningSettings

ASKED = "tanya"
"""Where a secret is that nobody but a person knows."""


def asked_names(settings: SigningSettings, parties: Collection[str]) -> tuple[str, ...]:
    """Return the names of keys and accounts of some parties whose secret a person must give.

    Args:
        settings: The settings.
        parties: ``pihak_kesatu``, ``pihak_kedua``; those that the settings do not name have none.
    """
    found: dict[str, None] = {}
    for role, party in settings.pihak.items():
        if role in parties:
            for name, part in _parts(settings, party):
                if _asks(part):
                    found[name] = None
    return tuple(found)


def _parts(
    settings: SigningSettings, party: PartySettings
) -> Iterator[tuple[str, Mapping[str, object]]]:
    signer = settings.penanda_tangan.get(party.penanda_tangan or "")
    if signer is not None:
        yield str(party.penanda_tangan), signer.model_dump()
        time = getattr(signer, "waktu", None)
        if time is not None:
            yield time, settings.waktu[time].model_dump()
    meterai = settings.meterai.get(party.meterai or "")
    if meterai is not None:
        yield str(party.meterai), meterai.model_dump()


def _asks(part: Mapping[str, object]) -> bool:
    return any(
        _asks(value) if isinstance(value, Mapping) else value == ASKED for value in part.values()
    )
