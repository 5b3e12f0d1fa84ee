"""Which steps of a signing profile the events of one agreement tell.

A session writes down every revision with the fields that it added; ``pks-kit sign --ledger``
writes down purchases alone. Ledgers of the first version do not name the profile (no event
``perjanjian``); then every profile is offered to which these steps can belong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from pks_kit.json_types import HIDDEN
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event
from pks_kit.ledger.wib import MomentWib
from pks_kit.policy.signing_profile import ProfileStep, SigningProfile

_ARCHIVE_FIELD = "ARSIP_"
_METERAI_FIELD = "Emet"

DoneKind = Annotated[
    str, WithJsonSchema({"enum": ["tanda_tangan", "meterai", "arsip"]}, mode="serialization")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneStep:
    """One thing that was done.

    Attributes:
        step: Step of the profile; None for an archive, or when no profile is known.
        jenis: ``tanda_tangan``, ``meterai`` or ``arsip``.
        peran: Role that did it, where it is one party.
        waktu: When, in WIB.
        penanda: Name in the certificate, where the ledger holds it.
        sn: Serial number of a meterai.
    """

    step: Annotated[ProfileStep | None, HIDDEN]
    jenis: Annotated[DoneKind, Field(alias="kind")]
    peran: Annotated[str | None, Field(alias="role")]
    waktu: Annotated[MomentWib, Field(alias="time")]
    penanda: Annotated[str | None, Field(alias="signer")]
    sn: str | None


def fitting_profiles(
    events: Sequence[Event], known: Sequence[SigningProfile]
) -> tuple[SigningProfile, ...]:
    """Return the profile that is recorded, or else all to which these steps can belong.

    Args:
        events: Events of one agreement, in order.
        known: All signing profiles.
    """
    facts: Mapping[str, Any] = described(events) or consented(events)
    for key, attribute in (("profil", "nama"), ("metode", "cara_kontrak")):
        for profile in known:
            if facts and getattr(profile, attribute) == facts.get(key):
                return (profile,)
    is_ended = any(one.jenis == kinds.SELESAI for one in events)
    return tuple(one for one in known if _can_be(events, one, is_ended=is_ended))


def described(events: Sequence[Event]) -> Mapping[str, Any]:
    """Return the facts about the agreement itself; nothing in ledgers of the first version."""
    return next((one.isi for one in events if one.jenis == kinds.PERJANJIAN), {})


def consented(events: Sequence[Event]) -> Mapping[str, Any]:
    """Return the facts of the newest consent to a method; nothing when there is none."""
    return next((one.isi for one in reversed(events) if one.jenis == kinds.METODE_SETUJU), {})


def steps_done(events: Sequence[Event], profile: SigningProfile | None) -> tuple[DoneStep, ...]:
    """Return the steps of the profile and the archives that the events tell, in order."""
    left = list(profile.langkah) if profile else []
    revisions = [one for one in events if one.jenis == kinds.LANGKAH_SELESAI]
    if not revisions:
        return tuple(_in_purchases(events, left))
    return tuple(done for one in revisions for done in _in_revision(one, left))


def steps_left(profile: SigningProfile, done: Sequence[DoneStep]) -> tuple[ProfileStep, ...]:
    """Return the steps behind the last one that is done: no other order is ever accepted."""
    places = [profile.langkah.index(one.step) for one in done if one.step is not None]
    return profile.langkah[max(places, default=-1) + 1 :]


def _can_be(events: Sequence[Event], profile: SigningProfile, *, is_ended: bool) -> bool:
    names = {name for step in profile.langkah for name in _names(step)}
    if not _named_steps(events) <= names:
        return False
    return not is_ended or not steps_left(profile, steps_done(events, profile))


def _named_steps(events: Sequence[Event]) -> set[str]:
    """Return every step that is named; archives and files from elsewhere tell nothing."""
    named = {
        str(one.isi.get("langkah"))
        for one in events
        if one.jenis.startswith("langkah.") or one.jenis == kinds.METERAI_NIAT
    }
    return named - {kinds.ARSIP, kinds.DARI_LUAR}


def _names(step: ProfileStep) -> tuple[str, str]:
    """Return how a step is written down: by its code, or by its place when done singly."""
    return step.kode, step.tempat.lower()


def _in_revision(event: Event, left: list[ProfileStep]) -> list[DoneStep]:
    """Take what one revision added off the steps that are left; it may hold several of them."""
    found: list[DoneStep] = []
    names = [one for one in str(event.isi.get("bidang") or "").split(", ") if one]
    for field, signer in zip(names, _signers(event, len(names)), strict=True):
        if field.startswith(_ARCHIVE_FIELD):
            found.append(_done(None, "arsip", None, event, signer))
            continue
        step = _step_of(field, event, left)
        if step is not None:
            left.remove(step)
            sn = field.removeprefix(_METERAI_FIELD) if step.jenis == "meterai" else None
            found.append(_done(step, step.jenis, step.peran, event, signer, sn))
    return found


def _signers(event: Event, count: int) -> list[str | None]:
    """Return one name for each field; nobody where a comma in a name leaves it open."""
    together = str(event.isi.get("penanda") or "")
    if count == 1:
        return [together or None]
    several: list[str | None] = [*together.split(", ")]
    return several if len(several) == count else [None] * count


def _step_of(field: str, event: Event, left: list[ProfileStep]) -> ProfileStep | None:
    named = next((one for one in left if one.kode == event.isi.get("langkah")), None)
    if named is not None:
        return named
    if field.startswith(_METERAI_FIELD):
        # it does not name its place, but the order of the profile leaves only one
        return next((one for one in left if one.jenis == "meterai"), None)
    return next((one for one in left if one.tempat == field), None)


def _in_purchases(events: Sequence[Event], left: list[ProfileStep]) -> list[DoneStep]:
    intents = {one.isi.get("kunci"): one.isi for one in events if one.jenis == kinds.METERAI_NIAT}
    found: list[DoneStep] = []
    for event in events:
        intent = intents.get(event.isi.get("kunci"))
        if event.jenis != kinds.METERAI_TERBUBUH or intent is None:
            continue
        step = next((one for one in left if intent.get("langkah") in _names(one)), None)
        sn = event.isi.get("sn")
        found.append(_done(step, "meterai", intent.get("peran"), event, None, sn))
    return found


def _done(
    step: ProfileStep | None,
    jenis: str,
    peran: str | None,
    event: Event,
    signer: str | None,
    sn: str | None = None,
) -> DoneStep:
    return DoneStep(step=step, jenis=jenis, peran=peran, waktu=event.waktu, penanda=signer, sn=sn)
