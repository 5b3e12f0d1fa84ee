"""Own files are known by their exact bytes, and grow only where they are known."""

from __future__ import annotations

import hashlib

from pks_kit.pdf.prefix.base import Base, Part
from pks_kit.pdf.prefix.own_files import OwnFile, OwnFiles


def _file() -> OwnFile:
    part = Part(number=1, text=b"<<>>")
    base = Base(
        table=1, size=9, info=0, first_id=b"", root=part, form=part, fields=(), pages=(), places=()
    )
    return OwnFile(
        base=base,
        sheets=((0.0, 0.0, 595.0, 842.0),),
        fields=(("TTD", 1, (1.0, 2.0, 3.0, 4.0)),),
        free=(),
        attachments={},
        decoded=0,
        told=True,
    )


def test_only_the_very_bytes_are_known() -> None:
    known, file = OwnFiles(), _file()
    known.keep_issued(b"terbit", file)
    assert known.of(b"terbit") is file
    assert known.issued(hashlib.sha256(b"terbit").hexdigest()) is file
    assert known.of(b"terbit ") is None
    assert known.issued(hashlib.sha256(b"lain").hexdigest()) is None


def test_what_follows_a_file_of_others_is_not_known() -> None:
    known, file = OwnFiles(), _file()
    known.keep_grown(b"lain", b"lain+satu")
    assert known.of(b"lain+satu") is None
    known.keep_issued(b"terbit", file)
    known.keep_grown(b"terbit", b"terbit+satu")
    known.keep_grown(b"terbit+satu", b"terbit+satu+dua")
    assert known.of(b"terbit+satu+dua") is file
    # what follows is never taken for issued
    assert known.issued(hashlib.sha256(b"terbit+satu").hexdigest()) is None


def test_old_ones_are_forgotten() -> None:
    known, file = OwnFiles(), _file()
    for number in range(70):
        known.keep_issued(b"%d" % number, file)
    assert known.of(b"0") is None
    assert known.of(b"69") is file


def test_pages_and_fields_are_told_as_a_reader_tells_them() -> None:
    layout = _file().layout()
    assert [(one.area.page, one.area.rect, one.rotation) for one in layout.pages] == [
        (1, (0.0, 0.0, 595.0, 842.0), 0)
    ]
    (field,) = layout.fields
    assert (field.name, field.is_signature, field.filled) == ("TTD", True, False)
    assert field.box is not None
    assert (field.box.page, field.box.rect) == (1, (1.0, 2.0, 3.0, 4.0))
