"""Keys that open and keys that must not: wrong passphrase, dates, purposes, strength."""

from __future__ import annotations

import asyncio
import logging

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from pks_kit.cli.writing import write_sandbox
from pks_kit.errors import SigningError, UsageError
from pks_kit.files import write_atomic
from pks_kit.signing.keys.files import load_pem, load_pkcs12, pem_is_encrypted
from pks_kit.signing.sandbox.authority import TSA_FILE, load_sandbox_key, people_of, sandbox_files
from support.key_files import SECRET, own, p12
from support.signing_world import BIDAN, KEPALA_CABANG, NOW, PASSPHRASE, PIMPINAN


def pem(key, secret=None) -> bytes:
    locked = (
        serialization.NoEncryption()
        if secret is None
        else serialization.BestAvailableEncryption(secret)
    )
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)


def code_of(call, *arguments) -> str:
    with pytest.raises(SigningError) as caught:
        call(*arguments)
    error = caught.value
    shown = f"{error} {error.text} {error.params} {error.__cause__!r}"
    assert SECRET.decode() not in shown
    assert error.__suppress_context__ or SECRET.decode() not in repr(error.__context__)
    return error.code


def identity(key):
    return asyncio.run(key.identity(NOW))


def test_a_pkcs12_key_opens_and_says_who_it_is():
    opened = identity(load_pkcs12(p12(*own()), SECRET, "x.p12"))
    assert (opened.name, opened.issuer, opened.serial) == ("Orang Contoh", "Orang Contoh", "1267")
    assert not opened.is_uji
    assert SECRET.decode() not in repr(opened)


def test_a_wrong_passphrase(caplog):
    caplog.set_level(logging.DEBUG)
    content = p12(*own())
    planted = b"salah-42-" + SECRET
    with pytest.raises(SigningError) as caught:
        load_pkcs12(content, planted, "x.p12")
    assert caught.value.code == "key.locked"
    assert SECRET.decode() not in caplog.text + str(caught.value) + repr(caught.value.params)


@pytest.mark.parametrize("content", [b"", b"not a key", b"\x30\x03\x02\x01\x03", bytes(2000)])
def test_no_pkcs12_at_all(content):
    assert code_of(load_pkcs12, content, SECRET, "x.p12") == "key.unreadable"


def test_a_pkcs12_without_a_key():
    _, certificate = own()
    empty = pkcs12.serialize_key_and_certificates(
        b"x", None, None, [certificate], serialization.BestAvailableEncryption(SECRET)
    )
    assert code_of(load_pkcs12, empty, SECRET, "x.p12") == "key.incomplete"


def test_pem_with_and_without_passphrase():
    key, certificate = own()
    certificate_pem = certificate.public_bytes(serialization.Encoding.PEM)
    assert pem_is_encrypted(pem(key, SECRET))
    assert not pem_is_encrypted(pem(key))
    assert identity(load_pem(pem(key, SECRET), certificate_pem, b"", SECRET, "k")).name
    der = certificate.public_bytes(serialization.Encoding.DER)
    assert identity(load_pem(pem(key), der, certificate_pem, b"", "k")).name
    assert code_of(load_pem, pem(key, SECRET), der, b"", b"salah", "k") == "key.locked"
    assert code_of(load_pem, pem(key, SECRET), der, b"", b"", "k") == "key.locked_no_passphrase"
    assert code_of(load_pem, b"-----BEGIN x", der, b"", b"", "k") == "key.unreadable"
    assert code_of(load_pem, pem(key), b"no certificate", b"", b"", "k") == "key.unreadable"
    other, _ = own()
    assert code_of(load_pem, pem(other), der, b"", b"", "k") == "key.mismatch"


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505 refused
        ec.generate_private_key(ec.SECP224R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["rsa1024", "p224", "ed25519"],
)
def test_a_weak_or_unusual_key(key):
    assert code_of(load_pkcs12, p12(*own(key)), SECRET, "x.p12") == "key.unsuitable"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"start": -30, "end": -1}, "certificate.expired"),
        ({"start": 1}, "certificate.not_yet_valid"),
        ({"usage": False}, "certificate.key_usage"),
        ({"authority": True}, "certificate.is_authority"),
        ({"purpose": ExtendedKeyUsageOID.SERVER_AUTH}, "certificate.purpose"),
        ({"purpose": ExtendedKeyUsageOID.TIME_STAMPING}, "certificate.purpose"),
    ],
)
def test_a_certificate_that_may_not_sign(options, code):
    key = load_pkcs12(p12(*own(**options)), SECRET, "x.p12")
    assert code_of(identity, key) == code


