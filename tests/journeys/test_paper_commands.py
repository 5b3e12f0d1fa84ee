"""The commands of paper, end to end: offline page, decisions from its file, a page again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.ledger.store import open_ledger
from support import paper_reviews as reviews
from support import paper_samples as paper
from support.paper_reviews import ADDED, EMPTY, VALUE, chosen, key_of
from support.returned_paper import session_of_manual
from support.schema_check import follows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("kertas")
    for one in reviews.files():
        (found / one.name).write_bytes(one.content)
    (found / "terbit.pdf").write_bytes(paper.issue().pdf)
    (found / "susulan.jpg").write_bytes(paper.scanned(paper.printed(2)))
    with open_ledger(found / "buku.sqlite"):
        pass
    facts = reviews.listed().facts
    saved = {
        "format": "pks-kit-paper-decisions/1", "agreement_id": facts.agreement_id,
        "edition": facts.edition, "files": facts.files,
        "choices": [asdict(chosen(ADDED, "same")), asdict(chosen(VALUE, "same"))],
    }  # fmt: skip
    (found / "keputusan.json").write_text(json.dumps(saved), encoding="utf-8")
    return found


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *given: str) -> Result:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    return CliRunner().invoke(main, given)


SCAN = ("pindaian.jpg", "nota.pdf", "--issued", "terbit.pdf")
LEDGER = ("--ledger", "buku.sqlite")


def test_decisions_of_the_offline_page_reach_the_verdict(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = run(
        folder, monkeypatch, "paper", "decide", "keputusan.json", *SCAN, *LEDGER,
        "--oleh", "Siti Rahma", "--json",
    )  # fmt: skip
    assert decided.exit_code == 30, decided.output
    told = json.loads(decided.stdout)
    assert told["written"] == 2
    assert {one["item"]: one["state"] for one in told["decided"]} == {
        key_of(ADDED): "accepted", key_of(VALUE): "waiting",
    }  # fmt: skip
    assert follows(told, "paper-decide") == []

    # the ledger counts, also when one page more comes in a file of its own
    again = run(
        folder, monkeypatch, "verify", "pindaian.jpg", "nota.pdf", "susulan.jpg", "--issued",
        "terbit.pdf", *LEDGER, "--html", "periksa.html", "--json",
    )  # fmt: skip
    report: dict[str, Any] = json.loads(again.stdout)
    shown = report["paper"]
    assert 2 not in shown["missing"]
    assert {one["item"]: one["machine"] for one in shown["decided"]} == {
        key_of(ADDED): "addition", key_of(VALUE): "value",
    }  # fmt: skip
    assert [one["by"] for one in shown["decided"][0]["opinions"]] == ["Siti Rahma"]
    assert len(shown["files"]) == 3
    assert "Siti Rahma" in next(
        one["message"]["id"] for one in report["notes"] if one["code"] == "paper_decided"
    )
    page = (folder / "periksa.html").read_text(encoding="utf-8")
    assert f'data-item="{key_of(EMPTY)}"' in page
    assert "Siti Rahma" in page

    listed = run(folder, monkeypatch, "paper", "list", *SCAN, *LEDGER)
    assert listed.exit_code == 30
    assert "orang kedua" in " ".join(listed.stdout.replace("│", " ").split())
    assert "Siti Rahma" in listed.stdout


def test_decisions_for_another_scan_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = run(
        folder, monkeypatch, "paper", "decide", "keputusan.json", "susulan.jpg", "--issued",
        "terbit.pdf", *LEDGER, "--oleh", "Siti Rahma",
    )  # fmt: skip
    assert told.exit_code == 3
    assert "pindaian lain" in told.stderr


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("paper", "list", "terbit.pdf", "--issued", "terbit.pdf"), 2),
        (("paper", "decide", "terbit.pdf", *SCAN, *LEDGER, "--oleh", "Siti Rahma"), 3),
        (("paper", "decide", "keputusan.json", *SCAN, "--oleh", "Siti Rahma"), 2),
        (("paper", "review", *SCAN, *LEDGER), 2),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], code: int
) -> None:
    monkeypatch.delenv("PKS_KIT_LEDGER", raising=False)
    told = run(folder, monkeypatch, *given)
    assert told.exit_code == code, told.output
    assert "Traceback" not in told.output


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("paper", "list", "pindaian.jpg"), "--sessions"),
        (("paper", "review", *SCAN, "--oleh", "Siti Rahma"), "sign-all"),
        (("paper", "list", "pindaian.jpg", *LEDGER), "tidak dapat dibandingkan"),
        (("paper", "list", "pindaian.jpg", "--sessions", "sesi"), "--ledger"),
    ],
)
def test_what_is_missing_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], words: str
) -> None:
    monkeypatch.delenv("PKS_KIT_LEDGER", raising=False)
    told = run(folder, monkeypatch, *given)
    assert told.exit_code == 2, told.output
    assert words in told.stderr


def test_the_session_of_a_ledger_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, sessions = session_of_manual(tmp_path)
    (tmp_path / "satu.jpg").write_bytes(paper.scanned(paper.printed(1)))
    told = run(
        tmp_path, monkeypatch, "paper", "list", "satu.jpg", "--ledger", str(ledger),
        "--sessions", str(sessions), "--json",
    )  # fmt: skip
    assert told.exit_code == 30, told.output
    assert [one["page"] for one in json.loads(told.stdout)["paper"]["pages"]] == [1]


def test_kontrak_manual_is_written_down_without_any_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_of_manual(tmp_path)
    (issued,) = (tmp_path / "terbit").glob("*.pdf")
    (tmp_path / "p.yml").write_text("buku: baru.sqlite\nfolder_sesi: sesi-baru\n")
    told = run(
        tmp_path, monkeypatch, "sign-all", str(issued), "--settings", "p.yml", "-o", "hasil.pdf"
    )
    assert told.exit_code == 0, told.output
    (tmp_path / "satu.jpg").write_bytes(paper.scanned(paper.printed(1)))
    recorded = run(
        tmp_path, monkeypatch, "verify", "satu.jpg", "--ledger", "baru.sqlite", "--sessions",
        "sesi-baru", "--record", "--json",
    )  # fmt: skip
    (agreement,) = json.loads(recorded.stdout)["agreements"]
    assert agreement["recorded"]["new"] is True
    with open_ledger(tmp_path / "baru.sqlite", create=False) as opened:
        kinds_of = [one.jenis for one in opened.events()]
    assert kinds_of[0] == "terbit"
    assert kinds_of[-1] == "paper.received"
