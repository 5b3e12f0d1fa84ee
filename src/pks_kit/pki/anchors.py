"""Trust: anchors that the user gave, and pinned ones.

Certificates may come from the file; trust comes only from the user or from the fingerprints
pinned in ``signing/trust/anchors.yml``. Without an anchor the answer is "unknown".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.errors import InputError
from pks_kit.json_types import HexBytes, Sha256
from pks_kit.messages.yaml_reason import yaml_reason_with_line
from pks_kit.pki.file_kinds import kind_of_file, told_of_file
from pks_kit.pki.names import common_name
from pks_kit.strict_yaml.nodes import YamlError
from pks_kit.strict_yaml.reader import read_document
from pks_kit.strict_yaml.values import as_text

if TYPE_CHECKING:
    from pathlib import Path

    from asn1crypto import x509


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustAnchor:
    """One certificate that the user trusts.

    Attributes:
        der: The certificate.
        name: Name from ``anchors.yml`` when its fingerprint is pinned there, else its own.
        sha256: Fingerprint, lower case hex.
        pinned: Whether it is pinned in ``anchors.yml``.
        kind: Kind from ``anchors.yml``, for example ``production`` or ``staging``; else empty.
    """

    der: HexBytes
    name: str
    sha256: Sha256
    pinned: bool
    kind: str = ""


def read_pins(path: Path) -> dict[str, Mapping[str, str]]:
    """Return the pinned anchors of ``anchors.yml`` by fingerprint; no file means none.

    Raises:
        InputError: ``trust.pins_invalid`` when the file is not a list of anchors.
    """
    if not path.is_file():
        return {}
    try:
        top = read_document(path.read_text(encoding="utf-8"))
    except YamlError as error:
        reason = yaml_reason_with_line(error.first)
        raise InputError("trust.pins_invalid", file=path.name, reason=reason) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("trust.pins_invalid", file=path.name, reason=str(error)) from error
    pins: dict[str, Mapping[str, str]] = {}
    for entry in _entries(None if top is None else as_text(top)):
        fingerprint = re.sub(r"[^0-9a-f]", "", str(entry["sha256"]).lower())
        if len(fingerprint) != 64:
            shown = f"sha256: {str(entry['sha256'])[:80]}"
            raise InputError("trust.pins_invalid", file=path.name, reason=shown)
        pins[fingerprint] = {str(key): str(value) for key, value in entry.items()}
    return pins


def _entries(content: object) -> Iterable[Mapping[str, object]]:
    """Yield every mapping with a ``sha256``, however the file groups them."""
    if isinstance(content, Mapping):
        if "sha256" in content:
            yield content
            return
        content = list(content.values())
    if isinstance(content, list):
        for item in content:
            yield from _entries(item)


def read_anchors(
    content: bytes, source: str, pins: Mapping[str, Mapping[str, str]]
) -> list[TrustAnchor]:
    """Return the certificates of one file (PEM, DER, PKCS#7) given with ``--trust``.

    Args:
        content: The file.
        source: Its name for error messages.
        pins: Result of :func:`read_pins`.

    Raises:
        InputError: ``trust.no_certificate`` when there is no readable certificate in it, with
            what it is instead; ``trust.not_authority`` for one that is no authority.
    """
    from asn1crypto import x509

    try:
        found = [x509.Certificate.load(der, strict=True) for der in _certificates_of(content)]
        anchors = [_anchor(certificate, pins) for certificate in found]
        others = [one for one in found if not one.ca]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("trust.no_certificate", file=source, **told_of_file(content)) from error
    if not anchors:
        raise InputError("trust.no_certificate", file=source, **told_of_file(content))
    if others:
        name = common_name(others[0].subject)
        raise InputError("trust.not_authority", file=source, name=name)
    return anchors


def _certificates_of(content: bytes) -> list[bytes]:
    """Return the certificates of a file in PEM, DER or PKCS#7.

    Raises:
        ValueError: It is damaged.
    """
    from asn1crypto import cms, pem

    blocks = [("", content)]
    if pem.detect(content):
        blocks = [(kind, der) for kind, _, der in pem.unarmor(content, multiple=True)]
    found: list[bytes] = []
    for kind, der in blocks:
        if kind in ("PKCS7", "CMS") or (not kind and kind_of_file(der) == "pkcs7"):
            bundle = cms.ContentInfo.load(der)["content"]["certificates"]
            found += [one.chosen.dump() for one in bundle]
        elif kind in ("", "CERTIFICATE"):
            found.append(der)
    return found


def _anchor(certificate: x509.Certificate, pins: Mapping[str, Mapping[str, str]]) -> TrustAnchor:
    der = certificate.dump()
    fingerprint = hashlib.sha256(der).hexdigest()
    pin = pins.get(fingerprint)
    own = common_name(certificate.subject)
    return TrustAnchor(
        der=der,
        name=pin.get("name", own) if pin else own,
        sha256=fingerprint,
        pinned=pin is not None,
        kind=pin.get("kind", "") if pin else "",
    )


def pinned_anchors(
    candidates: Iterable[bytes], pins: Mapping[str, Mapping[str, str]]
) -> list[TrustAnchor]:
    """Return those DER certificates whose own fingerprint is pinned as ``production``.

    Args:
        candidates: Certificates that a file brought along.
        pins: Result of :func:`read_pins`.
    """
    from asn1crypto import x509

    found: dict[str, TrustAnchor] = {}
    for der in candidates:
        fingerprint = hashlib.sha256(der).hexdigest()
        if pins.get(fingerprint, {}).get("kind") == "production":
            found[fingerprint] = _anchor(x509.Certificate.load(der), pins)
    return list(found.values())
