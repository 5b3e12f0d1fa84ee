"""Whatever the signer accepts the verifier passes for the same facts, and the other way round.

A file that may be signed and stamped with a paid meterai must not be judged failed afterwards for
what it held all the time; and what the verifier lets pass must not be refused at the signer's desk.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pks_kit.errors import PksKitError
from pks_kit.limits import PDF_BYTES, SIGNABLE_PDF_BYTES
from pks_kit.messages import known_codes
from pks_kit.pdf.layout import check_room, layout_of, open_sound
from pks_kit.pdf.limits import PdfLimits
from pks_kit.pdf.opening import FlawKind
from pks_kit.pdf.parsing import ParserFailure
from pks_kit.pdf.revisions import RevisionFlaw, cut_revisions
from pks_kit.signing.step.revisions import check_revisions
from pks_kit.signing.step.sign_field import RESERVED_BYTES
from pks_kit.verification.file.active_content import look_at_content
from pks_kit.verification.file.intake import ANSWERS, look_at_bytes, open_file
from pks_kit.verification.file.issued_reference import Reference
from pks_kit.verification.limits import Limits
from pks_kit.verification.revisions.judge import judge_revisions
from support.odd_pdfs import (
    CHANGES,
    ODD_NAMES,
    REVISION_TRICKS,
    SPOILS,
    WAYS,
    appended,
    plain,
    saved,
    swelling_to,
    with_material,
)


def signer_refuses(content: bytes) -> str:
    """Return why no signer would touch the file; empty when it would."""
    try:
        layout_of(open_sound(content))
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
    with pytest.MonkeyPatch.context() as patch:
        usual = PdfLimits.__init__.__kwdefaults__
        patch.setattr(PdfLimits.__init__, "__kwdefaults__", {**usual, **limits})
        refused = signer_refuses(content)
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


def signer_refuses_revisions(content: bytes, issued: bytes) -> str:
    """Return why no signer would go on with a file that begins with the issued one."""
    try:
        check_revisions(open_sound(content), issued, (), None)
    except PksKitError as error:
        return f"{error.code} {error.params}"
    return ""


def verifier_fails_revisions(content: bytes, issued: bytes) -> str:
    """Return what the verifier says against the file and its revisions."""
    reference = Reference(
        issued=issued, issued_sha256=hashlib.sha256(issued).hexdigest(), issued_size=len(issued)
    )
    opened, _ = open_file(content, Limits())
    if opened is None:
        return "unreadable"
    spans = cut_revisions(opened)
    if isinstance(spans, ParserFailure):
        return spans.text
    _, checks = judge_revisions(opened, spans, (), reference, None)
    said = [f"{one.code}/{one.reason}" for one in checks if one.status == "failed"]
    return ", ".join(said) + verifier_fails(content)


@pytest.mark.parametrize("way", ["plain", "object_streams", "linearised"])
@pytest.mark.parametrize("more", [0, 1, 2])
@pytest.mark.parametrize("trick", ["", *REVISION_TRICKS])
def test_about_revisions_as_bytes(way: str, more: int, trick: str) -> None:
    """Whatever no table lists is refused by both, and stored material by neither."""
    agreement = plain(2)
    CHANGES["form "](agreement)  # an agreement has fields, and pyHanko compares nothing without
    issued = content = saved(agreement, way)
    for _ in range(more):
        content = with_material(content)
    if trick:
        content = REVISION_TRICKS[trick](content)
    if not content.startswith(issued):
        return  # the trick is in the issued bytes, and another rule speaks about those
    refused = signer_refuses_revisions(content, issued)
    failed = verifier_fails_revisions(content, issued)
    assert bool(refused) == bool(failed) == bool(trick), (refused, failed)


@pytest.mark.parametrize("kind", get_args(FlawKind))
def test_every_refusal_has_its_answer(kind: str) -> None:
    """What pdf/ refuses, the verifier can say in both languages."""
    question, reason = ANSWERS[kind]
    assert f"check.{question}.{reason}" in known_codes()


def test_every_unlisted_part_has_its_answer() -> None:
    for reason in get_args(get_type_hints(RevisionFlaw)["reason"]):
        for question in ("issued.revisions", "file.revisions"):
            assert f"check.{question}.{reason}" in known_codes()


def test_the_limits_are_one() -> None:
    """The verifier's numbers are those of the file, whoever reads it."""
    shared = asdict(PdfLimits())
    assert {name: value for name, value in asdict(Limits()).items() if name in shared} == shared
    assert shared["file_bytes"] == PDF_BYTES


def test_what_is_signed_stays_small_enough_to_be_verified() -> None:
    largest = bytes(SIGNABLE_PDF_BYTES)
    check_room(largest)
    with pytest.raises(PksKitError) as caught:
        check_room(largest + b" ")
    assert caught.value.code == "pdf.no_room"
    assert PDF_BYTES - SIGNABLE_PDF_BYTES > 4 * 2 * RESERVED_BYTES


@pytest.mark.slow
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
