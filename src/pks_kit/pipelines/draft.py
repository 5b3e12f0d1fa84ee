"""Draft one agreement: contract data in, PDF, DOCX, text and receipt out.

No clock is read here: dates come from the request or from the contract data, so the same request
gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pks_kit.collector import collector_paused
from pks_kit.domain.identitas import agreement_id, slug
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.receipt import Receipt, TemplateIdentity
from pks_kit.errors import FindingsError, UsageError
from pks_kit.inputs import LoadedKontrak
from pks_kit.json_form import HasJsonForm
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.catalogue import load_version
from pks_kit.pipelines.drafting.beside import ALONE, Beside, beside_of
from pks_kit.pipelines.drafting.issue import (
    FORMATS,
    DraftResult,
    Prepared,
    issue,
    program_versions,
    refuse_unknown_formats,
    sealed,
)
from pks_kit.pipelines.drafting.kept_text import recall_text
from pks_kit.pipelines.drafting.met_before import have_met
from pks_kit.pipelines.drafting.summary import SummarySource
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.pipelines.drafting.text_age import check_text_age
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given_data import KontrakInput, read_kontrak
from pks_kit.policy.signing_profile import profile_names
from pks_kit.resources import signing_root, templates_root
from pks_kit.rules.checks.catalogue import check_kontrak
from pks_kit.rules.checks.term import signing_day_gone
from pks_kit.rules.findings import Finding, gravest_first
from pks_kit.rules.law.parameters import ParameterSet, load_parameters

if TYPE_CHECKING:
    from pks_kit.render.pdf.roads import Road
    from pks_kit.settings.model import SigningSettings

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
        sebelumnya: Contract data of the agreement that this one continues; the summary then says
            what differs. None leaves that out.
        progress: Called with the message code of each step before it starts.
        settings: Settings of whoever signs, when they are known: what they refuse is told now.
        reference: Have every page made by the layout engine itself. The bytes are the same; this
            is for whoever wants to see that.
        compiled: Folder with what :func:`template_compile` kept; None reads nothing. The bytes are
            the same.
    """

    source: KontrakInput
    sebelumnya: KontrakInput | None = None
    formats: Sequence[str] = FORMATS
    as_of: date | None = None
    progress: Callable[[str], None] = field(default=lambda _step: None)
    settings: SigningSettings | None = None
    reference: bool = False
    compiled: Path | None = None


@verb
def draft(request: DraftRequest) -> DraftResult:
    """Draft one agreement.

    Raises:
        InputError: The data is unreadable or wrong (all problems at once).
        FindingsError: Blocking findings.
        NotInForceError: A rule has no value on that date.
        TemplateError: The template version is wrong.
        RenderError: Pages or DOCX could not be made exactly.
        UsageError: ``draft.unknown_format``, ``draft.not_an_agreement``,
            ``draft.sebelumnya_other``, ``draft.sebelumnya_not_earlier``, ``request.type``.
    """
    refuse_unknown_formats(request.formats)
    request.progress("draft.step.data")
    loaded = read_kontrak(request.source, "DraftRequest.source")
    before = None
    if request.sebelumnya is not None:
        before = read_kontrak(request.sebelumnya, "DraftRequest.sebelumnya").kontrak
        _refuse_unrelated(before, loaded.kontrak)
    road: Road = "plain" if request.reference else "quick"
    compiled = request.compiled
    with collector_paused():
        prepared = prepare(loaded, request.as_of, beside_of(request.settings), compiled)
        if before is not None and prepared.ringkasan is not None:
            earlier = _summary_source(before, before.jangka_waktu.tanggal_mulai)
            prepared = replace(prepared, ringkasan=replace(prepared.ringkasan, before=earlier))
        result = issue(prepared, request.formats, request.progress, road=road, compiled=compiled)
    pdf = result.files.get("pdf")
    if pdf is not None and prepared.receipt.as_of == prepared.receipt.tanggal_mulai:
        have_met(pdf.content)
    return result


draft_async = in_background(draft)


def _refuse_unrelated(before: Kontrak, now: Kontrak) -> None:
    """Refuse an earlier agreement of another facility, or one that is not earlier.

    Compared with it, the summary would tell the parties of changes that nobody made.
    """
    if before.faskes.kode != now.faskes.kode:
        raise UsageError("draft.sebelumnya_other", old=before.faskes.kode, new=now.faskes.kode)
    first, second = (one.jangka_waktu.tanggal_mulai for one in (before, now))
    if first >= second:
        raise UsageError("draft.sebelumnya_not_earlier", old=first, new=second)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest(Request):
    """What to check.

    Attributes:
        source: Contract data.
        as_of: Date for the rules; None means the start of the term.
        settings: Settings of whoever signs, when they are known: what they refuse is told now.
        today: Day of the work in WIB, with which the day of signing is compared; None: it is not.
    """

    source: KontrakInput
    as_of: date | None = None
    settings: SigningSettings | None = None
    today: date | None = None


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
    return check_loaded(loaded, request.as_of, beside_of(request.settings, today=request.today))


check_async = in_background(check)


def check_loaded(
    loaded: LoadedKontrak, as_of: date | None = None, beside: Beside = ALONE
) -> CheckResult:
    """Return all findings for contract data that was read already; see :func:`check`.

    Args:
        loaded: The data.
        as_of: Date for the rules; None means the start of the term.
        beside: What is known beside the data.
    """
    rule_date = as_of or loaded.kontrak.jangka_waktu.tanggal_mulai
    return CheckResult(loaded=loaded, findings=_findings(loaded.kontrak, rule_date, beside))


def _summary_source(kontrak: Kontrak, as_of: date) -> SummarySource:
    values = build_context(kontrak, load_parameters().resolve_all(as_of))
    return SummarySource(kontrak=kontrak, values=values)


def _findings(kontrak: Kontrak, as_of: date, beside: Beside) -> tuple[Finding, ...]:
    version = load_version(kontrak.versi_templat, templates_root())
    if version.manifest.naskah != "perjanjian":
        raise UsageError("draft.not_an_agreement", versi=kontrak.versi_templat)
    findings = check_kontrak(
        kontrak,
        as_of,
        daftar_jenis_tersedia=version.kinds(),
        daftar_cara_tersedia=profile_names(signing_root()),
        pihak_berlayanan=beside.services,
    )
    version.refuse_other_years(kontrak.jangka_waktu.tanggal_mulai)
    gone = () if beside.today is None else signing_day_gone(kontrak, beside.today)
    return gravest_first((*beside.shared, *findings, *check_text_age(kontrak), *gone))


def prepare(
    loaded: LoadedKontrak,
    as_of: date | None = None,
    beside: Beside = ALONE,
    compiled: Path | None = None,
) -> Prepared:
    """Check the data and assemble the tree; raise on blocking findings.

    Args:
        loaded: The data.
        as_of: Date for the rules; None means the start of the term.
        beside: What is known beside the data.
        compiled: Folder with what :func:`template_compile` kept; None reads nothing.
    """
    kontrak = loaded.kontrak
    rule_date = as_of or kontrak.jangka_waktu.tanggal_mulai
    findings = _findings(kontrak, rule_date, beside)
    blocking = tuple(finding for finding in findings if finding.level == "blocking")
    if blocking:
        raise FindingsError(
            "draft.blocked",
            findings,
            line_of=lambda finding: loaded.line_of(finding.path),
            count=len(blocking),
        )
    if compiled is not None:
        recall_text(compiled, kontrak.versi_templat, kontrak.faskes.jenis)
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
        ringkasan=SummarySource(kontrak=kontrak, values=context),
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
