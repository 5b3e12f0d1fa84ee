"""``docs/library.md`` is true: its examples run, its tables are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pks_kit
from pks_kit import errors, resources
from pks_kit.errors import PksKitError
from pks_kit.statuses import STATUS_OF_CODE

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "library.md"
TEXT = GUIDE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_examples_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(resources, "samples_root", lambda: resources.data_root() / "contoh")
    examples = list(re.finditer(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
    assert len(examples) == 11
    shared: dict[str, object] = {"__name__": "guide"}
    for example in examples:
        line = TEXT.count("\n", 0, example.start(1))
        code = compile("\n" * line + example[1], str(GUIDE), "exec")
        exec(code, shared)  # noqa: S102 - our own guide
    written = {path.name for path in (tmp_path / "keluaran").iterdir()}
    drafted = shared["drafted"]
    assert isinstance(drafted, pks_kit.DraftResult)
    assert written > {file.name for file in drafted.files.values()}


def test_every_class_of_error_stands_in_the_table() -> None:
    rows = re.findall(r"^\| `(\w+Error)` \| (\d+) \| (\d+) \|", TEXT, re.MULTILINE)
    told = {(name, int(code), int(status)) for name, code, status in rows}
    kinds = [one for one in vars(errors).values() if isinstance(one, type)]
    assert told == {
        (one.__name__, one.exit_code, one.http_status)
        for one in kinds
        if issubclass(one, PksKitError)
    }


def test_every_status_of_a_code_stands_in_the_table() -> None:
    told = {
        code: int(status)
        for status, codes in re.findall(r"^\| (\d{3}) \| (.*) \|$", TEXT, re.MULTILINE)
        for code in re.findall(r"`([^`]+)`", codes)
    }
    assert told == dict(STATUS_OF_CODE)


def test_every_request_stands_in_the_guide() -> None:
    verbs = [name for name in pks_kit.__all__ if f"{name}_async" in pks_kit.__all__]
    assert [name for name in verbs if f"`{name}`" not in TEXT] == []
