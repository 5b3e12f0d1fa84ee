"""Which result of rekredensialing an agreement rests on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pks_kit.domain.rekredensialing import Rekredensialing, latest_result

OLD = Rekredensialing(
    tahun=2022, skor_rekredensialing=Decimal("80"), tanggal_rekredensialing=date(2022, 10, 1)
)
NEW = Rekredensialing(
    tahun=2023, skor_rekredensialing=Decimal("90"), tanggal_rekredensialing=date(2023, 10, 1)
)


def test_the_last_result_known_on_the_day_of_signing() -> None:
    assert latest_result((NEW, OLD), date(2023, 12, 20)) == NEW
    assert latest_result((NEW, OLD), date(2023, 10, 1)) == NEW
    assert latest_result((NEW, OLD), date(2023, 9, 30)) == OLD
    assert latest_result((NEW, OLD), date(2022, 9, 30)) is None


def test_a_score_without_its_day_is_no_result() -> None:
    half = Rekredensialing(tahun=2023, skor_rekredensialing=Decimal("90"))
    assert latest_result((half, OLD), date(2023, 12, 20)) == OLD
    zero = Rekredensialing(
        tahun=2023, skor_rekredensialing=Decimal(0), tanggal_rekredensialing=date(2023, 10, 1)
    )
    assert latest_result((zero, OLD), date(2023, 12, 20)) == zero
