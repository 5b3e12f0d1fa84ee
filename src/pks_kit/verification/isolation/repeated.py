"""What needs no parser of PDFs, asked again and compared with what the first child reports.

A fault in a parser can give the child to whoever made the file, and then its report says anything.
Three things do not depend on it: the file itself, which the host holds; the facts about its
signatures, which fresh code told before a parser saw the file
(:mod:`pks_kit.verification.signatures.signed_ranges`); and the profile, which is ours. A ``passed``
that any of them does not bear out is no longer one. Who had to sign is counted here, by the facts.

Nothing here reads a PDF, nor loads what could.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from pks_kit.domain.nama_orang import same_person
from pks_kit.domain.receipt import RECEIPT_ATTACHMENT, Receipt, parse_receipt
from pks_kit.errors import InputError, PksKitError
from pks_kit.limits import MIB
from pks_kit.policy.document_policy import PKS_FINAL
from pks_kit.policy.signing_profile import SigningProfile, load_profile
from pks_kit.verification.file.issued_bytes import check_issued_prefix
from pks_kit.verification.report.answers import failed, indeterminate

if TYPE_CHECKING:
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.report.signed_fact import SignedFact
    from pks_kit.verification.report.verdict import (
        Check,
        RevisionReport,
        SignatureReport,
        VerifyReport,
    )

_MOST_SKEW = timedelta(minutes=2)
_MOST_RECEIPT = MIB
_MOST_STREAMS = 64
_TAIL = 16
_STREAM = re.compile(rb"/EmbeddedFile\b[^>]{0,400}(?:>[^>]{0,400}){0,3}>>\s{0,4}stream\r?\n")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A signature as reported, and the fact about the bytes that it means; None: there is none."""

    told: SignatureReport
    fact: SignedFact | None


def objections(
    job: Examination, report: VerifyReport, facts: Sequence[SignedFact]
) -> tuple[Check, ...]:
    """Return why a report cannot stand as it is; nothing when all that was repeated agrees.

    Args:
        job: What was asked.
        report: What the first child reports.
        facts: What was proven before a parser saw the file.
    """
    pairs = _pairs(report, facts)
    found = [*_prefix(job, report), *_claims(job, report, pairs)]
    if not found and report.verdict == "passed":
        found = [*_whole(job, report, pairs, facts), *_steps(job, report, pairs)]
    return tuple(found)


def _prefix(job: Examination, report: VerifyReport) -> Iterator[Check]:
    """The file begins with the issued bytes, or the report says that it does not."""
    own = check_issued_prefix(job.content, job.issued, job.issued_identity)
    told = {one.status for one in report.checks if one.code == "issued.prefix"}
    if told != {one.status for one in own}:
        yield from own or [failed("signature.repeated", "invented")]


def _pairs(report: VerifyReport, facts: Sequence[SignedFact]) -> list[_Pair]:
    """Find for each reported signature the bytes that it can only mean: one for one."""
    left = list(facts)
    spans = {one.number: one for one in report.revisions}
    pairs = []
    for told in report.signatures:
        span = spans.get(-1 if told.revision is None else told.revision)
        fitting = [one for one in left if _fits(told, one, span)]
        fact = next(iter(fitting), None)
        if fact is not None:
            left.remove(fact)
        pairs.append(_Pair(told, fact))
    return pairs


def _fits(told: SignatureReport, fact: SignedFact, span: RevisionReport | None) -> bool:
    if fact.could_look and fact.is_timestamp != (told.kind == "timestamp"):
        return False
    if span is None:  # the file could not be cut into revisions
        return not fact.could_look or fact.serial == told.certificate_serial
    return span.start <= fact.start and span.start < fact.end <= span.end


def _claims(job: Examination, report: VerifyReport, pairs: Sequence[_Pair]) -> Iterator[Check]:
    """Whatever is reported of a signature as good must follow from its bytes."""
    passed = {(one.code, one.field) for one in report.checks if one.status == "passed"}
    known = {pair.told.field for pair in pairs}
    for code, field in sorted(passed, key=str):
        if code in _ASKED and field not in known:
            yield failed(
                "signature.repeated", "invented_signature", "cryptographic", field=field or "?"
            )
    for pair in pairs:
        claims = {code for code in _ASKED if (code, pair.told.field) in passed}
        if not claims and not pair.told.intact and not pair.told.trusted:
            continue
        yield from _of_signature(job, pair, claims)


_ASKED = frozenset(
    {
        *("signature.integrity", "signature.coverage", "signature.trust", "signature.time"),
        "meterai.genuine",
    }
)


def _of_signature(job: Examination, pair: _Pair, claims: set[str]) -> Iterator[Check]:
    told, fact = pair.told, pair.fact
    field = told.field
    if fact is None:
        yield indeterminate("signature.repeated", "not_found", "cryptographic", field=field)
    elif not fact.could_look:
        yield indeterminate("signature.repeated", "not_looked", "cryptographic", field=field)
    elif told.intact and not fact.sound:
        yield failed("signature.repeated", "broken", "cryptographic", field=field)
    elif (told.signer, told.issuer, told.certificate_serial) != (
        fact.signer,
        fact.issuer,
        fact.serial,
    ):
        yield failed(
            "signature.repeated", "other_signer", "cryptographic", field=field, signer=fact.signer
        )
    elif "signature.integrity" in claims and not fact.regular:
        yield indeterminate("signature.repeated", "unusual", "cryptographic", field=field)
    elif told.trusted and not fact.trusted:
        yield failed(
            "signature.repeated", "untrusted", "cryptographic", field=field, signer=fact.signer
        )
    elif told.time is not None and told.time != fact.time:
        yield failed("signature.repeated", "other_time", "cryptographic", field=field)
    elif fact.trusted and fact.test_authority and not told.test_authority:
        yield failed("signature.repeated", "test", "cryptographic", field=field, signer=fact.signer)
    elif not _bears_out(job, pair.told, fact, claims):
        yield failed(
            "signature.repeated", "overstated", "cryptographic", field=field, signer=fact.signer
        )


