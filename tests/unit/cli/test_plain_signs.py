"""A terminal that does not know UTF-8 gets the nearest signs, and JSON stays JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from pks_kit.cli.plain_signs import nearest
from support.sample import SAMPLE


@pytest.mark.parametrize(
    ("sign", "expected"),
    [("«", '"'), ("–", "-"), ("é", "e"), ("…", "..."), ("語", "<U+8A9E>"), ("ﬁ", "fi")],
)
def test_the_nearest_sign(sign: str, expected: str) -> None:
    assert nearest(sign) == expected


def run(encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "LANG": "C", "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [sys.executable, "-m", "pks_kit.cli.main", *arguments],
        env=environment, capture_output=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "ascii:strict", "cp437"])
def test_no_sign_is_lost_and_nothing_breaks(encoding: str) -> None:
    done = run(encoding, "check", "tidak-ada-«é語».yml")
    assert done.returncode == 3
    name = encoding.partition(":")[0]
    words = done.stderr.decode(name)
    assert "Traceback" not in words
    assert "?" not in words
    assert "<U+8A9E>" in words


@pytest.mark.slow
def test_json_stays_whole_in_ascii() -> None:
    done = run("ascii", "check", "tidak-ada-é.yml", "--json")
    shown = json.loads(done.stdout.decode("ascii"))
    assert "tidak-ada-é.yml" in shown["error"]["message"]["id"]
    whole = json.loads(run("ascii", "check", str(SAMPLE), "--json").stdout.decode("ascii"))
    assert whole["findings"]


def test_without_a_choice_utf8_is_spoken() -> None:
    done = run("", "check", "tidak-ada-é.yml")
    assert "tidak-ada-é.yml" in done.stderr.decode("utf-8")
