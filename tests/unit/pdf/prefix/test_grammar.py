"""What our own steps write is known to the last byte; one change more, and it is not."""

from __future__ import annotations

import pytest

from pks_kit.pdf.opening import open_pdf, open_with_qpdf
from pks_kit.pdf.prefix import NotOursError, own_revisions
from pks_kit.pdf.prefix.base import Base, base_of
from pks_kit.pdf.prefix.spelling import Ref, Value
from pks_kit.verification.limits import Limits
from support.own_files import own_files
from support.own_mutations import Objects, last_update, rewritten

pytestmark = pytest.mark.slow


def _base() -> Base:
    issued = own_files().issued
    return base_of(open_with_qpdf(issued), issued)


def test_our_own_steps_are_known() -> None:
    files = own_files()
    revisions, state = own_revisions(files.steps[-1], len(files.issued), _base())
    names = [one.signature.field for one in revisions]
    assert names[::2] == ["TTD_PIHAK_KESATU", "TTD_PIHAK_KEDUA"]
    assert all(name.startswith("Emet") for name in names[1::2])
    assert [one.signature.is_new for one in revisions] == [False, True, False, True]
    assert state.tail.size > _base().size
    opened = open_pdf(files.steps[-1], Limits()).opened
    assert opened is not None


def test_each_byte_outside_of_texts_and_streams_counts() -> None:
    files, base = own_files(), _base()
    content, start = files.steps[0], len(files.issued)
    hole = content.index(b"/Contents <", start)
    refused = 0
    places = [*range(start, start + 400, 7), *range(hole - 60, hole), len(content) - 20]
    for place in places:
        changed = content[:place] + bytes((content[place] ^ 0x01,)) + content[place + 1 :]
        try:
            own_revisions(changed, start, base)
        except NotOursError:
            refused += 1
    assert refused > 0.9 * len(places)


@pytest.mark.parametrize("tail", [b"\n", b"x", b"%%EOF\n", b"1 0 obj\nnull\nendobj\n"])
def test_nothing_may_follow(tail: bytes) -> None:
    files = own_files()
    with pytest.raises(NotOursError):
        own_revisions(files.steps[-1] + tail, len(files.issued), _base())


@pytest.mark.parametrize("value", [Ref(600), [Ref(600)], {"/App": {"/Fields": Ref(600)}}])
def test_signature_leads_nowhere(value: Value) -> None:
    """A number that nobody uses yet could be given to an object later, and nothing would say so."""
    files = own_files()
    content = files.steps[-1]
    update, before = last_update(content, files.issued)
    objects: Objects = {number: (one.value, one.data) for number, one in update.objects.items()}
    start, length = content[: update.start], len(files.issued)
    assert own_revisions(rewritten(start, objects, before), length, _base())
    (signature,) = (one for one, _ in objects.values() if "/ByteRange" in one)
    signature["/Prop_Build"] = value
    with pytest.raises(NotOursError, match="leads on"):
        own_revisions(rewritten(start, objects, before), length, _base())
