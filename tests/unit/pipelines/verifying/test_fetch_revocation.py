"""Revocation asked for while verifying: only when allowed, only about trusted chains."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization

from pks_kit.cli.verify import verify_command
from pks_kit.json_form import to_json
from pks_kit.pipelines.signing.sign_request import SignRequest
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.pki.chains import read_trust
from pks_kit.pki.revocation_http import HttpRevocation
from pks_kit.pki.revocation_query import RevocationAnswer, ask_about
from pks_kit.pki.timestamp_http import HttpTimestamps
from pks_kit.signing.archive.archive import ArchiveJob, archive
from pks_kit.verification.isolation.protocol import hear
from pks_kit.verification.report.verdict import VerifyReport, read_report
from support import tamper
from support.on_disk import signed_as
from support.pki_world import REVOKED_SINCE, World
from support.schema_check import problems
from support.signing_world import make_sandbox, picture, sandbox_timestamps

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[4] / "docs" / "skema" / "verify.schema.json").read_text(
        encoding="utf-8"
    )
)
ROOT_LIST, BSRE, PERURI = "/uji/crls/akar/latest.crl", "/uji/ocsp/bsre", "/uji/ocsp/peruri"
BSRE_LIST = "/uji/crls/bsre/latest.crl"

MADE: dict[tuple[str, str, int], bytes] = {}
"""Files that were signed before, by world, signer and age."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Desk:
    """Signs one place of the sample as somebody and verifies the file."""

    world: World
    issued: object
    folder: Path

    def signed_by(self, label: str, *, ago: timedelta = timedelta(0), **more: object) -> Path:
        output = self.folder / f"{label}.pdf"
        key = (self.world.url, label, ago.days)
        if not more and key in MADE:
            output.write_bytes(MADE[key])
            return output
        self.world.stamped_ago = ago
        request = {
            "pdf": self.issued.path,
            "clock": lambda: now() - ago,
            "peran": "pihak_kesatu",
            "signer": self.world.key(label),
            "timestamps": self.world.timestamps,
            **more,
        }
        signed_as(output, SignRequest(**request))
        self.world.stamped_ago = timedelta(0)
        self.world.asked.clear()
        if not more:
            MADE[key] = output.read_bytes()
        return output

    @property
    def root(self) -> Path:
        path = self.folder / "akar.pem"
        path.write_bytes(self.world.root_pem)
        return path

    def report(self, pdf: Path, *, fetch: bool = True, **more: object) -> VerifyReport:
        request = {
            "pdf": pdf,
            "clock": now,
            "trust": (self.root,),
            "jenis": "umum",
            "revocation": HttpRevocation if fetch else None,
            "isolated": False,
            **more,
        }
        report = verify(VerifyRequest(**request)).report
        assert problems(to_json(report), SCHEMA, SCHEMA) == []
        for one in (*report.checks, *report.notes):
            assert "{" not in one.message.id + one.message.en
        return report


@pytest.fixture
def desk(world, issued, tmp_path, monkeypatch) -> Desk:
    page = picture()
    monkeypatch.setattr("pks_kit.render.appearance.render_appearance", lambda *_facts: page)
    return Desk(world, issued, tmp_path)


def answers(report: VerifyReport) -> list[str]:
    return [f"{c.status}/{c.reason}" for c in report.checks if c.code == "signature.revocation"]


def notes(report: VerifyReport) -> dict[str, str]:
    return {note.code: str(note.message.en) for note in report.notes if "revocation" in note.code}


def states(report: VerifyReport) -> list[tuple[str, str | None]]:
    return [(one.revocation, one.time_revocation) for one in report.signatures]


@pytest.mark.slow
@pytest.mark.parametrize("isolated", [False, True])
def test_good_when_every_authority_says_so(desk, isolated):
    pdf = desk.signed_by("pihak_kesatu")
    report = desk.report(pdf, isolated=isolated)
    assert report.verdict == "passed"
    assert states(report) == [("not_revoked", "not_revoked")]
    assert answers(report) == ["passed/not_revoked"]
    host = desk.world.url.removeprefix("http://")
    assert list(notes(report)) == ["revocation_fetched"]
    assert host in notes(report)["revocation_fetched"]
    assert f"{now():%Y}" in notes(report)["revocation_fetched"]
    assert sorted(desk.world.asked) == sorted([ROOT_LIST, BSRE, PERURI])


