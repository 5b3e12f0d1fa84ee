"""English beside the words of the form: for each of them, and for nothing that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.domain.surat import MODEL_SURAT
from pks_kit.inputs.workbook.layout import Column, tables
from pks_kit.web.pages.form_english import english, english_of_letter, told
from pks_kit.web.pages.form_layout import help_of
from pks_kit.web.pages.letter_form import LetterField, LetterGroup, groups_of

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
    explained = [key for key, column in every_column() if column.description]
    assert [key for key in explained if not (help_of(key).en or english("help", key))] == []


def test_nothing_is_kept_that_nothing_asks_for() -> None:
    keys = [key for key, _ in every_column()]
    for part in ("labels", "help"):
        for name in told("form")[part]:
            assert any(_longest(part, key) == name for key in keys), (part, name)
    lists = {".".join(table.path) for table in LISTS}
    assert set(told("form")["lists"]) == lists
    choices = {one for _, column in every_column() for one in column.choices}
    assert set(told("form")["choices"]) <= choices


def _longest(part: str, key: str) -> str:
    ends = key.split(".")
    names = [".".join(ends[number:]) for number in range(len(ends))]
    return next((name for name in names if name in told("form")[part]), "")


def test_the_longest_ending_counts() -> None:
    assert english("labels", "tenaga_kesehatan.sip.nomor") == "number of the licence to practise"
    assert english("labels", "pemilik.akta.nomor") == "number"
    assert english("labels", "tidak.ada") == ""


def letters() -> tuple[list[LetterGroup], list[LetterField]]:
    """Return every group and field of every kind of letter."""
    groups = [one for kind in MODEL_SURAT.values() for one in groups_of(kind.model_json_schema())]
    return [one for one in groups if one.path], [one for group in groups for one in group.fields]


def test_every_word_of_every_letter_has_its_meaning() -> None:
    groups, fields = letters()
    assert {one.path for one in fields if not english_of_letter("labels", one.path)} == set()
    assert {one.path for one in groups if not english_of_letter("lists", one.path)} == set()
    helped = [one.path for one in (*groups, *fields) if one.help]
    assert {one for one in helped if not english_of_letter("help", one)} == set()
    choices = {one for field in fields for one in field.choices}
    assert {one for one in choices if not english_of_letter("choices", one)} == set()


def test_nothing_is_kept_beside_letters_that_no_letter_has() -> None:
    groups, fields = letters()
    known = {
        "labels": {one.path for one in fields},
        "lists": {one.path for one in groups},
        "help": {one.path for one in (*groups, *fields) if one.help},
        "choices": {one for field in fields for one in field.choices},
    }
    assert {part: set(words) - known[part] for part, words in told("letter").items()} == {
        part: set() for part in known
    }