def _bears_out(job: Examination, told: SignatureReport, fact: SignedFact, claims: set[str]) -> bool:
    """Return whether the answers that passed follow from the fact."""
    if "signature.coverage" in claims and not _covers(job, told, fact):
        return False
    if "signature.trust" in claims and not fact.trusted:
        return False
    if "signature.time" in claims and not (_is_past(job, fact) or _is_silent(job, told, fact)):
        return False
    if "meterai.genuine" in claims:
        is_stamp = fact.trusted and "meterai" in fact.signer.casefold()
        return is_stamp and (fact.test_authority or (fact.pinned and fact.time is not None))
    return True


def _is_silent(job: Examination, told: SignatureReport, fact: SignedFact) -> bool:
    """Return whether it brings no timestamp, nobody asked for one, and it holds by itself."""
    return job.leaves_time_open and told.time is None and fact.trusted and not fact.has_token


def _is_past(job: Examination, fact: SignedFact) -> bool:
    return fact.time is not None and datetime.fromisoformat(fact.time) <= job.now + _MOST_SKEW


def _covers(job: Examination, told: SignatureReport, fact: SignedFact) -> bool:
    """Return whether what is signed is a whole file, and this one if that is reported."""
    tail = job.content[max(0, fact.end - _TAIL) : fact.end]
    is_whole = tail.rstrip(b"\r\n").endswith(b"%%EOF")
    return is_whole and (told.coverage != "entire_file" or fact.end == len(job.content))


def _whole(
    job: Examination, report: VerifyReport, pairs: Sequence[_Pair], facts: Sequence[SignedFact]
) -> Iterator[Check]:
    """Somebody trusted signed, nothing signed was kept back, and no byte is left over."""
    signed = [pair.fact for pair in pairs if pair.fact is not None]
    readable = [one for one in facts if one.could_look]
    if not any(one.sound and one.trusted for one in signed):
        yield failed("signature.repeated", "nobody", "cryptographic")
        return
    kept_back = sum(1 for one in readable if one not in signed)
    if kept_back:
        yield indeterminate("signature.repeated", "not_told", "cryptographic", count=kept_back)
    last = max(one.end for one in signed)
    place = 0
    for span in report.revisions:
        is_after = span.end > last and span.start >= last - _MOST_LINE_END
        if span.start != place or (is_after and span.kind != "dss"):
            yield failed("signature.repeated", "uncovered", "cryptographic", offset=last)
            return
        place = span.end
    if place != len(job.content):
        yield failed("signature.repeated", "uncovered", "cryptographic", offset=last)


_MOST_LINE_END = 2
"""A signature may leave the line end behind ``%%EOF`` to whoever writes next."""


def _steps(job: Examination, report: VerifyReport, pairs: Sequence[_Pair]) -> Iterator[Check]:
    """Count by the facts who had to sign: every step once, by its person, in its order."""
    if job.policy is not None and not job.policy.asks_for_people:
        return
    receipt = job.receipt or _receipt_in(job.issued)
    name = receipt.profile if receipt is not None else report.jenis.removeprefix(PKS_FINAL)
    profile = _profile(job, name)
    if profile is None or report.jenis != PKS_FINAL + name or profile.cara_kontrak != "elektronik":
        yield failed("signature.repeated", "other_kind", kind=report.jenis or "?")
        return
    places: list[tuple[int, str]] = []
    for step in profile.langkah:
        kind = "meterai" if step.jenis == "meterai" else "signature"
        facts = [
            one.fact for one in pairs if one.told.place == step.tempat and one.told.kind == kind
        ]
        fact = facts[0] if len(facts) == 1 else None
        if fact is None or not fact.trusted:
            yield failed("signature.repeated", "step_missing", "cryptographic", place=step.tempat)
            continue
        places.append((fact.end, fact.time or ""))
        printed = receipt.place(step.tempat) if receipt is not None else None
        wanted = printed.nama if printed is not None and kind == "signature" else fact.signer
        if not same_person(wanted, fact.signer):
            who = {"place": step.tempat, "signer": fact.signer}
            yield failed("signature.repeated", "other_person", "cryptographic", **who)
    times = [datetime.fromisoformat(time) for _, time in places if time]
    if [end for end, _ in places] != sorted(end for end, _ in places) or times != sorted(times):
        yield failed("signature.repeated", "other_order", "cryptographic")


def _profile(job: Examination, name: str) -> SigningProfile | None:
    try:
        return load_profile(job.signing_root, name)
    except PksKitError:
        return None


def _receipt_in(issued: bytes | None) -> Receipt | None:
    """Return the one receipt that stands in the issued file, found without reading its structure.

    The issued file was given by whoever asks; of what it carries only a receipt reads as one.
    """
    content = memoryview(issued or b"")
    found: list[Receipt] = []
    for match in islice(_STREAM.finditer(content), _MOST_STREAMS):
        try:
            unpacked = zlib.decompressobj().decompress(content[match.end() :], _MOST_RECEIPT)
            found.append(parse_receipt(unpacked, RECEIPT_ATTACHMENT))
        except (zlib.error, InputError):
            continue
    return found[0] if len(found) == 1 else None
