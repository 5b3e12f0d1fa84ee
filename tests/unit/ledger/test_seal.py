"""Heads kept elsewhere and seals over them: an end that was cut is found, without network."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pks_kit.domain.ledger_head import PDF_ENTRY, AnchoredHead, heads_in_pdf
from pks_kit.errors import InputError, LedgerError, SigningError, UsageError
from pks_kit.files import NamedFile
from pks_kit.ledger.chain import ChainReport
from pks_kit.ledger.seal import sealed_bytes
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.pipelines.ledger import (
    LedgerExportRequest,
    LedgerVerifyRequest,
    ledger_export,
    ledger_verify,
    ledger_verify_async,
)
from pks_kit.pipelines.ledger_seal import (
    LedgerSealRequest,
    LedgerSealResult,
    ledger_seal,
    ledger_seal_async,
)
from pks_kit.signing.sandbox.authority import SandboxTimestamps
from support.ledger_events import write
from support.ledger_places import Place, cut_and_compute_again, drop_guards
from support.signing_world import NOW

COUNT = 6


def stamps(sandbox) -> SandboxTimestamps:
    return SandboxTimestamps(key=sandbox.tsa, clock=lambda: NOW)


@pytest.fixture
def filled(place: Place) -> Place:
    with place.open() as ledger:
        write(ledger, COUNT)
    return place


@pytest.fixture
def sealed(filled: Place, sandbox) -> LedgerSealResult:
    with filled.open() as ledger:
        return ledger_seal(LedgerSealRequest(ledger=ledger, timestamps=stamps(sandbox)))


def checked(place: Place, *receipts, trust=()) -> ChainReport:
    with place.open() as ledger:
        return ledger_verify(LedgerVerifyRequest(ledger=ledger, receipts=receipts, trust=trust))


def receipt(head: AnchoredHead) -> NamedFile:
    told = {"ledger": head.ledger, "nomor": head.nomor, "hash": head.hash}
    return NamedFile("x.sesi.json", json.dumps({"ledger_head": told}).encode())


def head_of(place: Place) -> AnchoredHead:
    with place.open() as ledger:
        head = ledger.anchor()
    assert head is not None
    return head


def faults(report: ChainReport) -> list[tuple[str, int, int]]:
    return [(one.kind, one.nomor, one.sampai) for one in report.faults]


# --- heads ------------------------------------------------------------------------------------


def test_the_head_names_the_ledger_by_its_first_event(filled: Place) -> None:
    head = head_of(filled)
    with filled.open() as ledger:
        events = ledger.events()
        write(ledger, 1, "LAIN")
    assert (head.ledger, head.nomor, head.hash) == (events[0].hash, COUNT, events[-1].hash)
    assert head_of(filled).ledger == head.ledger
    assert AnchoredHead.of(str(head)) == head


def test_an_empty_ledger_has_no_head(ledger: SqlLedger, sandbox) -> None:
    assert ledger.anchor() is None
    with pytest.raises(LedgerError) as caught:
        ledger_seal(LedgerSealRequest(ledger=ledger, timestamps=stamps(sandbox)))
    assert caught.value.code == "ledger.nothing_to_seal"


@pytest.mark.parametrize("text", ["", "5 " + "a" * 64, f"{'a' * 64} 0 {'a' * 64}", "a 1 b"])
def test_what_is_no_head(text: str) -> None:
    assert AnchoredHead.of(text) is None


def test_a_ledger_that_grew_agrees_with_what_was_kept(filled: Place) -> None:
    kept = receipt(head_of(filled))
    with filled.open() as ledger:
        write(ledger, 3, "LAIN")
    report = checked(filled, kept)
    assert (report.intact, report.head_known, report.exit_code) == (True, True, 0)
    assert [(one.source, one.agrees) for one in report.heads] == [("x.sesi.json", True)]


@pytest.mark.parametrize("keep", [0, 1, COUNT - 1])
def test_a_cut_end_is_found_with_a_receipt(filled: Place, keep: int) -> None:
    kept = receipt(head_of(filled))
    cut_and_compute_again(filled, keep)
    report = checked(filled, kept)
    assert report.exit_code == 40
    assert ("removed", keep + 1, COUNT) in faults(report)
    assert [one.agrees for one in report.heads] == [False]


def test_a_chain_computed_again_is_found_with_a_receipt(filled: Place) -> None:
    kept = receipt(head_of(filled))
    cut_and_compute_again(filled, COUNT - 2, "LAIN")
    with filled.open() as ledger:
        write(ledger, 5, "BARU")
    assert faults(checked(filled, kept)) == [("rewritten", 1, 1), ("rewritten", COUNT, COUNT)]


def test_the_true_head_of_another_ledger_is_no_proof_for_this_one(filled: Place) -> None:
    """The end agrees by number and hash, and the ledger did not begin so."""
    kept = receipt(replace(head_of(filled), ledger="b" * 64))
    assert faults(checked(filled, kept)) == [("rewritten", 1, 1)]


def test_several_receipts_at_once(filled: Place) -> None:
    early = receipt(head_of(filled))
    with filled.open() as ledger:
        write(ledger, 4, "LAIN")
    late = receipt(head_of(filled))
    cut_and_compute_again(filled, COUNT + 1)
    report = checked(filled, early, late)
    assert [one.agrees for one in report.heads] == [True, False]
    assert faults(report) == [("removed", COUNT + 2, COUNT + 4)]


def test_an_export_is_compared_too(filled: Place) -> None:
    kept = receipt(head_of(filled))
    with filled.open() as ledger:
        export = ledger_export(LedgerExportRequest(ledger=ledger)).file
    assert export is not None
    assert ledger_verify(LedgerVerifyRequest(export=export, receipts=[kept])).intact
    cut = b"".join(export.content.splitlines(keepends=True)[:-2])
    report = ledger_verify(LedgerVerifyRequest(export=cut, receipts=[kept]))
    assert faults(report) == [("removed", COUNT - 1, COUNT)]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b"[" * 99_999, b"\xff", b"%PDF-1.7\n", b"PK\x03\x04", b"null",
        b'{"ledger_head": null}', b'{"ledger_head": {"nomor": 1}}',
        b'{"format": "pks-kit-ledger-seal/1"}',
    ],
)  # fmt: skip
def test_files_without_a_head(filled: Place, content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        checked(filled, NamedFile("lain.dat", content))
    assert (caught.value.code, caught.value.exit_code) == ("ledger.no_head_inside", 3)
    assert "lain.dat" in caught.value.text.id


def test_heads_in_a_pdf() -> None:
    first, second = (AnchoredHead(ledger="a" * 64, nomor=n, hash="c" * 64) for n in (1, 22))
    entry = PDF_ENTRY.encode()
    pdf = b"%%PDF-1.7 %b (%b) %b(%b) %b (%b) %b (lain)" % (
        entry, str(first).encode(), entry, str(second).encode(), entry, str(first).encode(), entry,
    )  # fmt: skip
    assert heads_in_pdf(pdf) == (first, second)


# --- seals ------------------------------------------------------------------------------------


def test_a_seal_is_proven_without_network(filled: Place, sealed, sandbox, monkeypatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("network"))
    assert (sealed.head, sealed.time, sealed.is_uji) == (head_of(filled), NOW, True)
    report = checked(filled, sealed.file, trust=[sandbox.root_pem])
    (one,) = report.heads
    assert one.seal is not None
    assert (one.agrees, one.seal.state, one.seal.reason) == (True, "passed", "proven")
    assert (one.seal.time, one.seal.authority) == (NOW, sealed.authority)
    assert report.exit_code == 0


@pytest.mark.parametrize("keep", [1, COUNT - 1])
def test_a_cut_end_is_found_with_a_seal(filled: Place, sealed, sandbox, keep: int) -> None:
    cut_and_compute_again(filled, keep, "LAIN")
    report = checked(filled, sealed.file, trust=[sandbox.root_pem])
    assert report.exit_code == 40
    assert ("removed", keep + 1, COUNT) in faults(report)
    (one,) = report.heads
    assert one.seal is not None
    assert (one.agrees, one.seal.state) == (False, "passed")


def test_without_an_anchor_a_seal_is_whole_and_not_proven(filled: Place, sealed, sandbox) -> None:
    from pks_kit.signing.sandbox.authority import create_sandbox

    stranger = create_sandbox(NOW, {"pihak_kesatu": "Orang Lain"})
    for trust, reason in (((), "no_anchor"), ([stranger.root_pem], "untrusted")):
        report = checked(filled, sealed.file, trust=trust)
        (one,) = report.heads
        assert one.seal is not None
        assert (one.seal.state, one.seal.reason) == ("indeterminate", reason)
        assert (one.agrees, report.exit_code) == (True, 0)


def altered(seal: NamedFile, **changes) -> NamedFile:
    return NamedFile(seal.name, json.dumps(json.loads(seal.content) | changes).encode())


@pytest.mark.parametrize("act", ["head", "token", "no token", "base64", "other structure"])
def test_an_altered_seal_is_broken(filled: Place, sealed, sandbox, act: str) -> None:
    told = json.loads(sealed.file.content)
    token = bytearray(base64.b64decode(told["token"]))
    token[-20] ^= 1
    with filled.open() as ledger:
        write(ledger, 1, "LAIN")
    later = head_of(filled)
    changes = {
        "head": {"head": {"ledger": later.ledger, "nomor": later.nomor, "hash": later.hash}},
        "token": {"token": base64.b64encode(token).decode()},
        "no token": {"token": ""},
        "base64": {"token": "***"},
        "other structure": {"token": base64.b64encode(b"0\x03\x02\x01\x01").decode()},
    }[act]
    report = checked(filled, altered(sealed.file, **changes), trust=[sandbox.root_pem])
    (one,) = report.heads
    assert one.seal is not None
    assert (one.seal.state, one.seal.reason) == ("failed", "broken")
    assert (report.intact, report.exit_code) == (True, 40)


def test_what_a_seal_says_for_people_is_not_believed(filled: Place, sealed, sandbox) -> None:
    lie = altered(sealed.file, time="2001-01-01T00:00:00Z", authority="Otoritas Lain")
    (one,) = checked(filled, lie, trust=[sandbox.root_pem]).heads
    assert one.seal is not None
    assert (one.seal.time, one.seal.authority) == (NOW, sealed.authority)


def test_openssl_agrees(sealed, sandbox, tmp_path: Path) -> None:
    """As the module says, with nothing of ours."""
    token = base64.b64decode(json.loads(sealed.file.content)["token"])
    (tmp_path / "token.tsr").write_bytes(token)
    (tmp_path / "kepala.json").write_bytes(sealed_bytes(sealed.head))
    (tmp_path / "akar.pem").write_bytes(sandbox.root_pem)
    command = [
        "openssl", "ts", "-verify", "-data", "kepala.json", "-in", "token.tsr", "-token_in",
        "-CAfile", "akar.pem",
    ]  # fmt: skip
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in said.stdout + said.stderr
    (tmp_path / "kepala.json").write_bytes(sealed_bytes(replace(sealed.head, nomor=5)))
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode != 0


def test_a_broken_ledger_is_not_sealed(filled: Place, sandbox) -> None:
    drop_guards(filled)
    filled.tamper("UPDATE pks_peristiwa SET jenis = 'terbit' WHERE nomor = 3")
    with filled.open() as ledger, pytest.raises(LedgerError) as caught:
        ledger_seal(LedgerSealRequest(ledger=ledger, timestamps=stamps(sandbox)))
    assert caught.value.code == "ledger.not_intact"


class Astray(SandboxTimestamps):
    """An authority that answers about something else."""

    def timestamper(self):
        stamper = super().timestamper()
        answer = stamper.request_tsa_response

        def astray(request):
            request["message_imprint"]["hashed_message"] = bytes(32)
            return answer(request)

        stamper.request_tsa_response = astray
        return stamper


def test_an_answer_over_another_head_is_no_seal(filled: Place, sandbox) -> None:
    wrong = Astray(key=sandbox.tsa, clock=lambda: NOW)
    with filled.open() as ledger, pytest.raises(SigningError) as caught:
        ledger_seal(LedgerSealRequest(ledger=ledger, timestamps=wrong))
    assert caught.value.code == "timestamp.bad_answer"


def test_a_certificate_that_is_not_for_timestamps_makes_no_seal(filled: Place, sandbox) -> None:
    wrong = SandboxTimestamps(key=sandbox.signers["pihak_kedua"], clock=lambda: NOW)
    with filled.open() as ledger, pytest.raises(SigningError) as caught:
        ledger_seal(LedgerSealRequest(ledger=ledger, timestamps=wrong))
    assert caught.value.code == "timestamp.bad_answer"


def test_inside_an_event_loop(filled: Place, sealed, sandbox) -> None:
    async def both() -> ChainReport:
        made = await ledger_seal_async(LedgerSealRequest(ledger=opened, timestamps=stamps(sandbox)))
        assert made.head == sealed.head
        request = LedgerVerifyRequest(ledger=opened, receipts=[made.file], trust=[sandbox.root_pem])
        for refusing in (
            lambda: ledger_seal(LedgerSealRequest(ledger=opened, timestamps=stamps(sandbox))),
            lambda: ledger_verify(request),
        ):
            with pytest.raises(UsageError) as caught:
                refusing()
            assert caught.value.code == "sign.running_loop"
        return await ledger_verify_async(request)

    with filled.open() as opened:
        assert asyncio.run(both()).exit_code == 0
