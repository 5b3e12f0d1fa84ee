"""Evidence files: the same bytes every time, checked offline; no trick of a ZIP gets through."""

from __future__ import annotations

import hashlib
import io
import json
import socket
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.domain.evidence import EvidenceManifest
from pks_kit.errors import LedgerError
from pks_kit.json_form import to_json
from pks_kit.pipelines.evidence import EvidenceRequest, EvidenceResult, evidence
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.pipelines.verifying import evidence_pages
from pks_kit.verification import evidence_file as bundle
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import Note, VerifyReport, read_report
from support import ledgers, signed_files
from support.judging import LATER
from support.schema_check import problems

ID = "AAAA-BBBB-CCCC"
SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "skema"


class Desk:
    """One folder with everything an evidence file is made of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        start, *_, done = signed_files.signed_steps()
        self.write("terbit.pdf", start)
        self.write("akhir.pdf", done)
        self.write("r.json", signed_files.receipt_beside(start).to_json())
        self.write("root.pem", signed_files.world().root.pem)

    def write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def make(self, **more: object) -> EvidenceResult:
        request = {
            "pdf": self.folder / "akhir.pdf",
            "issued": self.folder / "terbit.pdf",
            "receipt": self.folder / "r.json",
            "clock": lambda: LATER,
            "trust": (self.folder / "root.pem",),
            "isolated": False,
            **more,
        }
        return evidence(EvidenceRequest(**request))  # type: ignore[arg-type]

    def judge(self, content: bytes, **more: object) -> VerifyReport:
        request = {
            "pdf": self.write("diperiksa.zip", content),
            "clock": lambda: LATER,
            "trust": (self.folder / "root.pem",),
            "isolated": False,
            **more,
        }
        return verify(VerifyRequest(**request)).report  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("meja"))


@pytest.fixture(scope="module")
def packed(desk: Desk) -> bytes:
    start, *_, done = signed_files.signed_steps()
    with ledgers.book_of(desk.folder / "buku.sqlite", ID, start, final=done) as ledger:
        made = desk.make(ledger=ledger)
    assert made.report.verdict == "passed"
    return made.file.content


def files_of(content: bytes) -> dict[str, bytes]:
    files = bundle.unpack(content)
    assert isinstance(files, dict)
    return files


def again(files: dict[str, bytes]) -> bytes:
    """Pack altered files with a manifest that lists them rightly: a careful forger."""
    manifest = json.loads(files[bundle.MANIFEST])
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in files.items()
        if name != bundle.MANIFEST
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=2).encode() + b"\n"
    return bundle.pack({**files, bundle.MANIFEST: text})


def wrong(report: VerifyReport) -> set[str]:
    return {f"{one.code}/{one.reason}" for one in report.checks if one.status == "failed"}


# --- making ---------------------------------------------------------------------------------


def test_the_same_bytes_every_time(desk: Desk, packed: bytes) -> None:
    from pks_kit.ledger.store import open_ledger

    with open_ledger(desk.folder / "buku.sqlite") as ledger:
        made = desk.make(ledger=ledger)
    assert made.file.content == packed
    assert made.sha256 == hashlib.sha256(packed).hexdigest()
    assert made.size == len(packed)


def test_what_lies_in_it(packed: bytes) -> None:
    files = files_of(packed)
    start, *_, done = signed_files.signed_steps()
    assert set(files) == set(bundle.OF_FILES)
    assert (files[bundle.ISSUED], files[bundle.FINAL]) == (start, done)
    manifest = EvidenceManifest.model_validate_json(files[bundle.MANIFEST])
    assert (manifest.agreement_id, manifest.verdict) == (ID, "passed")
    assert manifest.ledger is not None
    assert manifest.ledger.events == len(files[bundle.EVENTS].splitlines()) == 4
    readme = files[bundle.README].decode()
    assert "pks-kit verify BUKTI.zip" in readme
    assert "BERKAS BUKTI" in readme
    assert "EVIDENCE FILE" in readme
    assert b"PRIVATE" not in packed


def test_any_program_can_open_it(packed: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(bundle.OF_FILES)


def test_json_follows_the_schemas(desk: Desk, packed: bytes) -> None:
    schema = json.loads((SCHEMAS / "evidence.schema.json").read_text(encoding="utf-8"))
    made = desk.make()
    assert problems(json.loads(json.dumps(to_json(made))), schema, schema) == []
    manifest = json.loads(files_of(packed)[bundle.MANIFEST])
    assert problems(manifest, schema["$defs"]["EvidenceManifest"], schema) == []
    verify_schema = json.loads((SCHEMAS / "verify.schema.json").read_text(encoding="utf-8"))
    for content in (packed, packed[:-1]):
        shown = to_json(desk.judge(content))
        assert problems(shown, verify_schema, verify_schema) == []
        assert shown["bundle"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_other_file_is_replaced_only_when_asked(desk: Desk) -> None:
    out = desk.write("ada.zip", b"lain")

    def run(*options: str, output: Path = out) -> Result:
        files = ("akhir.pdf", "--issued", "terbit.pdf", "--receipt", "r.json", "-o", output.name)
        given = [str(desk.folder / one) if "." in one else one for one in files]
        return CliRunner().invoke(main, ["evidence", *given, "--json", *options])

    told = run()
    assert (told.exit_code, json.loads(told.stdout)["error"]["code"]) == (3, "evidence.other")
    assert out.read_bytes() == b"lain"
    assert run("--force").exit_code == 31
    made = out.read_bytes()
    assert made.startswith(b"PK")
    over = run("--force", output=desk.folder / "akhir.pdf")
    assert (over.exit_code, json.loads(over.stdout)["error"]["code"]) == (2, "file.over_input")


def test_ledger_that_was_altered_makes_no_evidence(desk: Desk, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "rusak.sqlite"
    start, *_, done = signed_files.signed_steps()
    with ledgers.book_of(path, ID, start, final=done) as ledger:
        connection = sqlite3.connect(path)
        connection.execute("DROP TRIGGER pks_peristiwa_tolak_ubah")
        connection.execute("UPDATE pks_peristiwa SET jenis = 'x' WHERE nomor = 1")
        connection.commit()
        connection.close()
        with pytest.raises(LedgerError) as told:
            desk.make(ledger=ledger)
    assert told.value.code == "evidence.ledger_not_intact"


def test_failed_files_get_evidence_too(desk: Desk) -> None:
    forged = desk.write("palsu.pdf", signed_files.signed_steps()[2])
    made = desk.make(pdf=forged)
    assert made.report.verdict == "failed"
    report = desk.judge(made.file.content)
    assert report.verdict == "failed"
    assert {f"{one.code}/{one.reason}" for one in report.checks} >= {"bundle.report/same"}


# --- checking -------------------------------------------------------------------------------


def test_checked_offline(desk: Desk, packed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    report = desk.judge(packed, isolated=True)
    assert report.verdict == "passed", wrong(report)
    assert report.compared_with_issued
    codes = {f"{one.code}/{one.reason}" for one in report.checks}
    assert codes >= {
        "bundle.container/canonical",
        "bundle.hashes/same",
        "bundle.events/chained",
        "bundle.parts/together",
        "bundle.report/same",
        "issued.prefix/same",
    }
    assert "bundle_head" in {note.code for note in report.notes}


def test_anchors_inside_are_not_believed(desk: Desk, packed: bytes) -> None:
    report = desk.judge(packed, trust=())
    assert report.verdict == "indeterminate"
    assert not any(one.trusted for one in report.signatures)


def test_against_the_ledger(desk: Desk, packed: bytes, tmp_path: Path) -> None:
    from pks_kit.ledger.store import open_ledger

    with open_ledger(desk.folder / "buku.sqlite") as ledger:
        report = desk.judge(packed, ledger=ledger)
    assert report.verdict == "passed"
    assert "bundle.ledger/same" in {f"{one.code}/{one.reason}" for one in report.checks}
    start, *_, done = signed_files.signed_steps()
    with ledgers.book_of(tmp_path / "lain.sqlite", ID, start, final=done, bought=()) as ledger:
        assert "bundle.ledger/differs" in wrong(desk.judge(packed, ledger=ledger))


def test_evidence_without_a_ledger_says_so(desk: Desk) -> None:
    made = desk.make()
    report = desk.judge(made.file.content)
    assert report.verdict == "passed"
    assert "bundle_no_events" in {note.code for note in report.notes}


def _event(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[dict[str, bytes]], None]:
    def altered(files: dict[str, bytes]) -> None:
        lines = files[bundle.EVENTS].splitlines(keepends=True)
        files[bundle.EVENTS] = b"".join(change(lines))

    return altered


def _text(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def altered(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return altered


def _swap(name: str, content: Callable[[], bytes]) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.__setitem__(name, content())


CAREFUL = {
    "final replaced": (
        _swap(bundle.FINAL, lambda: signed_files.signed_steps()[2]), "bundle.report/other_file",
    ),
    "issued replaced": (_swap(bundle.ISSUED, lambda: signed_files.issued(5)), "bundle.parts/apart"),
    "receipt of another": (
        _swap(
            bundle.RECEIPT,
            lambda: signed_files.receipt_beside(signed_files.issued(), "XXXX").to_json(),
        ),
        "bundle.parts/apart",
    ),
    "receipt broken": (_swap(bundle.RECEIPT, lambda: b"{"), "bundle.parts/apart"),
    "page of another": (_swap(bundle.HTML["id"], lambda: b"<html>"), "bundle.parts/apart"),
    "report broken": (_swap(bundle.REPORT, lambda: b"[" * 99_999), "bundle.report/unreadable"),
    "report says passed": (
        _text(bundle.REPORT, b'"verdict": "passed"', b'"verdict": "failed"'),
        "bundle.report/unreadable",
    ),
    "event altered": (
        _text(bundle.EVENTS, b"klinik-uji.pdf", b"klinik-ujo.pdf"),
        "bundle.events/altered",
    ),
    "event removed": (_event(lambda lines: lines[:1] + lines[2:]), "bundle.events/unchained"),
    "events reordered": (_event(lambda lines: lines[::-1]), "bundle.events/unchained"),
    "event doubled": (_event(lambda lines: [*lines, lines[-1]]), "bundle.events/unchained"),
    "events cut": (_event(lambda lines: lines[:-1]), "bundle.events/unchained"),
    "events gone": (_event(lambda lines: []), "bundle.events/altered"),
    "events no json": (_event(lambda lines: [b"{}\n"]), "bundle.events/unreadable"),
    "events very deep": (_event(lambda lines: [b"[" * 99_999 + b"\n"]), "bundle.events/unreadable"),
    "events without list": (lambda files: files.pop(bundle.EVENTS), "bundle.events/not_as_listed"),
    "chain altered": (_text(bundle.CHAIN, b"\n3 ", b"\n3 0"), "bundle.events/unchained"),
}  # fmt: skip


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", CAREFUL)
def test_careful_forger_is_refused_with_the_reason(desk: Desk, packed: bytes, name: str) -> None:
    change, reason = CAREFUL[name]
    files = files_of(packed)
    change(files)
    report = desk.judge(again(files))
    assert reason in wrong(report)


def test_careless_forger_is_refused_by_the_hashes(desk: Desk, packed: bytes) -> None:
    for name in bundle.OF_FILES:
        if name == bundle.MANIFEST:
            continue
        files = files_of(packed)
        files[name] += b" "
        report = desk.judge(bundle.pack(files))
        assert wrong(report) == {"bundle.hashes/differ"}
        assert name in next(one for one in report.checks if one.status == "failed").message.id


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "manifest", [b"", b"{}", b"[" * 99_999, b"null", b'{"format":"pks-kit-evidence/2"}', b"\xff"]
)
def test_hostile_manifests(desk: Desk, packed: bytes, manifest: bytes) -> None:
    report = desk.judge(bundle.pack({**files_of(packed), bundle.MANIFEST: manifest}))
    assert wrong(report) == {"bundle.manifest/invalid"}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59+07:00"])
def test_a_moment_at_which_nobody_judged(desk: Desk, packed: bytes, moment: str) -> None:
    files = files_of(packed)
    manifest = json.loads(files[bundle.MANIFEST]) | {"examined_at": moment}
    files[bundle.MANIFEST] = json.dumps(manifest).encode()
    assert wrong(desk.judge(again(files))) == {"bundle.manifest/invalid"}


# --- every file in it, swapped by a careful forger ------------------------------------------


def _json(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, bytes]], None]:
    """Change the report inside, laid out as it was."""

    def altered(files: dict[str, bytes]) -> None:
        report = json.loads(files[bundle.REPORT])
        change(report)
        text = json.dumps(report, ensure_ascii=False, sort_keys=True, indent=2)
        assert text.encode() + b"\n" != files[bundle.REPORT]
        files[bundle.REPORT] = text.encode() + b"\n"

    return altered


def _signer(report: dict[str, Any]) -> None:
    report["signatures"][0] |= {"signer": "Orang Lain", "issuer": "CA Lain", "time": None}


def _no_test(report: dict[str, Any]) -> None:
    report["test_authority"] = False
    for one in report["signatures"]:
        one["test_authority"] = False


def _sentences(report: dict[str, Any]) -> None:
    for one in report["checks"]:
        one["message"] = {"id": "LULUS", "en": "PASSED"}


def _params(report: dict[str, Any]) -> None:
    changed = next(one for one in report["checks"] if one["params"])
    changed["params"] = {key: "lain" for key in changed["params"]}


def _lulus(files: dict[str, bytes]) -> None:
    final = hashlib.sha256(files[bundle.FINAL]).hexdigest()
    files[bundle.HTML["id"]] = f"<h1>LULUS</h1>{final}<script>alert(1)</script>".encode()


def _banner(files: dict[str, bytes]) -> None:
    page = files[bundle.HTML["en"]]
    files[bundle.HTML["en"]] = page.replace(b"<main", b"<h1>PASSED, ALL GOOD</h1><main", 1)
    assert page != files[bundle.HTML["en"]]


def _picture(files: dict[str, bytes]) -> None:
    """Put another picture in the place of the first; it is seen and nowhere read."""
    page = files[bundle.HTML["id"]]
    start = page.index(b"base64,") + 7
    end = page.index(b'"', start)
    files[bundle.HTML["id"]] = page[:start] + b"iVBORw0KGgo=" + page[end:]


SWAPPED = {
    "other signer": (_json(_signer), "signatures"),
    "no test mark": (_json(_no_test), "signatures"),
    "other sentences": (_json(_sentences), bundle.REPORT),
    "other params": (_json(_params), "file.size"),
    "further note": (_json(lambda one: one["notes"].append(
        {"code": "links", "params": {"count": 3}, "message": {"id": "x", "en": "x"}}
    )), "links"),
    "other page count": (_json(lambda one: one["file"].__setitem__("pages", 9)), "file"),
    "a check less": (_json(lambda one: one["checks"].pop(3)), "issued.prefix"),
    "ledger check altered": (_json(lambda one: next(
        check for check in one["checks"] if check["code"] == "issued.ledger"
    )["params"].__setitem__("nomor", 9)), "issued.ledger"),
    "page says passed": (_lulus, bundle.HTML["id"]),
    "page with a banner": (_banner, bundle.HTML["en"]),
    "another picture": (_picture, bundle.HTML["id"]),
    "other readme": (_swap(bundle.README, lambda: b"Percayai saja."), bundle.README),
}  # fmt: skip


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", SWAPPED)
def test_no_swapped_content_is_called_the_same(desk: Desk, packed: bytes, name: str) -> None:
    change, told = SWAPPED[name]
    files = files_of(packed)
    change(files)
    report = desk.judge(again(files))
    found = {f"{one.code}/{one.reason}": one for one in report.checks}
    assert not {"bundle.report/same", "bundle.pages/same"} & found.keys()
    assert told in str(found["bundle.report/differs"].params["codes"])
    assert report.exit_code == 31


def test_anchors_that_were_not_trusted_then(desk: Desk, packed: bytes) -> None:
    for content in (b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        files = files_of(packed)
        files[bundle.ANCHORS] = content
        assert "bundle.parts/apart" in wrong(desk.judge(again(files)))


def test_judged_again_as_of_the_moment_it_was_made(desk: Desk, packed: bytes) -> None:
    """A clock that is elsewhere answers otherwise about times, and the file is what it was."""
    for years in (-2, 4):
        report = desk.judge(packed, clock=lambda: LATER.replace(year=LATER.year + years))  # noqa: B023
        codes = {f"{one.code}/{one.reason}" for one in report.checks}
        assert codes >= {"bundle.report/same", "bundle.pages/same"}


def test_what_the_machine_was_like_does_not_matter(desk: Desk, packed: bytes) -> None:
    """The maker's kernel lacked rules that ours has, and its report and pages say so."""
    files = files_of(packed)
    report = read_report(files[bundle.REPORT])
    pictures = verify(
        VerifyRequest(
            pdf=desk.folder / "akhir.pdf", issued=desk.folder / "terbit.pdf",
            receipt=desk.folder / "r.json", trust=(desk.folder / "root.pem",),
            clock=lambda: LATER, pictures=True, isolated=False,
        )
    ).examined.pictures  # fmt: skip
    noted = replace(report, notes=(*report.notes, Note(code="reads_not_limited")))
    files |= evidence_pages.pages(Examined(report=noted, pictures=pictures), LATER)
    files[bundle.REPORT] = evidence_pages.report_file(noted)
    judged = desk.judge(again(files))
    assert files[bundle.REPORT] != files_of(packed)[bundle.REPORT]
    assert {"bundle.report/same", "bundle.pages/same"} <= {
        f"{one.code}/{one.reason}" for one in judged.checks
    }