def test_nobody_is_asked_unless_allowed(desk):
    report = desk.report(desk.signed_by("pihak_kesatu"), fetch=False)
    assert desk.world.asked == []
    assert states(report) == [("unknown", "unknown")]
    assert answers(report) == []
    assert list(notes(report)) == ["revocation_unknown"]


@pytest.mark.parametrize("down", [set(), {"ocsp"}])
def test_revoked_before_the_proven_time(desk, down):
    pdf = desk.signed_by("dicabut")
    desk.world.down |= down
    assert desk.report(pdf, fetch=False).verdict == "passed"
    report = desk.report(pdf)
    assert report.verdict == "failed"
    assert states(report)[0][0] == "revoked"
    failed = {(c.code, c.reason) for c in report.checks if c.status == "failed"}
    assert failed == {("signature.trust", "revoked"), ("signature.revocation", "revoked")}


def test_revoked_after_the_proven_time(desk):
    ago = now() - REVOKED_SINCE + timedelta(days=2)
    report = desk.report(desk.signed_by("dicabut", ago=ago))
    assert report.signatures[0].time < REVOKED_SINCE.isoformat()
    assert report.verdict == "passed"
    assert states(report) == [("not_revoked", "not_revoked")]
    assert BSRE_LIST in desk.world.asked, "OCSP alone does not tell about the time before"


@pytest.mark.slow
def test_a_time_that_nobody_vouches_for_does_not_save_a_revoked_signer(desk):
    when = REVOKED_SINCE - timedelta(days=2)
    stranger = sandbox_timestamps(make_sandbox(when), when)
    pdf = desk.signed_by("dicabut", ago=now() - when, timestamps=stranger)
    before, report = desk.report(pdf, fetch=False), desk.report(pdf)
    assert before.verdict == "indeterminate"
    assert report.verdict == "failed"
    assert answers(report) == ["failed/revoked"]


def test_a_timestamp_of_a_revoked_authority(desk):
    stamps = HttpTimestamps(url=f"{desk.world.url}/uji/tsa/tsa_dicabut")
    pdf = desk.signed_by("pihak_kesatu", timestamps=stamps)
    assert desk.report(pdf, fetch=False).signatures[0].time is not None
    report = desk.report(pdf)
    assert (report.signatures[0].time, states(report)[0][1]) == (None, "revoked")
    assert answers(report) == ["failed/time_revoked"]


def test_the_file_that_proves_it_itself(desk):
    """After ``extend`` nobody needs to be asked."""
    root = read_trust([desk.world.certificate("akar").public_bytes(serialization.Encoding.DER)])
    job = ArchiveJob(
        trust=root, timestamps=desk.world.timestamps, now=now(), source=HttpRevocation()
    )
    pdf = desk.signed_by("pihak_kesatu")
    pdf.write_bytes(asyncio.run(archive(pdf.read_bytes(), job)).pdf)
    desk.world.asked.clear()
    report = desk.report(pdf)
    assert desk.world.asked == []
    assert answers(report) == ["passed/not_revoked"] * 2
    assert list(notes(report)) == ["revocation_nobody_asked"]


@pytest.mark.parametrize("down", [{"ocsp", "crls"}, {"crls"}])
def test_services_that_are_down(desk, down):
    pdf = desk.signed_by("pihak_kesatu")
    desk.world.down |= down
    report = desk.report(pdf)
    assert report.verdict == "indeterminate"
    assert answers(report) == ["indeterminate/unknown"]
    assert "HTTP 503" in notes(report)["revocation_unreachable"]
    assert "revocation_unknown" in notes(report)


def test_nobody_listens(desk, monkeypatch):
    pdf = desk.signed_by("pihak_kesatu")

    async def refuse(*_call, **_more):
        raise ConnectionRefusedError

    monkeypatch.setattr("httpx.AsyncClient.send", refuse)
    report = desk.report(pdf)
    assert answers(report) == ["indeterminate/unknown"]
    assert "connection refused" in notes(report)["revocation_unreachable"]


