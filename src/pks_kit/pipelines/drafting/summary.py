"""What the summary beside an agreement says: from the data that fill it, with its page numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from typing import Any

from pks_kit.domain.kontrak import Kontrak, Rekening
from pks_kit.domain.receipt import Receipt
from pks_kit.domain.rupiah import format_rupiah
from pks_kit.domain.sebutan import PROFESI_TAMPIL
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.domain.tanggal import format_tanggal
from pks_kit.domain.terbilang import bilangan, kelompok_ribuan
from pks_kit.errors import NotInForceError
from pks_kit.naskah.tree import Naskah
from pks_kit.rules.law.parameters import ResolvedParameters

_PAYMENT, _SCHEDULE = "biaya-penagihan-pembayaran", "jadwal-operasional"
_MOST_LICENCES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySource:
    """What is known of an agreement before its pages are.

    Attributes:
        kontrak: Contract data.
        values: Values of the templates, see :func:`.template_values.build_context`.
        before: The same two of the agreement that this one continues; None when unknown.
    """

    kontrak: Kontrak
    values: Mapping[str, Any]
    before: SummarySource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the summary.

    Attributes:
        apa: What it is about.
        isi: What holds.
        subjek: Part of the agreement that says it; empty for several.
        catatan: What explains it.
    """

    apa: str
    isi: str
    subjek: str = ""
    catatan: str = ""


def summary_pdf(
    source: SummarySource, naskah: Naskah, receipt: Receipt, pages: Mapping[str, int], dated: date
) -> bytes:
    """Return the summary as PDF.

    Args:
        source: What the agreement is about.
        naskah: The agreement, for its parts.
        receipt: Receipt of the finished pages, for its places.
        pages: Page of each clause address.
        dated: Day of signing; the summary says that it was made on this day.
    """
    from pks_kit.render.cover.print_copy import SUMMARY, PrintCopy
    from pks_kit.render.summary import render_summary

    body = render_summary(summary_values(source, naskah, receipt, pages))
    made = PrintCopy(
        title=f"{SUMMARY}: {naskah.judul}",
        moment=datetime.combine(dated, time(0), tzinfo=UTC),
        producer=f"pks-kit {version('pks-kit')}",
        kind="ringkasan",
    )
    return made.answer((body,)).content


def summary_values(
    source: SummarySource, naskah: Naskah, receipt: Receipt, pages: Mapping[str, int]
) -> dict[str, Any]:
    """Return what the template shows."""
    where = {part.subjek: pages[part.alamat] for part in naskah.bagian if part.alamat in pages}
    chapters = (
        ("Para pihak dan masa berlaku", parties(source)),
        ("Rekening dan pembayaran", payments(source)),
        ("Kewajiban dan tenggat", deadlines(source, frozenset(where))),
    )
    return {
        "judul": naskah.judul,
        "sebutan": naskah.sebutan,
        "halaman": receipt.pages,
        "edisi": receipt.edition or "-",
        "agreement_id": receipt.agreement_id,
        "pokok": [
            {"judul": title, "baris": [_row(fact, where) for fact in facts]}
            for title, facts in chapters
        ],
        "beda": differences(source),
        "tempat": _places(naskah, receipt, pages),
        "isi": [
            {
                "judul": f"{part.label} {part.judul}".strip() or part.jenis.capitalize(),
                "halaman": pages[part.alamat],
            }
            for part in naskah.bagian
            if part.alamat in pages
        ],
    }


def _bound(values: Mapping[str, Any]) -> str:
    """Return who is bound, and the practice where that is a doctor."""
    second = values["pihak_kedua"]
    if values["faskes"]["sifat"]["perorangan"]:
        return f"{second['terikat']} ({second['nama_tampil']})"
    return str(second["terikat"])


