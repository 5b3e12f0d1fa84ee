"""One edition is laid out by one process alone, and whoever waited for it finds it kept."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.errors import InputError
from pks_kit.pipelines.drafting import compiled
from pks_kit.pipelines.drafting.compiled import KeptEditions


class Compiler:
    """Keeps editions in memory, and tells how many are laid out at once."""

    kept: dict[str, str]

    def __init__(self, _css: str, _folder: Path) -> None:
        pass

    def kept_as(self, name: str, content: str) -> object:
        return SimpleNamespace(leaves=1) if self.kept.get(name) == content else None

    def keep(self, name: str, content: str) -> object:
        self.kept[name] = content
        return self.kept_as(name, content)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeptEditions:
    monkeypatch.setattr(Compiler, "kept", {}, raising=False)
    monkeypatch.setattr(KeptEditions, "_compiler", lambda *_: Compiler("", tmp_path))
    monkeypatch.setattr(compiled, "_ASKED_EVERY", 0.01)
    monkeypatch.setattr(compiled, "keep_text", lambda *_: None)
    monkeypatch.setattr(compiled, "text_is_kept", lambda *_: True)
    return KeptEditions(tmp_path / "simpanan")


def test_two_never_lay_out_the_same_edition(kept: KeptEditions) -> None:
    begun: list[float] = []

    def parts() -> list[Any]:
        begun.append(time.monotonic())
        time.sleep(0.3)
        return []

    edition: Any = SimpleNamespace(name="pks/tpmd/manual", content=lambda: "a", parts=parts)
    found: list[bool] = []
    both = [
        threading.Thread(target=lambda: found.append(kept.compile(edition).was_kept))
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert sorted(found) == [False, True]
    assert len(begun) == 1
    assert kept.is_kept(edition)


def test_two_never_keep_the_text_of_the_same_edition(
    kept: KeptEditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was assembled and written outside the lock, by as many processes as there were."""
    now: list[int] = []
    most: list[int] = []

    def keep_text(_folder: Path, _edition: object) -> None:
        now.append(1)
        most.append(len(now))
        time.sleep(0.2)
        now.pop()

    monkeypatch.setattr(compiled, "keep_text", keep_text)
    edition: Any = SimpleNamespace(name="pks/tpmd/manual", content=lambda: "a", parts=list)
    both = [threading.Thread(target=lambda: kept.compile(edition)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert most == [1, 1]


def test_of_other_content_it_is_made_again(kept: KeptEditions) -> None:
    def edition(content: str) -> Any:
        return SimpleNamespace(name="pks/tpmd/manual", content=lambda: content, parts=list)

    assert not kept.compile(edition("a")).was_kept
    assert kept.compile(edition("a")).was_kept
    assert not kept.is_kept(edition("b"))
    assert not kept.compile(edition("b")).was_kept


def test_where_nothing_can_be_written_it_says_so(kept: KeptEditions, tmp_path: Path) -> None:
    (tmp_path / "simpanan").write_text("a file")
    edition: Any = SimpleNamespace(name="x", content=lambda: "a", parts=list)
    with pytest.raises(InputError) as caught:
        kept.compile(edition)
    assert caught.value.code == "file.unwritable"
