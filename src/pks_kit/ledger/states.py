"""States of an agreement (docs/sumber.md 2.2) and the ways between them, per method of contracting.

The order is that of the official walk-through of kontrak digital. For kontrak elektronik and
manual 1.3 gives only who signs how; what we derived from that is marked below.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pks_kit.errors import LedgerError
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event, Ledger

Metode = Literal["elektronik", "digital", "manual"]


class AgreementStage(StrEnum):
    """Where an agreement is on its way."""

    METODE_BELUM_DIPILIH = "METODE_BELUM_DIPILIH"
    METODE_DISETUJUI = "METODE_DISETUJUI"
    DRAFT_TERISI = "DRAFT_TERISI"
    CATATAN_TERKIRIM = "CATATAN_TERKIRIM"
    DITANDATANGANI_BPJS = "DITANDATANGANI_BPJS"
    DIUNDUH = "DIUNDUH"
    DITANDATANGANI_FASKES = "DITANDATANGANI_FASKES"
    DIUNGGAH = "DIUNGGAH"
    HARDCOPY_DIKIRIM = "HARDCOPY_DIKIRIM"


_K = AgreementStage

_SAMPAI_TERKIRIM: dict[AgreementStage, frozenset[AgreementStage]] = {
    _K.METODE_BELUM_DIPILIH: frozenset({_K.METODE_DISETUJUI}),
    # "Ubah Metode PKS" leads back until the note is sent to BPJS.
    _K.METODE_DISETUJUI: frozenset({_K.DRAFT_TERISI, _K.METODE_BELUM_DIPILIH}),
    _K.DRAFT_TERISI: frozenset({_K.CATATAN_TERKIRIM, _K.METODE_BELUM_DIPILIH}),
}

_JALAN: dict[Metode, dict[AgreementStage, frozenset[AgreementStage]]] = {
    "digital": {
        **_SAMPAI_TERKIRIM,
        _K.CATATAN_TERKIRIM: frozenset({_K.DITANDATANGANI_BPJS}),
        _K.DITANDATANGANI_BPJS: frozenset({_K.DIUNDUH}),
        _K.DIUNDUH: frozenset({_K.DITANDATANGANI_FASKES}),
        _K.DITANDATANGANI_FASKES: frozenset({_K.DIUNGGAH}),
        # Derived: a refused upload comes back to be completed by hand.
        _K.DIUNGGAH: frozenset({_K.HARDCOPY_DIKIRIM, _K.DITANDATANGANI_FASKES}),
    },
    "elektronik": {
        # Derived: the system holds the file, so nothing is uploaded or sent on paper.
        **_SAMPAI_TERKIRIM,
        _K.CATATAN_TERKIRIM: frozenset({_K.DITANDATANGANI_BPJS}),
        _K.DITANDATANGANI_BPJS: frozenset({_K.DIUNDUH, _K.DITANDATANGANI_FASKES}),
        _K.DIUNDUH: frozenset({_K.DITANDATANGANI_FASKES}),
    },
    "manual": {
        # Derived: the draft is printed, either party may sign first.
        **_SAMPAI_TERKIRIM,
        _K.CATATAN_TERKIRIM: frozenset({_K.DIUNDUH}),
        _K.DIUNDUH: frozenset({_K.DITANDATANGANI_BPJS, _K.DITANDATANGANI_FASKES}),
        _K.DITANDATANGANI_BPJS: frozenset({_K.DITANDATANGANI_FASKES, _K.DIUNGGAH}),
        _K.DITANDATANGANI_FASKES: frozenset({_K.DITANDATANGANI_BPJS, _K.DIUNGGAH}),
        _K.DIUNGGAH: frozenset({_K.HARDCOPY_DIKIRIM, _K.DITANDATANGANI_FASKES}),
    },
}

_NAMES = frozenset(str(one) for one in AgreementStage)
_KEDUANYA = frozenset({_K.DITANDATANGANI_BPJS, _K.DITANDATANGANI_FASKES})

_SYARAT: dict[tuple[Metode, AgreementStage], frozenset[AgreementStage]] = {
    ("digital", _K.DITANDATANGANI_FASKES): frozenset({_K.DITANDATANGANI_BPJS}),
    ("elektronik", _K.DITANDATANGANI_FASKES): frozenset({_K.DITANDATANGANI_BPJS}),
    ("digital", _K.DIUNGGAH): _KEDUANYA,
    ("manual", _K.DIUNGGAH): _KEDUANYA,
}
"""What must have been passed before, on whatever way: the unsigned draft is never uploaded."""


def history(events: Iterable[Event]) -> tuple[AgreementStage, ...]:
    """Return the states of one agreement in order, from ``METODE_BELUM_DIPILIH`` on.

    Args:
        events: Events of the agreement; other kinds are passed over.

    Raises:
        LedgerError: ``ledger.bad_state`` when an event names no state or does not begin where the
            one before ended.
    """
    passed = [_K.METODE_BELUM_DIPILIH]
    for event in events:
        if event.jenis != kinds.KEADAAN:
            continue
        dari, ke = event.isi["dari"], event.isi["ke"]
        if dari != passed[-1] or ke not in _NAMES:
            raise LedgerError("ledger.bad_state", nomor=event.nomor, dari=dari, ke=ke)
        passed.append(AgreementStage(ke))
    return tuple(passed)


def current_state(events: Iterable[Event]) -> AgreementStage:
    """Return the state of one agreement.

    Raises:
        LedgerError: ``ledger.bad_state``, see :func:`history`.
    """
    return history(events)[-1]


def check_transition(
    passed: Iterable[AgreementStage],
    ke: AgreementStage | str,
    metode: Metode,
    *,
    perjanjian: str = "",
) -> None:
    """Refuse a way that the method of contracting does not have.

    Args:
        passed: States so far, as :func:`history` returns them; the last one is the present one.
        ke: State to reach.
        metode: Method of contracting.
        perjanjian: Id of the agreement, for the words.

    Raises:
        LedgerError: ``ledger.bad_transition`` with the names of both states.
    """
    states = tuple(passed) or (_K.METODE_BELUM_DIPILIH,)
    dari = states[-1]
    allowed = _JALAN[metode].get(dari, frozenset())
    # Choosing the method again starts anew; what was signed before does not count.
    start = len(states) - 1 - states[::-1].index(_K.METODE_BELUM_DIPILIH)
    needed = _SYARAT.get((metode, AgreementStage(ke)), frozenset()) if ke in _NAMES else frozenset()
    if ke not in allowed or not needed <= {*states[start:]}:
        raise LedgerError(
            "ledger.bad_transition",
            dari=str(dari),
            ke=str(ke),
            metode=metode,
            perjanjian=perjanjian,
            allowed=", ".join(sorted(allowed)) or "-",
        )


def record_state(
    ledger: Ledger, perjanjian: str, ke: AgreementStage, metode: Metode, *, waktu: datetime
) -> Event:
    """Move an agreement to another state; of two processes that try at once one is refused.

    Raises:
        LedgerError: ``ledger.bad_transition``, ``ledger.bad_state``, ``ledger.not_unique`` when
            another process moved it meanwhile, and what ``append`` raises.
    """
    passed = history(ledger.events(perjanjian, kinds.KEADAAN))
    check_transition(passed, ke, metode, perjanjian=perjanjian)
    return ledger.append(
        perjanjian,
        kinds.KEADAAN,
        {"dari": str(passed[-1]), "ke": str(ke), "metode": metode},
        waktu=waktu,
        unik=f"keadaan:{perjanjian}:{len(passed)}",
    )