# --- sandbox ---------------------------------------------------------------------------------


def test_a_sandbox_on_disk_is_locked_and_marked_as_a_test(sandbox, tmp_path):
    files = write_sandbox(sandbox_files(sandbox, PASSPHRASE), tmp_path / "uji")
    names = {path.name for path in files}
    assert names == {
        "root.pem",
        "pihak_kesatu.p12",
        "pihak_kedua.p12",
        "jejaring_1.p12",
        "tsa.p12",
        "meterai.p12",
        "BACA-DULU.txt",
        "root.crl",
        "issuing.crl",
    }
    for path in files:
        content = path.read_bytes()
        assert PASSPHRASE not in content
        assert b"PRIVATE KEY" not in content
        if path.suffix == ".p12":
            assert path.stat().st_mode & 0o077 == 0
            opened = load_pkcs12(content, PASSPHRASE, path.name)
            subject = opened.certificate.subject.rfc4514_string()
            assert "UJI" in subject
            assert "TEST" in subject
            with pytest.raises(SigningError):
                load_pkcs12(content, b"lain", path.name)
    with pytest.raises(UsageError) as caught:
        write_sandbox(sandbox_files(sandbox, PASSPHRASE), tmp_path / "uji")
    assert caught.value.code == "sandbox.exists"


def test_a_short_passphrase_and_a_real_key_are_no_sandbox(sandbox, tmp_path):
    with pytest.raises(UsageError) as caught:
        sandbox_files(sandbox, b"pendek")
    assert caught.value.code == "sandbox.passphrase_short"
    write_atomic(tmp_path / TSA_FILE, p12(*own()))
    assert code_of(load_sandbox_key, tmp_path, TSA_FILE, SECRET) == "sandbox.not_a_test"


def test_names_come_from_the_receipt(issued):
    assert people_of(issued.receipt) == {
        "pihak_kesatu": KEPALA_CABANG,
        "pihak_kedua": PIMPINAN,
        "jejaring_1": BIDAN,
    }


# --- PKCS#7, the usual form in which issuers give a chain -----------------------------------------


def _p7b(certificates, encoding=serialization.Encoding.PEM) -> bytes:
    return pkcs7.serialize_certificates(certificates, encoding)


@pytest.mark.parametrize("encoding", [serialization.Encoding.PEM, serialization.Encoding.DER])
def test_a_chain_in_pkcs7_is_read(encoding):
    key, certificate = own()
    (_, above), (_, top) = own(), own()
    single = certificate.public_bytes(serialization.Encoding.PEM)
    loaded = load_pem(pem(key), single, _p7b([above, top], encoding), b"", "k.key")
    assert (loaded.certificate, set(loaded.chain)) == (certificate, {above, top})
    # all in one file, the own certificate not first
    whole = _p7b([above, certificate, top], encoding)
    loaded = load_pem(pem(key), whole, b"", b"", "k.key")
    assert (loaded.certificate, set(loaded.chain)) == (certificate, {above, top})


@pytest.mark.parametrize("broken", [b"", b"no certificate", b"-----BEGIN PKCS7-----\nAA==\n"])
def test_the_file_that_is_not_understood_is_the_one_named(broken):
    key, certificate = own()
    single = certificate.public_bytes(serialization.Encoding.PEM)
    with pytest.raises(SigningError) as caught:
        load_pem(pem(key), broken, b"", b"", "k.key", "c.pem", "r.p7b")
    assert (caught.value.code, caught.value.params["file"]) == ("key.unreadable", "c.pem")
    with pytest.raises(SigningError) as caught:
        load_pem(pem(key), single, broken or b"x", b"", "k.key", "c.pem", "r.p7b")
    assert (caught.value.code, caught.value.params["file"]) == ("key.unreadable", "r.p7b")
