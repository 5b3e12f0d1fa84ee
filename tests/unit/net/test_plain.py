"""No account, token or NIK leaves this machine in plain text, unless somebody wrote that down."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.domain.secret import Secret
from pks_kit.errors import InputProblemsError, UsageError
from pks_kit.inputs.settings_file import parse_settings
from pks_kit.net.plain import PlainService, is_plain, plain_services
from pks_kit.net.provider import ProviderClient
from pks_kit.pipelines.signing.tools import SettingsArchive
from pks_kit.pki.chains import Trust
from pks_kit.pki.timestamp_http import HttpTimestamps
from pks_kit.signing.services.csc.key import CscKey
from pks_kit.signing.services.peruri.backend import PeruriBackend
from pks_kit.signing.services.peruri.cloud import PeruriCloud
from pks_kit.signing.services.peruri.login import PeruriLogin
from pks_kit.signing.services.peruri.on_premise import PeruriOnPremise
from pks_kit.signing.services.peruri.options import (
    STAGING,
    AdapterSettings,
    PeruriAccount,
    PeruriHosts,
    PeruriOptions,
)
from support.bsre_gateway import adapter
from support.signing_world import NOW

FAR = "http://10.0.0.7:9"
SECRET = Secret("planted-4471")


def hosts(url: str, **more) -> PeruriHosts:
    return PeruriHosts(
        lingkungan="uji", backend=url, stampv2=STAGING.stampv2, upload=STAGING.upload,
        stampservice=STAGING.stampservice, **more,
    )  # fmt: skip


def backend(url: str, **more) -> PeruriBackend:
    account = PeruriAccount(user="a@contoh.example", password=SECRET)
    return PeruriBackend(PeruriLogin(hosts(url, **more), account, lambda: NOW), PeruriOptions())


def on_premise(url: str, **more) -> PeruriOnPremise:
    seen = AdapterSettings(url=url, env="STAGING", folder=Path(), **more)
    return PeruriOnPremise(backend=backend(STAGING.backend), adapter=seen)


def gateway(kind: str):
    return lambda url, **more: adapter(kind, url, limits=more)


CLIENTS = {
    "any": lambda url, **more: ProviderClient(base_url=url, **more),
    "csc": lambda url, **more: CscKey(address=url, credential="k", token=SECRET, **more),
    "bsre v1": gateway("v1"),
    "bsre v2": gateway("v2"),
    "bsre seal": gateway("segel"),
    "peruri cloud": lambda url, **more: PeruriCloud(backend=backend(url, **more)),
    "peruri adapter": on_premise,
    "timestamps with an account": (
        lambda url, **more: HttpTimestamps(url=f"{url}/?kunci=planted-5512", **more)
    ),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_each_client_refuses_before_anything_can_be_sent(client: str) -> None:
    with pytest.raises(UsageError) as caught:
        CLIENTS[client](FAR)
    assert caught.value.code == "service.without_tls"
    assert FAR in caught.value.text.id
    assert "tanpa_tls: ya" in caught.value.text.hint_en
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("client", CLIENTS)
def test_each_client_tells_the_written_exception(client: str) -> None:
    plain = CLIENTS[client](FAR, may_go_plain=True)
    assert plain_services(None, plain, plain) == (PlainService(FAR),)
    (told,) = plain_services(plain)
    assert told.message.id.startswith(f"PERHATIAN: {FAR} ")
    assert told.message.en.startswith(f"WARNING: {FAR} ")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://localhost:9", "https://10.0.0.7:9"])
@pytest.mark.parametrize("client", CLIENTS)
def test_loopback_and_tls_need_no_exception(client: str, url: str) -> None:
    for more in ({}, {"may_go_plain": True}):
        assert plain_services(CLIENTS[client](url, **more)) == ()


def test_the_archive_of_the_settings_tells_it_too() -> None:
    archive = SettingsArchive(
        trust=Trust(roots=()),
        timestamps=HttpTimestamps(url=f"{FAR}/?kunci=planted-5512", may_go_plain=True),
        clock=lambda: NOW,
    )
    assert plain_services(archive) == (PlainService(FAR),)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.8.8.8/", False), ("http://[::1]/", False), ("http://LOCALHOST/", False),
        ("http://localhost.contoh.test/", True), ("http://127.0.0.1.contoh.test/", True),
        ("http://2130706433/", True), ("http://[::ffff:10.0.0.1]/", True),
        ("http://0.0.0.0/", True),
        ("HTTP://contoh.test/", True), ("https://contoh.test/", False), ("http://[::1", False),
    ],
)  # fmt: skip
def test_what_can_be_read_on_the_way(url: str, expected: bool) -> None:
    assert is_plain(url) is expected


def test_a_timestamp_authority_without_an_account_may_be_asked_over_http() -> None:
    assert plain_services(HttpTimestamps(url=f"{FAR}/tsa")) == ()


SETTINGS = """\
waktu:
  tsa: {jenis: http, alamat: "http://waktu.contoh.test/tsa"}
  akun: {jenis: http, alamat: "http://waktu.contoh.test/tsa?kunci=1"}
penanda_tangan:
  c: {jenis: csc, alamat: "http://csc.contoh.test", kredensial: k, token: "env:S", waktu: tsa}
  b:
    jenis: bsre_v1
    alamat: http://10.0.0.7
    pengguna: p
    kata_sandi: env:S
    nik: env:S
    passphrase: env:S
meterai:
  p:
    jenis: peruri_lokal
    pengguna: b@contoh.example
    kata_sandi: env:S
    lingkungan: uji
    adapter: http://signadapter:7777
    alamat: {masuk: "http://10.0.0.8"}
    env_adapter: STAGING
    folder_bersama: berbagi
"""
PLACES = {
    "waktu.akun.alamat": 3,
    "penanda_tangan.c.alamat": 5,
    "penanda_tangan.b.alamat": 8,
    "meterai.p.adapter": 19,
    "meterai.p.alamat.masuk": 20,
}


def test_settings_say_where() -> None:
    with pytest.raises(InputProblemsError) as caught:
        parse_settings(SETTINGS.encode(), "p.yml")
    found = {one.path: one.line for one in caught.value.problems}
    assert {one.code for one in caught.value.problems} == {"settings.without_tls"}
    assert found == PLACES


def test_the_exception_is_written_where_it_is_meant() -> None:
    text = SETTINGS.replace("jenis: bsre_v1", "jenis: bsre_v1\n    tanpa_tls: ya")
    with pytest.raises(InputProblemsError) as caught:
        parse_settings(text.encode(), "p.yml")
    assert {one.path for one in caught.value.problems} == {*PLACES} - {"penanda_tangan.b.alamat"}
    for inline in ("jenis: http,", "jenis: csc,"):
        text = text.replace(inline, f"{inline} tanpa_tls: ya,")
    text = text.replace("jenis: peruri_lokal", "jenis: peruri_lokal\n    tanpa_tls: ya")
    settings = parse_settings(text.encode(), "p.yml")
    assert settings.penanda_tangan["b"].tanpa_tls is True