def test_a_slow_service_ends_the_asking(desk, monkeypatch):
    pdf = desk.signed_by("pihak_kesatu")

    async def never(*_call, **_more):
        await asyncio.sleep(30)

    monkeypatch.setattr("httpx.AsyncClient.send", never)
    monkeypatch.setattr("pks_kit.pipelines.verifying.fetch_revocation.ALL_SECONDS", 0.3)
    report = desk.report(pdf)
    assert answers(report) == ["indeterminate/unknown"]
    assert "revocation_late" in notes(report)


@pytest.mark.parametrize("trust", ["other", "none"])
def test_nobody_is_asked_about_a_signer_that_nobody_trusts(desk, trust):
    pdf = desk.signed_by("pihak_kesatu")
    other = desk.folder / "lain.pem"
    other.write_bytes(make_sandbox().root_pem)
    report = desk.report(pdf, trust=(other,) if trust == "other" else ())
    assert desk.world.asked == []
    assert answers(report) == []
    assert list(notes(report)) == ["revocation_nobody_asked"]


def test_nobody_is_asked_about_a_signature_that_does_not_fit(desk):
    pdf = desk.signed_by("pihak_kesatu")
    pdf.write_bytes(tamper.replaced_byte(pdf.read_bytes(), 700))
    report = desk.report(pdf)
    assert report.verdict == "failed"
    assert answers(report) == []
    assert desk.world.asked == []


def test_certificates_without_an_address(desk, issued, tmp_path):
    sandbox = make_sandbox(now() - timedelta(hours=1))
    pdf = desk.signed_by(
        "pihak_kesatu",
        signer=sandbox.signers["pihak_kesatu"],
        timestamps=sandbox_timestamps(sandbox, now()),
    )
    root = tmp_path / "kotak-pasir.pem"
    root.write_bytes(sandbox.root_pem)
    report = desk.report(pdf, trust=(root,))
    assert answers(report) == ["indeterminate/unknown"]
    assert "name no address" in notes(report)["revocation_no_address"]


def test_private_addresses_are_left_alone_under_an_anchor_that_is_only_pinned(desk, monkeypatch):
    der = desk.world.certificate("akar").public_bytes(serialization.Encoding.DER)
    pins = {hashlib.sha256(der).hexdigest(): {"name": "Akar UJI", "kind": "production"}}
    monkeypatch.setattr("pks_kit.pipelines.verify.read_pins", lambda _path: pins)
    report = desk.report(desk.signed_by("pihak_kesatu"), trust=())
    assert report.signatures[0].trusted
    assert desk.world.asked == []
    assert "not a public one" in notes(report)["revocation_unreachable"]
    assert answers(report) == ["indeterminate/unknown"]


def test_an_ended_certificate_is_not_cleared_by_silence(desk):
    """After its end an authority may drop a certificate from its lists."""
    pdf = desk.signed_by("pihak_kesatu")
    report = desk.report(pdf, clock=lambda: now() + timedelta(days=800))
    assert list(notes(report)) == ["revocation_unknown", "revocation_fetched"]
    assert answers(report) == ["indeterminate/unknown"]
    assert report.verdict == "indeterminate"


def test_an_ended_certificate_that_was_revoked_before(desk):
    pdf = desk.signed_by("dicabut")
    report = desk.report(pdf, clock=lambda: now() + timedelta(days=800))
    assert answers(report) == ["failed/revoked"]


def test_a_second_examination_that_stops_leaves_the_first_answer(desk, monkeypatch):
    from pks_kit.pipelines import verify as pipeline
    from pks_kit.verification.report.answers import indeterminate
    from pks_kit.verification.report.pictures import Examined

    real = pipeline.run_inline

    def stops(job, **more) -> Examined:
        examined = real(job, **more)
        if not job.fetched.ocsps:
            return examined
        stopped = indeterminate("file.resources", "too_slow")
        return Examined(report=examined.report.with_checks(stopped))

    monkeypatch.setattr(pipeline, "run_inline", stops)
    report = desk.report(desk.signed_by("pihak_kesatu"))
    assert answers(report) == ["indeterminate/unknown"]
    assert "revocation_not_judged" in notes(report)


