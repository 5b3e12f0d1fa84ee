"""Letters that go with an agreement: which there are, and one of them drafted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pks_kit.domain.identitas import ID_LENGTH, agreement_id, crockford, safe_name
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.domain.secret import Secret
from pks_kit.domain.surat import MODEL_SURAT, DataSurat, PersetujuanCaraKontrak
from pks_kit.errors import FindingsError, TemplateError, UsageError
from pks_kit.files import NamedFile
from pks_kit.inputs.contract_file import MAXIMUM_BYTES, LoadedKontrak, parse_model
from pks_kit.inputs.letter_file import LoadedSurat, contract_beside
from pks_kit.inputs.plain_data import NO_TREE, canonical_bytes, read_data
from pks_kit.json_types import Count
from pks_kit.ledger.consent import record_consent
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.letters import (
    STYLE_SHEET,
    LetterTemplate,
    assemble_letter,
    list_letters,
    load_letter,
)
from pks_kit.naskah.tree import Naskah
from pks_kit.pipelines.drafting.letter_values import letter_values
from pks_kit.pipelines.ledger import LedgerInput, opened_ledger
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import Content, read_file
from pks_kit.pipelines.requests.given_data import KontrakInput
from pks_kit.pipelines.workbook import kontrak_of
from pks_kit.policy.signing_profile import profile_names
from pks_kit.resources import signing_root, templates_root
from pks_kit.rules.checks.catalogue import check_kontrak
from pks_kit.rules.checks.letter_results import check_letter
from pks_kit.rules.checks.letters import LetterScope
from pks_kit.rules.computed.perubahan import changes
from pks_kit.rules.findings import Finding
from pks_kit.rules.law.parameters import load_parameters

LETTER_FORMATS = ("pdf", "docx", "txt")
"""Formats that a letter can be written in."""

LetterInput = str | bytes | Path | NamedFile | Mapping[str, object] | DataSurat
"""Data of a letter: a file of text, or the data as a mapping or model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterListRequest(Request):
    """Nothing is asked; all kinds are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A kind of letter.

    Attributes:
        kind: Kind, as ``letter draft`` wants it.
        nama: Name for people.
        pengirim: Who signs: ``faskes``, ``bpjs``, or ``bersama`` for both.
        versi: Version id of the text.
        sebelumnya: Whether the earlier contract data are needed too.
        parameter: Dated parameters that decide something in it.
    """

    kind: str
    nama: str
    pengirim: str
    versi: str
    sebelumnya: bool
    parameter: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterListResult:
    """All kinds of letters."""

    letters: tuple[LetterRow, ...]


@verb
def letter_list(request: LetterListRequest) -> LetterListResult:
    """List the kinds of letters.

    Raises:
        TemplateError: The manifest of one is wrong.
        UsageError: ``request.type``.
    """
    del request  # there is nothing to choose
    root = templates_root()
    manifests = [load_letter(kind, root).manifest for kind in list_letters(root)]
    return LetterListResult(
        letters=tuple(
            LetterRow(
                kind=one.jenis,
                nama=one.nama,
                pengirim=one.pengirim,
                versi=one.versi,
                sebelumnya=one.sebelumnya,
                parameter=one.parameters(),
            )
            for one in manifests
        )
    )


