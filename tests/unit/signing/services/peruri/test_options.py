"""Settings: what is refused before anything is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pks_kit.domain.secret import Secret
from pks_kit.errors import UsageError
from pks_kit.signing.services.peruri.addresses import lingkungan_of
from pks_kit.signing.services.peruri.on_premise import PeruriOnPremise
from pks_kit.signing.services.peruri.options import PRODUKSI, STAGING, AdapterSettings
from support.peruri_world import PASSWORD, account, backend

ADAPTER = AdapterSettings(url="http://127.0.0.1:7777", env="STAGING", folder=Path("x"))


def code(call) -> str:
    with pytest.raises(UsageError) as caught:
        call()
    assert "[meterai." not in str(caught.value)
    assert PASSWORD not in repr(vars(caught.value))
    return caught.value.code


def test_presets():
    assert not PRODUKSI.is_uji
    assert STAGING.is_uji
    for real, stage in zip(PRODUKSI.addresses, STAGING.addresses, strict=True):
        assert stage == real.replace(".e-meterai", "stg.e-meterai")


@pytest.mark.parametrize("name", ["backend", "stampv2", "upload", "stampservice"])
def test_one_address_of_the_other_world(name):
    for own, other in ((PRODUKSI, STAGING), (STAGING, PRODUKSI)):
        changed = {name: getattr(other, name)}
        assert code(lambda own=own, changed=changed: replace(own, **changed)) == (
            "meterai.mixed_hosts"
        )


def test_an_address_of_ones_own_says_nothing():
    assert lingkungan_of("https://proksi.contoh.example") is None
    assert not replace(PRODUKSI, backend="https://proksi.contoh.example").is_uji


def test_an_adapter_of_the_other_world(peruri):
    other = replace(ADAPTER, env="PROD")
    assert code(lambda: PeruriOnPremise(backend=backend(peruri), adapter=other)) == (
        "meterai.mixed_hosts"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://stampv2.e-meterai.co.id",
        "https://x:y@stampv2.e-meterai.co.id",
        "https://stampv2.e-meterai.co.id/",
        "https://stampv2.e-meterai.co.id?x=1",
        "ftp://contoh.example",
        "https://",
        "https://[",
        "http://8.8.8.8",
    ],
)
def test_addresses_that_a_password_must_not_travel_to(url):
    assert code(lambda: replace(PRODUKSI, stampv2=url)) == "meterai.url"


@pytest.mark.parametrize("url", ["http://signadapter:7777", "http://10.0.0.7:7777"])
def test_an_adapter_in_the_own_network_needs_a_written_exception(url):
    assert code(lambda: replace(ADAPTER, url=url)) == "service.without_tls"
    allowed = replace(ADAPTER, url=url, may_go_plain=True)
    assert allowed.url == url
    # not even then to the world
    assert code(lambda: replace(allowed, url="http://8.8.8.8")) == "meterai.url"


@pytest.mark.parametrize(
    ("folder", "inside"),
    [
        ("/sharefolder", "/sharefolder/UNSIGNED/x"),
        ("sharefolder", "/sharefolder/UNSIGNED/x"),
        ("/app/sharefolder/", "/sharefolder/UNSIGNED/x"),
    ],
)
def test_the_prefix_that_the_adapter_adds_by_itself(folder, inside):
    assert replace(ADAPTER, folder_kontainer=folder).in_container("UNSIGNED/x") == inside


@pytest.mark.parametrize("folder", ["/app/app/sharefolder", "/sharefolder/../etc"])
def test_container_folders_that_cannot_be_right(folder):
    assert code(lambda: replace(ADAPTER, folder_kontainer=folder)) == "meterai.container_folder"


@pytest.mark.parametrize(
    "changes",
    [
        {"password": Secret("")},
        {"user": ""},
        {"nama_jenisdoc": ""},
        {"jenis": "pemungut"},
        {"jenis": "pemungut", "id_pemungut": "1"},
    ],
)
def test_incomplete_accounts(changes):
    assert code(lambda: account(**changes)) == "meterai.account_incomplete"


def test_an_account_never_shows_its_secrets():
    shown = repr(account()) + str(account())
    assert "tertanam" not in shown
    assert "uji@" not in shown
    assert "3174" not in shown
