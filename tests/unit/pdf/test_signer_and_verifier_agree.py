"""Whatever the signer accepts the verifier passes for the same facts, and the other way round.

A file that may be signed and stamped with a paid meterai must not be judged failed afterwards for
what it held all the time; and what the verifier lets pass must not be refused at the signer's desk.
"""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pks_kit.errors import PksKitError
from pks_kit.limits import PDF_BYTES, SIGNABLE_PDF_BYTES
from pks_kit.pdf.layout import check_room, layout_of, open_sound
from pks_kit.pdf.limits import PdfLimits
from pks_kit.signing.step.sign_field import RESERVED_BYTES
from pks_kit.verification.file.active_content import look_at_content
from pks_kit.verification.file.intake import look_at_bytes, open_file
from pks_kit.verification.limits import Limits
from unit.pdf.odd_files import (
    CHANGES,
    ODD_NAMES,
    SPOILS,
    WAYS,
    appended,
    plain,
    saved,
    swelling_to,
)


def signer_refuses(content: bytes, limits: PdfLimits | None = None) -> str:
    """Return why no signer would touch the file; empty when it would."""
    try:
        layout_of(open_sound(content, limits))
    except PksKitError as error:
        return f"{error.code} {error.params}"
    return ""


def verifier_fails(content: bytes, limits: Limits | None = None) -> str:
    """Return what the verifier says against the file as a file; empty when it says nothing."""
    limits = limits or Limits()
    checks = look_at_bytes(content, limits)
    if not any(check.reason in ("empty", "not_pdf", "too_large") for check in checks):
        opened, more = open_file(content, limits)
        checks += more
        if opened is not None:
            checks += look_at_content(opened, limits)[0]
    told = [f"{one.code}/{one.reason} {one.params}" for one in checks if one.status == "failed"]
    return ", ".join(told)


def agree(content: bytes, **limits: int) -> bool:
    """Return whether both accept the file; fail when they disagree."""
    refused = signer_refuses(content, PdfLimits(**limits))
    failed = verifier_fails(content, Limits(**limits))
    assert bool(refused) == bool(failed), f"signer: {refused or '-'}; verifier: {failed or '-'}"
    return not refused


@pytest.mark.parametrize("oddity", CHANGES)
def test_about_one_oddity(oddity: str) -> None:
    pdf = plain()
    CHANGES[oddity](pdf)
    agree(saved(pdf))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("spoil", SPOILS)
def test_about_bytes(way: str, spoil: str) -> None:
    agree(SPOILS[spoil](saved(plain(2), way)))


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("kind", ["font", "shared font", "picture"])
def test_odd_names_run_nothing(kind: str, name: str) -> None:
    """Writers are free in naming fonts and pictures: no honest file is refused for a name."""
    pdf = plain()
    CHANGES[f"{kind} {name}"](pdf)
    assert agree(saved(pdf))


def test_sizes_at_the_limits() -> None:
    """Each limit lets the file at the limit pass and refuses the next one, on both sides."""
    content = saved(plain(3))
    drawn = plain()
    CHANGES["nested 10"](drawn)
    nested = saved(drawn)
    swelling = plain()
    swelling_to(5000)(swelling)
    swollen = saved(swelling)
    revisions = appended(appended(saved(plain())))
    for limit, least, file in (
        ("file_bytes", len(content), content),
        ("pages", 3, content),
        ("revisions", 3, revisions),
        ("depth", 11, nested),
        ("stream_bytes", 5000, swollen),
        ("decoded_bytes", 5000, swollen),
    ):
        assert agree(file, **{limit: least}), limit
        assert not agree(file, **{limit: least - 1}), limit


def test_the_limits_are_one() -> None:
    """The verifier's numbers are those of the file, whoever reads it."""
    shared = asdict(PdfLimits())
    assert {name: value for name, value in Limits().as_dict().items() if name in shared} == shared
    assert shared["file_bytes"] == PDF_BYTES


def test_what_is_signed_stays_small_enough_to_be_verified() -> None:
    largest = bytes(SIGNABLE_PDF_BYTES)
    check_room(largest)
    with pytest.raises(PksKitError) as caught:
        check_room(largest + b" ")
    assert caught.value.code == "pdf.no_room"
    assert PDF_BYTES - SIGNABLE_PDF_BYTES > 4 * 2 * RESERVED_BYTES


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    oddities=st.lists(st.sampled_from(sorted(CHANGES)), max_size=4),
    pages=st.integers(1, 3),
    way=st.sampled_from(WAYS),
    spoil=st.sampled_from(["as it is"] * 6 + sorted(SPOILS)),
)
def test_about_any_mixture(oddities: list[str], pages: int, way: str, spoil: str) -> None:
    pdf = plain(pages)
    for oddity in oddities:
        CHANGES[oddity](pdf)
    agree(SPOILS[spoil](saved(pdf, way)))
