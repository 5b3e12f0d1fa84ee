"""Draft an addendum that changes bank accounts: the earlier agreement stays, one point changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pks_kit.domain.adendum import (
    Adendum,
    KunciRekening,
    addendum_id,
    addendum_slug,
    as_amended,
    changed_accounts,
)
from pks_kit.domain.identitas import agreement_id
from pks_kit.domain.kontrak import Kontrak, Rekening
from pks_kit.domain.receipt import Receipt, TemplateIdentity
from pks_kit.errors import FindingsError, UsageError
from pks_kit.inputs import LoadedAdendum
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.citing import Target, cite
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
from pks_kit.pipelines.requests.given_data import AdendumInput, KontrakInput, read_adendum
from pks_kit.pipelines.workbook import kontrak_of
from pks_kit.policy.signing_profile import profile_names
from pks_kit.resources import signing_root, templates_root
from pks_kit.rules.checks.addendum import check_adendum
from pks_kit.rules.checks.catalogue import check_kontrak
from pks_kit.rules.findings import ORDER, Finding
from pks_kit.rules.law.parameters import load_parameters

_ACCOUNT_CLAUSE: Target = ("lampiran", "biaya-penagihan-pembayaran", "rekening")
_CHANGE_CLAUSE: Target = ("pasal", "lain-lain", "perubahan")
_PLACES = {
    "pihak_kesatu.nomor_pks": "nomor_pks_kesatu",
    "pihak_kedua.nomor_pks": "nomor_pks_kedua",
    "pihak_kesatu.tanggal_tanda_tangan": "tanggal_tanda_tangan",
    "rekening": "rekening_baru",
    "pihak_kesatu": "pihak_kesatu",
    "pihak_kedua": "pihak_kedua",
    "cara_kontrak": "cara_kontrak",
}
"""Place in the amended contract data -> place in the addendum file; the first that fits counts."""
_OF_AN_AGREEMENT = frozenset({"term.signed_after_start"})
"""Findings that are right for an agreement and mean nothing for an addendum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumRequest(Request):
    """What to draft.

    Attributes:
        source: The addendum.
        induk: Contract data of the earlier agreement; None takes the file that the addendum
            names, which needs a ``source`` with a folder. A workbook will do.
        key: Which facility of a workbook; not needed when it holds only one.
        formats: Subset of ``FORMATS``.
        progress: Called with the message code of each step before it starts.
    """

    source: AdendumInput
    induk: KontrakInput | None = None
    key: str | None = None
    formats: Sequence[str] = FORMATS
    progress: Callable[[str], None] = field(default=lambda _step: None)


@verb
def addendum(request: AddendumRequest) -> DraftResult:
    """Draft one addendum.

    Raises:
        InputError: One of the two sources is unreadable or wrong (all problems at once).
        FindingsError: Blocking findings.
        NotInForceError: A rule has no value on the day of effect.
        TemplateError: The template version is wrong.
        RenderError: Pages or DOCX could not be made exactly.
        UsageError: ``addendum.no_induk``, ``addendum.not_a_template``, ``draft.unknown_format``,
            ``workbook.which_facility``, ``request.type``.
    """
    refuse_unknown_formats(request.formats)
    request.progress("draft.step.data")
    induk = request.induk
    earlier = None if induk is None else kontrak_of(induk, request.key, "AddendumRequest.induk")
    loaded = read_adendum(request.source, earlier, "AddendumRequest.source")
    return issue(prepare_addendum(loaded), request.formats, request.progress)


addendum_async = in_background(addendum)


def prepare_addendum(loaded: LoadedAdendum) -> Prepared:
    """Check an addendum against its earlier agreement and assemble its tree.

    Raises:
        FindingsError: ``draft.blocked`` with all findings when one of them blocks.
        UsageError: ``addendum.not_a_template`` when the template version makes no addendum.
    """
    adendum, induk = loaded.adendum, loaded.induk.kontrak
    version = load_version(adendum.versi_templat, templates_root())
    if version.manifest.naskah != "addendum":
        raise UsageError("addendum.not_a_template", versi=adendum.versi_templat)
    findings = addendum_findings(loaded)
    blocking = sum(1 for finding in findings if finding.level == "blocking")
    if blocking:
        raise FindingsError("draft.blocked", findings, count=blocking)
    context = addendum_context(induk, adendum)
    naskah = assemble_naskah(
        adendum.versi_templat,
        induk.faskes.jenis,
        context,
        cara_kontrak=adendum.cara_kontrak,
        nomor_kesatu=adendum.nomor_pks_kesatu,
        nomor_kedua=adendum.nomor_pks_kedua,
        templates_root=templates_root(),
    )
    receipt = Receipt(
        agreement_id=addendum_id(induk, adendum),
        slug=addendum_slug(induk, adendum),
        nomor_kesatu=adendum.nomor_pks_kesatu,
        nomor_kedua=adendum.nomor_pks_kedua,
        nama_kesatu=context["pihak_kesatu"]["nama_tampil"],
        nama_kedua=context["pihak_kedua"]["nama_tampil"],
        tanggal_mulai=adendum.tanggal_berlaku,
        tanggal_selesai=induk.jangka_waktu.tanggal_selesai,
        as_of=adendum.tanggal_berlaku,
        template=TemplateIdentity(
            versi=adendum.versi_templat, sha256=version.sha256(induk.faskes.jenis)
        ),
        parameters_sha256=load_parameters().sha256(),
        input_sha256=loaded.sha256,
        profile=adendum.cara_kontrak,
        pages=1,
        places=(),
        versions=program_versions(),
        induk=agreement_id(induk),
    )
    return Prepared(
        naskah=naskah,
        receipt=sealed(receipt, adendum),
        findings=findings,
        data=adendum,
        dated=adendum.tanggal_tanda_tangan,
        tanda_tangan=induk.tanda_tangan_elektronik,
    )


