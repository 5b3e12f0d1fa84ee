"""A scan grows small, and what is judged on it stays: codes, places, values, sizes of paper."""

from __future__ import annotations

import io
from functools import cache
from typing import Any, Literal

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from pks_kit.domain.paper import PaperFacts
from pks_kit.errors import InputError
from pks_kit.scan.pictures import sheets_of
from pks_kit.scan.reading import read_scan
from pks_kit.scan.shrinking import shrink as shrinking
from pks_kit.scan.shrinking.shrink import Shrunk, shrink_scan
from support import paper_samples, scanned_stack

pytestmark = pytest.mark.slow

Mode = Literal["colour", "grey"]
ROOM = 2_000_000


def original(mode: Mode) -> bytes:
    return scanned_stack.scan(mode, 200 if mode == "colour" else 150)


@cache
def shrunk(mode: Mode, *, known: bool) -> Shrunk:
    issue = paper_samples.issue()
    issued = (issue.pdf, issue.receipt) if known else None
    return shrink_scan([original(mode)], ["pindaian.pdf"], ROOM, issued=issued)


@cache
def read(content: bytes) -> PaperFacts:
    issue = paper_samples.issue()
    return read_scan(issue.pdf, issue.receipt, [content])


def decisions(facts: PaperFacts) -> dict[str, str]:
    return {one.id: one.decision for one in facts.places if one.scan_page is not None}


def pictures(content: bytes) -> list[list[Any]]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [
            [
                (str(image.Filter), str(image.ColorSpace), int(image.Width), int(image.Height))
                for _, image in sorted(page.Resources.XObject.items(), reverse=True)
            ]
            for page in pdf.pages
        ]


@pytest.mark.sampled(1)
@pytest.mark.sampled(2)
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("mode", ["colour", "grey"])
def test_print_is_black_and_white_and_places_are_not(mode: Mode, known: bool) -> None:
    done = shrunk(mode, known=known)
    (file,) = done.files
    assert len(file.content) < 0.25 * len(
        scanned_stack.scan(mode, 200 if mode == "colour" else 150)
    )
    for page, told in zip(pictures(file.content), done.pages, strict=True):
        text, *places = page
        assert text[:2] == ("/CCITTFaxDecode", "/DeviceGray")
        assert text[2:] == pytest.approx((1240, 1754), abs=2)
        assert len(places) == told.areas
        assert places or not known
        assert {one[:2] for one in places} <= {
            ("/DCTDecode", "/DeviceGray"),  # a sheet on which nothing is coloured
            ("/DCTDecode", "/DeviceRGB" if mode == "colour" else "/DeviceGray"),
        }
        assert sum(wide * high for *_, wide, high in places) < 0.25 * 1241 * 1754
        assert (told.kept, told.placed, told.codes, told.lost) == ("text", known, 2, 0)
    signed = pictures(file.content)[1]  # the page with sticker and stamp
    assert ("/DeviceRGB" in {one[1] for one in signed}) == (mode == "colour")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("mode", ["colour", "grey"])
def test_what_is_decided_stays_or_becomes_unsure(mode: Mode, known: bool) -> None:
    """With the issued file or without; never is an empty place signed afterwards."""
    before = read(original(mode))
    after = read(shrunk(mode, known=known).files[0].content)
    assert [one.status for one in after.pages] == ["ok", "ok"]
    assert [one.turned for one in after.pages] == [0, 0]
    was, now = decisions(before), decisions(after)
    assert {"signed", "empty"} <= set(was.values())
    changed = {name: (was[name], now[name]) for name in was if was[name] != now[name]}
    assert {told[1] for told in changed.values()} <= {"unsure"}, changed
    assert len(changed) <= (1 if known else 3), changed
    assert [one.kind for one in after.changes if one.kind in ("value", "missing")] == []


def paper(content: bytes) -> list[tuple[float, float]]:
    document = pypdfium2.PdfDocument(content)
    sizes = []
    for page in document:
        sizes.append(page.get_size())
        page.close()
    document.close()
    return sizes


