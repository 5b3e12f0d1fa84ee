"""Default resources of a form may grow, but nothing that waited may be given its meaning."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from support import tamper, third_party_pdfs
from support.judging import failures, judge, unknowns

Writer = IncrementalPdfFileWriter
Change = Callable[[Writer], None]
FORM = "file.revisions/form"


def font(name: str = "/Courier") -> generic.DictionaryObject:
    entries = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": name}
    return generic.DictionaryObject({pdf_name(key): pdf_name(one) for key, one in entries.items()})


def resources(**fonts: str) -> generic.DictionaryObject:
    named = {pdf_name(f"/{name}"): font(base) for name, base in fonts.items()}
    return generic.DictionaryObject({pdf_name("/Font"): generic.DictionaryObject(named)})


def with_resources(value: generic.DictionaryObject | None, look: str = "") -> Change:
    def change(writer: Writer) -> None:
        form = writer.root["/AcroForm"]
        if value is None:
            form.pop("/DR", None)
        else:
            form[pdf_name("/DR")] = value
        writer.update_container(form)
        if look:
            field = form["/Fields"][0].get_object()
            field[pdf_name("/DA")] = generic.TextStringObject(look)
            writer.update_container(field)

    return change


def told(before: Change, after: Change) -> set[str]:
    prepared = tamper.appended(third_party_pdfs.with_text_fields(), before)
    report = judge(tamper.appended(third_party_pdfs.signed(prepared), after))
    return failures(report) | unknowns(report)


GROWN = {
    "another font": (resources(F1="/Helvetica"), resources(F1="/Helvetica", Lain="/Courier")),
    "none before": (None, resources(Lain="/Courier")),
}


@pytest.mark.parametrize("name", GROWN)
def test_names_may_come(name: str) -> None:
    before, after = GROWN[name]
    assert FORM not in told(with_resources(before), with_resources(after))


TRAPS: dict[str, tuple[Change, Change]] = {
    "another font under the name": (
        with_resources(resources(F1="/Helvetica")), with_resources(resources(F1="/Symbol"))),
    "a name goes": (
        with_resources(resources(F1="/Helvetica", Lain="/Courier")),
        with_resources(resources(F1="/Helvetica"))),
    "a font for which a default look waited": (
        with_resources(resources(F1="/Helvetica"), "/Jebakan 10 Tf 0 g"),
        with_resources(resources(F1="/Helvetica", Jebakan="/Symbol"))),
    "the same, written with an escape": (
        with_resources(resources(F1="/Helvetica"), "/Je#62akan 10 Tf 0 g"),
        with_resources(resources(F1="/Helvetica", Jebakan="/Symbol"))),
    "the same, where there were no resources": (
        with_resources(None, "/Jebakan 10 Tf 0 g"),
        with_resources(resources(Jebakan="/Symbol"))),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_what_has_or_awaits_a_name_may_not_change(name: str) -> None:
    assert FORM in told(*TRAPS[name])


def _waiting_look(writer: Writer) -> None:
    """An appearance without resources that draws a form which nothing has."""
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    look = generic.StreamObject(stream_data=b"q /Nanti Do Q")
    look[pdf_name("/Subtype")] = pdf_name("/Form")
    look[pdf_name("/BBox")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 99, 20)))
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)})
    writer.update_container(field)


def test_an_appearance_that_waits_for_a_form_gets_none() -> None:
    later = with_resources(
        generic.DictionaryObject({pdf_name("/XObject"): generic.DictionaryObject(
            {pdf_name("/Nanti"): font()})})
    )  # fmt: skip
    assert FORM in told(_waiting_look, later)
    assert FORM not in told(with_resources(None), later)
