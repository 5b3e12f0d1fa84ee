"""One step on one file: sign or stamp a planned place, and check the result.

``sign`` does one such step for a caller; a session does all of them. What differs between a local
key, a signing service and a meterai is decided here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pks_kit.domain.receipt import Receipt
from pks_kit.errors import SigningError, UsageError
from pks_kit.foreign import HERE
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.policy.box_look import BoxLook
from pks_kit.policy.signing_profile import SigningProfile
from pks_kit.signing.ports import NamedOnTheSpot, PdfSigningJob, StampJob
from pks_kit.signing.step.check_result import StepChecked, check_result
from pks_kit.signing.step.plan import Planned, check_not_mixed, check_person
from pks_kit.signing.step.stamp_preflight import check_stampable
from pks_kit.signing.step.state import AgreementState
from pks_kit.verification.report.verdict import Note

if TYPE_CHECKING:
    from pks_kit.foreign import Looks
    from pks_kit.pipelines.signing.purchase import MeteraiPurchase
    from pks_kit.render.appearance import AppearanceFacts
    from pks_kit.signing.ports import (
        PdfSigningService,
        SignerSource,
        SigningIdentity,
        TimeStamperSource,
    )
    from pks_kit.signing.revocation_check import RevocationCheck
    from pks_kit.signing.step.reserved_space import PreparedRevision
    from pks_kit.signing.step.sign_field import FieldRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a signature says beside the name.

    Attributes:
        alasan: ``/Reason``; None for the usual words.
        lokasi: ``/Location``; empty for none.
        nama_diterima: Certificate name that is accepted although the agreement prints another.
        tampilan: Look of the signature box; None for the usual one.
    """

    alasan: str | None = None
    lokasi: str = ""
    nama_diterima: str | None = None
    tampilan: BoxLook | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A file, its state, and the step that is to be done now.

    Attributes:
        before: Bytes of the file.
        state: What is in it.
        planned: The step.
        profile: Signing profile.
        now: Own clock.
        words: Reason, location, accepted name.
        looks: Where files from outside are opened.
    """

    before: bytes
    state: AgreementState
    planned: Planned
    profile: SigningProfile
    now: datetime
    words: Words = field(default_factory=Words)
    looks: Looks = HERE

    @property
    def receipt(self) -> Receipt:
        """Return the receipt of the agreement."""
        return self.state.receipt

    def checked(self, after: bytes) -> StepChecked:
        """Return the result after making sure that it added exactly the planned signature.

        Args:
            after: The result.

        Raises:
            SigningError: ``signing.result_wrong``, ``pdf.grown``.
            NotLookedError: ``pdf.not_looked``.
        """
        return check_result(
            self.before,
            after,
            self.state,
            self.planned,
            self.profile,
            self.now,
            self.looks,
        )


def agreement_words(receipt: Receipt) -> str:
    """Return how a signature names its agreement."""
    return f"Perjanjian Nomor {receipt.nomor_kesatu} dan {receipt.nomor_kedua}"


async def sign_with_key(
    situation: Situation,
    source: SignerSource,
    timestamps: TimeStamperSource,
    revocation: RevocationCheck | None = None,
) -> StepChecked:
    """Sign the planned place with a key (file, token or remote hash signing).

    Args:
        situation: The file and the step.
        source: The key.
        timestamps: Timestamp authority.
        revocation: Asks about the signer's certificate before the act; None: not asked.

    Raises:
        SigningError: Refused or failed; nothing came of it.
        UnknownOutcomeError: A remote service may have signed; nothing came of it here.
    """
    from pks_kit.signing.step.sign_field import FieldRevision, sign_revision, software

    planned, words = situation.planned, situation.words
    if isinstance(source, NamedOnTheSpot):
        source = source.signing_as(planned.place.nama)
    identity = await source.identity(situation.now)
    try:
        check_person(identity.name, planned.place, words.nama_diterima)
    except SigningError as error:
        if error.code == "signing.name_differs":  # perhaps only by what the fonts have no sign for
            _check_drawable(identity, words.tampilan)
        raise
    check_not_mixed(situation.state, is_uji=identity.is_uji, timestamps_are_uji=timestamps.is_uji)
    _check_drawable(identity, words.tampilan)
    if revocation is not None:
        await revocation.check(identity, situation.now)
    question = FieldRevision(
        field=planned.place.name,
        new_box=None if planned.has_field else planned.box,
        name=identity.name,
        reason=_reason(situation),
        location=words.lokasi,
        now=situation.now,
        software=software("pks-kit"),
    )
    revision = _prepared(situation, question, identity)
    after = await sign_revision(revision, situation.now, identity.signer, timestamps)
    checked = situation.checked(after)
    if identity.lacks_issuer and isinstance(situation.looks, LooksInside):
        told = {"signer": identity.name, "issuer": identity.issuer}
        situation.looks.remark(Note(code="chain_missing", params=told))
    return checked


def _prepared(
    situation: Situation, question: FieldRevision, identity: SigningIdentity
) -> PreparedRevision:
    """Return the revision without its signature.

    In a prepared field of our own file it is written here, from what is known of the file. Else the
    layout engine draws the box, and the file is opened where files from outside are.
    """
    from pks_kit.pdf.layout import check_room
    from pks_kit.render.appearance import own_appearance, render_appearance
    from pks_kit.signing.step.own_revision import own_revision
    from pks_kit.signing.step.reserved_space import prepared_revision

    before, known, look = situation.before, situation.state.known, situation.words.tampilan
    check_room(before)
    facts = _facts(situation, identity)
    box = None
    if known is not None and situation.planned.has_field:
        box = own_appearance(facts, known.fonts, look)
    if box is not None and known is not None:
        appended = own_revision(before, known, question, situation.planned.box, box)
        return prepared_revision(before, appended, is_own=True)
    picture = render_appearance(facts, look)
    appended = situation.looks.ask(question, before, picture).content
    return prepared_revision(before, appended)


async def sign_with_service(situation: Situation, service: PdfSigningService) -> StepChecked:
    """Have a service sign the planned place in its own field, and check what it gave back.

    Raises:
        SigningError: ``signing.field_prepared`` when an empty field waits in the place; the
            service refused; or the answer is not exactly the planned signature.
        UnknownOutcomeError: It may have signed; its answer is lost.
    """
    from pks_kit.render.appearance import appearance_png, signature_code

    planned, words = situation.planned, situation.words
    if planned.has_field:
        raise SigningError("signing.field_prepared", place=planned.place.name)
    if service.signer_name:
        check_person(service.signer_name, planned.place, words.nama_diterima)
    check_not_mixed(situation.state, is_uji=service.is_uji, timestamps_are_uji=service.is_uji)
    await service.check_ready(situation.now)
    page = situation.state.layout.pages[planned.box.page - 1]
    after = await service.sign_pdf(
        PdfSigningJob(
            pdf=situation.before,
            box=planned.box,
            page_height=page.area.rect[3],
            picture_png=appearance_png(
                _facts(situation, None, is_uji=service.is_uji), words.tampilan
            ),
            code=signature_code(situation.receipt.agreement_id, situation.now, words.tampilan),
            alasan=_reason(situation),
            lokasi=words.lokasi,
            now=situation.now,
            looks=situation.looks,
        )
    )
    checked = situation.checked(after)
    check_person(checked.added.signer, planned.place, words.nama_diterima)
    return _same_world(checked, is_uji=service.is_uji)


async def stamp(situation: Situation, purchase: MeteraiPurchase) -> StepChecked:
    """Stamp the planned place with a meterai bought (or bought before) for exactly these bytes.

    What an adapter would refuse, or do wrong without a word, is refused before anything is bought.

    Args:
        situation: The file and the step.
        purchase: Buys once, or gives the meterai that was bought before.

    Raises:
        SigningError: Refused (``stamp_preflight``, before buying); a meterai that was bought stays
            on record.
        UnknownOutcomeError: Bought or stamped, nobody here knows; it is on record.
    """
    provider = purchase.provider
    check_not_mixed(situation.state, is_uji=provider.is_uji, timestamps_are_uji=provider.is_uji)
    check_stampable(situation.before, situation.planned.box, situation.looks, situation.state)
    meterai, is_retry = await purchase.buy()
    job = StampJob(
        pdf=situation.before,
        meterai=meterai,
        box=situation.planned.box,
        alasan=situation.words.alasan or agreement_words(situation.receipt),
        lokasi=situation.words.lokasi,
        now=situation.now,
        is_retry=is_retry,
        looks=situation.looks,
        known=situation.state.known,
    )
    after = await purchase.stamp(job)
    checked = situation.checked(after)
    if checked.added.sn != meterai.sn:
        raise SigningError("signing.result_wrong", reason="serial number")
    return _same_world(checked, is_uji=provider.is_uji)


def _same_world(checked: StepChecked, *, is_uji: bool) -> StepChecked:
    """Refuse a test certificate from a production service, and the other way round."""
    if checked.added.is_uji != is_uji:
        raise SigningError("signing.other_environment", signer=checked.added.signer)
    return checked


def _reason(situation: Situation) -> str:
    return situation.words.alasan or f"Menandatangani {agreement_words(situation.receipt)}"


def _check_drawable(identity: SigningIdentity, look: BoxLook | None) -> None:
    """Refuse to draw names of a certificate for which the fonts have no signs.

    Raises:
        SigningError: ``signing.name_not_drawable``: nobody can change a certificate, but a look
            can leave its names out.
    """
    from pks_kit.render.fonts import character_name, unprintable

    if look is not None and not look.penerbit:
        return
    for name in (identity.name, identity.issuer):
        character = unprintable(name)
        if character:
            told = character_name(character)
            raise SigningError("signing.name_not_drawable", certificate=name, character=told)


def _facts(
    situation: Situation, identity: SigningIdentity | None, *, is_uji: bool = False
) -> AppearanceFacts:
    """Return what the box says; of a service nobody knows the certificate before it signed."""
    from pks_kit.render.appearance import AppearanceFacts

    planned = situation.planned
    return AppearanceFacts(
        width=planned.box.width,
        height=planned.box.height,
        nama=planned.place.nama,
        jabatan=planned.place.jabatan,
        sertifikat=identity.name if identity else "",
        penerbit=identity.issuer if identity else "",
        waktu=situation.now,
        agreement_id=situation.receipt.agreement_id,
        is_uji=identity.is_uji if identity else is_uji,
        alasan=_reason(situation),
    )


def one_of(*tools: object) -> None:
    """Refuse a request that names none or several tools to fill a place.

    Raises:
        UsageError: ``sign.key_or_meterai``.
    """
    if sum(tool is not None for tool in tools) != 1:
        raise UsageError("sign.key_or_meterai")
