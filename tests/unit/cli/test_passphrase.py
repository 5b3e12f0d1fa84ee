"""While a command holds secrets its memory is closed to other processes of the same user."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pks_kit.cli.ledger_options import LedgerChoice, ledger_options
from pks_kit.cli.main import main
from pks_kit.cli.passphrase import Passphrase, passphrase_options
from pks_kit.verification.isolation.kernel.libc import prctl

GET_DUMPABLE = 3


@click.command()
@passphrase_options
def with_passphrase(passphrase: Passphrase) -> None:
    click.echo(f"{prctl(GET_DUMPABLE)} {passphrase.read().decode()}")


@click.command()
@ledger_options
def with_ledger(ledger: LedgerChoice) -> None:
    click.echo(prctl(GET_DUMPABLE))


def test_closed_while_a_passphrase_is_needed() -> None:
    told = CliRunner().invoke(with_passphrase, ["--passphrase-env", "SANDI"], env={"SANDI": "abc"})
    assert told.output == "0 abc\n"
    assert prctl(GET_DUMPABLE) == 1


@pytest.mark.slow
@pytest.mark.parametrize("door", ["descriptor", "input"])
@pytest.mark.parametrize(("mode", "code"), [(0o600, 0), (0o640, 3), (0o604, 3)])
def test_a_passphrase_in_a_file_that_others_may_open_is_refused(
    tmp_path: Path, door: str, mode: int, code: int
) -> None:
    path = tmp_path / "kata sandi"
    path.write_bytes(b"abcdefghij\n")
    path.chmod(mode)
    command = [sys.executable, "-m", "pks_kit.cli.main", "sandbox", "init", str(tmp_path / "uji")]
    with path.open("rb") as stream:
        number = stream.fileno()
        if door == "descriptor":
            command += ["--passphrase-fd", str(number)]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL if door == "descriptor" else stream,
            pass_fds=[number], capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert (f"chmod 600 '{path}'" in done.stderr) == (code == 3)


@pytest.mark.parametrize(("arguments", "open_"), [(["--password-env", "SANDI"], 0), ([], 1)])
def test_closed_while_the_ledger_has_a_password(arguments: list[str], open_: int) -> None:
    told = CliRunner().invoke(with_ledger, arguments, env={"SANDI": "abc"})
    assert told.output == f"{open_}\n"


def test_closed_while_a_session_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample_path: Path
) -> None:
    found: list[int] = []
    monkeypatch.setattr(
        "pks_kit.cli.session.workplace", lambda _: found.append(prctl(GET_DUMPABLE)) or 1 / 0
    )
    arguments = ["sign-all", "x.pdf", "--settings", str(sample_path), "-o", str(tmp_path / "y.pdf")]
    assert isinstance(CliRunner().invoke(main, arguments).exception, BaseException)
    assert found == [0]
