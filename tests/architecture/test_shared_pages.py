"""What tests share is what would have been made, and programs share only when they are told to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pks_kit.naskah import assemble, blocks
from pks_kit.naskah.source_text import SourceText, ValueStore
from pks_kit.render.pdf import parts
from support.processes import environment
from support.shared_pages import anew, kept, taking_part


def test_what_was_made_is_taken_over_and_failures_are_not(tmp_path: Path) -> None:
    asked: list[int] = []

    def half(number: int) -> float:
        asked.append(number)
        if number == 0:
            raise ValueError
        return number / 2

    for _ in range(2):
        assert kept(half, tmp_path / "run")(3) == 1.5
        with pytest.raises(ValueError):  # noqa: PT011 - the one above
            kept(half, tmp_path / "run")(0)
    assert asked == [3, 0, 0]
    with anew():
        assert kept(half, tmp_path / "run")(3) == 1.5
    assert asked == [3, 0, 0, 3]


@pytest.mark.usefixtures("made_anew")
def test_the_same_page_is_laid_out_twice_where_nothing_is_taken_over() -> None:
    page = (
        "<!DOCTYPE html><html lang='id'><head><title>a</title></head><body><p>a</p></body></html>"
    )
    first, second = (parts.render_part(page, "", "a") for _ in range(2))
    assert first is not second
    assert first.pdf == second.pdf


def test_the_same_text_with_other_values_or_lines_is_read_anew() -> None:
    def source(value: str, line: int) -> SourceText:
        return SourceText(
            file="a.md", text="Kata \ue0000\ue001.", lines=(line,), values=ValueStore([value])
        )

    for value, line, headings in (("satu", 1, False), ("dua", 1, False), ("dua", 2, True)):
        shared = assemble.read_blocks(source(value, line), headings=headings)
        anew = blocks.read_blocks(source(value, line), headings=headings)
        assert repr(shared) == repr(anew)
    assert assemble.read_blocks is not blocks.read_blocks


PROGRAM = (
    "from pks_kit.naskah import assemble, blocks; import sys; "
    "print(assemble.read_blocks is blocks.read_blocks, 'pks_kit.render.pdf.parts' in sys.modules)"
)


@pytest.mark.parametrize("told", [False, True])
def test_a_program_shares_only_when_it_is_told_to(told: bool) -> None:
    variables = environment()
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=taking_part(variables) if told else variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [str(not told), "False"]


TWICE = """
import sys, time
from pathlib import Path
from support.shared_pages import kept

def slow(number):
    with (Path(sys.argv[1]) / "made").open("a") as told:
        told.write("x")
    time.sleep(0.5)
    return number

print(kept(slow, Path(sys.argv[1]) / "run")(3))
"""


def test_two_that_want_the_same_at_once_make_it_once(tmp_path: Path) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TWICE, str(tmp_path)],
            env=environment(), stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert [one.communicate()[0] for one in both] == ["3\n", "3\n"]
    assert (tmp_path / "made").read_text() == "x"
