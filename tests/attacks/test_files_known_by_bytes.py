"""Files of others that are known by their bytes: whom nobody asks, nobody can lie to.

The other half of ``test_files_from_others``. What our own steps made is looked at once, in a
guarded child; then bytes and hashes alone decide, and any other byte leads back to the child.
"""

from __future__ import annotations

import dataclasses
import hashlib
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from pks_kit import sign
from pks_kit.errors import NotLookedError
from pks_kit.foreign import Question
from pks_kit.json_form import to_wire
from pks_kit.pipelines.inside.known_issued import KnownJudged
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.sign import SignRequest
from pks_kit.pipelines.verifying import known_issued
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.sandbox.authority import SandboxTimestamps
from pks_kit.signing.step.state import StateOf, read_state
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation import pool as guard
from pks_kit.verification.isolation.protocol import Answers, ToldOfFiles, encode_answer
from support.outside_files import seen_nothing
from support.own_files import now, own_files

pytestmark = pytest.mark.slow


class Nobody:
    """Fails the test when a file would be opened."""

    def ask(self, question: Question[Any], *files: bytes) -> Any:
        raise AssertionError(f"{type(question).__name__} was asked")


class Lying(guard.GuardedPool):
    """A guard whose children say what they are told to; it counts them."""

    said = b""
    exit_code = 0
    asked = 0

    def ask(self, job: Any, files: Any) -> Any:
        self.asked += 1
        done = super().ask(job, files)
        lines = (done.lines[0], *self.said.splitlines())
        return dataclasses.replace(done, lines=lines, exit_code=self.exit_code)


@pytest.fixture
def lying() -> Iterator[Lying]:
    with Lying() as pool:
        yield pool


