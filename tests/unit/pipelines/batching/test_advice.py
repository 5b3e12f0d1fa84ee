"""Commands that name the folder of the batch, so that they can be copied."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from pks_kit.messages import lookup
from pks_kit.pipelines.batching.advice import page_with_folder, with_folder


@pytest.mark.parametrize("folder", ["malam-2027", "malam 2027", "pak O'ok", "-x; rm y"])
def test_a_command_can_be_copied(folder: str) -> None:
    words = lookup("batch.not_approved").fill({"plan": "a"}).hint_id
    command = with_folder(words, Path(folder)).partition(": ")[2].rstrip(".")
    assert shlex.split(command)[:4] == ["pks-kit", "batch", "approve", folder]


def test_other_words_stay() -> None:
    text = "pks-kit init FOLDER; FOLDER"
    assert with_folder(text, "a") == text


def test_a_page_is_written_for_a_folder_whose_name_is_no_utf_8() -> None:
    page = page_with_folder(b"pks-kit batch run FOLDER", Path(os.fsdecode(b"malam-\xff")))
    assert page.decode().startswith("pks-kit batch run ")
    assert b"malam-" in page
