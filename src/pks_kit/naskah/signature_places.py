"""Template functions ``tempat`` and ``tanda_tangan``: signature places are objects, not words."""

from __future__ import annotations

import re

from pks_kit.naskah.printed_values import printed_value
from pks_kit.naskah.source_text import TemplateFault
from pks_kit.naskah.tree import BlokTandaTangan, TempatTandaTangan

PERAN = ("pihak_kesatu", "pihak_kedua", "jejaring", "pengguna", "pejabat_struktural")
"""Roles that signing profiles know."""
_KODE = re.compile(r"[a-z0-9_]{1,40}")


def _words(name: str, value: object, *, required: bool = False) -> str:
    text = printed_value(value)
    if not isinstance(text, str) or (required and not text):
        raise TemplateFault("naskah.signature_words", argument=name)
    return text


def tempat(
    kode: str,
    *,
    peran: str,
    judul: str,
    instansi: str = "",
    nama: str,
    jabatan: str = "",
    meterai: bool = False,
    stempel: bool = True,
) -> TempatTandaTangan:
    """Describe one signature place; see `TempatTandaTangan` for the arguments.

    Raises:
        TemplateFault: for a malformed ``kode``, an unknown ``peran`` or missing words.
    """
    if not isinstance(kode, str) or not _KODE.fullmatch(kode):
        raise TemplateFault("naskah.signature_kode", kode=str(kode)[:60])
    if peran not in PERAN:
        raise TemplateFault("naskah.signature_peran", peran=str(peran)[:60], known=", ".join(PERAN))
    return TempatTandaTangan(
        kode=kode,
        peran=peran,
        judul=_words("judul", judul),
        instansi=_words("instansi", instansi),
        nama=_words("nama", nama, required=True),
        jabatan=_words("jabatan", jabatan),
        meterai=bool(meterai),
        stempel=bool(stempel),
    )


def tanda_tangan(*tempat: TempatTandaTangan, pembuka: str = "") -> BlokTandaTangan:
    """Set one or two signature places side by side.

    Raises:
        TemplateFault: ``naskah.signature_count`` for no place or more than two.
    """
    if not 1 <= len(tempat) <= 2 or not all(isinstance(t, TempatTandaTangan) for t in tempat):
        raise TemplateFault("naskah.signature_count", count=len(tempat))
    return BlokTandaTangan(tempat=tempat, pembuka=_words("pembuka", pembuka))
