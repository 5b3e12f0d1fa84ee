"""Kinds of events and what stands in each (``isi``).

================== ==========================================================================
kind               facts
================== ==========================================================================
``metode.setuju``  ``metode``, ``oleh``, ``surat``, ``data_sha256``, ``tanggal``; ``nomor_surat``,
                   ``nama_kedua``: PIHAK KEDUA agreed to the method and its three points, before
                   anything was issued (``unik`` is ``setuju:<perjanjian>:<surat>``)
``terbit``         ``file``, ``sha256``, ``size``: the issued PDF
``perjanjian``     ``metode``, ``profil``; ``nama_kesatu``, ``nama_kedua``, ``nomor_kesatu``,
                   ``nomor_kedua``, ``induk``: what the agreement is, as its receipt says
                   (``unik`` is ``perjanjian:<perjanjian>``)
``langkah.mulai``  ``langkah``, ``sebelum_sha256``: a step of the profile is about to be done
``langkah.selesai`` ``langkah``, ``sebelum_sha256``, ``sesudah_sha256``, ``bidang``, ``penanda``,
                   ``sn``, ``berkas``: done, checked and stored
``langkah.gagal``  ``langkah``, ``kode``: refused; nothing was done
``langkah.tidak_pasti`` ``langkah``, ``kode``: the service may have signed
``meterai.niat``   ``kunci``, ``langkah``, ``peran``, ``dokumen_sha256``, ``penyedia``, ``ke``:
                   about to buy (``ke`` counts the attempts of this
                   step from 1; ``unik`` is ``niat:<perjanjian>:<langkah>:<ke>``)
``meterai.terbit`` ``kunci``, ``sn``, ``gambar_b64``, ``dokumen_sha256``, ``penyedia``: bought
                   (``unik`` is ``sn:<sn>``)
``meterai.gagal``  ``kunci``, ``ke``, ``kode``: refused, nothing was bought
``meterai.tidak_pasti`` ``kunci``, ``tahap`` (``beli`` or ``bubuh``), ``kode``: no usable answer
``meterai.bubuh``  ``kunci``, ``sn``: about to stamp
``meterai.terbubuh`` ``kunci``, ``sn``, ``sesudah_sha256``: stamped, checked and stored
``meterai.lepas``  ``kunci``, ``ke``, ``oleh``, ``alasan``: a named person gave a purchase up, so
                   that another one is possible
                   (``unik`` is ``lepas:<perjanjian>:<langkah>:<ke>``)
``selesai``        ``file``, ``sha256``, ``size``: the final file was published
``paper.received`` ``verdict``, ``scan_sha256``, ``sheets``, ``pages``, ``missing``, ``empty``,
                   ``unsure``, ``changes``, ``issued_sha256``, ``thresholds``, ``kit``;
                   ``edition``, ``lacks`` (the one party that lacks something,
                   where it is PIHAK KESATU), ``handed_in`` (when the last of the sheets was
                   handed in): signed paper came back and was judged
                   (``unik`` is ``paper:<perjanjian>:<hash of the facts>``)
``paper.decided``  ``scan_sha256``, ``scan_page``, ``place``, ``machine``, ``by``, ``decision``,
                   ``thresholds``; ``page``, ``edition``, ``machine_reason``, ``reason``,
                   ``addendum``, ``crop_sha256``: what a person said of one place, change or sheet
                   of a scan, beside what the machine said of it
``surat.pengingat`` ``tanggal``; ``batas``, ``diminta``: a letter was written that reminds the
                   facility of its paper: of what day, by when, and what it asks for
                   (``unik`` is ``pengingat:<perjanjian>:<hash of the facts>``)
``surat.pengantar`` ``tanggal``; ``batas``: a covering letter was written for this agreement alone:
                   on what day, and by when its paper must come back
                   (``unik`` is ``pengantar:<perjanjian>:<hash of the facts>``)
``rencana.disetujui`` ``rencana``, ``oleh``, ``pembuat``, ``baris``, ``meterai``; ``dilihat``,
                   ``kecuali``: a named person approved a plan for many agreements, bound to its
                   hash, but for the numbers in ``kecuali``
                   (``perjanjian`` is ``rencana-`` and the beginning of that hash, ``unik`` is
                   ``rencana:<hash>:<oleh>``)
``rencana.ditolak`` ``rencana``, ``oleh``, ``alasan``: a named person rejected such a plan; what was
                   approved before is not run any more, until somebody approves again
                   (``unik`` is ``rencana-tolak:<hash>:<how many words before>``)
``rencana.dikeluarkan`` ``rencana``, ``oleh``, ``baris``: a named person took agreements out of such
                   a plan, by their numbers (``unik`` is ``rencana-baris:<hash>:<how many before>``)
``rencana.dikembalikan`` ``rencana``, ``oleh``, ``baris``: and put them back
================== ==========================================================================

The same stands in :data:`FAKTA` as data; a test keeps the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

METODE_SETUJU = "metode.setuju"
TERBIT = "terbit"
PERJANJIAN = "perjanjian"
LANGKAH_MULAI = "langkah.mulai"
LANGKAH_SELESAI = "langkah.selesai"
LANGKAH_GAGAL = "langkah.gagal"
LANGKAH_TIDAK_PASTI = "langkah.tidak_pasti"
METERAI_NIAT = "meterai.niat"
METERAI_TERBIT = "meterai.terbit"
METERAI_GAGAL = "meterai.gagal"
METERAI_TIDAK_PASTI = "meterai.tidak_pasti"
METERAI_BUBUH = "meterai.bubuh"
METERAI_TERBUBUH = "meterai.terbubuh"
METERAI_LEPAS = "meterai.lepas"
SELESAI = "selesai"
PAPER_RECEIVED = "paper.received"
PAPER_DECIDED = "paper.decided"
SURAT_PENGINGAT = "surat.pengingat"
SURAT_PENGANTAR = "surat.pengantar"
RENCANA_DISETUJUI = "rencana.disetujui"
RENCANA_DITOLAK = "rencana.ditolak"
RENCANA_DIKELUARKAN = "rencana.dikeluarkan"
RENCANA_DIKEMBALIKAN = "rencana.dikembalikan"

ABOUT_PLANS = frozenset(
    {RENCANA_DISETUJUI, RENCANA_DITOLAK, RENCANA_DIKELUARKAN, RENCANA_DIKEMBALIKAN}
)
"""Events about many agreements; they are no agreement themselves."""

ARSIP = "arsip"
"""``langkah`` of the revision that seals a finished file for long keeping."""
DARI_LUAR = "dari_luar"
"""``langkah`` of a revision that was signed elsewhere and came back."""

TAHAP_BELI = "beli"
TAHAP_BUBUH = "bubuh"


class Bentuk(Enum):
    """Shape of one fact.

    ``TEKS`` is words of people or services and is searched for a NIK; ``PENANDA`` is made by
    machines (keys, serial numbers, names of stored files), where sixteen digits in a row may
    stand by chance inside a hash.
    """

    TEKS = "text"
    PENANDA = "identifier"
    SHA256 = "SHA-256"
    BASE64 = "base64"
    HITUNGAN = "whole number from 1"
    UKURAN = "whole number from 0"
    TAHAP = "beli or bubuh"
    METODE = "elektronik, digital or manual"
    KERTAS = "complete, incomplete or needs_person"


@dataclass(frozen=True, slots=True)
class EventFacts:
    """The facts of one kind of event.

    Attributes:
        wajib: Facts that must be there, with their shape.
        boleh: Facts that may be missing or null.
    """

    wajib: Mapping[str, Bentuk]
    boleh: Mapping[str, Bentuk] = field(default_factory=dict)


_BERKAS = EventFacts({"file": Bentuk.TEKS, "sha256": Bentuk.SHA256, "size": Bentuk.UKURAN})
_BARIS_RENCANA = EventFacts(
    {"rencana": Bentuk.SHA256, "oleh": Bentuk.TEKS, "baris": Bentuk.PENANDA}
)
_LANGKAH_KODE = EventFacts({"langkah": Bentuk.PENANDA, "kode": Bentuk.TEKS})

FAKTA: Mapping[str, EventFacts] = MappingProxyType(
    {
        METODE_SETUJU: EventFacts(
            {
                "metode": Bentuk.METODE,
                "oleh": Bentuk.TEKS,
                "surat": Bentuk.PENANDA,
                "data_sha256": Bentuk.SHA256,
                "tanggal": Bentuk.TEKS,
            },
            {"nomor_surat": Bentuk.TEKS, "nama_kedua": Bentuk.TEKS},
        ),
        TERBIT: _BERKAS,
        PERJANJIAN: EventFacts(
            {"metode": Bentuk.METODE, "profil": Bentuk.PENANDA},
            {
                "nama_kesatu": Bentuk.TEKS,
                "nama_kedua": Bentuk.TEKS,
                "nomor_kesatu": Bentuk.TEKS,
                "nomor_kedua": Bentuk.TEKS,
                "induk": Bentuk.PENANDA,
            },
        ),
        LANGKAH_MULAI: EventFacts({"langkah": Bentuk.PENANDA, "sebelum_sha256": Bentuk.SHA256}),
        LANGKAH_SELESAI: EventFacts(
            {
                "langkah": Bentuk.PENANDA,
                "sebelum_sha256": Bentuk.SHA256,
                "sesudah_sha256": Bentuk.SHA256,
                "bidang": Bentuk.PENANDA,
                "berkas": Bentuk.PENANDA,
            },
            {"penanda": Bentuk.TEKS, "sn": Bentuk.PENANDA},
        ),
        LANGKAH_GAGAL: _LANGKAH_KODE,
        LANGKAH_TIDAK_PASTI: _LANGKAH_KODE,
        METERAI_NIAT: EventFacts(
            {
                "kunci": Bentuk.PENANDA,
                "langkah": Bentuk.PENANDA,
                "peran": Bentuk.PENANDA,
                "dokumen_sha256": Bentuk.SHA256,
                "penyedia": Bentuk.TEKS,
                "ke": Bentuk.HITUNGAN,
            }
        ),
        METERAI_TERBIT: EventFacts(
            {
                "kunci": Bentuk.PENANDA,
                "sn": Bentuk.PENANDA,
                "gambar_b64": Bentuk.BASE64,
                "dokumen_sha256": Bentuk.SHA256,
                "penyedia": Bentuk.TEKS,
            }
        ),
        METERAI_GAGAL: EventFacts(
            {"kunci": Bentuk.PENANDA, "ke": Bentuk.HITUNGAN, "kode": Bentuk.TEKS}
        ),
        METERAI_TIDAK_PASTI: EventFacts(
            {"kunci": Bentuk.PENANDA, "tahap": Bentuk.TAHAP, "kode": Bentuk.TEKS}
        ),
        METERAI_BUBUH: EventFacts({"kunci": Bentuk.PENANDA, "sn": Bentuk.PENANDA}),
        METERAI_TERBUBUH: EventFacts(
            {"kunci": Bentuk.PENANDA, "sn": Bentuk.PENANDA, "sesudah_sha256": Bentuk.SHA256}
        ),
        METERAI_LEPAS: EventFacts(
            {
                "kunci": Bentuk.PENANDA,
                "ke": Bentuk.HITUNGAN,
                "oleh": Bentuk.TEKS,
                "alasan": Bentuk.TEKS,
            }
        ),
        SELESAI: _BERKAS,
        PAPER_RECEIVED: EventFacts(
            {
                "verdict": Bentuk.KERTAS,
                "scan_sha256": Bentuk.SHA256,
                "sheets": Bentuk.HITUNGAN,
                "pages": Bentuk.UKURAN,
                "missing": Bentuk.UKURAN,
                "empty": Bentuk.UKURAN,
                "unsure": Bentuk.UKURAN,
                "changes": Bentuk.UKURAN,
                "issued_sha256": Bentuk.SHA256,
                "thresholds": Bentuk.HITUNGAN,
                "kit": Bentuk.PENANDA,
            },
            {"edition": Bentuk.PENANDA, "lacks": Bentuk.PENANDA, "handed_in": Bentuk.PENANDA},
        ),
        PAPER_DECIDED: EventFacts(
            {
                "scan_sha256": Bentuk.SHA256,
                "scan_page": Bentuk.HITUNGAN,
                "place": Bentuk.PENANDA,
                "machine": Bentuk.PENANDA,
                "by": Bentuk.TEKS,
                "decision": Bentuk.PENANDA,
                "thresholds": Bentuk.HITUNGAN,
            },
            {
                "page": Bentuk.HITUNGAN,
                "edition": Bentuk.PENANDA,
                "machine_reason": Bentuk.PENANDA,
                "reason": Bentuk.TEKS,
                "addendum": Bentuk.TEKS,
                "crop_sha256": Bentuk.SHA256,
            },
        ),
        SURAT_PENGINGAT: EventFacts(
            {"tanggal": Bentuk.TEKS}, {"batas": Bentuk.TEKS, "diminta": Bentuk.TEKS}
        ),
        SURAT_PENGANTAR: EventFacts({"tanggal": Bentuk.TEKS}, {"batas": Bentuk.TEKS}),
        RENCANA_DISETUJUI: EventFacts(
            {
                "rencana": Bentuk.SHA256,
                "oleh": Bentuk.TEKS,
                "pembuat": Bentuk.TEKS,
                "baris": Bentuk.HITUNGAN,
                "meterai": Bentuk.UKURAN,
            },
            {"dilihat": Bentuk.TEKS, "kecuali": Bentuk.PENANDA},
        ),
        RENCANA_DITOLAK: EventFacts(
            {"rencana": Bentuk.SHA256, "oleh": Bentuk.TEKS, "alasan": Bentuk.TEKS}
        ),
        RENCANA_DIKELUARKAN: _BARIS_RENCANA,
        RENCANA_DIKEMBALIKAN: _BARIS_RENCANA,
    }
)
"""Kind of event -> its facts."""


def sn_unik(sn: str) -> str:
    """Return ``unik`` of a bought meterai: a serial number is written down only once."""
    return f"sn:{sn}"
