"""Two parties sign, stamp and archive over HTTP: four signatures, each B-LTA, and others agree."""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from pks_kit.domain.secret import Secret
from pks_kit.ledger.store import open_ledger
from pks_kit.pdf.layout import open_sound
from pks_kit.pdf.signatures import find_signatures
from pks_kit.pipelines.extend import archive_agreement
from pks_kit.pipelines.sign_all import sign_all
from pks_kit.pipelines.signing.session_request import PartyTools, SessionRequest
from pks_kit.pki.chains import read_trust
from pks_kit.pki.revocation_http import HttpRevocation
from pks_kit.signing.archive.archive import ArchiveJob
from pks_kit.signing.revocation_check import RevocationCheck
from pks_kit.signing.sandbox.meterai import SandboxMeterai
from pks_kit.signing.services.csc.key import CscKey
from pks_kit.signing.services.pkcs11.key import Pkcs11Key
from pks_kit.signing.services.pkcs11.session import forget_token
from pks_kit.signing.step.state import read_state
from support.fakes.csc import PIN as CSC_PIN
from support.fakes.csc import TOKEN, running_csc
from support.signing_world import picture
from support.softhsm import (
    PIN,
    Item,
    make_token,
    module,
    prepare,
    reload,
    store_certificates,
)

ROLES = ("pihak_kesatu", "pihak_kedua")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Remote:
    """The keys of the world at a service that signs hashes."""

    url: str

    def key(self, role: str) -> CscKey:
        return CscKey(
            address=self.url, credential=f"uji/{role}", token=Secret(TOKEN), pin=Secret(CSC_PIN)
        )


@dataclass(frozen=True)
class Token:
    """The keys of the world in one token."""

    def key(self, role: str) -> Pkcs11Key:
        return Pkcs11Key(module=module(), token="UJI-PKI", pin=Secret(PIN), label=role)


@pytest.fixture(scope="module", params=["file", "csc", "token"])
def keys(request, served, tmp_path_factory):
    """Where the keys of the parties are."""
    if request.param == "file":
        yield served
    elif request.param == "csc":
        with running_csc(served.config) as server:
            yield Remote(server.url)
    else:
        folder = tmp_path_factory.mktemp("softhsm")
        above = tuple((served.certificate(one), "", one) for one in ("bsre", "akar"))
        items = tuple(
            Item(served.key(role)._key, f"0{number}", role,
                 ((served.certificate(role), f"0{number}", role), *(above if number else ())))
            for number, role in enumerate(ROLES)
        )  # fmt: skip
        prepare(folder)
        make_token(folder, "UJI-PKI", items)
        reload()
        store_certificates("UJI-PKI", items)
        yield Token()
        forget_token(module(), "UJI-PKI")


def tools_of(world, keys, role: str, trust) -> PartyTools:
    return PartyTools(
        signer=keys.key(role),
        timestamps=world.timestamps,
        meterai=SandboxMeterai(
            key=world.key("meterai"), timestamps=world.timestamps, random_bytes=secrets.token_bytes
        ),
        revocation=RevocationCheck(trust=trust),
    )


@pytest.fixture(scope="module")
def finished(served, keys, issued, tmp_path_factory) -> Path:
    """The file at the end of the session, and ``root.pem`` beside it."""
    folder = tmp_path_factory.mktemp("sesi")
    (folder / "root.pem").write_bytes(served.root_pem)
    root = served.certificate("akar").public_bytes(serialization.Encoding.DER)
    trust = read_trust([root])

    async def archive(content, receipt, profile) -> bytes:
        job = ArchiveJob(
            trust=trust, timestamps=served.timestamps, now=now(), source=HttpRevocation()
        )
        return (await archive_agreement(content, receipt, profile, job)).pdf

    page = picture()
    with pytest.MonkeyPatch.context() as patch, open_ledger(folder / "buku.sqlite") as ledger:
        patch.setattr("pks_kit.render.appearance.render_appearance", lambda *_facts: page)
        result = sign_all(
            SessionRequest(
                pdf=issued.path,
                output=folder / "selesai.pdf",
                folder=folder / "sesi",
                ledger=ledger,
                tools={role: tools_of(served, keys, role, trust) for role in ROLES},
                clock=now,
                archive=archive,
            )
        )
        assert ledger.verify().intact
    assert result.is_archived
    assert result.waiting == ()
    return folder / "selesai.pdf"


def test_four_signatures_in_the_order_of_the_profile(finished, issued, profile, served):
    state = read_state(finished.read_bytes(), issued.receipt, profile)
    assert [seen.kind for seen in state.signatures] == [
        "tanda_tangan", "meterai", "tanda_tangan", "meterai", "timestamp",
    ]  # fmt: skip
    seal = find_signatures(open_sound(finished.read_bytes()))[-1].embedded.signer_cert
    assert seal.not_valid_after == served.certificate("tsa").not_valid_after_utc


@pytest.mark.parametrize("ahead", [0, 10])
def test_it_is_prolonged_over_http(finished, issued, profile, world, ahead, monkeypatch):
    """Also when the clock of the authorities is ahead of ours (docs/sumber.md E6 row 18)."""
    monkeypatch.setattr(world, "ahead", timedelta(minutes=ahead))
    root = world.certificate("akar").public_bytes(serialization.Encoding.DER)
    job = ArchiveJob(
        trust=read_trust([root]), timestamps=world.timestamps, now=now(), source=HttpRevocation()
    )
    again = asyncio.run(archive_agreement(finished.read_bytes(), issued.receipt, profile, job))
    assert (again.field, len(again.covered)) == ("ARSIP_2", 5)


def test_pdfsig_calls_every_signature_valid(finished):
    said = subprocess.run(["pdfsig", finished], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 4
    assert said.count("ETSI.CAdES.detached") == 4
    assert said.count("Signature Validation:") == 5  # it does not judge document timestamps
    assert said.count("Total document signed") == 1


def pyhanko(command: str, finished: Path, *more: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("pyhanko")
    return subprocess.run(
        [program, "sign", command, "--trust", finished.with_name("root.pem"), "--trust-replace",
         *more, finished],
        capture_output=True, text=True, check=False, cwd=finished.parent,
    )  # fmt: skip


@pytest.mark.parametrize(
    "command", [("validate", "--force-revinfo", "--retroactive-revinfo"), ("adesverify",)]
)
def test_pyhanko_trusts_every_signature(finished, world, command):
    said = pyhanko(command[0], finished, *command[1:])
    assert said.returncode == 0, said.stdout + said.stderr
    lines = said.stdout.strip().splitlines()
    assert len(lines) == 4, said.stdout
    for line in lines:
        assert ":INTACT:TRUSTED,TIMESTAMP_TOKEN<INTACT:TRUSTED>," in line
        assert line.endswith("ACCEPTABLE_MODIFICATIONS")
