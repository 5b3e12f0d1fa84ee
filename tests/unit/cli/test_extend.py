"""``pks-kit extend`` as a person uses it, with sandbox files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.visible_text import WIB
from support.schema_check import problems
from support.signing_world import (
    NOW,
    PASSPHRASE,
    Issued,
    make_issued,
    make_sandbox,
    signed_by_both,
)

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "skema" / "extend.schema.json"


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Issued:
    """``4.pdf``, its receipt and the sandbox ``uji`` in one folder."""
    from pks_kit.cli.writing import write_sandbox
    from pks_kit.signing.sandbox.authority import sandbox_files

    folder = tmp_path_factory.mktemp("finished")
    issued = make_issued(folder)
    sandbox = make_sandbox(NOW)
    (folder / "4.pdf").write_bytes(signed_by_both(issued, sandbox)[-1])
    write_sandbox(sandbox_files(sandbox, PASSPHRASE), folder / "uji")
    return issued


@pytest.fixture
def desk(finished, monkeypatch) -> Path:
    monkeypatch.chdir(finished.path.parent)
    monkeypatch.setenv("SANDI", PASSPHRASE.decode())
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    return finished.path.parent


def run(source: str, output: str, *more: str):
    arguments = ("extend", source, "-o", output, "--passphrase-env", "SANDI", *more)
    result = CliRunner().invoke(main, arguments)
    assert PASSPHRASE.decode() not in result.output
    assert "Traceback" not in result.output
    return result


USUAL = ("--tsa", "sandbox:uji", "--trust", "uji/root.pem", "--offline")


@pytest.mark.slow
def test_archive_then_prolong(desk):
    first = run("4.pdf", "5.pdf", *USUAL, "--json")
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    assert problems(told, schema := json.loads(SCHEMA.read_text()), schema) == []
    until = datetime.fromisoformat(told["until"])
    assert until - datetime.now(UTC) > timedelta(days=700)
    again = run("5.pdf", "6.pdf", *USUAL)
    assert again.exit_code == 0, again.output
    assert f"Lasts until {until.astimezone(WIB):%d-%m-%Y}" in again.stdout
    assert "before lasted until" in again.stdout
    assert "TEST" in again.stderr.upper()


@pytest.mark.parametrize(
    ("more", "exit_code", "words"),
    [
        (("--tsa", "sandbox:uji"), 2, "No trusted authority"),
        (("--trust", "uji/root.pem"), 2, "timestamp"),
        (("--tsa", "sandbox:uji", "--trust", "uji/root.crl"), 3, "certificate"),
        ((*USUAL, "--crl", "uji/tsa.p12"), 3, "revocation list"),
        (("--tsa", "http://127.0.0.1:9/tsa", "--trust", "uji/root.pem", "--offline"), 20,
         "cannot be told"),
    ],
)  # fmt: skip
def test_refusals(desk, more, exit_code, words):
    (desk / "x.pdf").unlink(missing_ok=True)
    result = run("4.pdf", "x.pdf", *more)
    assert result.exit_code == exit_code, result.output
    assert words in result.output
    assert not (desk / "x.pdf").exists()


def test_an_output_that_exists_or_is_the_input(desk):
    assert run("4.pdf", "4.pdf", *USUAL, "--force").exit_code == 2
    (desk / "there.pdf").write_bytes(b"")
    assert run("4.pdf", "there.pdf", *USUAL).exit_code == 2
