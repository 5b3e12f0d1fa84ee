"""Sheets go to the agreement that their codes name; nothing is guessed."""

from __future__ import annotations

from typing import Any

from pks_kit.domain.sheet_codes import CodeOnSheet, FileSeen, SheetSeen
from pks_kit.pipelines.verifying.sorting import MOST_LOOSE, MOST_OFFERED, of_editions, sort_sheets

A, B = "A" * 26, "B" * 26


def code(agreement: str, page: int = 1, edition: str | None = "E" * 8) -> CodeOnSheet:
    return CodeOnSheet(agreement_id=agreement, edition=edition, page=page, pages=9)


def file(*sheets: tuple[CodeOnSheet, ...] | str) -> FileSeen:
    seen: list[SheetSeen] = []
    for number, one in enumerate(sheets, 1):
        more: dict[str, Any] = {"state": one} if isinstance(one, str) else {"codes": one}
        seen.append(SheetSeen(number=number, **more))
    return FileSeen(sheets=tuple(seen), covered=len(seen))


def test_one_file_of_two_agreements_and_one_agreement_in_two_files() -> None:
    files = [file((code(A),), (code(B),), (code(A, 2), code(B, 2))), file((code(B, 3),))]
    found = sort_sheets(files)
    assert found.own == {A: ((0, 1), (0, 3)), B: ((0, 2), (0, 3), (1, 1))}
    assert found.offered == {}


def test_a_sheet_without_code_is_offered_within_its_file() -> None:
    found = sort_sheets([file((code(A),), "read", "blank", "unreadable"), file((code(B),))])
    assert found.offered == {(0, 2): (A,), (0, 4): (A,)}
    assert found.offered_to(A) == ((0, 2), (0, 4))
    assert found.offered_to(B) == ()


def test_a_page_of_our_own_instructions_is_offered_to_nobody() -> None:
    """Whoever scanned the whole print was told of sheets that nobody recognises."""
    found = sort_sheets([file("cover", (code(A),), "cover")])
    assert (found.own, found.offered) == ({A: ((0, 2),)}, {})


def test_a_file_without_any_code_is_offered_to_the_few_of_the_call() -> None:
    photo = file("read")
    assert sort_sheets([file((code(A),)), photo], named=(B,)).offered == {(1, 1): (A, B)}
    photos = sort_sheets([photo] * (MOST_LOOSE + 1), named=(B,)).offered
    assert (photos[MOST_LOOSE - 1, 1], photos[MOST_LOOSE, 1]) == ((B,), ())
    many = [file((code(str(one) * 26),)) for one in range(MOST_OFFERED + 1)]
    assert sort_sheets([*many, photo]).offered == {(MOST_OFFERED + 1, 1): ()}


def test_editions_keep_their_own_sheets() -> None:
    old, new = "2" * 8, "3" * 8
    seen = file((code(A, 1, old),), (code(A, 2, new),), (code(A, 3, None),)).sheets
    sheets = [((0, one.number), one) for one in seen]
    assert of_editions(sheets, A, (old, new)) == [((0, 1), (0, 3)), ((0, 2), (0, 3))]
    assert of_editions(sheets[2:], A, (old, new)) == [(), ((0, 3),)]
    assert of_editions(sheets, A, (new,)) == [((0, 1), (0, 2), (0, 3))]
    both = file((code(A, 1, old), code(A, 2, new))).sheets
    assert of_editions([((0, 1), both[0])], A, (old, new)) == [((0, 1),), ((0, 1),)]
