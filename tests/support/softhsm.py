"""Tokens of SoftHSM2 in a temporary folder, filled before the library looks at them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization

PIN = "74129637"
SO_PIN = "00119922"
MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
)


def module() -> Path:
    return next(path for path in MODULES if path.exists())


@dataclass(frozen=True)
class Item:
    """What is stored: a key, its id and label, certificates with id and label."""

    key: object
    key_id: str
    label: str
    certificates: tuple[tuple[object, str, str], ...]


def prepare(folder: Path) -> None:
    """Point the library of this process to a folder of its own."""
    (folder / "tokens").mkdir(parents=True)
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(config)


def make_token(folder: Path, label: str, items: tuple[Item, ...]) -> None:
    """Make a token and store the items; the command-line tool imports keys, a session the rest."""
    _tool("--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", PIN)
    for number, item in enumerate(items):
        path = folder / f"{label}-{number}.pem"
        path.write_bytes(
            item.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        _tool(
            "--import", str(path), "--token", label, "--label", item.label, "--id", item.key_id,
            "--pin", PIN,
        )  # fmt: skip
        path.unlink()


def reload() -> None:
    """Have the library look at a new folder, when it was in use in this process before."""
    import pkcs11

    from pks_kit.signing.services.pkcs11 import session as pkcs11_session

    pkcs11_session._OPEN.clear()
    pkcs11_session._REFUSED.clear()
    pkcs11.lib(str(module())).reinitialize()


def store_certificates(label: str, items: tuple[Item, ...]) -> None:
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    token = pkcs11.lib(str(module())).get_token(token_label=label)
    with token.open(rw=True, user_pin=PIN) as session:
        for item in items:
            for certificate, key_id, name in item.certificates:
                der = certificate.public_bytes(serialization.Encoding.DER)
                asn1_x509.Certificate.load(der, strict=True)
                facts = decode_x509_certificate(der)
                facts[pkcs11.Attribute.TOKEN] = True
                facts[pkcs11.Attribute.ID] = bytes.fromhex(key_id)
                facts[pkcs11.Attribute.LABEL] = name
                session.create_object(facts)


def _tool(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)
