"""Write down once what an agreement is, so that a ledger can be read without its files."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pks_kit.ledger import kinds
from pks_kit.ledger.checking import is_writable

if TYPE_CHECKING:
    from pks_kit.domain.receipt import Receipt
    from pks_kit.ledger.ports import Ledger
    from pks_kit.policy.signing_profile import SigningProfile


def describe_agreement(
    ledger: Ledger, receipt: Receipt, profile: SigningProfile, *, waktu: datetime
) -> None:
    """Write ``perjanjian`` unless it is there; also for an agreement begun by an older version.

    Words that the ledger refuses (a number of sixteen digits could be a NIK) are left out: what
    only describes must never stop a signing.

    Raises:
        LedgerError: It cannot be written.
    """
    if ledger.events(receipt.agreement_id, kinds.PERJANJIAN):
        return
    words = {
        "nama_kesatu": receipt.nama_kesatu,
        "nama_kedua": receipt.nama_kedua,
        "nomor_kesatu": receipt.nomor_kesatu,
        "nomor_kedua": receipt.nomor_kedua,
        "induk": receipt.induk,
    }
    known = {
        key: value
        for key, value in words.items()
        if value is not None and is_writable(kinds.PERJANJIAN, key, value)
    }
    ledger.append(
        receipt.agreement_id,
        kinds.PERJANJIAN,
        {"metode": profile.cara_kontrak, "profil": profile.nama, **known},
        waktu=waktu,
        unik=f"{kinds.PERJANJIAN}:{receipt.agreement_id}",
    )
