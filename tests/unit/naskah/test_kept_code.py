"""Code of templates that is kept: the same text comes out, and nothing else is ever run."""

from __future__ import annotations

import base64
import marshal
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from pks_kit.naskah import kept_code
from pks_kit.naskah.environment import compiled_code, render_template
from pks_kit.naskah.kept_code import code_form, code_key, code_name, code_of, tell_code

FILE = "pasal/uji.md"
SOURCE = "{% for one in rows %}{{ one | upper }}, {% endfor %}\n"


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(kept_code, "_told", {})
    code_key.cache_clear()
    yield
    code_key.cache_clear()


def refused() -> CodeType:
    raise AssertionError("compiled although it was told")


def test_what_was_told_is_not_made_again() -> None:
    code = compiled_code(FILE, SOURCE)
    tell_code({code_name(FILE, SOURCE): code_form(code)})
    assert code_of(FILE, SOURCE, refused) == code


def test_a_template_says_the_same_with_code_that_was_told() -> None:
    plain = render_template(FILE, SOURCE, {"rows": ["a", "b"]})
    again = SOURCE + " "  # the environment knows the first text already
    tell_code({code_name(FILE, again): code_form(compiled_code(FILE, again))})
    told = render_template(FILE, again, {"rows": ["a", "b"]})
    assert told.text.rstrip() == plain.text.rstrip()
    assert told.values.entries == plain.values.entries
    assert not kept_code._told


@pytest.mark.parametrize("other", [("pasal/lain.md", SOURCE), (FILE, SOURCE + "x")])
def test_code_of_another_file_or_text_is_not_taken(other: tuple[str, str]) -> None:
    tell_code({code_name(*other): code_form(compiled_code(*other))})
    with pytest.raises(AssertionError):
        code_of(FILE, SOURCE, refused)


@pytest.mark.parametrize(
    "form",
    [
        "",
        "!",
        base64.b64encode(b"\xff\xff").decode(),
        base64.b64encode(marshal.dumps({"no": "code"})).decode(),
        base64.b64encode(marshal.dumps(compiled_code(FILE, SOURCE))[:40]).decode(),
    ],
)
def test_what_is_no_code_is_made_anew(form: str) -> None:
    tell_code({code_name(FILE, SOURCE): form})
    made = compiled_code(FILE, SOURCE)
    assert code_of(FILE, SOURCE, lambda: made) is made


def test_another_module_or_library_is_another_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = {code_key()}
    monkeypatch.setattr(kept_code, "version", lambda name: f"99 of {name}")
    code_key.cache_clear()
    known.add(code_key())
    (tmp_path / "one.py").write_text("ONE = 1\n")
    monkeypatch.setattr(kept_code, "_HERE", tmp_path)
    code_key.cache_clear()
    known.add(code_key())
    assert len(known) == 3
