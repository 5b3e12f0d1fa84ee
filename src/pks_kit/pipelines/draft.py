"""Draft one agreement: contract data in, PDF, DOCX, text and receipt out.

No clock is read here: dates come from the request or from the contract data, so the same request
gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pks_kit.domain.identitas import agreement_id, slug
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.receipt import Receipt, TemplateIdentity
from pks_kit.errors import FindingsError, UsageError
from pks_kit.inputs import LoadedKontrak
from pks_kit.json_form import HasJsonForm
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.catalogue import load_version
from pks_kit.pipelines.drafting.issue import (
    FORMATS,
    DraftResult,
    Prepared,
    issue,
    program_versions,
    refuse_unknown_formats,
    sealed,
)
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given_data import KontrakInput, read_kontrak
from pks_kit.policy.signing_profile import profile_names
from pks_kit.resources import signing_root, templates_root
from pks_kit.rules.checks.catalogue import check_kontrak
from pks_kit.rules.findings import Finding
from pks_kit.rules.law.parameters import ParameterSet, load_parameters

__all__ = [
    "CheckRequest",
    "CheckResult",
    "DraftRequest",
    "DraftResult",
    "check",
    "check_async",
    "draft",
    "draft_async",
    "prepare",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest(Request):
    """What to draft.

    Attributes:
        source: Contract data.
        formats: Subset of ``FORMATS``.
        as_of: Date for the rules; None means the start of the term.
        progress: Called with the message code of each step before it starts.
    """

    source: KontrakInput
    formats: Sequence[str] = FORMATS
    as_of: date | None = None
    progress: Callable[[str], None] = field(default=lambda _step: None)


@verb
def draft(request: DraftRequest) -> DraftResult:
    """Draft one agreement.

    Raises:
        InputError: The data is unreadable or wrong (all problems at once).
        FindingsError: Blocking findings.
        NotInForceError: A rule has no value on that date.
        TemplateError: The template version is wrong.
        RenderError: Pages or DOCX could not be made exactly.
        UsageError: ``draft.unknown_format``, ``draft.not_an_agreement``, ``request.type``.
    """
    refuse_unknown_formats(request.formats)
    request.progress("draft.step.data")
    loaded = read_kontrak(request.source, "DraftRequest.source")
    return issue(prepare(loaded, request.as_of), request.formats, request.progress)


draft_async = in_background(draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest(Request):
    """What to check.

    Attributes:
        source: Contract data.
        as_of: Date for the rules; None means the start of the term.
    """

    source: KontrakInput
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckForm:
    """All findings for one data file; exit code 10 when one of them is blocking."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult(HasJsonForm):
    """Findings for one data file, and the file to look up their lines."""

    loaded: LoadedKontrak
    findings: tuple[Finding, ...]

    def line_of(self, finding: Finding) -> int:
        """Return the line of the data file that a finding speaks about; 0 without a file."""
        return self.loaded.line_of(finding.path)

    def json_form(self) -> CheckForm:
        """Return the findings with their lines."""
        located = (one.at(line=self.line_of(one) or None) for one in self.findings)
        return CheckForm(findings=tuple(located))


@verb
def check(request: CheckRequest) -> CheckResult:
    """Return all findings for contract data without drafting it.

    Raises:
        InputError: The data is unreadable or wrong.
        NotInForceError: A rule has no value on that date.
        UsageError: ``draft.not_an_agreement``, ``request.type``.
    """
    loaded = read_kontrak(request.source, "CheckRequest.source")
    return check_loaded(loaded, request.as_of)


check_async = in_background(check)


def check_loaded(loaded: LoadedKontrak, as_of: date | None = None) -> CheckResult:
    """Return all findings for contract data that was read already; see :func:`check`."""
    rule_date = as_of or loaded.kontrak.jangka_waktu.tanggal_mulai
    return CheckResult(loaded=loaded, findings=_findings(loaded.kontrak, rule_date))