def test_paper_keeps_its_size() -> None:
    before = paper(scanned_stack.scan())
    assert np.allclose(paper(shrunk("colour", known=True).files[0].content), before, atol=0.01)


def jpeg(picture: Any, dpi: int | None = 150, mode: str = "L") -> bytes:
    target = io.BytesIO()
    image = Image.fromarray(picture).convert(mode)
    image.save(target, "JPEG", quality=75, **({"dpi": (dpi, dpi)} if dpi else {}))
    return target.getvalue()


def lying() -> Any:
    return np.rot90(paper_samples.printed(2)[::2, ::2]).copy()


@pytest.mark.parametrize("dpi", [150, None, 72, 9000])
def test_pictures_become_sheets_of_their_size(dpi: int | None) -> None:
    """A resolution that makes no sheet of paper is not believed."""
    done = shrink_scan([jpeg(lying(), dpi), jpeg(lying().T.copy(), dpi)], ["a", "b"], ROOM)
    sizes = paper(done.files[0].content)
    assert [(wide > high) for wide, high in sizes] == [True, False]
    assert all(abs(max(one) - 841.9) < 2 and abs(min(one) - 595.3) < 2 for one in sizes)


def test_codes_that_would_be_lost_stay_grey(monkeypatch: pytest.MonkeyPatch) -> None:
    """Black and white is given up where a code can only be read in grey."""
    real = shrinking.layers_of

    def spoiling(seen: Any, size: Any, kept: Any, grey: Any) -> Any:
        made = real(seen, size, kept, grey)
        if grey or kept == [(0, 0, *reversed(seen.shape))]:
            return made
        seen.ink[:] = False  # what a bad threshold leaves of a code
        return real(seen, size, kept, grey)

    monkeypatch.setattr(shrinking, "layers_of", spoiling)
    done = shrink_scan([jpeg(paper_samples.printed(2)[::2, ::2])], ["a"], ROOM)
    (page,) = done.pages
    assert (page.kept, page.codes, page.lost) == ("grey_codes", 2, 0)
    (read_again,) = read(done.files[0].content).pages
    assert read_again.page == 2


def test_a_coloured_sheet_stays_as_it_is() -> None:
    """Most of it is no print: nothing is made black and white."""
    picture = np.zeros((1754, 1240, 3), np.uint8) + np.array([0, 90, 40], np.uint8)
    picture[:, :, 0] = np.linspace(60, 200, 1240, dtype=np.uint8)
    done = shrink_scan([jpeg(picture, mode="RGB")], ["a"], ROOM)
    assert [one.kept for one in done.pages] == ["whole"]
    (sheet,) = sheets_of([done.files[0].content])
    assert sheet.colours == "colour"


def test_the_limit_is_kept_by_as_few_files_as_it_takes() -> None:
    content = scanned_stack.scan()
    one = shrink_scan([content, content], ["a", "b"], ROOM).files[0]
    two = shrink_scan([content, content], ["a", "b"], round(len(one.content) * 0.6)).files
    assert [(part.first, part.last) for part in two] == [(1, 2), (3, 4)]
    assert all(len(part.content) <= len(one.content) * 0.6 for part in two)
    less = shrink_scan([content, content], ["a", "b"], round(len(one.content) * 0.97)).files
    assert [(part.first, part.last, part.quality < one.quality) for part in less] == [(1, 4, True)]


def test_a_sheet_alone_over_the_limit_shows() -> None:
    files = shrink_scan([scanned_stack.scan()], ["a"], 9_000).files
    assert any(len(one.content) > 9_000 and one.first == one.last for one in files)


def test_no_sheet_is_left_out() -> None:
    whole = jpeg(lying())
    with pytest.raises(InputError) as caught:
        shrink_scan([whole, whole[: len(whole) // 2], whole], ["a", "b", "c"], ROOM)
    assert (caught.value.code, caught.value.params["number"]) == ("shrink.sheet", 2)