def from_elsewhere(files: dict[str, bytes], maker: str | None = "a" * 64) -> bytes:
    """Pack the files as another version would have: with another mark of its pages, or none."""
    manifest = json.loads(files[bundle.MANIFEST])
    del manifest["maker"]
    if maker:
        manifest["maker"] = maker
    files = {**files, bundle.MANIFEST: json.dumps(manifest).encode()}
    return again(files)


@pytest.mark.parametrize("maker", [None, "a" * 64])
def test_pages_of_another_version_are_not_called_the_same(
    desk: Desk, packed: bytes, maker: str | None
) -> None:
    files = files_of(packed)
    page = files[bundle.HTML["id"]].replace(b"<style>", b"<style>/* lain */", 1)
    files[bundle.HTML["id"]] = page
    report = desk.judge(from_elsewhere(files, maker))
    codes = {f"{one.code}/{one.reason}" for one in report.checks}
    assert report.verdict == "passed"
    assert "bundle.report/same" in codes
    assert "bundle.pages/same" not in codes
    assert "bundle_other_maker" in {note.code for note in report.notes}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", SWAPPED)
def test_a_forger_who_claims_another_version(desk: Desk, packed: bytes, name: str) -> None:
    """What only the true maker can compare stays open and is said; the rest is found."""
    change, _ = SWAPPED[name]
    files = files_of(packed)
    change(files)
    report = desk.judge(from_elsewhere(files))
    codes = {f"{one.code}/{one.reason}" for one in report.checks}
    assert "bundle.pages/same" not in codes
    assert "bundle_other_maker" in {note.code for note in report.notes}
    left_open = {"page with a banner", "another picture"}
    assert ("bundle.report/differs" in codes) is (name not in left_open)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("message", ["LULUS", ["LULUS"], 7, True])
