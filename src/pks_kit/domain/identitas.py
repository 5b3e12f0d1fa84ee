"""Identity of an agreement and the safe names of its files."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pks_kit.domain.kontrak import Kontrak

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals without I, L, O and U, which people misread."""

ID_LENGTH = 26
_NAME_LENGTH = 40
_UNSAFE = re.compile(r"[^a-z0-9]+")


def crockford(content: bytes, length: int) -> str:
    """Return the first ``length`` Crockford base32 characters of SHA-256 over ``content``.

    Args:
        content: Any bytes.
        length: From 1 to 51 characters; each holds five bits.
    """
    number = int.from_bytes(hashlib.sha256(content).digest())
    return "".join(CROCKFORD[number >> (256 - 5 * (place + 1)) & 31] for place in range(length))


def agreement_id(kontrak: Kontrak) -> str:
    """Return the 26-character id of an agreement, made from its content, never from a counter.

    The two PKS numbers, the kode faskes, the term and the template version decide it. A corrected
    address keeps the id; another number, term or version is another agreement.
    """
    identity = {
        "kode_faskes": kontrak.faskes.kode,
        "nomor_kedua": kontrak.pihak_kedua.nomor_pks,
        "nomor_kesatu": kontrak.pihak_kesatu.nomor_pks,
        "tanggal_mulai": kontrak.jangka_waktu.tanggal_mulai.isoformat(),
        "tanggal_selesai": kontrak.jangka_waktu.tanggal_selesai.isoformat(),
        "versi_templat": kontrak.versi_templat,
    }
    return identity_code(identity)


def identity_code(identity: Mapping[str, str]) -> str:
    """Return the 26-character id of whatever these values tell apart, the same on every machine."""
    canonical = json.dumps(identity, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return crockford(unicodedata.normalize("NFC", canonical).encode(), ID_LENGTH)


def slug(kontrak: Kontrak) -> str:
    """Return a file stem such as ``klinik-pratama-sehat-9917u029-7k2m9x4q``.

    Only ``a-z``, ``0-9`` and single ``-``, at most 60 characters, never at the start or end a dash.
    The kode faskes and the first eight characters of the agreement id are always in it, so device
    names of Windows, hidden files, dots and slashes cannot come from data, and two agreements
    differ.
    """
    nama = safe_name(kontrak.pihak_kedua.nama_faskes)[:_NAME_LENGTH].strip("-") or "faskes"
    kode = safe_name(kontrak.faskes.kode)[:8].strip("-")
    return "-".join(part for part in (nama, kode, agreement_id(kontrak)[:8].lower()) if part)


def safe_name(text: str) -> str:
    """Return only ``a-z``, ``0-9`` and single dashes of a text; may be empty."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", ascii_only.lower()).strip("-")
