"""Names and values that the templates of letters see (``docs/templates.md``, "Letters")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.surat import (
    BeritaAcaraPemulihan,
    DaftarPeriksa,
    DataSurat,
    GantiVendor,
    HasilAudit,
    HasilVerifikasi,
    JawabanTeguran,
    Teguran,
)
from pks_kit.domain.tanggal import format_tanggal, nama_bulan
from pks_kit.domain.terbilang import bilangan, terbilang
from pks_kit.inputs.letter_file import LoadedSurat
from pks_kit.messages import lookup
from pks_kit.naskah.citing import cite
from pks_kit.naskah.letters import LetterTemplate
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.resources import templates_root
from pks_kit.rules.checks.documents import mandatory_documents
from pks_kit.rules.checks.letters import LetterScope
from pks_kit.rules.computed.deadlines import (
    loss_recovery_due,
    next_reprimand,
    period_end,
    vendor_notice_due,
)
from pks_kit.rules.computed.letters import audit_total, recovery, verification_differences
from pks_kit.rules.law.parameters import ResolvedParameters

SIFAT_TAMPIL: Mapping[str, str] = MappingProxyType(
    {"biasa": "Biasa", "penting": "Penting", "segera": "Segera", "rahasia": "Rahasia"}
)
_TAHAP: Mapping[str, str] = MappingProxyType(
    {
        "penapisan_awal": "Penapisan awal",
        "penilaian_mandiri": "Penilaian mandiri (self assessment)",
        "penyerahan_berkas": "Penyerahan berkas cetak",
        "kredensialing_lapangan": "Pencatatan, verifikasi, dan kredensialing di lapangan",
        "pengelolaan_dokumen": "Pengelolaan dokumen dan penandatanganan",
    }
)
"""Stages in their order, as they are printed."""
_SARANA: Mapping[str, str] = MappingProxyType(
    {
        "ruang_periksa": "Ruang periksa",
        "peralatan_pokok": "Peralatan pokok",
        "listrik": "Listrik",
        "air": "Air",
        "komitmen_pelayanan": "Komitmen pelayanan",
    }
)
_INDIKASI: Mapping[str, str] = MappingProxyType(
    {
        "verifikasi_pascaklaim": "hasil Verifikasi Paska Klaim",
        "telaah_utilisasi": "hasil Telaah Utilisasi",
        "pelaporan_pelanggaran": "sistem pelaporan pelanggaran",
        "laporan_audit": "laporan hasil audit internal atau audit eksternal",
        "permintaan_investigasi": "permintaan investigasi khusus",
    }
)
_KE = ("Pertama", "Kedua", "Ketiga")


def letter_values(
    loaded: LoadedSurat, template: LetterTemplate, scope: LetterScope
) -> dict[str, Any]:
    """Return everything that the templates of a letter may use.

    Raises:
        NotInForceError: A parameter has no value on the first day of the term.
    """
    surat, kontrak, aturan = loaded.surat, loaded.perjanjian.kontrak, scope.aturan
    values = build_context(kontrak, aturan)
    first, second, term = kontrak.pihak_kesatu, kontrak.pihak_kedua, kontrak.jangka_waktu
    due = {
        name: period_end(getattr(surat, one.dari), one.parameter, aturan, surat.hari_libur)
        for name, one in template.manifest.tenggat.items()
    }
    targets = {name: one.target for name, one in template.manifest.rujukan.items()}
    cited = cite(
        kontrak.versi_templat, kontrak.faskes.jenis, values, targets.values(), templates_root()
    )
    values |= {
        "hal": template.manifest.hal,
        "surat": surat.model_dump(mode="python") | _head(surat, _place(template, values)),
        "penanda": _signers(loaded, template, values),
        "tenggat": {name: one.tanggal for name, one in due.items()},
        "rujukan": {name: cited.get(target) for name, target in targets.items()},
        "perjanjian": {
            "nama": str(values["nama_perjanjian"]).title(),
            "nomor_kesatu": first.nomor_pks,
            "nomor_kedua": second.nomor_pks,
            "tanggal_tanda_tangan": first.tanggal_tanda_tangan,
            "tanggal_mulai": term.tanggal_mulai,
            "tanggal_selesai": term.tanggal_selesai,
            "sidik": _in_groups(loaded.perjanjian.sha256),
        },
        "perubahan": {
            group: [asdict(one) for one in scope.perubahan if one.kelompok == group]
            for group in ("dokumen", "tenaga")
        },
        "tembusan": _copies(surat),
    }
    more = _COMPUTED.get(type(surat))
    found = more(surat, kontrak, aturan) if more else {}
    day = {"tanggal": format_tanggal(surat.tanggal)}
    return values | found | {"nilai": found.get("nilai", {}) | day}


def _in_groups(digest: str) -> str:
    """Return a digest in groups that people can compare and that a line can end between."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _place(template: LetterTemplate, values: Mapping[str, Any]) -> str:
    """Return where a letter is written: a facility writes from its own place."""
    if template.manifest.pengirim == "faskes":
        return str(values["faskes"]["tempat_tampil"])
    return str(values["pihak_kesatu"]["kota_tanda_tangan"])


def _head(surat: DataSurat, kota: str) -> dict[str, Any]:
    count = len(surat.lampiran)
    return {
        "kota": surat.kota or kota,
        "sifat_tampil": SIFAT_TAMPIL[surat.sifat],
        "lampiran_tampil": f"{bilangan(count)} berkas" if count else "–",
    }


