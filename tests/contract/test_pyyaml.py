"""libyaml gives the same events at the same places as the parser written in Python.

The strict reader takes the fast one where there is one; line numbers of messages and the places
where values are replaced in a file of a person come from it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for folder in ("src", "templates", "signing", "contoh")
    for path in (ROOT / folder).rglob("*.yml")
)


def events(text: str, loader: Any) -> Iterator[tuple[object, ...]]:
    for event in yaml.parse(text, Loader=loader):
        # Where a mapping, list or document ends nobody asks; there the two differ.
        start = event.start_mark if isinstance(event, yaml.NodeEvent) else None
        end = event.end_mark if isinstance(event, yaml.ScalarEvent) else None
        yield (
            type(event).__name__,
            (start.line, start.index) if start else None,
            end.index if end else None,
            getattr(event, "value", None),
            getattr(event, "style", None) or "",
            getattr(event, "anchor", None),
            getattr(event, "tag", None),
        )


@pytest.mark.slow
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_files_of_ours(line_end: str) -> None:
    assert len(FILES) > 60
    differing = []
    for path in FILES:
        text = path.read_text(encoding="utf-8").replace("\n", line_end)
        if list(events(text, yaml.CSafeLoader)) != list(events(text, yaml.SafeLoader)):
            differing.append(path.name)
    assert differing == []


WORDS = st.text(alphabet="ab é7.:-#'\"\\{}[],", min_size=0, max_size=12)


def scalars() -> SearchStrategy[str]:
    plain = st.sampled_from(["a", "12", "2024-01-01", "a b", "é è", "a:b", "-1", "~", ""])
    single = WORDS.map(lambda word: "'" + word.replace("'", "''") + "'")
    double = WORDS.map(lambda word: yaml.dump(word, default_style='"', width=9999).strip())
    return plain | single | double


def documents() -> SearchStrategy[str]:
    """Give documents as people write them: block mappings, rows, comments, flow and blocks."""
    flow = st.lists(scalars().filter(bool), max_size=3).map(lambda some: f"[{', '.join(some)}]")
    block = st.lists(st.sampled_from(["satu", "", "  dua", "é"]), max_size=3).map(
        lambda lines: "|\n" + "\n".join(f"    {line}".rstrip() for line in ("awal", *lines))
    )
    value = scalars() | flow | block
    line = st.tuples(st.sampled_from(["", "  # catatan"]), value).map(
        lambda pair: pair[1] if "\n" in pair[1] else pair[1] + pair[0]
    )
    keys = st.lists(line, min_size=1, max_size=5).map(
        lambda values: "\n".join(f"k{n}: {one}" for n, one in enumerate(values))
    )
    return st.tuples(keys, st.sampled_from(["", "\n", "\n\n# akhir\n"])).map("".join)


@given(documents())
def test_documents_of_people(text: str) -> None:
    assert list(events(text, yaml.CSafeLoader)) == list(events(text, yaml.SafeLoader))


@pytest.mark.slow
def test_the_reader_is_the_same_without_libyaml() -> None:
    """Run the tests of the reader where only the slow parser exists, as in a build from source."""
    program = (
        "import sys, yaml; del yaml.CSafeLoader; import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    )
    tests = ROOT / "tests" / "unit" / "strict_yaml"
    run = subprocess.run(
        [sys.executable, "-c", program, "-q", "-p", "no:cacheprovider", str(tests)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
