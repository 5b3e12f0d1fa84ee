"""Files of the other party, of gateways and of distributors, where something is signed.

They are opened in a guarded child or not at all; the process that holds keys, passphrases and
money only compares bytes.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from pks_kit.errors import NotLookedError, SigningError, VerificationError
from pks_kit.foreign import HERE, Question
from pks_kit.limits import ARCHIVE_BYTES, PDF_ROOM_BYTES
from pks_kit.pipelines.inside.looks import MOST_BYTES, MOST_PARTS, LooksInside
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.step.reserved_space import RESERVED_BYTES, prepared_revision
from pks_kit.signing.step.sign_field import FieldRevision
from pks_kit.signing.step.state import StateOf, StateSeen, read_state
from pks_kit.verification.isolation import pool as guard
from pks_kit.verification.isolation.kernel.isolation import Isolation, Missing
from pks_kit.verification.isolation.protocol import Answers, ToldOfFiles, encode_answer
from pks_kit.verification.limits import Limits
from support.outside_files import Acts, seen_nothing, told, unchanged
from support.proving import SampleOf
from support.signing_world import NOW, picture

TESTS = Path(__file__).resolve().parents[1]
ACTS = ("sign", "stamp", "sign_all", "extend", "cover", "gateway", "distributor")
ASKED = {
    "sign": {"StateOf", "FieldRevision"},
    "sign_all": {"StateOf", "FieldRevision"},
    "gateway": {"StateOf", "ReturnedPdf"},
    "distributor": {"StampedPdf"},
}
"""Questions without which an act would have opened the file, or not known it; else the state."""
ANSWERS = {
    "gateway": {"service.unreadable_pdf", "service.not_looked"},
    "distributor": {""},  # what lay there is put aside; the next stamp is right
}
"""What acts answer that answer otherwise."""


class NobodyLooks:
    """Fails the test when a file would be opened."""

    def ask(self, question: Question[Any], *files: bytes) -> Any:
        raise AssertionError(f"{type(question).__name__} was asked")


@pytest.mark.slow
def test_a_file_that_swells_takes_no_memory_of_the_process_that_signs(
    tmp_path: Path, sample_of: SampleOf
) -> None:
    """1.5 MB that become 1.5 GB took 2.1 GB of the caller, with its keys in the same memory."""
    acts = sample_of(ACTS, 2, seed="swells")
    done = subprocess.run(
        [sys.executable, "-m", "support.outside_files", str(tmp_path), *acts],
        env=os.environ | {"PYTHONPATH": str(TESTS)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert list(found["acts"]) == acts
    for name, act in found["acts"].items():
        assert act["code"] in ANSWERS.get(name, {"pdf.unreadable", "pdf.not_looked"}), (name, found)
    assert found["grown_mib"] < 64, found
    assert found["peak_mib"] < 400, found


@pytest.mark.parametrize("name", ACTS)
def test_the_process_that_signs_never_opens_the_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = Acts(tmp_path, unchanged, LooksInside())
    foreign = (acts.issued.pdf, acts.manual.pdf, acts.blank.pdf)
    opened: list[str] = []

    def watch(library: str, owner: Any, attribute: str) -> None:
        real = getattr(owner, attribute)

        def call(*arguments: Any, **options: Any) -> Any:
            # the fakes of the other ends work in threads of their own
            if threading.current_thread() is threading.main_thread():
                for one in arguments:
                    content = one.getvalue() if hasattr(one, "getvalue") else one
                    if isinstance(content, bytes) and content.startswith(foreign):
                        opened.append(library)
            return real(*arguments, **options)

        monkeypatch.setattr(owner, attribute, call)

    watch("qpdf", pikepdf, "open")
    watch("pyHanko", PdfFileReader, "__init__")
    watch("PDFium", pypdfium2.PdfDocument, "__init__")
    asked: set[str] = set()
    ask = LooksInside.ask

    def listen(looks: LooksInside, question: Question[Any], *files: bytes) -> Any:
        asked.add(type(question).__name__)
        return ask(looks, question, *files)

    monkeypatch.setattr(LooksInside, "ask", listen)
    acts.all()[name]()
    assert opened == []
    assert asked >= ASKED.get(name, {"StateOf"})
    seen_nothing()
    read_state(acts.issued.pdf, acts.issued.receipt, _profile())
    assert set(opened) == {"qpdf", "pyHanko"}  # the watch does see


def test_a_file_that_grew_too_much_is_not_opened(tmp_path: Path) -> None:
    acts = Acts(tmp_path, unchanged, NobodyLooks())
    receipt = acts.issued.receipt
    most = len(receipt.places) * PDF_ROOM_BYTES + ARCHIVE_BYTES
    full = acts.issued.pdf + b"%" * (most - 6) + b"%%EOF\n"
    grown = full + b"\n"
    with pytest.raises(SigningError) as caught:
        read_state(grown, receipt, _profile(), looks=NobodyLooks())
    assert (caught.value.code, caught.value.params["limit"]) == ("pdf.grown", most)
    with pytest.raises(AssertionError, match="StateOf was asked"):
        read_state(full, receipt, _profile(), looks=NobodyLooks())
    with pytest.raises(AssertionError, match="StateOf was asked"):
        read_state(acts.steps[0], receipt, _profile(), looks=NobodyLooks())


@pytest.mark.parametrize("name", ["sign", "stamp", "sign_all", "extend", "cover"])
def test_no_verb_opens_a_file_that_grew_too_much(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = Acts(tmp_path, lambda pdf: pdf + bytes(30 << 20), HERE)
    monkeypatch.setattr(LooksInside, "ask", NobodyLooks.ask)
    found = told(acts.all()[name])
    assert (found["code"], found["kind"]) == ("pdf.grown", "SigningError")
    assert "It was not opened" in found["text"]
    assert not acts.scenario.output.exists()


def _larger(pdf: bytes) -> bytes:
    return pdf + b"\n%" * (PDF_ROOM_BYTES // 2 + 1) + b"\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "code"),
    [("gateway", "service.grown"), ("distributor", "")],
)
def test_an_answer_that_grew_too_much_is_not_opened(
    name: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = LooksInside.ask

    def listen(looks: LooksInside, question: Question[Any], *files: bytes) -> Any:
        asked.extend(type(question).__name__ for one in files if len(one) > PDF_ROOM_BYTES)
        return ask(looks, question, *files)

    monkeypatch.setattr(LooksInside, "ask", listen)
    acts = Acts(tmp_path, _larger, LooksInside())
    found = told(acts.all()[name])
    assert (found["code"], asked) == (code, [])
    if name == "distributor":  # what may be the only copy of a paid stamp is put aside
        [aside] = acts.result.parent.glob("*.salah")
        assert aside.read_bytes() == _larger(acts.step.pdf)


# --- a child that dies, or lies -------------------------------------------------------------------


class _Lying(guard.GuardedPool):
    """A guard whose children answer what they are told to."""

    said = b""
    exit_code = 0

    def ask(self, job: Any, files: Any) -> Any:
        done = super().ask(job, files)
        lines = (done.lines[0], *self.said.splitlines())
        return dataclasses.replace(done, lines=lines, exit_code=self.exit_code)


@pytest.fixture(scope="module")
def warm() -> Iterator[_Lying]:
    with _Lying() as pool:
        yield pool


@pytest.fixture
def lying(warm: _Lying) -> _Lying:
    """One guard for all tests, for what its children are told is put in on this side."""
    warm.said, warm.exit_code = b"", 0
    return warm


@pytest.mark.parametrize(
    ("name", "is_seen"),
    [*((name, False) for name in ACTS), ("sign", True), ("stamp", True), ("sign_all", True),
     ("extend", True)],
)  # fmt: skip
def test_a_child_that_dies_says_nothing_of_the_file_and_nothing_is_written(
    name: str, is_seen: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lying: _Lying
) -> None:
    """Before the step; and after it, when the file before it was looked at in this process."""
    ask = LooksInside.ask
    last = {"gateway": "ReturnedPdf", "distributor": "StampedPdf"}.get(name, "StateOf")
    lying.exit_code = -signal.SIGABRT  # as C++ libraries end when they get no memory
    dying = LooksInside(pool=lying)

    def die(looks: LooksInside, question: Question[Any], *files: bytes) -> Any:
        dies = type(question).__name__ == last
        return ask(dying if dies else looks, question, *files)

    monkeypatch.setattr(LooksInside, "ask", die)
    change = _with_end if name == "distributor" else unchanged
    acts = Acts(tmp_path, change, LooksInside())
    for one in acts.steps if is_seen else ():
        read_state(one, acts.issued.receipt, _profile())
    found = told(acts.all()[name])
    expected = {
        "gateway": ("service.not_looked", "UnknownOutcomeError"),
        "distributor": ("meterai.result.not_looked", "UnknownOutcomeError"),
    }.get(name, ("pdf.not_looked", "NotLookedError"))
    assert (found["code"], found["kind"]) == expected, found
    assert "could not be looked at" in found["text"]
    assert "limit of" in found["text"], found
    assert "{" not in found["text"]
    if name == "distributor":  # nothing that was bought is lost
        assert [path.name for path in acts.result.parent.iterdir()] == [acts.result.name]
        assert acts.result.read_bytes() == _with_end(acts.step.pdf)
    assert not acts.scenario.output.exists()


def _with_end(pdf: bytes) -> bytes:
    return pdf + b"1 0 obj null endobj\n%%EOF\n"


def test_a_met_limit_is_named_and_says_nothing_of_the_file(tmp_path: Path) -> None:
    acts = Acts(tmp_path, unchanged, HERE)
    limits = dataclasses.replace(Limits(), memory_bytes=1 << 18)
    # a guard that has looked at files before has freed memory, in which a small file may find room
    with guard.GuardedPool() as fresh:
        looks = LooksInside(pool=fresh, limits=limits)
        with pytest.raises(NotLookedError) as caught:
            read_state(acts.steps[-1], acts.issued.receipt, _profile(), looks=looks)
    text = caught.value.text
    assert "membutuhkan memori lebih dari" in text.id
    assert "not said to be bad" in text.en
    assert text.hint_id
    assert caught.value.http_status == 503


@pytest.mark.parametrize(
    "told_by_child",
    [
        b"",
        b"{}\n",
        b'{"told":{}}\n',
        b'{"told":{"answer":"00"}}\n',
        b'{"told":{"answer":"' + zlib.compress(b"{}").hex().encode() + b'"}}\n',
        b'{"told":{"answer":"' + zlib.compress(b"[" * 99).hex().encode() + b'"}}\n',
        b'{"told":{"answer":"' + zlib.compress(bytes(MOST_BYTES + 1)).hex().encode() + b'"}}\n',
        b'{"told":{"answer":"' + zlib.compress(b"[" * (MOST_PARTS + 1)).hex().encode() + b'"}}\n',
        b'{"told":{"refusal":{"kind":"SigningError","code":"no.such","params":{}}}}\n',
        b'{"told":{"refusal":{"kind":"SystemExit","code":"pdf.unreadable","params":{}}}}\n',
    ],
)
def test_nonsense_is_no_answer(told_by_child: bytes, lying: _Lying, tmp_path: Path) -> None:
    lying.said = told_by_child
    issued = Acts(tmp_path, unchanged, HERE).issued
    with pytest.raises(NotLookedError) as caught:
        read_state(issued.pdf, issued.receipt, _profile(), looks=LooksInside(pool=lying))
    assert caught.value.code == "pdf.not_looked"


def _as_told(seen: StateSeen) -> bytes:
    from pks_kit.json_form import to_wire

    return encode_answer(Answers(told=ToldOfFiles(answer=zlib.compress(to_wire(seen)))))


def test_what_the_asker_can_judge_is_not_believed(lying: _Lying, tmp_path: Path) -> None:
    acts = Acts(tmp_path, unchanged, HERE)
    receipt, pdf = acts.issued.receipt, acts.steps[1]
    seen = StateOf(receipt=receipt, good=len(acts.issued.pdf)).answer((pdf,))
    looks = LooksInside(pool=lying)
    lying.said = _as_told(seen)
    assert len(read_state(pdf, receipt, _profile(), looks=looks).filled) == 2
    first, second = seen.signatures
    assert first.place is not None
    seen_nothing()  # and what is refused is not remembered either
    other = first.place.model_copy(update={"nama": "Orang Lain"})
    for forged, code in (
        ((dataclasses.replace(first, place=other), second), "signing.earlier_broken"),
        ((dataclasses.replace(first, place=None), second), "signing.earlier_broken"),
        ((dataclasses.replace(first, trouble="integrity"), second), "signing.earlier_broken"),
        ((first, dataclasses.replace(second, place=first.place)), "signing.earlier_broken"),
        ((second, first), "signing.earlier_out_of_turn"),
    ):
        lying.said = _as_told(dataclasses.replace(seen, signatures=forged))
        with pytest.raises(SigningError) as caught:
            read_state(pdf, receipt, _profile(), looks=looks)
        assert caught.value.code == code
    lying.said = _as_told(seen)
    lying.exit_code = -11  # who dies after an answer is not believed
    with pytest.raises(NotLookedError):
        read_state(pdf, receipt, _profile(), looks=looks)


def test_only_the_reserved_space_is_left_out_of_what_is_signed(tmp_path: Path) -> None:
    pdf = Acts(tmp_path, unchanged, HERE).issued.pdf
    question = FieldRevision(
        field="TTD_PIHAK_KESATU", new_box=None, name="Ratna", reason="-", location="", now=NOW,
        software=("pks-kit", "0"),
    )  # fmt: skip
    appended = question.answer((pdf, picture())).content
    revision = prepared_revision(pdf, appended)
    assert revision.pdf[revision.start : revision.end].strip(b"<0>") == b""
    assert revision.filled(b"\xab\xcd")[revision.start :].startswith(b"<ABCD00")
    space = b"<" + b"0" * (2 * RESERVED_BYTES) + b">"
    for forged in (
        appended.replace(space, b"<00>"),
        appended + b"\n" + space,
        appended + b"\n",
        appended.replace(b"/ByteRange [0 ", b"/ByteRange [1 "),
        appended + b"/ByteRange [0 1 2 3]",
    ):
        assert forged != appended
        with pytest.raises(SigningError) as caught:
            prepared_revision(pdf, forged)
        assert caught.value.code == "signing.failed"
    with pytest.raises(SigningError) as caught:
        prepared_revision(pdf, appended + bytes(PDF_ROOM_BYTES))
    assert caught.value.code == "pdf.grown"
    with pytest.raises(SigningError) as caught:
        revision.filled(bytes(RESERVED_BYTES + 1))
    assert caught.value.code == "signing.failed"


# --- where there is no guard ----------------------------------------------------------------------


def test_a_system_without_a_guard_signs_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise VerificationError("verify.no_guard", system="win32, fork")

    monkeypatch.setattr(guard, "refuse_without_guard", refuse)
    monkeypatch.setattr(guard, "_DEFAULT", [])
    result = Acts(tmp_path, unchanged, HERE).sign()
    [note] = result.notes
    assert (note.code, note.params) == ("not_guarded", {"system": "win32, fork"})
    assert "win32, fork" in note.message.id
    assert "win32, fork" in note.message.en


class _Weak(guard.GuardedPool):
    """A guard on a machine whose kernel has no rules."""

    def ask(self, job: Any, files: Any) -> Any:
        done = super().ask(job, files)
        none = Isolation(
            missing=(
                Missing(rule="landlock", reason="ENOSYS"),
                Missing(rule="seccomp", reason="EINVAL"),
            )
        )
        return dataclasses.replace(
            done, lines=(encode_answer(Answers(ready=none)).rstrip(b"\n"), *done.lines[1:])
        )


def test_a_kernel_without_rules_signs_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = Acts(tmp_path, unchanged, HERE)
    assert acts.sign().notes == ()
    with _Weak() as pool:
        monkeypatch.setattr(guard, "_DEFAULT", [pool])
        [note] = acts.sign().notes
    assert note.code == "not_isolated"


def _profile() -> Any:
    return load_profile(signing_root(), "elektronik")
