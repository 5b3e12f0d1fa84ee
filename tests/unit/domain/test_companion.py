"""What a PDF says that goes with an agreement; anything else says nothing."""

from __future__ import annotations

import pytest

from pks_kit.domain.companion import companion_kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<< /PksKitJenis /ringkasan /Title (x) >>", "ringkasan"),
        (b"<< /PksKitJenis\n/pengantar>>", "pengantar"),
        (b"<< /PksKitJenis /perjanjian >>", None),
        (b"<< /PksKitJenis /ringkasan2 >>", None),
        (b"", None),
    ],
)
def test_the_mark_is_read(content: bytes, kind: str | None) -> None:
    assert companion_kind(content) == kind
