"""English beside the words of the form: for each of them, and for nothing that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.inputs.workbook.layout import Column, tables
from pks_kit.web.pages import form_english
from pks_kit.web.pages.form_english import english
from pks_kit.web.pages.form_layout import help_of

MAIN, *LISTS = tables()


def every_column() -> Iterator[tuple[str, Column]]:
    yield from ((column.key, column) for column in MAIN.columns)
    for table in LISTS:
        yield from ((".".join((*table.path, one.key)), one) for one in table.columns)


def test_every_label_list_and_choice_has_its_meaning() -> None:
    columns = list(every_column())
    assert [key for key, _ in columns if not english("labels", key)] == []
    assert [table.path for table in LISTS if not english("lists", ".".join(table.path))] == []
    choices = {one for _, column in columns if column.kind != "yes_no" for one in column.choices}
    assert [one for one in sorted(choices) if not english("choices", one)] == []


def test_what_explains_a_field_is_never_indonesian_alone() -> None:
    told = [key for key, column in every_column() if column.description]
    assert [key for key in told if not (help_of(key).en or english("help", key))] == []


def test_nothing_is_kept_that_nothing_asks_for() -> None:
    keys = [key for key, _ in every_column()]
    for part in ("labels", "help"):
        for name in form_english._told()[part]:
            assert any(_longest(part, key) == name for key in keys), (part, name)
    lists = {".".join(table.path) for table in LISTS}
    assert set(form_english._told()["lists"]) == lists
    choices = {one for _, column in every_column() for one in column.choices}
    assert set(form_english._told()["choices"]) <= choices


def _longest(part: str, key: str) -> str:
    ends = key.split(".")
    names = [".".join(ends[number:]) for number in range(len(ends))]
    return next((name for name in names if name in form_english._told()[part]), "")


def test_the_longest_ending_counts() -> None:
    assert english("labels", "tenaga_kesehatan.sip.nomor") == "number of the licence to practise"
    assert english("labels", "pemilik.akta.nomor") == "number"
    assert english("labels", "tidak.ada") == ""
