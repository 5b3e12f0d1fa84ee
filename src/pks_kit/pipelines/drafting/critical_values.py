"""Which values of the data nobody may change by hand on paper, as the pages print them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from pks_kit.domain.tanggal import format_tanggal, tanggal_angka
from pks_kit.domain.terbilang import kelompok_ribuan

_LEFT_OUT = frozenset(
    {
        *("nik", "telepon", "hp", "hp_pic", "hp_pic_ti", "hp_petugas_informasi_pengaduan"),
        *("email", "alamat", "up", "pic", "berkas", "kunci", "nama_pengguna", "keterangan"),
        *("versi_templat", "cara_kontrak", "jenis", "kode_antrean", "hari", "poli", "pekan"),
        *("buka", "tutup", "mulai", "selesai", "tenaga", "aplikasi", "tujuan", "unit"),
    }
)
"""Ways to reach somebody, kinds and hours: a change there moves no money, term or duty. The NIK
stays out of the receipt on purpose: it travels more than the agreement does."""

_SHORTEST = 3


def critical_values(data: BaseModel) -> tuple[tuple[str, str], ...]:
    """Return path and printed text of every critical value of the data.

    A value that may be printed in several spellings is told once for each of them.
    """
    return tuple(_walk("", data))


def _walk(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in _LEFT_OUT:
                yield from _walk(f"{path}.{name}" if path else name, getattr(value, name))
    elif isinstance(value, tuple | list):
        for place, one in enumerate(value):
            yield from _walk(f"{path}[{place}]", one)
    elif isinstance(value, date):
        yield path, format_tanggal(value)
        yield path, tanggal_angka(value)
        yield path, value.isoformat()
    elif isinstance(value, int) and not isinstance(value, bool) and value >= 1000:
        yield path, kelompok_ribuan(value)
    elif isinstance(value, str) and len(value.strip()) >= _SHORTEST:
        yield path, value
