"""What a renewal finds: nothing is measured by the day on which the old agreement was signed."""

from __future__ import annotations

import pytest

from pks_kit.domain.perpanjangan import next_term
from pks_kit.rules.checks.renewal import check_renewal
from support.sample import changed_at

DOCUMENT = "dokumen[0].tanggal"


def told_as_future(document_day: str) -> list[tuple[str, str]]:
    kontrak = changed_at({DOCUMENT: document_day})
    return [(one.level, one.path) for one in check_renewal(kontrak, next_term(kontrak))
            if one.code == "past.after_signing"]  # fmt: skip


@pytest.mark.parametrize(
    ("document_day", "expected"),
    [
        ("2024-03-01", []),  # after the old day of signing, before any day of the new one
        ("2024-12-31", []),
        ("2025-01-02", [("blocking", DOCUMENT)]),
    ],
)
def test_facts_since_the_old_signing(document_day: str, expected: list[tuple[str, str]]) -> None:
    """The agreement that ends began after it was signed, and is no fact of the future either."""
    assert told_as_future(document_day) == expected
