"""Long life (PAdES B-LTA): validation material for every signature, then a document timestamp.

A signature is provable as long as somebody can show that its certificate was good when it was
made. Material for that vanishes with the services that give it, so it is stored in the file, and
a document timestamp seals it. Before the certificate of that timestamp ends, the same is done
again: this is ``extend``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pks_kit.errors import SigningError
from pks_kit.foreign import HERE, Looks
from pks_kit.limits import PDF_BYTES
from pks_kit.messages.told_reasons import told_reasons
from pks_kit.pdf.layout import check_room
from pks_kit.pki.certificates import date_of
from pks_kit.pki.chains import ChainAnswer, Subject, Trust, gather, judge
from pks_kit.pki.dss import Stored
from pks_kit.pki.material import ValidationMaterial
from pks_kit.pki.names import common_name
from pks_kit.pki.prepared_names import prepare_names_once
from pks_kit.signing.archive.growing_file import GrowingFile
from pks_kit.signing.archive.signed_parts import Signed

if TYPE_CHECKING:
    from asn1crypto import x509

    from pks_kit.domain.ledger_head import AnchoredHead
    from pks_kit.pki.revocation_http import RevocationSource
    from pks_kit.signing.ports import TimeStamperSource
    from pks_kit.signing.step.state import AgreementState


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveJob:
    """What archiving needs from outside.

    Attributes:
        trust: Anchors of the user, and revocation lists that the user gave.
        timestamps: Authority of the document timestamp.
        now: Present time.
        source: Where to fetch revocation data; None for no network.
        looks: Where files are opened.
        head: Head of the ledger that the document timestamp shall cover; None for none.
    """

    trust: Trust
    timestamps: TimeStamperSource
    now: datetime
    source: RevocationSource | None = None
    looks: Looks = HERE
    head: AnchoredHead | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """An archived file.

    Attributes:
        pdf: The file with the revisions appended.
        field: Field of the new document timestamp.
        authority: Common name of its authority.
        time: Time that it states.
        until: End of its certificate: extend before.
        previous_until: The same of the document timestamp that was the newest before, or None.
        covered: Fields whose material was added or found, in order.
    """

    pdf: bytes
    field: str
    authority: str
    time: datetime
    until: datetime
    previous_until: datetime | None
    covered: tuple[str, ...]


async def archive(pdf: bytes, job: ArchiveJob, state: AgreementState | None = None) -> Archived:
    """Return the file as PAdES B-LTA, or with its archive prolonged when it is that already.

    The file must have passed ``read_state``: integrity is not judged here, only chains are.

    Args:
        pdf: The file.
        job: What archiving needs from outside.
        state: What ``read_state`` told of these very bytes; None: they are opened.

    Raises:
        SigningError: ``archive.no_signature``; ``archive.lapsed`` when the newest document
            timestamp is not valid any more; ``archive.too_late`` when a certificate ended before
            its material was stored; ``archive.revoked``, ``archive.untrusted``,
            ``archive.revocation_unknown``; ``timestamp.*``; ``archive.result_wrong``.
        InputError: ``pdf.unreadable``.
    """
    check_room(pdf)
    prepare_names_once()
    file = GrowingFile(pdf=pdf, looks=job.looks, state=state)
    signed, stored = file.parts()
    if not signed:
        raise SigningError("archive.no_signature")
    newest = signed[-1] if signed[-1].is_timestamp else None
    entries = [(one.entry, await _material(one, stored, job, one is newest)) for one in signed]
    wanted = [(name, evidence) for name, evidence in entries if evidence is not None]
    if wanted:
        file.store(wanted)
    await file.seal(job.timestamps, job.head)
    await _add_own_material(file, job)
    seal, authority = await _check(pdf, file, job, known=len(signed))
    return Archived(
        pdf=file.pdf,
        field=seal.field,
        authority=authority.name,
        time=authority.moment,
        until=authority.certificate.not_valid_after,
        previous_until=newest.subjects[0].certificate.not_valid_after if newest else None,
        covered=tuple(one.field for one in signed),
    )


async def _material(
    signed: Signed, stored: Stored, job: ArchiveJob, is_newest_seal: bool
) -> ValidationMaterial | None:
    """Return what must be stored for a signature; None when the file has it already."""
    if is_newest_seal:
        return await _material_of_seal(signed, stored, job)
    if signed.entry in stored.signatures and await _is_complete(signed, stored, job):
        return None
    found = ValidationMaterial()
    for subject in signed.subjects:
        answer, evidence = await gather(subject, job.trust, stored.material, job.source)
        _refuse(answer, signed.field, subject, job)
        ended = _ended(answer, job.now)
        if ended is not None and not await _is_complete(signed, stored, job):
            raise SigningError(
                "archive.too_late",
                field=signed.field,
                name=common_name(ended.subject),
                date=date_of(ended.not_valid_after),
            )
        found = found.joined(evidence)
    return found


async def _is_complete(signed: Signed, stored: Stored, job: ArchiveJob) -> bool:
    """Return whether the store of the file proves a signature by itself."""
    alone = Trust(roots=job.trust.roots)
    for subject in signed.subjects:
        if (await judge(subject, alone, stored.material)).kind != "good":
            return False
    return True


async def _material_of_seal(signed: Signed, stored: Stored, job: ArchiveJob) -> ValidationMaterial:
    """The newest document timestamp must be good now: after it, nothing protects the file."""
    now = Subject(
        certificate=signed.subjects[0].certificate,
        brought=signed.subjects[0].brought,
        moment=job.now,
    )
    answer, evidence = await gather(now, job.trust, stored.material, job.source, retroactive=False)
    if answer.kind in ("expired", "revoked"):
        raise SigningError(
            "archive.lapsed", field=signed.field, name=answer.name, date=date_of(answer.date)
        )
    _refuse(answer, signed.field, now, job)
    return evidence


def _refuse(answer: ChainAnswer, field: str, subject: Subject, job: ArchiveJob) -> None:
    if answer.kind == "good":
        return
    words = {"field": field, "name": answer.name or subject.name}
    if answer.kind == "unknown":
        reached = "; ".join(job.source.failures[-3:]) if job.source else ""
        raise SigningError(
            "archive.revocation_unknown", **words, reason=told_reasons(reached or "-")
        )
    if answer.kind == "revoked":
        raise SigningError("archive.revoked", **words, date=date_of(answer.date))
    raise SigningError("archive.untrusted", **words)


def _ended(answer: ChainAnswer, now: datetime) -> x509.Certificate | None:
    """Return a certificate that has ended.

    An authority may drop such ones from its lists: silence proves nothing then.
    """
    return next((one for one in answer.certificates() if one.not_valid_after < now), None)


async def _add_own_material(file: GrowingFile, job: ArchiveJob) -> None:
    """Store material of the new document timestamp when earlier ones do not serve it, too."""
    signed, stored = file.parts()
    seal = signed[-1]
    own = seal.subjects[0]
    if (await judge(own, Trust(roots=job.trust.roots), stored.material)).kind == "good":
        return
    answer, evidence = await gather(own, job.trust, stored.material, job.source)
    _refuse(answer, seal.field, own, job)
    file.store([(seal.entry, evidence)])


async def _check(
    before: bytes, file: GrowingFile, job: ArchiveJob, *, known: int
) -> tuple[Signed, Subject]:
    """Return the new seal after making sure that the file alone proves every signature in it."""
    if not file.pdf.startswith(before):
        raise SigningError("archive.result_wrong", reason="prefix")
    if len(file.pdf) > PDF_BYTES:  # revocation lists may be large
        raise SigningError("archive.result_wrong", reason="size")
    signed, stored = file.parts()
    if len(signed) != known + 1 or not signed[-1].is_timestamp:
        raise SigningError("archive.result_wrong", reason="count")
    alone = Trust(roots=job.trust.roots)
    for one in signed:
        for subject in one.subjects:
            answer = await judge(subject, alone, stored.material)
            if answer.kind != "good":
                reason = f"{one.field}: {answer.kind}"
                raise SigningError("archive.result_wrong", reason=reason)
    return signed[-1], signed[-1].subjects[0]