def parties(source: SummarySource) -> tuple[Fact, ...]:
    """Return who, how and for how long."""
    kontrak, values = source.kontrak, source.values
    first, second, term = kontrak.pihak_kesatu, kontrak.pihak_kedua, kontrak.jangka_waktu
    earlier = kontrak.perjanjian_sebelumnya
    facts = [
        Fact(
            apa="PIHAK KESATU",
            isi=values["pihak_kesatu"]["nama_tampil"],
            subjek="pembukaan",
            catatan=f"nomor {first.nomor_pks}; {first.nama_kepala_cabang}",
        ),
        Fact(
            apa="PIHAK KEDUA",
            isi=_bound(values),
            subjek="pembukaan",
            catatan=f"nomor {second.nomor_pks}; {second.nama_penandatangan}, "
            f"{second.jabatan_penandatangan}",
        ),
        Fact(
            apa="Jenis fasilitas",
            isi=values["faskes"]["jenis_tampil"],
            catatan=f"kode {kontrak.faskes.kode}",
        ),
        Fact(
            apa="Masa berlaku",
            isi=f"{format_tanggal(term.tanggal_mulai)} sampai dengan "
            f"{format_tanggal(term.tanggal_selesai)}",
            subjek="jangka-waktu",
        ),
        Fact(apa="Cara kontrak", isi=values["cara_kontrak_tampil"]),
    ]
    if earlier is not None:
        facts.append(
            Fact(
                apa="Melanjutkan perjanjian",
                isi=f"{earlier.nomor_pks_kesatu} dan {earlier.nomor_pks_kedua}",
                catatan=f"sampai dengan {format_tanggal(earlier.tanggal_selesai)}",
            )
        )
    return tuple(facts)


def payments(source: SummarySource) -> tuple[Fact, ...]:
    """Return accounts and the tariffs that were computed for this facility."""
    kontrak, computed = source.kontrak, source.values["hitung"]
    facts = [
        Fact(apa="Rekening utama", isi=_account(kontrak.rekening.utama), subjek=_PAYMENT),
        Fact(apa="Rekening cadangan", isi=_account(kontrak.rekening.cadangan), subjek=_PAYMENT),
    ]
    norm = computed.get("kapitasi")
    if norm:
        count = kontrak.faskes.jumlah_peserta_terdaftar
        facts += [
            Fact(
                apa="Norma kapitasi",
                isi=f"{format_rupiah(norm['tarif'])} setiap Peserta setiap bulan",
                subjek=_PAYMENT,
                catatan=norm["dasar"],
            ),
            Fact(
                apa="Peserta terdaftar",
                isi=kelompok_ribuan(count),
                catatan=f"kali norma: {format_rupiah(count * norm['tarif'])} sebulan, sebelum "
                "penyesuaian kinerja dan perubahan jumlah Peserta",
            ),
        ]
    inpatient = computed.get("rawat_inap")
    if inpatient:
        facts.append(
            Fact(
                apa="Rawat inap",
                isi=f"{format_rupiah(inpatient['tarif'])} setiap hari",
                subjek=_PAYMENT,
                catatan=f"{kontrak.faskes.jumlah_tempat_tidur} tempat tidur",
            )
        )
    active = [row["nama"] for row in computed["layanan"] if row["aktif"]]
    if active:
        facts.append(Fact(apa="Layanan non kapitasi", isi="; ".join(active), subjek=_PAYMENT))
    return tuple(facts)


_RULES = (
    # subject of the clause, parameter, what, words around the number
    ("kedaluwarsa-klaim", "klaim.kedaluwarsa", "Pengajuan Klaim", "paling lambat {} bulan"),
    (
        "hak-kewajiban",
        "penagihan.tanggal_bayar_kapitasi",
        "Pembayaran kapitasi",
        "paling lambat tanggal {} bulan berjalan",
    ),
    (
        "hak-kewajiban",
        "penagihan.hari_bayar_klaim",
        "Pembayaran Klaim",
        "paling lambat {} Hari Kerja sesudah berkas lengkap",
    ),
    ("informasi-pengaduan", "pengaduan.penyelesaian", "Pengaduan", "diselesaikan {} Hari Kerja"),
    ("sanksi", "sanksi.teguran_maksimum", "Teguran tertulis", "paling banyak {} kali"),
    (
        "pengakhiran",
        "pengakhiran.pemberitahuan",
        "Pengakhiran",
        "pemberitahuan tertulis {} hari sebelumnya",
    ),
)


