"""Two hundred randomly broken workbooks give data, problems or findings, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pks_kit.errors import InputError, PksKitError
from pks_kit.inputs.workbook import parse_book, write_workbook
from pks_kit.json_form import to_json
from pks_kit.pipelines.draft import check_loaded
from support.sample import sample
from support.workbook_cells import KEY, Dated, Failed, Formula, Sheets, Value, sample_sheets, xlsx

REAL = write_workbook({KEY: sample()})
NASTY: list[Value] = [
    "=1+1", "@SUM(A1)", "\u202e", "\u200b", "\x00", "\x0b", "\ud800", "_x0000_", "_xD800_",
    "kunci_faskes", KEY, "nik", "Kontrak", "ya", "2024-02-30", "9" * 40, "'", "[0]", "a.b", "{0}",
    "ISI: apa", Formula("A1"), Formula("\x01"), Failed("#N/A"), Dated(-5), Dated(1e300),
    Dated("1e999999999"), Dated("NaN"), Dated("Infinity"), Dated("x"), Dated(0.99999999),
    1e308, -0.0, float("nan"), float("inf"), 10**30, True, False,
]  # fmt: skip
VALUES = st.one_of(
    st.none(),
    st.sampled_from(NASTY),
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.floats(-10, 200_000).map(Dated),
)
PLACES = st.integers(0, 40)
BREAKS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "cell", "cell", "cell", "head", "drop row", "double row", "drop column",
                "double column", "drop sheet", "rename sheet",
            ]
        ),
        PLACES, PLACES, PLACES, VALUES,
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def broken(sheets: Sheets, kind: str, where: tuple[int, int, int], value: Value) -> None:
    """Break one thing; places beyond the end wrap around."""
    if not sheets:
        return
    name = list(sheets)[where[0] % len(sheets)]
    rows = sheets[name]
    if kind == "drop sheet":
        del sheets[name]
    elif kind == "rename sheet":
        sheets[str(value)[:31]] = sheets.pop(name)
    elif rows:
        at = 1 if kind == "head" and len(rows) > 1 else where[1] % len(rows)
        if kind == "drop row":
            del rows[at]
        elif kind == "double row":
            rows.insert(at, list(rows[at]))
        elif kind in ("drop column", "double column"):
            column = where[2] % max(map(len, rows), default=1) if any(rows) else 0
            for row in rows:
                row[column : column + 1] = [] if kind == "drop column" else row[column:][:1] * 2
        elif rows[at]:
            rows[at][where[2] % len(rows[at])] = value


def survives(content: bytes) -> None:
    """Read and check; whatever is wrong must have words and a place."""
    try:
        book = parse_book(content, "uji.xlsx")
    except InputError as error:
        has_words(error)
        return
    for problem in book.problems:
        speaks(to_json(problem))
    for facility in book.facilities:
        assert (facility.kontrak is None) == bool(facility.problems)
        for problem in facility.problems:
            speaks(to_json(problem))
        if facility.kontrak is None:
            continue
        try:
            findings = check_loaded(book.loaded(facility).loaded).findings
        except PksKitError as error:
            has_words(error)
            continue
        for finding in findings:
            speaks(to_json(finding) | {"place": facility.place_of(finding.path)})


def has_words(error: PksKitError) -> None:
    assert not error.text.id.startswith("[")
    assert "{" not in error.text.id


def speaks(shown: dict[str, object]) -> None:
    assert shown.get("place") or shown["code"] == "input.more_problems"
    text = json.dumps(shown, ensure_ascii=False)
    text.encode()
    assert '"[' not in text.replace('": [', "")


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(BREAKS)
def test_two_hundred_broken_workbooks(breaks: list[tuple[str, int, int, int, Value]]) -> None:
    sheets = sample_sheets()
    for kind, sheet, row, column, value in breaks:
        broken(sheets, kind, (sheet, row, column), value)
    survives(xlsx(sheets))


@pytest.mark.sampled(8)
@pytest.mark.parametrize("value", NASTY, ids=repr)
def test_every_nasty_value_in_every_column(value: Value) -> None:
    sheets = sample_sheets()
    for rows in sheets.values():
        width = len(rows[1])
        rows[2:3] = [[KEY, *[value] * (width - 1)]]
    content = xlsx(sheets)
    survives(content)
    survives(xlsx(sheets, date1904=True))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, len(REAL) - 1), st.binary(max_size=4)), max_size=4),
    st.integers(0, 60),
)
def test_damaged_bytes(damage: list[tuple[int, bytes]], removed: int) -> None:
    content = REAL
    for place, inserted in damage:
        content = content[:place] + inserted + content[place + len(inserted) :]
    survives(content[: len(content) - removed])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"]), st.data())
def test_damaged_parts(part: str, data: st.DataObject) -> None:
    whole = _parts()[part]
    place = data.draw(st.integers(0, len(whole) - 1))
    inserted = data.draw(
        st.sampled_from([b"", b"<a>", b"0", b'"', b"-1", b"&x;", b"\xff", b"9" * 9])
    )
    removed = data.draw(st.integers(0, 12))
    survives(xlsx(sample_sheets(), {part: whole[:place] + inserted + whole[place + removed :]}))


def _parts() -> dict[str, bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(xlsx(sample_sheets()))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("make", [lambda: REAL, lambda: xlsx(sample_sheets())])
def test_what_is_broken_above_was_whole(make: Callable[[], bytes]) -> None:
    book = parse_book(make(), "uji.xlsx")
    assert book.problems == ()
    assert [one.problems for one in book.facilities] == [()]