def _copies(surat: DataSurat) -> list[str]:
    """Return who gets a copy: whom the kind of letter asks for, then whom the data name."""
    asked = (getattr(surat, name, None) for name in ("dinas_kesehatan", "asosiasi"))
    return list(dict.fromkeys([*(one for one in asked if one), *surat.tembusan]))


def _signers(
    loaded: LoadedSurat, template: LetterTemplate, values: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """Return who signs for each party; the data may name another person for who sends."""
    kontrak, surat = loaded.perjanjian.kontrak, loaded.surat
    parties = {
        "bpjs": {
            "nama": kontrak.pihak_kesatu.nama_kepala_cabang,
            "jabatan": str(values["pihak_kesatu"]["jabatan_tampil"]),
        },
        "faskes": {
            "nama": kontrak.pihak_kedua.nama_penandatangan,
            "jabatan": str(values["pihak_kedua"]["selaku_tampil"]),
            "jabatan_singkat": kontrak.pihak_kedua.jabatan_penandatangan,
        },
    }
    if surat.penanda_tangan is not None:
        sender = "bpjs" if template.manifest.pengirim != "faskes" else "faskes"
        told = surat.penanda_tangan
        parties[sender] = told.model_dump() | {"jabatan_singkat": told.jabatan}
    return parties


def _reprimand(surat: Teguran, kontrak: Kontrak, aturan: ResolvedParameters) -> dict[str, Any]:
    del kontrak
    earlier = [one.tanggal for one in surat.teguran_sebelumnya]
    fraud = "penyalahgunaan" in surat.alasan
    last = surat.ke == aturan.whole("sanksi.teguran_maksimum")
    following = (
        None
        if last
        else next_reprimand([*earlier, surat.tanggal], aturan, terindikasi_kecurangan=fraud)
    )
    order = _order(surat.ke)
    return {
        "hal": f"Teguran Tertulis {order} (Surat Peringatan {order})",
        "nilai": {
            "urutan": order,
            "terakhir": last,
            "kecurangan": fraud,
            "berikutnya": None if following is None else following.tanggal,
        },
    }


def _order(ke: int) -> str:
    return _KE[ke - 1] if ke <= len(_KE) else terbilang(ke).title()


def _answer(surat: JawabanTeguran, kontrak: Kontrak, aturan: ResolvedParameters) -> dict[str, Any]:
    del kontrak, aturan
    return {"nilai": {"urutan": _order(surat.ke).lower()}}


def _recovery(
    surat: BeritaAcaraPemulihan, kontrak: Kontrak, aturan: ResolvedParameters
) -> dict[str, Any]:
    del kontrak
    approved = surat.tidak_mampu.disetujui if surat.tidak_mampu else None
    due = loss_recovery_due(surat.tanggal, aturan, disetujui_tidak_mampu=approved)
    return {"nilai": asdict(recovery(surat)) | {"batas": due.tanggal}}


def _vendor(surat: GantiVendor, kontrak: Kontrak, aturan: ResolvedParameters) -> dict[str, Any]:
    del kontrak
    due = vendor_notice_due(surat.tanggal_perubahan, aturan).tanggal
    return {"nilai": {"batas": due, "tepat_waktu": surat.tanggal <= due}}


def _verification(
    surat: HasilVerifikasi, kontrak: Kontrak, aturan: ResolvedParameters
) -> dict[str, Any]:
    del kontrak, aturan
    year, month = surat.bulan_pembebanan.split("-")
    named = surat.tanggal.replace(year=int(year), month=int(month), day=1)
    told = f"{nama_bulan(named)} {named.year}"
    return {"nilai": asdict(verification_differences(surat)) | {"bulan": told}}


def _audit(surat: HasilAudit, kontrak: Kontrak, aturan: ResolvedParameters) -> dict[str, Any]:
    del kontrak, aturan
    known = [_INDIKASI[name] for name in surat.indikasi_dari]
    told = ", ".join(known[:-1]) + (" dan " if len(known) > 1 else "") + known[-1]
    return {"nilai": {"jumlah": audit_total(surat), "indikasi": told}}


def _check_list(
    surat: DaftarPeriksa, kontrak: Kontrak, aturan: ResolvedParameters
) -> dict[str, Any]:
    done = {one.tahap: one for one in surat.tahap}
    name = f"dokumen_wajib.{kontrak.faskes.jenis}"
    given = {one.jenis for one in kontrak.dokumen}
    groups = mandatory_documents(str(aturan.value(name)), bool(kontrak.jejaring))
    return {
        "nilai": {
            "tahap": [
                {
                    "nama": told,
                    "tanggal": done[key].tanggal if key in done else None,
                    "hasil": (done[key].hasil if key in done else None) or "",
                }
                for key, told in _TAHAP.items()
            ],
            "sarana": [
                {"nama": told, "ada": bool(getattr(surat.sarana, key))}
                for key, told in _SARANA.items()
            ],
            "dokumen": [
                {
                    "nama": " atau ".join(
                        lookup(f"document.name.{kind}").in_language("id") for kind in group
                    ),
                    "ada": bool(given & set(group)),
                }
                for group in groups
            ],
        }
    }


_COMPUTED: Mapping[
    type[DataSurat], Callable[[Any, Kontrak, ResolvedParameters], dict[str, Any]]
] = MappingProxyType(
    {
        BeritaAcaraPemulihan: _recovery,
        DaftarPeriksa: _check_list,
        GantiVendor: _vendor,
        HasilAudit: _audit,
        HasilVerifikasi: _verification,
        JawabanTeguran: _answer,
        Teguran: _reprimand,
    }
)
"""What a model's letters print beside its data."""