def test_sentences_that_are_none(desk: Desk, packed: bytes, message: Any) -> None:
    """Nobody reads the sentences inside before pages of another version are held against them."""
    files = files_of(packed)
    _json(lambda one: one["checks"][0].__setitem__("message", message))(files)
    report = desk.judge(from_elsewhere(files))
    found = {f"{one.code}/{one.reason}": one for one in report.checks}
    assert bundle.REPORT in str(found["bundle.report/differs"].params["codes"])


# --- hostile containers ---------------------------------------------------------------------


def _zip(
    files: dict[str, bytes],
    *,
    method: int = zipfile.ZIP_STORED,
    mode: int = stat.S_IFREG | 0o644,
    more: tuple[tuple[str, bytes], ...] = (),
) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")  # about names that stand twice, which is the point
        for name, content in (*files.items(), *more):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, mode << 16
            archive.writestr(entry, content, compress_type=method)
    return out.getvalue()


def _encrypted(content: bytes) -> bytes:
    """Set the bit for encryption in the first entry of the directory."""
    place = content.index(b"PK\x01\x02") + 8
    return content[:place] + struct.pack("<H", 1) + content[place + 2 :]


def _moved(content: bytes) -> bytes:
    """Let the first entry of the directory point elsewhere, to hidden contents."""
    place = content.index(b"PK\x01\x02") + 42
    return content[:place] + struct.pack("<L", 2**32 - 1) + content[place + 4 :]


