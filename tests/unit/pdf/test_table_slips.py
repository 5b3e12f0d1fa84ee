"""Slips in reference tables: left to a person where they were signed, refused elsewhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import pikepdf
import pytest

from pks_kit.pdf.opening import open_with_pyhanko
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.table_slips import SAID_BY_STRICT, is_slip, open_with_slips
from support import forgeries, signed_files, tamper, third_party_pdfs
from support.judging import failures, judge, unknowns
from support.third_party_pdfs import Hand

_STREAMS = pikepdf.ObjectStreamMode.generate
_ASKED = "file.structure/readers_differ"
_OPEN = {_ASKED, "parties.profile/unknown"}
_HARMLESS = {"generation", "generation, stream"}
"""Every reference names that very generation, so that nobody reads something else."""
_NOT_READ = "file.structure/unreadable"


def plain() -> bytes:
    return third_party_pdfs.base(pages=2)


def with_streams() -> bytes:
    return third_party_pdfs.base(pages=2, object_stream_mode=_STREAMS)


def pillow() -> bytes:
    """The head of the free numbers as Pillow writes it."""
    found = plain()
    changed = found.replace(b"0000000000 65535 f", b"0000000000 65536 f")
    assert changed != found
    return changed


def acrobat() -> bytes:
    """A later revision puts a number away for good."""
    return forgeries._revision(plain(), b"", b"40 1\n0000000000 00000 f \n")


def signed(content: Callable[[], bytes], **hand: object) -> Callable[[], bytes]:
    return cache(lambda: third_party_pdfs.by_hand(content(), Hand(**hand)))  # type: ignore[arg-type]


SLIPS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "one too small": ("beyond_size", signed(plain, size_less=1)),
    "many too small": ("beyond_size", signed(plain, size_less=3)),
    "stream replaced": (
        "stream_replaced", signed(with_streams, over_stream=True, stream_table=True)),
    "stream replaced, table": ("stream_replaced", signed(with_streams, over_stream=True)),
    "generation": ("orphaned_generation", signed(plain, generation=1)),
    "generation, stream": (
        "orphaned_generation", signed(with_streams, generation=1, stream_table=True)),
    "head of the free": ("high_head", signed(pillow)),
    "dead number": ("freed_for_good", signed(acrobat)),
    "shrinking": ("smaller_size", signed(with_streams, stream_table=True, size_less=6)),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_slip_that_was_signed_is_left_to_a_person_and_the_signature_is_judged(name: str) -> None:
    kind, make = SLIPS[name]
    content = make()
    strict = guarded(lambda: open_with_pyhanko(content))
    assert isinstance(strict, ParserFailure)
    assert SAID_BY_STRICT[kind] in strict.text  # type: ignore[index]
    assert {one.kind for one in open_with_slips(content)[1]} == {kind}
    report = judge(content)
    asked = _OPEN - ({_ASKED} if name in _HARMLESS else set())
    assert (failures(report), unknowns(report)) == (set(), asked)
    (one,) = report.signatures
    assert (one.intact, one.trusted, one.modification) == (True, True, "none")
    assert one.signer == third_party_pdfs.NAME


@pytest.mark.parametrize("name", SLIPS)
def test_second_signer_is_judged_behind_a_slip(name: str) -> None:
    second = third_party_pdfs.by_hand(SLIPS[name][1](), Hand(name="Kedua", common="Budi Hartono"))
    report = judge(second)
    asked = _OPEN - ({_ASKED} if name in _HARMLESS else set())
    assert (failures(report), unknowns(report)) == (set(), asked | {"signature.place/overlap"})
    assert [one.intact for one in report.signatures] == [True, True]
    changed = judge(tamper.replaced_byte(second, second.index(b"endstream") - 20))
    assert _NOT_READ in failures(changed)


def test_unsigned_file_with_a_slip_is_no_forgery() -> None:
    content = third_party_pdfs.base()
    size = content.replace(b"/Size 6", b"/Size 5")
    assert size != content
    assert "file.structure/readers_differ" in unknowns(judge(size))
    assert failures(judge(size)) == {"parties.missing/no_signature"}


def poppler() -> bytes:
    """An object of generation 1 that nothing refers to, as poppler leaves it when it signs."""
    litter = b"30 1 obj\n<< /Type /Font >>\nendobj\n"
    return forgeries._revision(plain(), litter, b"30 1\n@ 00001 n \n")


def test_litter_of_another_generation_is_no_question() -> None:
    content = signed(poppler)()
    assert {(one.kind, one.is_harmless) for one in open_with_slips(content)[1]} == {
        ("orphaned_generation", True)
    }
    report = judge(content)
    assert (failures(report), unknowns(report)) == (set(), {"parties.profile/unknown"})
    second = third_party_pdfs.by_hand(content, Hand(name="Kedua", common="Budi Hartono"))
    assert "file.structure/readers_differ" not in unknowns(judge(second))


@pytest.mark.parametrize("generation", [0, 1, 2])
def test_a_reference_to_another_generation_makes_it_a_question(generation: int) -> None:
    named = b" /Location 30 %d R" % generation
    assert (_ASKED in unknowns(judge(signed(poppler, prop_build=named)()))) is (generation != 1)
    late = forgeries._revision(
        signed(poppler)(), b"31 0 obj\n[30 %d R]\nendobj\n" % generation, b"31 1\n@ 00000 n \n"
    )
    assert all(one.is_harmless for one in open_with_slips(late)[1]) is (generation == 1)


def test_another_object_of_the_same_number_makes_it_a_question() -> None:
    before = forgeries._revision(plain(), b"30 0 obj\n[1]\nendobj\n", b"30 1\n@ 00000 n \n")
    litter = b"30 1 obj\n<< /Type /Font >>\nendobj\n"
    both = third_party_pdfs.by_hand(forgeries._revision(before, litter, b"30 1\n@ 00001 n \n"))
    assert "file.structure/readers_differ" in unknowns(judge(both))


# --- what must stay refused -----------------------------------------------------------------------


def _more_after(content: bytes) -> bytes:
    """A page is drawn over, without any slip of its own."""
    number = forgeries._content_object(content)
    drawn = b"%d 0 obj\n%s\nendobj\n" % (number, forgeries._DRAWN)
    return forgeries._revision(content, drawn, b"%d 1\n@ 00000 n \n" % number)


def _moved_table(content: bytes) -> bytes:
    """Strict reading also refuses where the last table begins."""
    head, start, tail = content.rpartition(b"startxref\n")
    place, rest = tail.split(b"\n", 1)
    return head + start + b"%d\n" % (int(place) + 2) + rest


SPOILS: dict[str, Callable[[bytes], bytes]] = {
    "byte of a page": lambda c: tamper.replaced_byte(c, c.index(b"endstream") - 20),
    "byte of the container": lambda c: tamper.replaced_byte(c, tamper.containers(c)[0][1] - 9000),
    "page drawn over": _more_after,
    "other generation": forgeries.other_generation,
    "table found elsewhere": _moved_table,
    "bytes behind": lambda c: c + b"tambahan\n%%EOF\n",
}


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize("name", SLIPS)
def test_forged_file_does_not_hide_behind_a_slip(name: str, spoil: str) -> None:
    content = SLIPS[name][1]()
    forged = SPOILS[spoil](content)
    assert forged != content
    assert judge(forged).verdict == "failed"


def _slip_behind(kind: str) -> bytes:
    """A slip that stands in no signature's range: objects may vanish with it in some readers."""
    done = third_party_pdfs.by_hand(plain())
    number = forgeries._content_object(done)
    size = b"/Size 3 " if kind == "shrinking" else b"/Size %d " % number
    rows = b"%d 1\n@ 00000 n \n" % number if kind == "beyond" else b"0 1\n0000000000 65535 f \n"
    made = forgeries._revision(done, b"%d 0 obj\nnull\nendobj\n" % number, rows)
    head, trailer, tail = made.rpartition(b"trailer\n")
    begin = tail.index(b"/Size ")
    return head + trailer + tail[:begin] + size + tail[tail.index(b"/Prev") :]


