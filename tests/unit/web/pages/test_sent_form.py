"""What comes with a form is taken within limits that hold for each file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from pks_kit.errors import PksKitError
from pks_kit.web.pages import sent_form
from pks_kit.web.pages.sent_form import MOST_FILES, SentForm, read_form

EACH = 100_000


def form_of(folder: Path, sizes: list[int], *, uploads: bool = True) -> SentForm:
    """Send files of these sizes with a form, as a browser does."""
    files = [("pindaian", (f"{size}-{at}.pdf", b"x" * size)) for at, size in enumerate(sizes)]
    sent = httpx.Request("POST", "http://x/", data={"tanda": "a"}, files=files)
    parts = [sent.read()[at : at + 5000] for at in range(0, len(sent.read()), 5000)]

    async def receive() -> Any:
        body = parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(parts)}

    headers = [(name.lower().encode(), value.encode()) for name, value in sent.headers.items()]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)

    async def read() -> SentForm:
        portal: Any = SimpleNamespace(
            folder=folder, uploading=asyncio.Semaphore(),
            settings=SimpleNamespace(batas_unggahan=EACH),
        )  # fmt: skip
        return await read_form(portal, request, uploads=uploads)

    return asyncio.run(read())


def refused(folder: Path, sizes: list[int], **more: bool) -> PksKitError:
    with pytest.raises(PksKitError) as caught:
        form_of(folder, sizes, **more)
    left = [one for one in folder.rglob("*") if one.is_file()]
    assert not left, "nothing of a delivery that was refused stays on the disk"
    return caught.value


def test_the_limit_holds_for_each_file_and_not_for_all_together(tmp_path: Path) -> None:
    """Ten scans of 14 MB each were too large for a form of 50."""
    together = form_of(tmp_path, [EACH] * MOST_FILES)
    assert [one.spooled.size for one in together.files] == [EACH] * MOST_FILES
    assert together.one("tanda") == "a"
    together.forget()


def test_a_file_that_is_too_large_is_named_with_the_limit_as_people_read_it(tmp_path: Path) -> None:
    error = refused(tmp_path, [10, EACH + 1, 10])
    assert (error.code, error.http_status) == ("web.file_too_large", 413)
    assert "Berkas 100001-1.pdf lebih besar daripada 98 kB." in error.text.id


def test_more_files_than_are_taken_are_counted(tmp_path: Path) -> None:
    error = refused(tmp_path, [1] * (MOST_FILES + 1))
    assert error.code == "web.too_many_files"
    assert str(MOST_FILES) in error.text.id
    assert refused(tmp_path, [1], uploads=False).code == "web.bad_form"


def test_a_full_disk_is_told_before_anything_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(free=sent_form._LEFT_FREE + 1000)
    monkeypatch.setattr(sent_form.shutil, "disk_usage", lambda _: usage)
    assert refused(tmp_path, [10]).code == "web.no_room"
