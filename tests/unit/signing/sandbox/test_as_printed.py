"""The test signer that has no name of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pks_kit.cli.writing import write_sandbox
from pks_kit.errors import InputError, SigningError
from pks_kit.files import write_atomic
from pks_kit.signing.keys.files import load_pkcs12
from pks_kit.signing.ports import NamedOnTheSpot
from pks_kit.signing.sandbox.as_printed import TRIAL_NAME, AsPrinted, load_as_printed
from pks_kit.signing.sandbox.authority import AUTHORITY_FILE, create_sandbox, sandbox_files
from support.key_files import SECRET, own, p12
from support.signing_world import NOW, PASSPHRASE

PRINTED = "dr. Wira Rekaan, M.K.M."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("uji")
    write_sandbox(sandbox_files(create_sandbox(NOW, {}, for_anybody=True), PASSPHRASE), place)
    return place


@pytest.fixture(scope="module")
def anybody(folder: Path) -> AsPrinted:
    return load_as_printed(folder, PASSPHRASE, lambda: NOW)


def test_it_signs_as_whoever_is_printed_and_says_that_it_is_a_test(anybody: AsPrinted) -> None:
    assert isinstance(anybody, NamedOnTheSpot)
    key = anybody.signing_as(PRINTED)
    identity = asyncio.run(key.identity(NOW))
    assert (identity.name, identity.is_uji) == ("Wira Rekaan", True)
    assert "UJI" in identity.issuer
    assert not identity.lacks_issuer
    assert "TEST" in key.certificate.subject.rfc4514_string()
    assert anybody.signing_as("Wira Rekaan") is key
    assert anybody.signing_as("Bayu Prasetyo").certificate != key.certificate
    assert asyncio.run(anybody.identity(NOW)).name == TRIAL_NAME


def test_its_authority_is_locked_and_only_there_when_it_was_asked_for(folder: Path) -> None:
    path = folder / AUTHORITY_FILE
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(SigningError):
        load_pkcs12(path.read_bytes(), b"lain lain", path.name)
    names = [one.name for one in sandbox_files(create_sandbox(NOW, {}), PASSPHRASE)]
    assert AUTHORITY_FILE not in names


def test_a_key_that_is_no_sandbox_makes_no_names(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load_as_printed(tmp_path, SECRET, lambda: NOW)
    write_atomic(tmp_path / AUTHORITY_FILE, p12(*own()))
    with pytest.raises(SigningError) as caught:
        load_as_printed(tmp_path, SECRET, lambda: NOW)
    assert caught.value.code == "sandbox.not_a_test"
