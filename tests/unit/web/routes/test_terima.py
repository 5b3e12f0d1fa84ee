"""An agreement goes on with a file alone that holds the signatures itself."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.web.routes import terima
from pks_kit.web.routes.terima import goes_on


@pytest.mark.parametrize(("paper", "offered"), [(None, True), (object(), False)])
def test_a_scan_is_no_file_to_go_on_with(
    monkeypatch: pytest.MonkeyPatch, paper: object, offered: bool
) -> None:
    """What is said of a scan names the signatures of the issued file, which are sound."""

    async def current(call: Any, file: str) -> Any:
        return SimpleNamespace(sha256="1")

    monkeypatch.setattr(terima, "file_in_reach", current)
    report: Any = SimpleNamespace(
        compared_with_issued=True, paper=paper, sha256="2", revisions=(),
        signatures=(SimpleNamespace(intact=True, trusted=True),),
    )  # fmt: skip
    call: Any = None
    one: Any = SimpleNamespace(terkini="x")
    job: Any = SimpleNamespace(isi={"lagi": []})
    assert asyncio.run(goes_on(call, one, job, report)) is offered
