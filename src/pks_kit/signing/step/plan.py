"""Everything that is refused before a key is touched or a meterai is bought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pks_kit.domain.nama_orang import Reason, compare_names
from pks_kit.domain.receipt import RecordedPlace
from pks_kit.errors import SigningError, UsageError
from pks_kit.messages import lookup
from pks_kit.pdf.box import Box, place_box
from pks_kit.policy.signing_profile import SigningProfile, next_steps
from pks_kit.signing.step.state import AgreementState

SMALLEST_METERAI = 40.0
"""Side of the smallest stamp in points; integrators use 54 to 100 (docs/sumber.md E2.5)."""

_FINAL: Mapping[Reason, str] = {
    "organisation": "signing.name_of_organisation",
    "unnamed": "signing.no_name",
    "hidden": "signing.name_hides",
}
"""Reasons that no acceptance of another spelling removes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the caller asks for.

    Attributes:
        jenis: Sign or stamp.
        peran: Role whose step of the profile is wanted, for example ``pihak_kesatu``.
        tempat: Name of a place, for places beyond the order of the profile.
    """

    jenis: Literal["tanda_tangan", "meterai"]
    peran: str | None = None
    tempat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A step that may be done now.

    Attributes:
        kode: Step of the profile, or ``tambahan`` for a place beyond it.
        place: RecordedPlace of the receipt.
        box: Rectangle of the signature or stamp.
        has_field: Whether an empty field of the place's name waits there; a blank area gets its
            field when it is filled.
    """

    kode: str
    place: RecordedPlace
    box: Box
    has_field: bool


def plan_step(state: AgreementState, profile: SigningProfile, wanted: Wanted) -> Planned:
    """Return the wanted step after checking that it may be done now.

    Raises:
        UsageError: ``signing.no_such_step``, ``signing.place_unknown``,
            ``signing.place_of_other``, ``signing.not_electronic``.
        SigningError: ``signing.already_done``, ``signing.out_of_turn``, ``signing.place_differs``,
            ``signing.page_rotated``, ``signing.no_room``.
    """
    place = _place(state, profile, wanted)
    done = state.filling(place.name)
    if done is not None:
        when = done.time or "?"
        raise SigningError("signing.already_done", place=place.name, name=done.signer, time=when)
    return Planned(
        kode=_turn(state, profile, place),
        place=place,
        box=_checked_box(state, place),
        has_field=state.layout.field(place.name) is not None,
    )


def check_person(name: str, place: RecordedPlace, accepted: str | None) -> None:
    """Refuse a certificate that names somebody else than the agreement does.

    Args:
        name: Common name of the certificate.
        place: RecordedPlace with the printed name.
        accepted: Common name that the caller accepts in spite of the difference.

    Raises:
        SigningError: ``signing.name_of_organisation``, ``signing.no_name`` and
            ``signing.name_hides``, which nobody can accept: a seal is no person's, and nobody can
            say what stands there; ``signing.name_differs``, with the reason.
    """
    found = compare_names(name, place.nama)
    if found.outcome == "same":
        return
    final = _FINAL.get(found.reason)
    if final is not None:
        raise SigningError(final, certificate=name, printed=place.nama)
    if accepted != name:
        why = lookup(f"person.why.{found.reason}")
        raise SigningError("signing.name_differs", certificate=name, printed=place.nama, why=why)


def check_not_mixed(state: AgreementState, *, is_uji: bool, timestamps_are_uji: bool) -> None:
    """Refuse to mix sandbox and real services in one document.

    Raises:
        SigningError: ``signing.mixed_test_and_real``.
    """
    earlier = any(seen.is_uji != is_uji for seen in state.signatures if seen.kind != "timestamp")
    if earlier or (timestamps_are_uji and not is_uji):
        raise SigningError("signing.mixed_test_and_real")


def _place(state: AgreementState, profile: SigningProfile, wanted: Wanted) -> RecordedPlace:
    name = wanted.tempat
    if name is None:
        steps = [
            step
            for step in profile.langkah
            if step.jenis == wanted.jenis and step.peran == wanted.peran
        ]
        if not steps:
            raise UsageError("signing.no_such_step", profile=profile.nama, role=wanted.peran)
        name = next((step.tempat for step in steps if not state.filling(step.tempat)), None)
        name = name or steps[-1].tempat
    place = state.receipt.place(name)
    if place is None or place.kind != wanted.jenis:
        known = ", ".join(p.name for p in state.receipt.places if p.kind == wanted.jenis)
        raise UsageError("signing.place_unknown", place=name, known=known or "-")
    if wanted.peran is not None and place.peran != wanted.peran:
        raise UsageError("signing.place_of_other", place=name, role=place.peran)
    return place


def _turn(state: AgreementState, profile: SigningProfile, place: RecordedPlace) -> str:
    waiting = next_steps(profile, state.filled)
    for step in profile.langkah:
        if step.tempat == place.name:
            if waiting[0] != step:
                raise SigningError("signing.out_of_turn", step=step.kode, first=waiting[0].kode)
            return step.kode
    extra = profile.tambahan
    if extra is None or place.peran not in extra.peran:
        raise UsageError("signing.not_electronic", place=place.name, profile=profile.nama)
    before = profile.step(extra.setelah) if extra.setelah else None
    if before is not None and before in waiting:
        raise SigningError("signing.out_of_turn", step=place.name, first=before.kode)
    signature = _signature_place(state, place)
    if place.kind == "meterai" and signature and signature.name not in state.filled:
        raise SigningError("signing.out_of_turn", step=place.name, first=signature.name)
    return "tambahan"


def _signature_place(state: AgreementState, place: RecordedPlace) -> RecordedPlace | None:
    return next(
        (
            other
            for other in state.receipt.places
            if other.kode == place.kode and other.kind == "tanda_tangan"
        ),
        None,
    )


def _checked_box(state: AgreementState, place: RecordedPlace) -> Box:
    box = place_box(place)
    if box.page > len(state.layout.pages):
        raise SigningError("signing.place_differs", place=place.name)
    page = state.layout.pages[box.page - 1]
    if page.rotation:
        raise SigningError("signing.page_rotated", page=box.page, degrees=page.rotation)
    if not box.inside(page.area):
        raise SigningError("signing.place_differs", place=place.name)
    if place.kind == "meterai":
        return _stamp_box(state, place, box)
    field = state.layout.field(place.name)
    if field is None:
        return _free(state, place, box)
    usable = field.is_signature and not field.filled
    if not usable or field.box is None or not field.box.equals(box):
        raise SigningError("signing.place_differs", place=place.name)
    return box


def _stamp_box(state: AgreementState, place: RecordedPlace, reserved: Box) -> Box:
    box = reserved.square()
    if box.width < SMALLEST_METERAI:
        raise SigningError("signing.no_room", place=place.name)
    return _free(state, place, box)


def _free(state: AgreementState, place: RecordedPlace, box: Box) -> Box:
    if any(field.box and field.box.overlaps(box) for field in state.layout.fields):
        raise SigningError("signing.no_room", place=place.name)
    return box
