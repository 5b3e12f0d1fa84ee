"""The sandbox: a certificate authority, signers, timestamps and meterai for tests and the demo.

Made when needed, never shipped, never trusted unless a verifier is told to (``--trust
root.pem``). On disk it is a folder of PKCS#12 files locked with a passphrase of the user.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from pks_kit.domain.nama_orang import name_words
from pks_kit.domain.receipt import Receipt
from pks_kit.errors import InputError, SigningError, UsageError
from pks_kit.files import NamedFile, read_secret
from pks_kit.limits import KEY_FILE_BYTES
from pks_kit.pki.certificates import describe
from pks_kit.signing.keys.files import LocalKey, load_pkcs12
from pks_kit.signing.sandbox import certificates

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

ROOT_FILE = "root.pem"
TSA_FILE = "tsa.p12"
METERAI_FILE = "meterai.p12"
AUTHORITY_FILE = "penerbit.p12"
"""The issuing authority, only in a folder that signs for anybody."""

CRL_FILES = ("root.crl", "issuing.crl")
NOTE_FILE = "BACA-DULU.txt"
_FILE_STEM = re.compile(r"(?!tsa$|meterai$|penerbit$)[a-z0-9_]{1,40}")
LEAST_PASSPHRASE = 8
"""Fewest bytes of a passphrase that locks sandbox keys."""

_NOTE = """\
Folder ini berisi kunci UJI yang dibuat oleh «pks-kit sandbox init».
Tanda tangan, waktu, dan meterai yang dibuat dengannya tidak mempunyai kekuatan hukum.
Jangan menaruh folder ini di repositori atau mengirimkannya kepada orang lain.

This folder holds TEST keys made by "pks-kit sandbox init".
Signatures, timestamps and stamps made with them have no legal effect.
Verify with: pks-kit verify FILE.pdf --trust root.pem
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A whole sandbox in memory.

    Attributes:
        root: Root certificate, the only thing a verifier needs.
        signers: Key per code, for example ``pihak_kesatu``.
        tsa: Key of the timestamp authority.
        meterai: Key that makes specimen stamps.
        crls: Revocation lists (DER) of the root and of the issuing authority, so that a file can
            be archived without a network.
        authority: The issuing authority, where it is kept to make keys later; None: it is gone.
    """

    root: x509.Certificate
    signers: Mapping[str, LocalKey]
    tsa: LocalKey
    meterai: LocalKey
    crls: tuple[bytes, ...] = ()
    authority: LocalKey | None = None

    @property
    def root_pem(self) -> bytes:
        """Return the root certificate as PEM."""
        return self.root.public_bytes(serialization.Encoding.PEM)


def create_sandbox(
    now: datetime, people: Mapping[str, str], *, curve: bool = False, for_anybody: bool = False
) -> Sandbox:
    """Make a new sandbox.

    Args:
        now: Time of its birth; certificates begin one day earlier.
        people: Name of the person per code, for example ``{"pihak_kesatu": "Sari Anggraini"}``.
        curve: Whether the people get P-256 keys instead of RSA-2048.
        for_anybody: Whether the issuing authority is kept, so that whoever an agreement prints
            can get a test key.
    """
    root = certificates.make_root(now)
    issuing = certificates.make_issuing(root, now)
    chain = (issuing.certificate, root.certificate)

    def local(issued: certificates.Issued) -> LocalKey:
        return LocalKey(certificate=issued.certificate, chain=chain, _key=issued.key)

    return Sandbox(
        root=root.certificate,
        signers={
            code: local(certificates.make_signer(issuing, person, now, curve=curve))
            for code, person in people.items()
        },
        tsa=local(certificates.make_tsa(issuing, now)),
        meterai=local(certificates.make_meterai_signer(issuing, now)),
        crls=tuple(certificates.make_crl(authority, now) for authority in (root, issuing)),
        authority=local(issuing) if for_anybody else None,
    )


def people_of(receipt: Receipt) -> dict[str, str]:
    """Return the people who sign an agreement, each once, without degrees.

    Returns:
        Name per code of the first place where that person signs.

    Raises:
        InputError: ``receipt.invalid`` when a code cannot be the name of a key.
    """
    if not all(_FILE_STEM.fullmatch(place.kode) for place in receipt.places):
        raise InputError("receipt.invalid", file=f"{receipt.slug[:60]}.receipt.json")
    people: dict[str, str] = {}
    for place in receipt.places:
        name = plain_name(place.nama)
        if place.kind == "tanda_tangan" and name not in people.values():
            people[place.kode] = name
    return people


def plain_name(printed: str) -> str:
    """Return a printed name as a certificate has it: without titles, as people write names."""
    return " ".join(name_words(printed)).title() or printed


def sandbox_files(sandbox: Sandbox, passphrase: bytes) -> tuple[NamedFile, ...]:
    """Return the files of a sandbox; every key is locked with ``passphrase``.

    Those that hold keys are private.

    Raises:
        UsageError: ``sandbox.passphrase_short`` below eight bytes.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise UsageError("sandbox.passphrase_short", least=LEAST_PASSPHRASE)
    keys = {**sandbox.signers, "tsa": sandbox.tsa, "meterai": sandbox.meterai}
    if sandbox.authority is not None:
        keys[Path(AUTHORITY_FILE).stem] = sandbox.authority
    contents = {f"{code}.p12": _locked(key, code, passphrase) for code, key in keys.items()}
    contents[NOTE_FILE] = _NOTE.encode()
    contents[ROOT_FILE] = sandbox.root_pem
    contents.update(zip(CRL_FILES, sandbox.crls, strict=False))
    return tuple(
        NamedFile(name, content, private=name.endswith(".p12"))
        for name, content in contents.items()
    )


def load_sandbox_key(folder: Path, file_name: str, passphrase: bytes) -> LocalKey:
    """Open one key of a sandbox folder.

    Raises:
        InputError: The file is missing.
        SigningError: The passphrase does not open it, or ``sandbox.not_a_test`` when the key is
            not one of a sandbox.
    """
    path = folder / file_name
    key = load_pkcs12(read_secret(path, KEY_FILE_BYTES), passphrase, str(path))
    if not describe(key.certificate).is_uji:
        raise SigningError("sandbox.not_a_test", file=str(path))
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxTimestamps:
    """The test timestamp authority, in this process; a ``TimeStamperSource``.

    Attributes:
        key: Key of the authority.
        clock: Gives the time that the tokens state.
    """

    key: LocalKey
    clock: Callable[[], datetime]

    @property
    def name(self) -> str:
        """Return the name of the authority."""
        return describe(self.key.certificate).name

    @property
    def is_uji(self) -> bool:
        """Return True."""
        return True

    def timestamper(self) -> TimeStamper:
        """Return a pyHanko timestamper that answers by itself."""
        return _sandbox_timestamper(self.key, self.clock)


def _sandbox_timestamper(key: LocalKey, clock: Callable[[], datetime]) -> TimeStamper:
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    from pks_kit.signing.sandbox.tokens import answer

    signer = key.signer()

    class SandboxTimeStamper(TimeStamper):
        """An authority in this process, with our policy, clock and accuracy, and an opened key."""

        def request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            return answer(signer, req, clock().astimezone(UTC))

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            return self.request_tsa_response(req)

    return SandboxTimeStamper()  # type: ignore[no-untyped-call]


def _locked(key: LocalKey, name: str, passphrase: bytes) -> bytes:
    return key.to_pkcs12(name, serialization.BestAvailableEncryption(passphrase))
