"""Another digit, method, tariff or layout is another edition; the same is the same everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pks_kit.domain.edition import LAYOUT, edition_of
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.errors import InputError
from pks_kit.pipelines.draft import fill
from pks_kit.pipelines.drafting.issue import Prepared, sealed
from support.sample import changed, sample

DAY = date(2024, 1, 1)
KNOWN: dict[str, Any] = {
    "data": {"rekening": {"nomor": "9900112233445"}},
    "template_sha256": "a" * 64,
    "parameters_sha256": "b" * 64,
    "as_of": "2024-01-01",
    "method": "manual",
    "versions": {"weasyprint": "70.0"},
    "layout": LAYOUT,
}


def edition(**changes: Any) -> str:
    values = KNOWN | changes
    return edition_of(values.pop("data"), **values)


def test_the_same_input_has_the_same_edition_for_ever() -> None:
    assert edition() == edition() == "3FXPE89V"


@pytest.mark.parametrize(
    "changes",
    [
        {"data": {"rekening": {"nomor": "9900112233446"}}},
        {"template_sha256": "c" * 64},
        {"parameters_sha256": "c" * 64},
        {"as_of": "2024-01-02"},
        {"method": "digital"},
        {"versions": {"weasyprint": "70.1"}},
        {"layout": LAYOUT + 1},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_whatever_shapes_the_pages_gives_another_edition(changes: dict[str, Any]) -> None:
    assert edition(**changes) != edition()


def receipt(**changes: Any) -> Receipt:
    return fill(changed(**changes), DAY, input_sha256="0" * 64).receipt


@pytest.mark.slow
def test_one_digit_or_the_method_changes_edition_and_file_name_but_not_the_agreement() -> None:
    first = receipt()
    account = sample().rekening.utama.nomor
    others = [
        receipt(rekening__utama__nomor=account[:-1] + str((int(account[-1]) + 1) % 10)),
        receipt(cara_kontrak="manual"),
        receipt(cara_kontrak="digital"),
    ]
    everything = [first, *others]
    assert {one.agreement_id for one in everything} == {first.agreement_id}
    assert len({one.edition for one in everything}) == 4
    assert len({one.slug for one in everything}) == 4
    assert all(one.slug.endswith(f"-{one.edition.lower()}") for one in everything if one.edition)


@pytest.mark.slow
def test_an_issue_that_is_rendered_again_keeps_its_page() -> None:
    kontrak = sample()
    issued = receipt()
    elsewhere = issued.model_copy(update={"versions": issued.versions | {"python": "3.99"}})
    again = fill(kontrak, DAY, input_sha256="0" * 64, like=elsewhere).receipt
    # The programs of another machine do not give the pages another edition to print ...
    made_there = sealed(
        replace(fill(kontrak, DAY, input_sha256="0" * 64)).receipt.model_copy(
            update={"slug": "x", "edition": None}
        ),
        kontrak,
        like=elsewhere,
    )
    assert again.edition == made_there.edition != issued.edition
    # ... and an issue of the first printed page has none.
    old = issued.model_copy(update={"format": "pks-kit-receipt/1", "layout": None, "edition": None})
    first_page = fill(kontrak, DAY, input_sha256="0" * 64, like=old).receipt
    assert (first_page.format, first_page.edition, first_page.layout) == (old.format, None, None)
    assert first_page.slug == issued.slug[: -len("-12345678")]


def test_the_word_file_tells_agreement_and_edition(tmp_path: Path) -> None:
    import docx

    from pks_kit.pipelines.drafting.issue import issue

    prepared = fill(sample(), DAY, input_sha256="0" * 64)
    made = issue(prepared, ("docx",), lambda _step: None).files["docx"]
    properties = docx.Document(str(made.save(tmp_path))).core_properties
    assert properties.identifier == f"{made_of(prepared)}"
    assert made.name == f"{prepared.receipt.slug}.docx"


def made_of(prepared: Prepared) -> str:
    return f"{prepared.receipt.agreement_id}/{prepared.receipt.edition}"


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["edition", "layout", "sheets", "critical", "words_sha256"])
def test_a_receipt_of_format_2_is_whole_or_none(missing: str) -> None:
    whole = receipt().model_copy(
        update={"sheets": (), "critical": (), "words_sha256": ("0" * 64,), "pages": 1}
    )
    assert parse_receipt(whole.to_json(), "x") == whole
    with pytest.raises(InputError) as refused:
        parse_receipt(whole.model_copy(update={missing: None}).to_json(), "x")
    assert refused.value.code == "receipt.invalid"
    with pytest.raises(InputError):
        parse_receipt(whole.model_copy(update={"pages": 2}).to_json(), "x")


def test_an_issue_of_a_later_page_is_not_guessed() -> None:
    later = receipt().model_copy(update={"layout": LAYOUT + 1})
    with pytest.raises(InputError) as refused:
        fill(sample(), DAY, input_sha256="0" * 64, like=later)
    assert refused.value.code == "receipt.unknown_layout"
