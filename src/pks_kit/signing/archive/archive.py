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
from pks_kit.signing.archive.dss import add_to_store
from pks_kit.signing.archive.seal import sealed
from pks_kit.signing.archive.signed_parts import Signed, signed_parts

if TYPE_CHECKING:
    from pks_kit.domain.ledger_head import AnchoredHead
    from pks_kit.pki.revocation_http import RevocationSource
    from pks_kit.signing.ports import TimeStamperSource


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


async def archive(pdf: bytes, job: ArchiveJob) -> Archived:
    """Return the file as PAdES B-LTA, or with its archive prolonged when it is that already.

    The file must have passed ``read_state``: integrity is not judged here, only chains are.

    Raises:
        SigningError: ``archive.no_signature``; ``archive.lapsed`` when the newest document
            timestamp is not valid any more; ``archive.too_late`` when a certificate ended before
            its material was stored; ``archive.revoked``, ``archive.untrusted``,
            ``archive.revocation_unknown``; ``timestamp.*``; ``archive.result_wrong``.
        InputError: ``pdf.unreadable``.
    """
    check_room(pdf)
    signed, stored = signed_parts(pdf, job.looks)
    if not signed:
        raise SigningError("archive.no_signature")
    newest = signed[-1] if signed[-1].is_timestamp else None
    entries = [(one.entry, await _material(one, stored, job, one is newest)) for one in signed]
    wanted = [(name, evidence) for name, evidence in entries if evidence is not None]
    stored_in = add_to_store(pdf, wanted, job.looks) if wanted else pdf
    result = await _with_own_material(
        await sealed(stored_in, job.timestamps, job.head, job.looks), job
    )
    seal, authority = await _check(pdf, result, job, known=len(signed))
    return Archived(
        pdf=result,
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
    answers = [
        await judge(one, Trust(roots=job.trust.roots), stored.material) for one in signed.subjects
    ]
    complete = all(answer.kind == "good" for answer in answers)
    if complete and signed.entry in stored.signatures:
        return None
    found = ValidationMaterial()
    for subject in signed.subjects:
        answer, evidence = await gather(subject, job.trust, stored.material, job.source)
        _refuse(answer, signed.field, subject, job)
        if not complete:
            _refuse_ended(answer, signed.field, job.now)
        found = found.joined(evidence)
    return found


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


def _refuse_ended(answer: ChainAnswer, field: str, now: datetime) -> None:
    """An authority may drop ended certificates from its lists: silence proves nothing then."""
    for certificate in answer.certificates():
        if certificate.not_valid_after < now:
            raise SigningError(
                "archive.too_late",
                field=field,
                name=common_name(certificate.subject),
                date=date_of(certificate.not_valid_after),
            )


async def _with_own_material(pdf: bytes, job: ArchiveJob) -> bytes:
    """Store material of the new document timestamp when earlier ones do not serve it, too."""
    signed, stored = signed_parts(pdf, job.looks)
    seal = signed[-1]
    own = seal.subjects[0]
    if (await judge(own, Trust(roots=job.trust.roots), stored.material)).kind == "good":
        return pdf
    answer, evidence = await gather(own, job.trust, stored.material, job.source)
    _refuse(answer, seal.field, own, job)
    return add_to_store(pdf, [(seal.entry, evidence)], job.looks)


async def _check(
    before: bytes, after: bytes, job: ArchiveJob, *, known: int
) -> tuple[Signed, Subject]:
    """Return the new seal after making sure that the file alone proves every signature in it."""
    if not after.startswith(before):
        raise SigningError("archive.result_wrong", reason="prefix")
    if len(after) > PDF_BYTES:  # revocation lists may be large
        raise SigningError("archive.result_wrong", reason="size")
    signed, stored = signed_parts(after, job.looks)
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
