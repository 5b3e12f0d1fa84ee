"""Whatever decides how a leaf is set decides the name under which it is kept."""

from __future__ import annotations

import pytest

from pks_kit.render.pdf.flow import fingerprint as module
from pks_kit.render.pdf.flow.fingerprint import fingerprint, library_versions


@pytest.fixture(autouse=True)
def _anew() -> None:
    fingerprint.cache_clear()


def test_the_same_is_the_same() -> None:
    first = fingerprint("p { color: red }")
    fingerprint.cache_clear()
    assert first is not None
    assert first == fingerprint("p { color: red }")
    assert first != fingerprint("p { color: blue }")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("library_versions", lambda: ("pango 9.9.9",)),
        ("_file_digests", lambda: ("book.py 00",)),
        ("BASE_CSS", "p { margin: 0 }"),
        ("sheet_css", lambda: ""),
        ("label_css", lambda: ""),
    ],
)
def test_everything_counts(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    before = fingerprint("p {}")
    fingerprint.cache_clear()
    monkeypatch.setattr(module, name, value)
    assert fingerprint("p {}") not in (None, before)
    fingerprint.cache_clear()


def test_fonts_and_own_code_are_read() -> None:
    told = " ".join(module._file_digests())
    for name in ("SourceSerifPro-Regular.ttf", "learning.py", "elements.py", "parts.py"):
        assert f"{name} " in told


def test_without_the_libraries_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LIBRARIES", {"pango": ("libtidak-ada.so.0",)})
    library_versions.cache_clear()
    assert fingerprint("p {}") is None
    library_versions.cache_clear()