def addendum_findings(loaded: LoadedAdendum) -> tuple[Finding, ...]:
    """Return all findings for an addendum, the gravest first; places are those of its file.

    The checks of contract data run on the data as amended, and only what the addendum itself says
    is reported: an expired licence of a nurse is no reason to keep paying to a closed account.
    """
    adendum, induk = loaded.adendum, loaded.induk.kontrak
    found = list(check_adendum(induk, adendum))
    offered = profile_names(signing_root())
    for finding in check_kontrak(
        as_amended(induk, adendum), adendum.tanggal_berlaku, daftar_cara_tersedia=offered
    ):
        place = _place_in_file(finding.path)
        if place is not None and finding.code not in _OF_AN_AGREEMENT:
            found.append(replace(finding, path=place))
    return tuple(sorted(found, key=lambda finding: ORDER[finding.level]))


def _place_in_file(path: str) -> str | None:
    for place, own in _PLACES.items():
        if path == place or path.startswith((f"{place}.", f"{place}[")):
            return own + path[len(place) :]
    return None


def addendum_context(induk: Kontrak, adendum: Adendum) -> dict[str, Any]:
    """Return the values that the addendum's templates may name.

    Those of an agreement with the accounts, numbers and signatories of the addendum, and:
    ``perjanjian_induk`` (name, numbers, days, and where the accounts stand in it) and
    ``addendum`` (notice, day of effect, rows of the change, the account that stays).
    """
    parameters = load_parameters()
    amended = as_amended(induk, adendum)
    context = build_context(amended, parameters.resolve_all(adendum.tanggal_berlaku))
    term = induk.jangka_waktu
    earlier = build_context(induk, parameters.resolve_all(term.tanggal_mulai))
    cited = cite(
        induk.versi_templat,
        induk.faskes.jenis,
        earlier,
        (_ACCOUNT_CLAUSE, _CHANGE_CLAUSE),
        templates_root(),
    )
    name = context["nama_perjanjian"]
    return context | {
        "nama_perjanjian": f"ADDENDUM {name}",
        "Perjanjian": "Addendum",
        "perjanjian_induk": {
            "nama": name,
            "nomor_kesatu": induk.pihak_kesatu.nomor_pks,
            "nomor_kedua": induk.pihak_kedua.nomor_pks,
            "tanggal_tanda_tangan": induk.pihak_kesatu.tanggal_tanda_tangan,
            "tanggal_mulai": term.tanggal_mulai,
            "tanggal_selesai": term.tanggal_selesai,
            "tempat_rekening": cited.get(_ACCOUNT_CLAUSE),
            "pasal_perubahan": cited.get(_CHANGE_CLAUSE),
        },
        "addendum": _addendum_values(induk, adendum),
    }


def _addendum_values(induk: Kontrak, adendum: Adendum) -> dict[str, Any]:
    changed = changed_accounts(adendum)
    penetapan = adendum.rekening_baru.penetapan
    return {
        "surat": adendum.surat_pemberitahuan.model_dump(),
        "tanggal_berlaku": adendum.tanggal_berlaku,
        "alasan": adendum.alasan,
        "penetapan": penetapan.model_dump() if penetapan else None,
        "sebutan_rekening": " dan ".join(f"rekening {name}" for name in changed),
        "perubahan": [
            {
                "sebutan_judul": f"Rekening {name}",
                "lama": getattr(induk.rekening, name).model_dump(),
                "baru": getattr(adendum.rekening_baru, name).model_dump(),
            }
            for name in changed
        ],
        "tetap": _unchanged(induk, changed),
    }


def _unchanged(induk: Kontrak, changed: tuple[KunciRekening, ...]) -> dict[str, Any] | None:
    for name in ("utama", "cadangan"):
        if name not in changed:
            account: Rekening = getattr(induk.rekening, name)
            return {"sebutan_awal": f"Rekening {name}"} | account.model_dump()
    return None