def deadlines(source: SummarySource, subjects: frozenset[str]) -> tuple[Fact, ...]:
    """Return what must be done by when, as far as this agreement says it."""
    values = source.values
    rules: ResolvedParameters = values["aturan"]
    facts = []
    for subject, name, what, words in _RULES:
        if subject not in subjects or (
            name == "penagihan.tanggal_bayar_kapitasi" and "kapitasi" not in values["hitung"]
        ):
            continue
        try:
            told = words.format(bilangan(rules.whole(name)))
        except NotInForceError:
            continue
        facts.append(Fact(apa=what, isi=told, subjek=subject))
    due = values["hitung"]["tenggat"]
    told = f"paling lambat {format_tanggal(due['rekredensialing']['tanggal'])}"
    facts.append(Fact(apa="Rekredensialing", isi=told, subjek="jangka-waktu"))
    if "vendor" in due:
        told = f"dilaporkan paling lambat {format_tanggal(due['vendor']['tanggal'])}"
        facts.append(Fact(apa="Akhir kerja sama pihak ketiga TI", isi=told, subjek="keamanan-data"))
    ending = _ending(source.kontrak)
    if ending:
        more = len(ending) - _MOST_LICENCES
        told = "; ".join(ending[:_MOST_LICENCES]) + (f"; dan {more} lainnya" if more > 0 else "")
        facts.append(Fact(apa="Izin yang berakhir dalam masa berlaku", isi=told, subjek=_SCHEDULE))
    return tuple(facts)


def _ending(kontrak: Kontrak) -> list[str]:
    """Return the licences that end before the agreement does, soonest first."""
    found = [(one.sip.berlaku_sampai, f"SIP {one.nama}") for one in kontrak.tenaga_kesehatan]
    licences = [("Izin operasional", kontrak.faskes.izin_operasional)]
    licences += [(f"Izin {one.nama}", one.izin) for one in kontrak.jejaring]
    found += [
        (izin.berlaku_sampai, name) for name, izin in licences if izin and izin.berlaku_sampai
    ]
    accredited = kontrak.faskes.akreditasi
    if accredited and accredited.berlaku_sampai:
        found.append((accredited.berlaku_sampai, "Akreditasi"))
    end = kontrak.jangka_waktu.tanggal_selesai
    return [f"{name} ({format_tanggal(day)})" for day, name in sorted(found) if day <= end]


def differences(source: SummarySource) -> list[dict[str, str]]:
    """Return what another agreement said otherwise; nothing when it is not known."""
    if source.before is None:
        return []
    now, then = _comparable(source), _comparable(source.before)
    return [
        {"apa": name, "dulu": then.get(name) or "–", "kini": now.get(name) or "–"}
        for name in dict.fromkeys((*now, *then))
        if now.get(name) != then.get(name)
    ]


def _comparable(source: SummarySource) -> dict[str, str]:
    kontrak = source.kontrak
    told = {fact.apa: fact.isi for fact in (*parties(source), *payments(source))}
    told.pop("Melanjutkan perjanjian", None)
    told["Naskah baku"] = kontrak.versi_templat
    told["Penanda tangan PIHAK KESATU"] = kontrak.pihak_kesatu.nama_kepala_cabang
    told["Penanda tangan PIHAK KEDUA"] = kontrak.pihak_kedua.nama_penandatangan
    told["Tempat tidur"] = str(kontrak.faskes.jumlah_tempat_tidur)
    told["Tenaga kesehatan"] = "; ".join(
        sorted(f"{one.nama} ({PROFESI_TAMPIL[one.profesi]})" for one in kontrak.tenaga_kesehatan)
    )
    told["Jejaring"] = "; ".join(sorted(one.nama for one in kontrak.jejaring))
    if SIFAT[kontrak.faskes.jenis].norma is not None:
        told["Kode fasilitas"] = kontrak.faskes.kode
    return told


def _account(rekening: Rekening) -> str:
    return f"{rekening.bank} {rekening.nomor} a.n. {rekening.atas_nama}"


def _row(fact: Fact, where: Mapping[str, int]) -> dict[str, Any]:
    return {
        "apa": fact.apa,
        "isi": fact.isi,
        "catatan": fact.catatan,
        "halaman": where.get(fact.subjek, 0),
    }


def _places(naskah: Naskah, receipt: Receipt, pages: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return one row for each page that is signed: who, and how many meterai."""
    starts = [(pages[part.alamat], part) for part in naskah.bagian if part.alamat in pages]
    found: dict[int, list[str]] = {}
    stamps: dict[int, int] = {}
    for place in receipt.places:
        if place.kind == "tanda_tangan":
            found.setdefault(place.page, []).append(place.nama)
        elif place.kind == "meterai":
            stamps[place.page] = stamps.get(place.page, 0) + 1
    rows = []
    for page, names in sorted(found.items()):
        part = [one for start, one in starts if start <= page][-1]
        rows.append(
            {
                "halaman": page,
                "bagian": part.label or part.jenis.capitalize(),
                "siapa": "; ".join(dict.fromkeys(names)),
                "meterai": str(stamps.get(page, "–")),
            }
        )
    return rows
