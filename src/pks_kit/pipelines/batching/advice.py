"""Commands that messages advise, with the folder of the batch where they say ``FOLDER``.

The words of an error, or of a row in the book, do not know how the folder is called at the moment:
it may have been moved. Whoever shows them knows.
"""

from __future__ import annotations

import re
import shlex
from html import escape
from pathlib import Path

_COMMAND = re.compile(r"(?<=pks-kit batch )([a-z]+) FOLDER\b")


def quoted(path: Path | str) -> str:
    """Return a path as a shell takes it: in quotation marks where it needs them."""
    return shlex.quote(str(path))


def with_folder(text: str, folder: Path | str) -> str:
    """Return a text whose commands about a batch name its folder.

    Args:
        text: Words of ours.
        folder: Folder of the batch, as the reader can reach it.
    """
    return _COMMAND.sub(lambda found: f"{found[1]} {quoted(folder)}", text)


def page_with_folder(page: bytes, folder: Path | str) -> bytes:
    """Return a page (HTML) whose commands about a batch name its folder.

    Args:
        page: The page, in UTF-8.
        folder: Folder of the batch, as the reader can reach it.
    """
    named = escape(quoted(folder))
    told = _COMMAND.sub(lambda found: f"{found[1]} {named}", page.decode())
    return told.encode(errors="backslashreplace")  # a folder's name need not be UTF-8
