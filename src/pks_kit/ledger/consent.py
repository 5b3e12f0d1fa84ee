"""Write down once that PIHAK KEDUA agreed to a contract method (docs/sumber.md 2.2, step 4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from pks_kit.ledger import kinds
from pks_kit.ledger.checking import is_writable

if TYPE_CHECKING:
    from pks_kit.ledger.ports import Event, Ledger


def record_consent(
    ledger: Ledger,
    perjanjian: str,
    *,
    metode: str,
    oleh: str,
    surat: str,
    data_sha256: str,
    tanggal: date,
    waktu: datetime,
    nomor_surat: str | None = None,
    nama_kedua: str | None = None,
) -> Event:
    """Write ``metode.setuju``, or return the event when this very letter was written down before.

    Optional words that the ledger refuses (a number of sixteen digits could be a NIK) are left
    out, as in :func:`~pks_kit.ledger.describe.describe_agreement`.

    Args:
        ledger: The ledger.
        perjanjian: Id of the agreement, which is known from its data before it is issued.
        metode: ``elektronik`` or ``digital``.
        oleh: Name of who agreed.
        surat: Id of the letter, made from its content.
        data_sha256: SHA-256 of the contract data that were agreed to.
        tanggal: Day of the letter.
        waktu: Present time.
        nomor_surat: Number of the letter.
        nama_kedua: Name of the facility.

    Raises:
        LedgerError: It cannot be written.
    """
    for one in ledger.events(perjanjian, kinds.METODE_SETUJU):
        if one.isi.get("surat") == surat:
            return one
    words = {"nomor_surat": nomor_surat, "nama_kedua": nama_kedua}
    known = {
        key: value
        for key, value in words.items()
        if value is not None and is_writable(kinds.METODE_SETUJU, key, value)
    }
    return ledger.append(
        perjanjian,
        kinds.METODE_SETUJU,
        {
            "metode": metode,
            "oleh": oleh,
            "surat": surat,
            "data_sha256": data_sha256,
            "tanggal": tanggal.isoformat(),
            **known,
        },
        waktu=waktu,
        unik=f"setuju:{perjanjian}:{surat}",
    )
