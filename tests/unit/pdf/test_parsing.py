"""Whatever a PDF library throws about a file becomes one refusal."""

from __future__ import annotations

import io

import pikepdf
import pytest

from pks_kit.errors import InputError
from pks_kit.pdf.parsing import refusing_broken_pdf
from support import signed_files
from support.mutations import Mutation, apply_all, opens

# The page tree has no /Count and one of its kids is no page: qpdf opens the file and gives up
# over its pages, with an error that is none of its errors about a damaged file.
NO_COUNT = [
    Mutation(way="redefine", where=10, other=2, new=b"null"),
    Mutation(way="redefine", where=215, other=0, new=b"null"),
]


def _protected() -> bytes:
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [apply_all(signed_files.issued(2), NO_COUNT), _protected(), b"%PDF-1.7\n", b""],
    ids=["page tree without a count", "password", "header alone", "empty"],
)
def test_every_error_of_the_library_is_one_refusal(content: bytes) -> None:
    assert not opens(content)
    with (
        pytest.raises(InputError) as refused,
        refusing_broken_pdf(),
        pikepdf.open(io.BytesIO(content)) as pdf,
    ):
        len(pdf.pages)
    assert refused.value.code == "pdf.unreadable"
