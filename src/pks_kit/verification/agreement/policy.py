"""Judge a file by the policy of its kind: size, pages, form, scan, signatures on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pks_kit.errors import PksKitError
from pks_kit.messages import Message, lookup
from pks_kit.pdf.parsing import ParserFailure
from pks_kit.policy.document_policy import PKS_FINAL, UMUM, PolicyInForce, load_policy
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.details import MOST_SCANS, Details, PageScan
from pks_kit.verification.report.softening import SOFTENINGS
from pks_kit.visible_text import without_sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pks_kit.domain.receipt import Receipt
    from pks_kit.verification.report.verdict import Check, SignatureReport

_MOST_UNEVEN = 30
"""Percent; a lid keeps a scan below 15, a lamp over a desk gives more."""
_MOST_SURROUNDINGS = 35

_ALLOWED_CHANGES = frozenset({"none", "lta_updates", "form_filling"})
_NOT_FOR_US = ("closed_file", "unknown_authority", "unknown_time_authority")


def choose_policy(
    named: PolicyInForce | None, receipt: Receipt | None, signing_root: Path
) -> tuple[PolicyInForce | None, list[Check]]:
    """Return the policy: the named one, else by the receipt, else ``umum``.

    Returns:
        The policy (None when its file is missing or broken) and what speaks against it.
    """
    if named is not None:
        return named, _fits(named, receipt)
    name = PKS_FINAL + receipt.profile if receipt is not None else UMUM
    try:
        policy = load_policy(signing_root, name)
    except PksKitError:
        return None, [indeterminate("policy.kind", "not_found", kind=name)]
    return PolicyInForce(kebijakan=policy, dipilih=False), []


def _fits(named: PolicyInForce, receipt: Receipt | None) -> list[Check]:
    """An agreement is no licence, and one contract method is not another."""
    policy = named.kebijakan
    if receipt is None or policy.nama == UMUM:
        return []
    if not policy.perjanjian:
        return [failed("policy.kind", "agreement", kind=policy.nama)]
    if policy.tanda_tangan.profil != receipt.profile:
        return [failed("policy.kind", "other_method", kind=policy.nama, profile=receipt.profile)]
    return []


def judge_as_foreign(checks: list[Check], signatures: Sequence[SignatureReport]) -> list[Check]:
    """Soften what is wrong for an agreement but only indeterminate for a file of somebody else.

    Encryption keeps us from looking; an authority that nobody named is indeterminate; and a
    writer of another house may touch more objects than ours when the independent analysis of
    pyHanko finds nothing but signing in them. None of these ever becomes ``passed``.
    """
    calm = bool(signatures) and all(
        one.intact and one.modification in _ALLOWED_CHANGES for one in signatures
    )
    return [_softened(check, calm=calm) for check in checks]


def _softened(check: Check, *, calm: bool) -> Check:
    other_writer = calm and SOFTENINGS["other_writer"].fits(check)
    if other_writer or any(SOFTENINGS[name].fits(check) for name in _NOT_FOR_US):
        return replace(check, status="indeterminate")
    return check


def check_policy(
    size: int, pages: int, used: PolicyInForce, signatures: Sequence[SignatureReport]
) -> list[Check]:
    """Judge size and pages, and say which signatures nobody can look at here."""
    return [*_size(size, used), *_pages(pages, used), *_signatures(used, signatures)]


def asks_for_sheets(used: PolicyInForce) -> bool:
    """Return whether a policy says what the pages are: drawn, scanned, how finely."""
    return used.kebijakan.pindaian is not None or len(used.kebijakan.bentuk) == 1


def check_sheets(
    sheets: Sequence[PageScan] | ParserFailure, used: PolicyInForce, *, signed: bool
) -> list[Check]:
    """Judge form and scans of a file whose policy asks for them.

    Args:
        sheets: What was measured of every page.
        used: The policy.
        signed: Whether the file has signatures.
    """
    if isinstance(sheets, ParserFailure):
        return [indeterminate("policy.form", "not_measured", "visual")]
    return [*_form(sheets, used, signed=signed), *_scan(sheets, used)]


def _size(size: int, used: PolicyInForce) -> list[Check]:
    limit = used.ukuran_bita
    if limit is None:
        return []
    basis = without_sources(used.dasar_ukuran)
    if size > limit:
        return [failed("policy.size", "too_large", size=size, limit=limit, basis=basis)]
    return [passed("policy.size", "within", size=size, limit=limit, basis=basis)]


def _pages(pages: int, used: PolicyInForce) -> list[Check]:
    wanted = used.kebijakan.halaman
    if pages < wanted.paling_sedikit:
        return [failed("policy.pages", "too_few", pages=pages, limit=wanted.paling_sedikit)]
    if wanted.paling_banyak is None:
        return []
    if pages > wanted.paling_banyak:
        return [failed("policy.pages", "too_many", pages=pages, limit=wanted.paling_banyak)]
    return [passed("policy.pages", "within", pages=pages, limit=wanted.paling_banyak)]


def _form(sheets: Sequence[PageScan], used: PolicyInForce, *, signed: bool) -> list[Check]:
    """Is it drawn by a program, scanned, or both, and may it be?"""
    scans = [one.number for one in sheets if one.form in ("scan", "mixed")]
    drawn = [one.number for one in sheets if one.form == "digital"]
    allowed = used.kebijakan.bentuk
    details: Details = {"sheets": list(sheets[:MOST_SCANS])}
    if scans and "pindaian" not in allowed:
        return [failed("policy.form", "scan", "visual", pages=listed(scans), details=details)]
    if drawn and "digital" not in allowed:
        return [failed("policy.form", "digital", "visual", pages=listed(drawn), details=details)]
    if not scans and not drawn:
        return [indeterminate("policy.form", "blank", "visual", details=details)]
    if not scans and not signed and not used.kebijakan.perjanjian:
        # A file from a word processor is no original of anything.
        return [indeterminate("policy.form", "unsigned", "visual", details=details)]
    reason = "both" if scans and drawn else "scanned" if scans else "drawn"
    words = {"scans": len(scans), "drawn": len(drawn)}
    return [passed("policy.form", reason, "visual", details=details, **words)]


def listed(numbers: Sequence[int]) -> str:
    """Return page numbers as words, at most twenty of them."""
    shown = ", ".join(str(number) for number in numbers[:20])
    return f"{shown}, …" if len(numbers) > 20 else shown


def _scan(sheets: Sequence[PageScan], used: PolicyInForce) -> list[Check]:
    wanted = used.kebijakan.pindaian
    scans = [one for one in sheets if one.form in ("scan", "mixed")]
    if wanted is None or not scans:
        return []
    checks = [_resolution(scans, wanted.resolusi)]
    if wanted.berwarna:
        checks.append(_colour(scans))
    if wanted.asli:
        checks.append(_original(scans, berwarna=wanted.berwarna))
    return checks


def _resolution(scans: Sequence[PageScan], least: int) -> Check:
    if any(one.dpi is None for one in scans):
        pages = listed([one.number for one in scans if one.dpi is None])
        return indeterminate("policy.resolution", "not_measured", "visual", pages=pages)
    coarse = [one for one in scans if one.dpi is not None and one.dpi < least]
    lowest = min(one.dpi for one in scans if one.dpi is not None)
    if coarse:
        pages = listed([one.number for one in coarse])
        return indeterminate(
            "policy.resolution", "low", "visual", pages=pages, dpi=lowest, least=least
        )
    return passed("policy.resolution", "enough", "visual", dpi=lowest, least=least)


def _colour(scans: Sequence[PageScan]) -> Check:
    """Ink, stamp or meterai leave colour on some page of an original, not on all."""
    if any(one.colour == "colour" for one in scans):
        pages = [one.number for one in scans if one.colour == "colour"]
        return passed("policy.colour", "colour", "visual", pages=listed(pages))
    if any(one.colour == "unknown" for one in scans):
        return indeterminate("policy.colour", "not_measured", "visual")
    if all(one.colour == "bilevel" for one in scans):
        return indeterminate("policy.colour", "bilevel", "visual")
    return indeterminate("policy.colour", "grey", "visual")


def _original(scans: Sequence[PageScan], *, berwarna: bool) -> Check:
    """Say what was measured; no measure proves that an original lay on the glass."""
    hints: dict[str, list[int]] = {}
    for sheet in scans:
        for hint in photo_hints(sheet):
            hints.setdefault(hint, []).append(sheet.number)
    if berwarna and not any(one.colour in ("colour", "unknown") for one in scans):
        hints["no_colour"] = [one.number for one in scans]
    details: Details = {"hints": hints}
    if not hints:
        words = _measured(scans)
        return indeterminate("paper.original", "undecided", "visual", details=details, **words)
    copied = set(hints) <= {"no_colour"}
    reason = "copy_like" if copied else "photo_like"
    told = {
        f"why_{tongue}": "; ".join(
            f"{lookup(f'sheet.{hint}').in_language(tongue)} ({listed(pages)})"
            for hint, pages in hints.items()
        )
        for tongue in ("id", "en")
    }
    return indeterminate("paper.original", reason, "visual", details=details, **told)


def photo_hints(sheet: PageScan) -> list[str]:
    """Return what about a scanned page looks like a photo, as words of the catalogue."""
    hints = []
    if sheet.camera:
        hints.append("camera")
    if not sheet.paper:
        hints.append("paper")
    if sheet.uneven is not None and sheet.uneven > _MOST_UNEVEN:
        hints.append("uneven")
    if sheet.surroundings is not None and sheet.surroundings > _MOST_SURROUNDINGS:
        hints.append("surroundings")
    return hints


def _measured(scans: Sequence[PageScan]) -> dict[str, str | int]:
    dpis = [one.dpi for one in scans if one.dpi is not None]
    papers = sorted({one.paper for one in scans if one.paper})
    return {"count": len(scans), "dpi": min(dpis, default=0), "paper": ", ".join(papers) or "-"}


def _signatures(used: PolicyInForce, signatures: Sequence[SignatureReport]) -> list[Check]:
    """Name who signs a document of this kind; agreements are judged by their profile instead."""
    wanted = used.kebijakan.tanda_tangan
    if wanted.oleh is None or used.kebijakan.perjanjian:
        return []
    who: Message = wanted.oleh.message
    words = {"who_id": who.id, "who_en": who.en}
    people = [one for one in signatures if one.kind == "signature"]
    if people and wanted.cara != "kertas":
        signers = ", ".join(one.signer for one in people)[:300]
        return [
            indeterminate("policy.signatures", "person", "cryptographic", signers=signers, **words)
        ]
    if wanted.cara == "elektronik":
        return [failed("policy.signatures", "missing", "cryptographic", **words)]
    return [indeterminate("policy.signatures", "on_paper", "visual", **words)]
