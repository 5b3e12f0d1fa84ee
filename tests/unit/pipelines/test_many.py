"""Many drafts ask first for the texts that they need, in one file and in several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pks_kit.inputs.workbook import write_workbook
from pks_kit.pipelines.batching import compiles
from pks_kit.pipelines.many import DraftManyRequest, many_drafts
from pks_kit.pipelines.workbook import WorkbookDraftRequest, workbook_drafts
from support.branch import facility


@pytest.mark.parametrize("formats", [("pdf",), ("docx",)])
def test_texts_are_compiled_before_the_first_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, formats: tuple[str, ...]
) -> None:
    asked: list[int] = []

    def compile_for_drafts(folder: object, data: Any, _progress: object) -> None:
        assert folder == tmp_path
        asked.append(len(list(data)))

    monkeypatch.setattr(compiles, "compile_for_drafts", compile_for_drafts)
    book = tmp_path / "faskes.xlsx"
    book.write_bytes(write_workbook({f"k-{one}": facility(one) for one in (1, 2)}))
    more: dict[str, Any] = {"formats": formats, "compiled": tmp_path}
    many_drafts(DraftManyRequest(sources=[book], **more))
    assert asked == []  # a caller that does not ask for it starts no processes
    more["compiling"] = lambda *_: None
    many_drafts(DraftManyRequest(sources=[book], **more))
    workbook_drafts(WorkbookDraftRequest(source=book, **more))
    assert asked == ([2, 2] if "pdf" in formats else [])
