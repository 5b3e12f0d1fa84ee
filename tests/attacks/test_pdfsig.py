"""pdfsig as a second opinion; every kind of disagreement is a row of ``docs/pdfsig.md``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import pks_kit
from attacks import test_forgery_table, test_published_attacks
from pks_kit.verification.report.verdict import VerifyReport
from support import forgeries, signed_files, third_party_pdfs
from support.judging import failures, found, judge, unknowns
from support.proving import SampleOf

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is not installed"),
]
DOCS = Path(__file__).resolve().parents[2] / "docs" / "pdfsig.md"
_CHANGE_CODES = ("signature.changes", "file.revisions", "content.")
_PARTY_CODES = ("parties.", "meterai.", "signature.trust")
_OPEN_CODES = ("signature.appearance", "signature.place", "signature.lost", *_CHANGE_CODES)


_KEYED = ("another root", "people swapped", "third stamp", "last removed", "P2 signs a note")
_SLOW_BASES = ("LibreOffice", "WeasyPrint, tagged", "cairo", "pikepdf 1.7, many pages")


def _files() -> dict[str, Callable[[], bytes]]:
    """Return forged and honest files by name; the tests of their tables judge them wholly."""
    done, one = signed_files.signed_steps()[-1], test_published_attacks._one()
    files: dict[str, Callable[[], bytes]] = {"honest four steps": lambda: done}
    files |= {
        f"forged {name}": lambda f=forge: f(done)  # type: ignore[misc]
        for name, forge in list(forgeries.FORGERIES.items())[::2]
    }
    keyed = {name: test_forgery_table.KEYED[name] for name in _KEYED}
    tables = (
        keyed,
        test_published_attacks.SHADOWS,
        test_published_attacks.CERTIFIED,
        test_published_attacks.FIELDS,
    )
    files |= {f"forged {name}": forge for table in tables for name, (forge, _) in table.items()}
    numbers = test_published_attacks._numbers_of(one)[2]
    files |= {
        f"forged byte range {name}": lambda f=forge: f(one, numbers)  # type: ignore[misc]
        for name, forge in test_published_attacks.RANGES.items()
    }
    files |= {
        f"honest {name}": forge
        for name, forge in third_party_pdfs.cases().items()
        if not name.endswith((", second signer", *_SLOW_BASES))
        and not third_party_pdfs.missing_program(name.removeprefix("base "))
        and (", DSS" not in name or "e-meterai" in name)
    }
    return files


def _pdfsig(content: bytes, folder: Path) -> tuple[list[str], bool, str]:
    """Return what pdfsig says about each signature, whether one covers all, and its complaints."""
    path = folder / "x.pdf"
    path.write_bytes(content)
    done = subprocess.run(
        ["pdfsig", "-nocert", path],
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    said = done.stdout.decode("utf-8", "replace")
    answers = re.findall(r"Signature Validation: (.*)", said)
    unread = len(re.findall(r"(?m)^Signature #", said)) - said.count("is not signed") - len(answers)
    answers += ["no answer"] * max(0, unread)
    whole = re.search(r"(?m)^\s+- Total document signed", said) is not None
    return answers, whole, done.stderr.decode("utf-8", "replace")


def _disagreement(answers: list[str], whole: bool, complaints: str, ours: VerifyReport) -> str:
    """Return the kind of disagreement; empty when both say the same."""
    all_valid = bool(answers) and set(answers) == {"Signature is Valid."}
    all_intact = bool(ours.signatures) and all(one.intact for one in ours.signatures)
    if all_valid:
        return _more_than_pdfsig(whole, ours, all_intact=all_intact)
    if ours.verdict == "failed" or not all_intact:
        return ""  # neither of them finds that all is well
    if not answers:
        return "widget as kid"
    if "Unable to validate this type" in complaints:
        return "document timestamp"
    bad = set(answers) - {"Signature is Valid."}
    return {
        "Unknown Validation Failure.": "certificate by key identifier",
        "Document isn't signed or corrupted data.": "Ed25519",
    }.get(", ".join(sorted(bad)), f"unknown: {bad}")


def _more_than_pdfsig(whole: bool, ours: VerifyReport, *, all_intact: bool) -> str:
    wrong, odd = failures(ours), unknowns(ours)
    if any(one.intact is False for one in ours.signatures):
        return "unknown: broken here, valid there"
    if ours.verdict == "failed":
        unread = {"file.structure", "signature.integrity"} & {one.split("/")[0] for one in wrong}
        if unread and not all_intact:
            return "repaired"
        for kind, codes in (
            ("shown twice", ("signature.integrity",)),
            ("later change", _CHANGE_CODES),
            ("bytes behind", ("file.end",)),
            ("who signed", _PARTY_CODES),
        ):
            if any(one.startswith(codes) for one in wrong):
                return kind
        return f"unknown: {sorted(wrong)}"
    if not all_intact:
        return f"unknown: {sorted(odd)}"
    if any(one.startswith(_OPEN_CODES) for one in odd):
        return "open question"
    if not whole:
        is_lta = ours.signatures[-1].modification == "lta_updates"
        return "validation material behind" if is_lta else f"unknown: part, {sorted(odd)}"
    return ""


@cache
def _rows() -> set[str]:
    rows = re.findall(r"(?m)^\| ([^|]+?) \|", DOCS.read_text(encoding="utf-8"))
    return set(rows) - {"kind", "---"}


def test_every_disagreement_is_explained_and_every_explanation_is_needed(
    tmp_path: Path, sample_of: SampleOf
) -> None:
    files = sample_of(list(_files().items()), 40, seed="pdfsig")
    seen: dict[str, list[str]] = {}
    agreed = 0
    for name, forge in files:
        content = forge()
        answers, whole, complaints = _pdfsig(content, tmp_path)
        ours = found(content)
        if "Digest Mismatch." in answers:
            assert ours.verdict == "failed", name
        kind = _disagreement(answers, whole, complaints, ours)
        agreed += not kind
        if kind:
            seen.setdefault(kind, []).append(name)
    assert {kind: names for kind, names in seen.items() if kind not in _rows()} == {}
    assert agreed > len(files) // 4
    if sample_of.everything:
        assert _rows() - set(seen) == set()


def test_honest_files_are_valid_for_both_unless_the_table_says_why(tmp_path: Path) -> None:
    """The plain ones, so that no row of the table can explain everything away."""
    for content, count in (
        (signed_files.signed_steps()[-1], 4),
        (third_party_pdfs.signed(third_party_pdfs.base()), 1),
    ):
        answers, whole, _ = _pdfsig(content, tmp_path)
        assert (answers, whole) == (["Signature is Valid."] * count, True)
        assert [one.intact for one in judge(content).signatures] == [True] * count


OTHERS = Path(__file__).resolve().parents[1] / "support" / "other_programs"


@pytest.mark.parametrize("name", sorted(one.stem for one in OTHERS.glob("*.pdf")))
def test_files_of_other_programs_are_valid_for_both(tmp_path: Path, name: str) -> None:
    content = (OTHERS / f"{name}.pdf").read_bytes()
    request = pks_kit.VerifyRequest(
        pdf=content,
        trust=tuple(one.read_bytes() for one in sorted(OTHERS.glob("*.pem"))),
        jenis="umum",
        clock=lambda: datetime(2026, 11, 30, tzinfo=UTC),
        isolated=False,
    )
    ours = pks_kit.verify(request).report
    answers, whole, complaints = _pdfsig(content, tmp_path)
    assert answers == ["Signature is Valid."] * len(ours.signatures)
    kind = _disagreement(answers, whole, complaints, ours)
    assert kind in {"", *_rows()}
    assert (kind == "") is (ours.verdict == "passed")