@pytest.fixture(autouse=True)
def a_new_process() -> None:
    own_files()
    seen_nothing()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tell which parser opens a file of the agreement in this process."""
    found: list[str] = []

    def watch(library: str, owner: Any, attribute: str) -> None:
        real = getattr(owner, attribute)

        def call(*arguments: Any, **options: Any) -> Any:
            if threading.current_thread() is threading.main_thread():
                for one in arguments:
                    content = one.getvalue() if hasattr(one, "getvalue") else one
                    if isinstance(content, bytes) and content.startswith(own_files().issued):
                        found.append(library)
            return real(*arguments, **options)

        monkeypatch.setattr(owner, attribute, call)

    watch("qpdf", pikepdf, "open")
    watch("pyHanko", PdfFileReader, "__init__")
    watch("PDFium", pypdfium2.PdfDocument, "__init__")
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[bytes, ...]]]:
    """Tell what is asked of guarded children, and about which bytes."""
    found: list[tuple[str, tuple[bytes, ...]]] = []
    ask = LooksInside.ask

    def listen(looks: LooksInside, question: Question[Any], *files: bytes) -> Any:
        found.append((type(question).__name__, files))
        return ask(looks, question, *files)

    monkeypatch.setattr(LooksInside, "ask", listen)
    return found


def _state(pdf: bytes, **more: Any) -> Any:
    return read_state(
        pdf, own_files().receipt, load_profile(signing_root(), own_files().receipt.profile), **more
    )


def _signed(pdf: bytes, folder: Path) -> bytes:
    files = own_files()
    receipt = folder / "perjanjian.receipt.json"
    receipt.write_bytes(files.receipt.to_json())
    request = SignRequest(
        pdf=pdf, receipt=receipt, clock=now, peran="pihak_kedua",
        signer=files.sandbox.signers["pihak_kedua"],
        timestamps=SandboxTimestamps(key=files.sandbox.tsa, clock=now),
    )  # fmt: skip
    content: bytes = sign(request).file.content
    return content


def test_what_a_file_holds_is_asked_once_and_after_a_step_of_ours_not_at_all(
    opened: list[str], asked: list[tuple[str, tuple[bytes, ...]]], tmp_path: Path
) -> None:
    stamped = own_files().steps[1]
    first = _signed(stamped, tmp_path)
    attached = "AttachmentInside"
    assert [name for name, _ in asked] == [attached, "StateOf", attached]
    asked.clear()
    second = _signed(stamped, tmp_path)
    # its receipt and its data are; places, the revision to sign and what came of it are not
    assert [name for name, _ in asked] == [attached, attached]
    found = _state(first, looks=Nobody()), _state(second, looks=Nobody())
    assert opened == []
    seen_nothing()  # what was never opened is what parsers see in it
    assert (_state(first), _state(second)) == found
    assert set(opened) == {"qpdf", "pyHanko"}  # the watch does see


def test_a_byte_that_is_not_ours_leads_to_the_child() -> None:
    stamped = own_files().steps[1]
    _state(stamped)
    _state(stamped, looks=Nobody())
    place = stamped.rindex(b"/Contents <") + 400
    digit = b"1" if stamped[place : place + 1] == b"0" else b"0"
    changed = stamped[:place] + digit + stamped[place + 1 :]
    receipt = own_files().receipt.model_copy(update={"slug": "lain"})
    for other in (changed, own_files().steps[0], own_files().steps[2]):
        with pytest.raises(AssertionError, match="StateOf was asked"):
            _state(other, looks=Nobody())
    profile = load_profile(signing_root(), receipt.profile)
    with pytest.raises(AssertionError, match="StateOf was asked"):
        read_state(stamped, receipt, profile, looks=Nobody())


def _told(pdf: bytes, signer: str) -> bytes:
    files = own_files()
    seen = StateOf(receipt=files.receipt, good=len(files.issued)).answer((pdf,))
    first, *others = seen.signatures
    forged = dataclasses.replace(
        seen, signatures=(dataclasses.replace(first, signer=signer), *others)
    )
    return encode_answer(Answers(told=ToldOfFiles(answer=zlib.compress(to_wire(forged)))))


def test_forged_facts_about_a_known_file_change_nothing_for_nobody_asks(lying: Lying) -> None:
    stamped = own_files().steps[1]
    looks = LooksInside(pool=lying)
    true = _state(stamped)
    lying.said = _told(stamped, "Orang Lain")
    assert _state(stamped, looks=looks) == true
    assert lying.asked == 0
    seen_nothing()
    assert _state(stamped, looks=looks).signatures[0].signer == "Orang Lain"
    assert lying.asked == 1


def test_a_lie_about_one_file_says_nothing_of_the_next_one_of_that_agreement(lying: Lying) -> None:
    signed, stamped, *_ = own_files().steps
    lying.said = _told(signed, "Orang Lain")
    assert _state(signed, looks=LooksInside(pool=lying)).signatures[0].signer == "Orang Lain"
    assert _state(stamped).signatures[0].signer != "Orang Lain"


@pytest.mark.parametrize("said", ["nothing", "truth"])
def test_what_a_dead_child_said_is_not_remembered(said: str, lying: Lying) -> None:
    stamped = own_files().steps[1]
    lying.said = _told(stamped, "Orang Lain") if said == "truth" else b""
    lying.exit_code = -11
    with pytest.raises(NotLookedError):
        _state(stamped, looks=LooksInside(pool=lying))
    with pytest.raises(AssertionError, match="StateOf was asked"):
        _state(stamped, looks=Nobody())


# --- verify ---------------------------------------------------------------------------------------


def _job(content: bytes) -> Examination:
    files = own_files()
    return Examination(
        content=content, issued=files.issued, receipt=files.receipt, anchors=files.anchors,
        signing_root=signing_root(), now=now(), kit_version="0",
    )  # fmt: skip


def test_what_is_remembered_of_an_issued_file_was_told_by_who_saw_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
    opened: list[str],
    asked: list[tuple[str, tuple[bytes, ...]]],
) -> None:
    monkeypatch.setattr(known_issued, "_KNOWN", known_issued.KnownFiles())
    files = own_files()
    assert files.receipt.issued is not None
    content = files.steps[-1]
    first = known_issued.judge_known(_job(content), isolated=True)
    told = [(name, [hashlib.sha256(one).hexdigest() for one in seen]) for name, seen in asked]
    assert told == [
        ("FactsOfIssued", [files.receipt.issued.sha256]),
        ("PagesOfIssued", [files.receipt.issued.sha256]),
        ("JudgeKnown", [hashlib.sha256(content).hexdigest()]),
    ]
    asked.clear()
    again = known_issued.judge_known(_job(content), isolated=True)
    assert [name for name, _ in asked] == ["JudgeKnown"]
    assert first is not None
    assert again is not None
    assert first.report.verdict == again.report.verdict == "passed"
    assert opened == []


def test_the_report_of_another_file_lets_no_file_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    files = own_files()
    honest: list[KnownJudged] = []
    ask = LooksInside.ask

    def listen(looks: LooksInside, question: Question[Any], *given: bytes) -> Any:
        found = ask(looks, question, *given)
        if isinstance(found, KnownJudged):
            honest.append(found)
            return honest[0]
        return found

    monkeypatch.setattr(LooksInside, "ask", listen)
    assert known_issued.judge_known(_job(files.steps[-1]), isolated=True) is not None
    assert honest[0].report is not None
    assert known_issued.judge_known(_job(files.steps[-2]), isolated=True) is None
    assert len(honest) == 2
