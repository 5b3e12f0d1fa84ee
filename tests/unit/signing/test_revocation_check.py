"""Revoked and ended signers are refused before the act; services that are down are named."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization

from pks_kit.errors import SigningError
from pks_kit.pipelines.signing.sign_request import SignRequest
from pks_kit.pki.chains import read_trust
from pks_kit.signing.revocation_check import RevocationCheck
from support.on_disk import signed_as
from support.pki_world import REVOKED_SINCE
from support.signing_world import make_sandbox


def trust_in(world, *lists: bytes):
    root = world.certificate("akar").public_bytes(serialization.Encoding.DER)
    return read_trust([root], lists)


def sign_as(world, issued, output, label: str, **more) -> None:
    check = {"trust": trust_in(world), **more}
    signed_as(
        output / "hasil.pdf",
        SignRequest(
            pdf=issued.path,
            clock=lambda: datetime.now(UTC),
            peran="pihak_kesatu",
            signer=world.key(label),
            timestamps=world.timestamps,
            revocation=RevocationCheck(**check),
        ),
    )


def refused(world, issued, output, label: str, **more) -> SigningError:
    with pytest.raises(SigningError) as caught:
        sign_as(world, issued, output, label, **more)
    assert not (output / "hasil.pdf").exists()
    assert not [path for path in world.asked if "/tsa/" in path], "it was already acting"
    assert "{" not in caught.value.text.id + caught.value.text.hint_en
    return caught.value


@pytest.fixture(autouse=True)
def ready_picture(monkeypatch):
    from support.signing_world import picture

    page = picture()
    monkeypatch.setattr("pks_kit.render.appearance.render_appearance", lambda *_facts: page)


@pytest.mark.slow
def test_a_good_signer_signs_after_ocsp_and_root_list_were_asked(world, issued, tmp_path):
    sign_as(world, issued, tmp_path, "pihak_kesatu")
    assert (tmp_path / "hasil.pdf").exists()
    before = world.asked[: next(n for n, one in enumerate(world.asked) if "/tsa/" in one)]
    assert before == ["/uji/crls/akar/latest.crl", "/uji/ocsp/bsre"]


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("down", ["", "ocsp"])
def test_a_revoked_signer(world, issued, tmp_path, soft, down):
    world.down.update({down} - {""})
    error = refused(world, issued, tmp_path, "dicabut", soft=soft)
    assert error.code == "certificate.revoked"
    assert error.params["date"] == f"{REVOKED_SINCE:%d-%m-%Y}"


def test_an_ended_certificate(world, issued, tmp_path):
    error = refused(world, issued, tmp_path, "berakhir", soft=True)
    assert error.code == "certificate.expired"


def test_services_that_cannot_be_reached(world, issued, tmp_path):
    world.down.update({"ocsp", "crls"})
    error = refused(world, issued, tmp_path, "pihak_kesatu")
    assert error.code == "certificate.revocation_unknown"
    assert "HTTP 503" in error.params["reason"].en


def test_going_on_without_knowing_when_allowed(world, issued, tmp_path):
    world.down.update({"ocsp", "crls"})
    sign_as(world, issued, tmp_path, "pihak_kesatu", soft=True)
    assert (tmp_path / "hasil.pdf").exists()


def test_without_a_network_and_without_lists(world, issued, tmp_path):
    error = refused(world, issued, tmp_path, "pihak_kesatu", source=None)
    assert (error.code, error.params["reason"].en) == ("certificate.revocation_unknown", "-")
    assert world.asked == []


def test_a_root_that_nobody_named(world, issued, tmp_path):
    other = make_sandbox().root.public_bytes(serialization.Encoding.DER)
    error = refused(world, issued, tmp_path, "pihak_kesatu", trust=read_trust([other]), soft=True)
    assert error.code == "certificate.untrusted"
    assert world.asked == [], "an address of a certificate that nobody trusts was called"


@pytest.mark.parametrize("ahead", [0, 10])
def test_the_same_check_by_itself_whatever_the_clock_of_the_authority(world, ahead, monkeypatch):
    monkeypatch.setattr(world, "ahead", timedelta(minutes=ahead))

    async def run():
        now = datetime.now(UTC)
        check = RevocationCheck(trust=trust_in(world))
        await check.check(await world.key("pihak_kedua").identity(now), now)

    asyncio.run(run())
