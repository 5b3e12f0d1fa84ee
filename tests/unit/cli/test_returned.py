"""``pks-kit verify`` of what came back: sorted when asked, written down when allowed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.ledger import ledger_group
from pks_kit.cli.returned import sorts
from pks_kit.cli.verify import verify_command
from support import paper_samples as paper
from support import returned_paper as back
from support.schema_check import follows

MANUAL = back.manual()


def run(command: Any, *arguments: object) -> Result:
    environment = {"PKS_KIT_LANG": "id", "PKS_KIT_LEDGER": ""}
    return CliRunner().invoke(command, [str(one) for one in arguments], env=environment)


def test_arguments_alone_decide_whether_sheets_are_sorted(tmp_path: Path) -> None:
    one, two = tmp_path / "a.pdf", tmp_path / "b.pdf"
    plain = {"asked": False, "beside": False, "ledger": False}
    assert not sorts((one,), (two,), **plain)
    assert not sorts((one, two), (two,), **plain)
    assert not sorts((one, two), (), **plain)
    assert sorts((tmp_path,), (), **plain)
    assert sorts((one,), (tmp_path,), **plain)
    assert sorts((one,), (one, two), **plain)
    assert sorts((one,), (), **{**plain, "asked": True})
    assert sorts((one, two), (), **{**plain, "ledger": True})
    assert not sorts((one,), (), **{**plain, "ledger": True})
    assert not sorts((one, two), (one,), **{**plain, "ledger": True})
    assert not sorts((one, two), (), **{**plain, "ledger": True, "beside": True})


@pytest.mark.parametrize("option", [["--html", "x.html"], ["--rerender"], ["--jenis", "umum"]])
def test_options_of_one_report_are_refused(tmp_path: Path, option: list[str]) -> None:
    told = run(verify_command, tmp_path, *option)
    assert told.exit_code == 2
    assert option[0] in told.stderr


def test_recording_without_a_ledger_is_refused(tmp_path: Path) -> None:
    told = run(verify_command, tmp_path / "a.pdf", "--record")
    assert told.exit_code == 2
    assert "--ledger" in told.stderr


@pytest.mark.slow
def test_a_verdict_is_written_once_and_only_when_asked_for(tmp_path: Path) -> None:
    ledger, sessions = back.session_of_manual(tmp_path / "buku")
    scan = tmp_path / "kiriman.jpg"
    scan.write_bytes(paper.scanned(paper.printed(2)))
    place = ("--ledger", ledger, "--sessions", sessions)
    only_read = run(verify_command, scan, *place, "--json")
    assert (only_read.exit_code, json.loads(only_read.stdout)["format"]) == (30, "pks-kit-verify/1")
    assert "paper.received" not in run(ledger_group, "show", "--ledger", ledger, "--json").stdout
    first = run(verify_command, scan, *place, "--record", "--json")
    told = json.loads(first.stdout)
    assert (first.exit_code, follows(told, "verify-returned")) == (30, [])
    (one,) = told["agreements"]
    assert (one["verdict"], one["recorded"]["new"]) == ("incomplete", True)
    other = tmp_path / "nama lain.jpg"
    scan.rename(other)
    again = run(verify_command, other, *place, "--record")
    assert again.exit_code == 30
    assert f"sudah tercatat di buku besar (peristiwa {one['recorded']['event']})" in again.stdout
    assert MANUAL.receipt.nama_kedua in again.stdout
    assert "Yth. " in again.stdout
    assert "1 perjanjian: 0 lengkap, 1 belum lengkap" in again.stdout
    (shown,) = json.loads(run(ledger_group, "show", "--ledger", ledger, "--json").stdout)[
        "agreements"
    ]
    assert (shown["state"], len(shown["paper"])) == ("KERTAS_KURANG", 1)
    assert shown["paper"][0]["missing"] == 29
    words = run(ledger_group, "show", "--ledger", ledger).stdout
    assert "belum lengkap: 1 lembar; 29 halaman tidak ada" in words