@pytest.mark.parametrize("kind", ["shrinking", "beyond"])
def test_slip_added_after_signing_is_refused(kind: str) -> None:
    content = _slip_behind(kind)
    strict = guarded(lambda: open_with_pyhanko(content))
    assert isinstance(strict, ParserFailure)
    assert is_slip(strict.text)
    assert _NOT_READ in failures(judge(content))


def test_slip_is_refused_in_agreements_of_ours() -> None:
    start = signed_files.issued()
    done = third_party_pdfs.by_hand(start, Hand(size_less=1))
    assert _NOT_READ in failures(judge(done, issued=start))
    assert _NOT_READ in failures(judge(done))  # its receipt is inside


@pytest.mark.parametrize(
    "content",
    [third_party_pdfs.by_hand(third_party_pdfs.base()),
     third_party_pdfs.by_hand(third_party_pdfs.raw_base(b"\n", hybrid=True), Hand(generation=1))],
    ids=["no slip", "hybrid"],
)  # fmt: skip
def test_only_files_with_slips_are_opened_so(content: bytes) -> None:
    assert isinstance(guarded(lambda: open_with_slips(content)), ParserFailure)


def test_other_numbers_may_not_have_that_generation() -> None:
    content = pillow().replace(b" 00000 n", b" 65536 n", 1)
    assert isinstance(guarded(lambda: open_with_slips(content)), ParserFailure)


def test_dead_number_that_is_used_again_is_refused() -> None:
    again = forgeries._revision(acrobat(), b"40 1 obj\n<< >>\nendobj\n", b"40 1\n@ 00001 n \n")
    told = guarded(lambda: open_with_slips(third_party_pdfs.by_hand(again)))
    assert isinstance(told, ParserFailure)


def test_what_else_strict_reading_refuses_stands_beside_a_slip() -> None:
    """A dead number is used again: no slip, and none makes up for it."""
    base = third_party_pdfs.raw_base(b"\n")
    freed = forgeries._revision(base, b"", b"40 1\n0000000000 00003 f \n")
    again = forgeries._revision(freed, b"40 1 obj\n<< >>\nendobj\n", b"40 1\n@ 00001 n \n")
    shrunk = third_party_pdfs.by_hand(again, Hand(size_less=1, generation=1))
    told = guarded(lambda: open_with_slips(shrunk))
    assert isinstance(told, ParserFailure)
    assert "was found after" in told.text
    with pikepdf.open(io.BytesIO(shrunk), attempt_recovery=False) as pdf:
        assert len(pdf.pages) == 1