def _findings(kontrak: Kontrak, as_of: date) -> tuple[Finding, ...]:
    version = load_version(kontrak.versi_templat, templates_root())
    if version.manifest.naskah != "perjanjian":
        raise UsageError("draft.not_an_agreement", versi=kontrak.versi_templat)
    findings = check_kontrak(
        kontrak,
        as_of,
        daftar_jenis_tersedia=version.kinds(),
        daftar_cara_tersedia=profile_names(signing_root()),
    )
    version.refuse_other_years(kontrak.jangka_waktu.tanggal_mulai)
    return findings


def prepare(loaded: LoadedKontrak, as_of: date | None = None) -> Prepared:
    """Check the data and assemble the tree; raise on blocking findings."""
    kontrak = loaded.kontrak
    rule_date = as_of or kontrak.jangka_waktu.tanggal_mulai
    findings = _findings(kontrak, rule_date)
    blocking = tuple(finding for finding in findings if finding.level == "blocking")
    if blocking:
        raise FindingsError(
            "draft.blocked",
            findings,
            line_of=lambda finding: loaded.line_of(finding.path),
            count=len(blocking),
        )
    return fill(kontrak, rule_date, input_sha256=loaded.sha256, findings=findings)


def fill(
    kontrak: Kontrak,
    as_of: date,
    *,
    input_sha256: str,
    findings: tuple[Finding, ...] = (),
    like: Receipt | None = None,
) -> Prepared:
    """Assemble the tree and the receipt of data that passed its checks.

    Args:
        kontrak: Contract data.
        as_of: Date of the rules.
        input_sha256: Hash of the data file.
        findings: Findings that do not block.
        like: Receipt of an issue that is rendered again; see :func:`.issue.sealed`.

    Raises:
        InputError: The template version is unknown, or ``receipt.unknown_layout``.
        NotInForceError: A rule has no value on that date.
        TemplateError: The template version is wrong.
    """
    parameters = load_parameters()
    context = build_context(kontrak, parameters.resolve_all(as_of))
    naskah = assemble_naskah(
        kontrak.versi_templat,
        kontrak.faskes.jenis,
        context,
        cara_kontrak=kontrak.cara_kontrak,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        templates_root=templates_root(),
    )
    receipt = _receipt(kontrak, context, as_of, _parameters_sha256(parameters, like), input_sha256)
    receipt = sealed(receipt, kontrak, like)
    return Prepared(
        naskah=naskah,
        receipt=receipt,
        findings=findings,
        data=kontrak,
        dated=kontrak.pihak_kesatu.tanggal_tanda_tangan,
        tanda_tangan=kontrak.tanda_tangan_elektronik,
    )


def _parameters_sha256(parameters: ParameterSet, like: Receipt | None) -> str:
    """Return the hash for the receipt: that of the earlier issue when nothing of it has changed."""
    known = parameters.editions()
    return like.parameters_sha256 if like and like.parameters_sha256 in known else known[0]


def _receipt(
    kontrak: Kontrak,
    context: dict[str, Any],
    as_of: date,
    parameters_sha256: str,
    input_sha256: str,
) -> Receipt:
    """Return the receipt of a draft, still without pages and places."""
    version_ = load_version(kontrak.versi_templat, templates_root())
    return Receipt(
        agreement_id=agreement_id(kontrak),
        slug=slug(kontrak),
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        nama_kesatu=context["pihak_kesatu"]["nama_tampil"],
        nama_kedua=context["pihak_kedua"]["nama_tampil"],
        tanggal_mulai=kontrak.jangka_waktu.tanggal_mulai,
        tanggal_selesai=kontrak.jangka_waktu.tanggal_selesai,
        as_of=as_of,
        template=TemplateIdentity(
            versi=kontrak.versi_templat, sha256=version_.sha256(kontrak.faskes.jenis)
        ),
        parameters_sha256=parameters_sha256,
        input_sha256=input_sha256,
        profile=kontrak.cara_kontrak,
        pages=1,
        places=(),
        versions=program_versions(),
    )
