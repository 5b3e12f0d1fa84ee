"""Deadlines that the agreement states: when something may, must or must no longer be done.

Source: docs/sumber.md 1.5, 3.2 (P10-P12, P16), 13.5, 11.6 and 11.8. Every answer carries
its legal source. How the words are read:

* Days: the day of the event is not counted (Pasal Lain-lain, perhitungan waktu). "Paling cepat
  setelah 30 hari" lets the next act happen on the day after the last of them: a reprimand of
  1 March has its thirtieth day on 31 March, so the next one is possible on 1 April.
* Months and years end on the same day of the month, or on its last day when it is shorter.
  "Paling lambat 3 bulan setelah" and "paling cepat 1 tahun setelah" both include that day.
* "Paling lambat 7 hari sebelumnya": the change itself is not counted, the seventh day before it
  is the last day for the notice.
* "Within 3 months" of an end: the day three months before already counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from pks_kit.domain.tanggal import days_after, months_after, months_before, working_days_after
from pks_kit.errors import UsageError
from pks_kit.rules.law.parameters import ResolvedParameters

_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A deadline.

    Attributes:
        tanggal: The day itself is still in time (``paling lambat``) or already allowed
            (``paling cepat``).
        parameter: Full name of the parameter that decided.
        dasar_hukum: Legal basis of that parameter.
    """

    tanggal: date
    parameter: str
    dasar_hukum: str


def _tenggat(tanggal: date, nama: str, aturan: ResolvedParameters) -> Deadline:
    return Deadline(tanggal=tanggal, parameter=nama, dasar_hukum=aturan.legal_basis(nama))


def next_reprimand(
    earlier: Sequence[date], aturan: ResolvedParameters, *, terindikasi_kecurangan: bool = False
) -> Deadline | None:
    """Return the first day of the next written reprimand, or None when any day will do.

    Args:
        earlier: Dates of the reprimands already given, oldest first.
        aturan: Parameters as of the start of the term.
        terindikasi_kecurangan: The ground is indicated abuse or fraud: no waiting, the next one
            may follow on the day of the previous.

    Raises:
        UsageError: ``rules.reprimands_exhausted`` when the most were given;
            ``rules.reprimands_out_of_order``.
        NotInForceError: ``rules.not_in_force``.
    """
    maximum = aturan.whole("sanksi.teguran_maksimum")
    if list(earlier) != sorted(earlier):
        raise UsageError("rules.reprimands_out_of_order")
    if len(earlier) >= maximum:
        raise UsageError("rules.reprimands_exhausted", given=len(earlier), maximum=maximum)
    if not earlier:
        return None
    name = "sanksi.jeda_teguran"
    wait = 0 if terindikasi_kecurangan else aturan.whole(name) + 1
    return _tenggat(days_after(earlier[-1], wait), name, aturan)


def loss_recovery_due(
    berita_acara: date,
    aturan: ResolvedParameters,
    *,
    disetujui_tidak_mampu: date | None = None,
) -> Deadline:
    """Return the last day for restoring a loss.

    Args:
        berita_acara: Day on which the minutes of loss recovery were signed.
        aturan: Parameters as of the start of the term.
        disetujui_tidak_mampu: Day on which PIHAK KESATU approved a declared inability.

    Raises:
        NotInForceError: ``rules.not_in_force``.
    """
    if disetujui_tidak_mampu is not None:
        name = "kecurangan.batas_pemulihan_tidak_mampu"
        months = aturan.whole(name) * _MONTHS_OF_A_YEAR
        return _tenggat(months_after(disetujui_tidak_mampu, months), name, aturan)
    name = "kecurangan.batas_pemulihan"
    return _tenggat(months_after(berita_acara, aturan.whole(name)), name, aturan)


def vendor_notice_due(perubahan: date, aturan: ResolvedParameters) -> Deadline:
    """Return the last day of the written report before work with an IT vendor changes or ends.

    Raises:
        NotInForceError: ``rules.not_in_force``.
    """
    name = "keamanan.pemberitahuan_pihak_ketiga"
    return _tenggat(days_after(perubahan, -aturan.whole(name)), name, aturan)


def expiry_flag_from(berakhir: date, aturan: ResolvedParameters) -> Deadline:
    """Return the first day on which a PKS, licence or document is flagged as ending soon.

    Raises:
        NotInForceError: ``rules.not_in_force``.
    """
    name = "jangka.peringatan_berakhir"
    return _tenggat(months_before(berakhir, aturan.whole(name)), name, aturan)


def recredentialing_due(berakhir: date, aturan: ResolvedParameters) -> Deadline:
    """Return the last day of recredentialing before an agreement ends.

    Raises:
        NotInForceError: ``rules.not_in_force``.
    """
    name = "perjanjian.rekredensialing"
    return _tenggat(months_before(berakhir, aturan.whole(name)), name, aturan)


def period_end(
    mulai: date, nama: str, aturan: ResolvedParameters, libur: Collection[date] = ()
) -> Deadline:
    """Return the last day of a period that a parameter gives in days, working days or months.

    Args:
        mulai: The day from which the period runs; it is not counted itself.
        nama: Full name of the parameter; its unit decides how is counted.
        aturan: Parameters as of the start of the term.
        libur: Holidays, which are no working days.

    Raises:
        UsageError: ``rules.not_a_period`` when the parameter is no period of time.
        NotInForceError: ``rules.not_in_force``.
    """
    count = aturan.whole(nama)
    match aturan.unit(nama):
        case "hari_kalender":
            last = days_after(mulai, count)
        case "hari_kerja":
            last = working_days_after(mulai, count, libur)
        case "bulan":
            last = months_after(mulai, count)
        case unit:
            raise UsageError("rules.not_a_period", name=nama, unit=unit)
    return _tenggat(last, nama, aturan)