letter_list_async = in_background(letter_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDraftRequest(Request):
    """What to draft.

    Attributes:
        kind: Kind of letter, see :func:`letter_list`.
        source: Data of the letter.
        kontrak: Contract data of the agreement; None takes the file that the letter names, in its
            folder or the one above, which needs a ``source`` with a folder.
        sebelumnya: Contract data before a change; only for a notice of changed data.
        key: Which facility, where one of these is a workbook with several.
        formats: Subset of ``LETTER_FORMATS``.
        ledger: Ledger, open or where it is; only the consent to a method is written down in it.
        password: Password of a PostgreSQL ledger that is not open yet.
        progress: Called with the message code of each step before it starts.
        clock: Gives the present time, with a time zone, for the ledger.
    """

    kind: str
    source: LetterInput
    kontrak: KontrakInput | None = None
    sebelumnya: KontrakInput | None = None
    key: str | None = None
    formats: Sequence[str] = LETTER_FORMATS
    ledger: LedgerInput | None = None
    password: Secret | None = None
    progress: Callable[[str], None] = field(default=lambda _step: None)
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDraftResult:
    """A drafted letter.

    Attributes:
        kind: Kind of letter.
        letter_id: Id made from the content, 26 characters: the same input gives the same id.
        template: Version id of the text.
        template_sha256: SHA-256 over everything that shapes the text.
        pages: Pages of the PDF, or 0 when no PDF was asked for.
        files: Format name to file.
        findings: Findings that did not block.
        event: Number of the ledger event that tells the consent; None for every other letter, and
            without a ledger.
    """

    kind: str
    letter_id: str
    template: str
    template_sha256: str
    pages: Count
    files: Mapping[str, NamedFile]
    findings: tuple[Finding, ...]
    event: Count | None = None


@verb
def letter_draft(request: LetterDraftRequest) -> LetterDraftResult:
    """Draft one letter; a consent is written into the ledger, once for the same letter.

    Raises:
        InputError: ``letter.unknown_kind``; a file is missing or malformed.
        FindingsError: ``draft.blocked``, with all findings.
        UsageError: ``draft.unknown_format``, ``letter.no_contract``, ``letter.earlier_wanted``,
            ``letter.earlier_unwanted``, ``request.type``.
        NotInForceError: A parameter, or the text, has no value on the day asked for.
        TemplateError: The text is wrong.
        RenderError: Pages or DOCX could not be made exactly.
        LedgerError: The ledger cannot be opened or written; then nothing is returned.
    """
    unknown = sorted(set(request.formats) - set(LETTER_FORMATS))
    if unknown or not request.formats:
        known = ", ".join(LETTER_FORMATS)
        raise UsageError("draft.unknown_format", formats=", ".join(unknown), known=known)
    template = load_letter(request.kind, templates_root())
    request.progress("draft.step.data")
    loaded = read_letter(request, template)
    findings = letter_findings(loaded)
    blocked = sum(1 for finding in findings if finding.level == "blocking")
    if blocked:
        raise FindingsError("draft.blocked", findings, count=blocked)
    naskah = letter_naskah(loaded, template)
    result = _issued(request, template, loaded, naskah, findings)
    if request.ledger is None or not isinstance(loaded.surat, PersetujuanCaraKontrak):
        return result
    return replace(result, event=_consent_event(request, request.ledger, loaded, result.letter_id))


letter_draft_async = in_background(letter_draft)


def _consent_event(
    request: LetterDraftRequest, place: LedgerInput, loaded: LoadedSurat, letter_id: str
) -> int:
    kontrak, surat = loaded.perjanjian.kontrak, loaded.surat
    signer = surat.penanda_tangan
    with opened_ledger(place, request.password) as ledger:
        event = record_consent(
            ledger,
            agreement_id(kontrak),
            metode=kontrak.cara_kontrak,
            oleh=signer.nama if signer else kontrak.pihak_kedua.nama_penandatangan,
            surat=letter_id,
            data_sha256=loaded.perjanjian.sha256,
            tanggal=surat.tanggal,
            waktu=moment(request.clock),
            nomor_surat=surat.nomor,
            nama_kedua=nama_faskes(kontrak),
        )
    return event.nomor


def read_letter(request: LetterDraftRequest, template: LetterTemplate) -> LoadedSurat:
    """Return the letter's data and the contract data that it needs.

    Raises:
        UsageError: ``letter.no_contract``, ``letter.earlier_wanted``, ``letter.earlier_unwanted``.
        InputError: As :func:`.requests.given.read_file`, for each file.
        InputProblemsError: ``input.problems`` with everything that is wrong in one of them.
    """
    if template.manifest.sebelumnya and request.sebelumnya is None:
        raise UsageError("letter.earlier_wanted", kind=request.kind)
    if not template.manifest.sebelumnya and request.sebelumnya is not None:
        raise UsageError("letter.earlier_unwanted", kind=request.kind)
    model = _model(template)
    given, place = request.source, "LetterDraftRequest.source"
    surat: DataSurat
    if isinstance(given, Mapping | DataSurat):
        surat = read_data(model, given, place)
        read, tree = Content(place, place, canonical_bytes(surat)), NO_TREE
    else:
        read = read_file(given, MAXIMUM_BYTES, place)
        surat, tree = parse_model(model, read.content, read.name)
    return LoadedSurat(
        surat=surat,
        perjanjian=_agreement(request, surat),
        sebelumnya=(
            None
            if request.sebelumnya is None
            else kontrak_of(request.sebelumnya, request.key, "LetterDraftRequest.sebelumnya")
        ),
        source=read.name,
        source_bytes=read.content,
        tree=tree,
    )


def _model(template: LetterTemplate) -> type[DataSurat]:
    name = template.manifest.data
    if name not in MODEL_SURAT:
        raise TemplateError(
            "letter.unknown_data",
            file=template.manifest_file,
            line=1,
            name=name,
            known=", ".join(sorted(MODEL_SURAT)),
        )
    return MODEL_SURAT[name]


def _agreement(request: LetterDraftRequest, surat: DataSurat) -> LoadedKontrak:
    given = request.kontrak
    if given is None:
        if not isinstance(request.source, Path):
            raise UsageError("letter.no_contract", file=surat.perjanjian.berkas)
        given = contract_beside(request.source, surat.perjanjian.berkas)
    return kontrak_of(given, request.key, "LetterDraftRequest.kontrak")


def _scope(loaded: LoadedSurat) -> LetterScope:
    kontrak = loaded.perjanjian.kontrak
    earlier = loaded.sebelumnya.kontrak if loaded.sebelumnya else None
    start = kontrak.jangka_waktu.tanggal_mulai
    found = check_kontrak(kontrak, start, daftar_cara_tersedia=profile_names(signing_root()))
    return LetterScope(
        kontrak=kontrak,
        sebelumnya=earlier,
        aturan=load_parameters().resolve_all(start),
        perubahan=changes(earlier, kontrak) if earlier else (),
        blocked=sum(1 for finding in found if finding.level == "blocking"),
    )


def letter_findings(loaded: LoadedSurat) -> tuple[Finding, ...]:
    """Return all findings about a letter, the gravest first, with the lines of its file."""
    found = check_letter(loaded.surat, _scope(loaded))
    return tuple(one.at(line=loaded.line_of(one.path) or None) for one in found)


def letter_naskah(loaded: LoadedSurat, template: LetterTemplate) -> Naskah:
    """Return a letter as a tree.

    Raises:
        TemplateError: The text is wrong.
        NotInForceError: A parameter, or the text, has no value on the day asked for.
    """
    template.refuse_other_days(loaded.surat.tanggal)
    values = values_of_letter(loaded, template)
    return assemble_letter(
        template,
        values,
        nomor=loaded.surat.nomor,
        cara_kontrak=loaded.perjanjian.kontrak.cara_kontrak,
    )


def values_of_letter(loaded: LoadedSurat, template: LetterTemplate) -> dict[str, Any]:
    """Return everything that the templates of a letter may use.

    Raises:
        NotInForceError: A parameter has no value on the first day of the term.
    """
    return letter_values(loaded, template, _scope(loaded))


def _issued(
    request: LetterDraftRequest,
    template: LetterTemplate,
    loaded: LoadedSurat,
    naskah: Naskah,
    findings: tuple[Finding, ...],
) -> LetterDraftResult:
    """Make every wanted format."""
    kind, digest = template.manifest.jenis, template.sha256()
    letter_id = crockford(f"{kind}\n{digest}\n{loaded.sha256}".encode(), ID_LENGTH)
    kode = safe_name(loaded.perjanjian.kontrak.faskes.kode)
    stem = f"surat-{kind}-{kode}-{letter_id[:8].lower()}"
    files: dict[str, NamedFile] = {}
    pages = 0
    makers: dict[str, Callable[[], Any]] = {
        "pdf": lambda: _pdf(naskah, loaded),
        "docx": lambda: _docx(naskah, template, letter_id),
        "txt": lambda: _text(naskah),
    }
    for name in LETTER_FORMATS:
        if name not in request.formats:
            continue
        request.progress(f"draft.step.{name}")
        made = makers[name]()
        if name == "pdf":
            made, pages = made.content, made.pages
        files[name] = NamedFile(f"{stem}.{name}", made)
    return LetterDraftResult(
        kind=kind,
        letter_id=letter_id,
        template=template.manifest.versi,
        template_sha256=digest,
        pages=pages,
        files=files,
        findings=findings,
    )


def _pdf(naskah: Naskah, loaded: LoadedSurat) -> Any:
    from pks_kit.render.letter.pages import render_letter

    css = (templates_root() / STYLE_SHEET).read_text("utf-8")
    return render_letter(naskah, css=css, dated=loaded.surat.tanggal)


def _docx(naskah: Naskah, template: LetterTemplate, letter_id: str) -> bytes:
    from pks_kit.render.letter.docx import render_letter_docx

    blank = load_version(template.bersama.rupa, templates_root()).asset("naskah.docx")
    return render_letter_docx(naskah, blank, identity=letter_id)


def _text(naskah: Naskah) -> bytes:
    from pks_kit.render.text import render_text

    return render_text(naskah).encode()