def _commented(content: bytes) -> bytes:
    return content[:-2] + struct.pack("<H", 3) + b"abc"


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "bomb": (
        lambda c: _zip({"laporan.json": bytes(80_000_000)}, method=zipfile.ZIP_DEFLATED),
        "compressed",
    ),
    "packed again": (
        lambda c: _zip(files_of(c), method=zipfile.ZIP_DEFLATED),
        "compressed",
    ),
    "encrypted": (_encrypted, "encrypted"),
    "duplicate": (
        lambda c: _zip({k: v for k, v in files_of(c).items() if k != bundle.ANCHORS},
                       more=((bundle.FINAL, b"lain"),)),
        "duplicate",
    ),
    "link": (lambda c: _zip(files_of(c), mode=stat.S_IFLNK | 0o777), "symlink"),
    "parent folder": (lambda c: _zip({"../akhir.pdf": b""}), "path"),
    "absolute": (lambda c: _zip({"/etc/passwd": b"", bundle.FINAL: b""}), "path"),
    "windows": (lambda c: _zip({"C:\\x": b"", bundle.FINAL: b""}), "path"),
    "folder": (lambda c: _zip({"terbit.pdf/": b"", bundle.FINAL: b""}), "path"),
    "extra file": (lambda c: _zip({"virus.exe": b"MZ", bundle.FINAL: b""}), "unexpected"),
    "too many": (
        lambda c: _zip({bundle.FINAL: b""} | {f"{n}": b"" for n in range(5000)}), "too_many",
    ),
    "no files": (lambda c: _zip({}), "archive"),
    "final missing": (
        lambda c: _zip({k: v for k, v in files_of(c).items() if k != bundle.FINAL}),
        "missing",
    ),
    "in front": (lambda c: c[:4] + b"%PDF-1.7" + c[4:], "broken"),
    "bytes behind": (lambda c: c + b"%PDF-1.7", "broken"),
    "comment": (_commented, "broken"),
    "cut off": (lambda c: c[: len(c) // 2], "broken"),
    "four bytes": (lambda c: c[:4], "archive"),
    "moved": (_moved, "altered"),
    "other order": (lambda c: _zip(dict(reversed(files_of(c).items()))), "altered"),
    "other rights": (lambda c: _zip(files_of(c), mode=stat.S_IFREG | 0o600), "altered"),
    "a byte of a stored file": (
        lambda c: c[:2000] + bytes([c[2000] ^ 1]) + c[2001:], "altered",
    ),
}  # fmt: skip


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_containers_are_verdicts(desk: Desk, packed: bytes, name: str) -> None:
    change, reason = HOSTILE[name]
    content = change(packed)
    report = desk.judge(content)
    found = [one for one in report.checks if one.status == "failed"]
    # what tells nothing of an evidence file is called an archive like any other
    code = "file.type" if reason == "archive" else "bundle.container"
    assert [(one.code, one.reason) for one in found] == [(code, reason)]
    assert "{" not in found[0].message.id + found[0].message.en
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert report.exit_code == 30


def test_every_shortened_and_bent_container_is_a_verdict(desk: Desk, packed: bytes) -> None:
    directory = packed.index(b"PK\x01\x02")
    for place in (*range(4, 40), *range(directory, len(packed), 7)):
        bent = packed[:place] + bytes([packed[place] ^ 0xFF]) + packed[place + 1 :]
        assert isinstance(bundle.unpack(bent), bundle.Refused), place
    for end in range(4, len(packed), 4001):
        assert isinstance(bundle.unpack(packed[:end]), bundle.Refused), end


def test_too_large_a_file_is_a_verdict(desk: Desk, packed: bytes) -> None:
    small = Limits(file_bytes=len(packed) // 8)
    report = desk.judge(packed, limits=small)
    assert wrong(report) == {"bundle.container/too_large"}
    assert report.file.size < len(packed)


# --- command line ---------------------------------------------------------------------------


def test_command_line(desk: Desk, tmp_path: Path) -> None:
    folder, out = desk.folder, tmp_path / "BUKTI.zip"
    given = [
        "evidence", str(folder / "akhir.pdf"), "--issued", str(folder / "terbit.pdf"),
        "--receipt", str(folder / "r.json"), "-o", str(out),
    ]  # fmt: skip
    run = CliRunner().invoke(main, [*given, "--trust", str(folder / "root.pem")])
    assert run.exit_code == 0, run.output
    sha256 = hashlib.sha256(out.read_bytes()).hexdigest()
    assert sha256 in run.stdout
    run = CliRunner().invoke(main, [*given, "--force", "--json"])
    assert run.exit_code == 31
    assert json.loads(run.stdout)["verdict"] == "indeterminate"
    page = tmp_path / "laporan.html"
    run = CliRunner().invoke(
        main, ["verify", str(out), "--trust", str(folder / "root.pem"), "--html", str(page)]
    )
    assert run.exit_code == 31, run.output  # made without the root: the answers differ
    assert "Berkas bukti" in page.read_text(encoding="utf-8")
    run = CliRunner().invoke(main, ["verify", str(out), "--html", str(out), "--json"])
    assert run.exit_code == 2