def test_answers_that_are_none_prove_nothing(desk):
    """Whatever a network in between makes of the answers, the examination verifies them itself."""
    pdf = desk.signed_by("pihak_kesatu")
    report = desk.report(pdf, revocation=_Forged)
    assert report.verdict == "indeterminate"
    assert answers(report) == ["indeterminate/unknown"]
    assert "revocation_rejected" in notes(report)


class _Forged(HttpRevocation):
    """Answers with the last bit of every signature turned over."""

    async def _exchange(self, url, limit, question):
        content = await super()._exchange(url, limit, question)
        return content and content[:-1] + bytes([content[-1] ^ 1])


def test_answers_that_are_too_large(desk, monkeypatch):
    pdf = desk.signed_by("pihak_kesatu")
    monkeypatch.setattr("pks_kit.pki.revocation_http.OCSP_LIMIT", 100)
    monkeypatch.setattr("pks_kit.pki.revocation_http.CRL_LIMIT", 100)
    report = desk.report(pdf)
    assert answers(report) == ["indeterminate/unknown"]
    assert "far too large" in notes(report)["revocation_unreachable"]


@pytest.mark.parametrize("public_only", [False, True])
@pytest.mark.parametrize("url", ["http://[::1", "http://a:port/", "http://", "http://\x00/"])
def test_malformed_addresses_are_failures(url, public_only):
    source = HttpRevocation(public_only=public_only, timeout_seconds=2)
    assert asyncio.run(source._exchange(url, 100, None)) is None
    assert len(source.failures) == 1


@pytest.mark.parametrize("url", ["ldap://a/", "file:///etc/passwd", "ftp://a/"])
def test_other_schemes_are_never_called(url):
    source = HttpRevocation()
    assert asyncio.run(source._exchange(url, 100, None)) is None


@pytest.mark.parametrize("kind", ["stranger", "garbage", "nothing", "no_anchor"])
def test_what_the_child_says_about_chains_is_not_believed(desk, kind):
    """A child that a file took over may name any certificate; nobody is called for it."""
    good = [
        desk.world.certificate(label).public_bytes(serialization.Encoding.DER)
        for label in ("pihak_kesatu", "bsre", "akar")
    ]
    strange = make_sandbox().root.public_bytes(serialization.Encoding.DER)
    chain = {"garbage": [b"0\x82"], "nothing": []}.get(kind, good)
    roots = {"stranger": [strange], "no_anchor": []}.get(kind, good[2:])
    answer = asyncio.run(ask_about(chain, now(), roots, HttpRevocation()))
    assert answer == RevocationAnswer()
    assert desk.world.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"chains": 5},
        {"chains": [{"moment": "2026-01-01T00:00:00", "certificates": ["00"]}]},
        {"chains": [{"moment": "2026-01-01T00:00:00+00:00", "certificates": []}]},
        {"chains": [{"moment": "2026-01-01T00:00:00+00:00", "certificates": ["00" * 40000]}]},
        {"chains": [{"moment": "kapan", "certificates": ["zz"]}]},
    ],
)
def test_answers_of_a_broken_child_hold_no_chains(answer):
    heard = hear([json.dumps(answer).encode()])
    assert heard.breach == "unreadable"
    assert heard.answers.chains is None


@pytest.mark.slow
def test_the_command(desk, monkeypatch):
    pdf = desk.signed_by("pihak_kesatu")
    usual = [str(pdf), "--trust", str(desk.root), "--jenis", "umum", "--json"]
    quiet = CliRunner().invoke(verify_command, usual)
    assert (quiet.exit_code, desk.world.asked) == (0, [])
    done = CliRunner().invoke(verify_command, [*usual, "--fetch"])
    assert done.exit_code == 0
    report = read_report(done.stdout)
    assert answers(report) == ["passed/not_revoked"]
    desk.world.down |= {"ocsp", "crls"}
    page = desk.folder / "laporan.html"
    words = CliRunner().invoke(
        verify_command, [*usual[:-1], "--fetch", "--html", str(page)], env={"PKS_KIT_LANG": "en"}
    )
    assert words.exit_code == 31
    assert "Revocation data was not obtained" in words.stdout
    assert "signature.revocation" in page.read_text(encoding="utf-8")
