"""A public key infrastructure shaped like the Indonesian one, with real HTTP on loopback.

Names and policies imitate those of docs/sumber.md E3.1 and E3.2; every organisation is ``UJI``,
and every signer also carries the policy that marks tests. Root CRL, OCSP and CRL of the issuing
authorities and the timestamp authority are served by certomancer at this machine's present time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import asn1crypto.pdf  # noqa: F401 - it names a purpose; certomancer must learn that name first
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, KeyLabel
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from pks_kit.pki.certificates import EKU_PDF_SIGNING
from pks_kit.pki.test_marks import UJI_POLICY_METERAI, UJI_POLICY_SIGNER
from pks_kit.pki.timestamp_http import HttpTimestamps
from pks_kit.signing.keys.files import LocalKey
from support.signing_world import KEPALA_CABANG, PIMPINAN

ARCH = "uji"
BSRE_POLICIES = ("2.16.360.1.1.1.3.11.2.1", "2.16.360.1.1.1.3.11", "2.16.360.1.1.1.7.1")
PERURI_POLICIES = ("2.16.360.1.1.1.12",)
AUTHORITIES = {
    "akar": "UJI Root CA Indonesia DS G1",
    "bsre": "UJI BSRE CA DS G1",
    "peruri": "UJI Peruri CA - G1",
}
SIGNERS = {"pihak_kesatu": KEPALA_CABANG, "pihak_kedua": PIMPINAN}
EXTRA = {"dicabut": KEPALA_CABANG, "berakhir": KEPALA_CABANG}
REVOKED_SINCE = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)


@dataclass
class World:
    """The running world.

    Attributes:
        config: Configuration of certomancer, also for its CSC double.
        url: Where it answers.
        down: Kinds of service that answer 503: ``ocsp``, ``crls``, ``tsa``.
        asked: Paths that were asked.
        ahead: How far the clock of the authorities (not of the timestamps) is ahead of ours.
        stamped_ago: How far the clock of the timestamps is behind ours.
    """

    config: CertomancerConfig
    url: str
    down: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    ahead: timedelta = timedelta(0)
    stamped_ago: timedelta = timedelta(0)

    @property
    def arch(self) -> Any:
        return self.config.get_pki_arch(ArchLabel(ARCH))

    def certificate(self, label: str) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.arch.get_cert(CertLabel(label)).dump())

    def key(self, label: str) -> LocalKey:
        private = self.arch.key_set.get_private_key(KeyLabel(label)).dump()
        issuer = "peruri" if label == "meterai" else "bsre"
        return LocalKey(
            certificate=self.certificate(label),
            chain=(self.certificate(issuer), self.certificate("akar")),
            _key=serialization.load_der_private_key(private, None),
        )

    @property
    def root_pem(self) -> bytes:
        return self.certificate("akar").public_bytes(serialization.Encoding.PEM)

    @property
    def timestamps(self) -> HttpTimestamps:
        return HttpTimestamps(url=f"{self.url}/{ARCH}/tsa/tsa")


@contextmanager
def running_world(folder: Path) -> Iterator[World]:
    """Make keys and certificates and serve them until the end of the block."""
    worlds: list[tuple[World, Animator]] = []

    def app(environ: dict[str, Any], start: Any) -> Any:
        world, animator = worlds[0]
        path = environ["PATH_INFO"]
        world.asked.append(path)
        if any(f"/{kind}/" in path for kind in world.down):
            return Response("Service Unavailable", status=503)(environ, start)
        shift = -world.stamped_ago if "/tsa/" in path else world.ahead
        if shift or "/tsa/" not in path:
            environ["HTTP_X_CERTOMANCER_FAKE_TIME"] = (datetime.now(UTC) + shift).isoformat()
        return animator(environ, start)

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    config = CertomancerConfig(
        _configuration(folder), key_search_dir=str(folder), external_url_prefix=url
    )
    animator = Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False)
    world = World(config=config, url=url)
    worlds.append((world, animator))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, *_words: object) -> None:
        return


def _configuration(folder: Path) -> dict[str, Any]:
    people = {**SIGNERS, **EXTRA, "meterai": "UJI Meterai Elektronik"}
    services = {
        "tsa": "UJI TSA_Timestamp",
        "tsa_dicabut": "UJI TSA_Timestamp lama",
        "bsre_ocsp": "UJI BSRE OCSP",
        "peruri_ocsp": "UJI OCSP",
    }
    names = {**AUTHORITIES, **people, **services}
    for label in names:
        _store_key(folder / f"{label}.pem", is_rsa=label in people or label.startswith("tsa"))
    return {
        "keysets": {"kunci": {"keys": {label: {"path": f"{label}.pem"} for label in names}}},
        "pki-architectures": {
            ARCH: {
                "keyset": "kunci",
                "entity-defaults": {"country-name": "ID", "organization-name": "UJI"},
                "entities": {label: {"common-name": name} for label, name in names.items()},
                "certs": _certificates(),
                "services": _services(),
            }
        },
    }


def _store_key(path: Path, *, is_rsa: bool) -> None:
    key = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if is_rsa
        else ec.generate_private_key(ec.SECP256R1())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _certificates() -> dict[str, Any]:
    bsre = {"issuer": "bsre", "policies": (*BSRE_POLICIES, UJI_POLICY_SIGNER)}
    signer = {**bsre, "purpose": EKU_PDF_SIGNING.dotted_string}
    peruri = {"issuer": "peruri", "policies": (*PERURI_POLICIES, UJI_POLICY_METERAI)}
    ended = _validity(-900, -30)
    revoked = {"revoked-since": REVOKED_SINCE.isoformat(), "reason": "key_compromise"}
    return {
        "akar": _authority("akar", 2, {"crl-repo": "akar"}),
        "bsre": _authority("akar", 0, {"crl-repo": "bsre", "ocsp-service": "bsre"}),
        "peruri": _authority("akar", 0, {"crl-repo": "peruri", "ocsp-service": "peruri"}),
        **{label: _leaf(label, **signer) for label in SIGNERS},
        "dicabut": {**_leaf("dicabut", **signer), "revocation": revoked},
        "berakhir": {**_leaf("berakhir", **signer), "validity": ended},
        "meterai": _leaf("meterai", **peruri, purpose=EKU_PDF_SIGNING.dotted_string),
        "tsa": _leaf("tsa", "peruri", PERURI_POLICIES, "time_stamping"),
        "tsa_dicabut": {
            **_leaf("tsa_dicabut", "peruri", PERURI_POLICIES, "time_stamping"),
            "revocation": revoked,
        },
        "bsre_ocsp": _responder("bsre_ocsp", "bsre"),
        "peruri_ocsp": _responder("peruri_ocsp", "peruri"),
    }


def _validity(begins: int, ends: int) -> dict[str, str]:
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "valid-from": (now + timedelta(days=begins)).isoformat(),
        "valid-to": (now + timedelta(days=ends)).isoformat(),
    }


def _authority(issuer: str, below: int, services: dict[str, str]) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "validity": _validity(-1000, 3000),
        "profiles": [{"id": "simple-ca", "params": {"max-path-len": below, **services}}],
        "extensions": [_policies(("2.5.29.32.0",))],
    }


def _leaf(subject: str, issuer: str, policies: tuple[str, ...], purpose: str) -> dict[str, Any]:
    return {
        "subject": subject,
        "issuer": issuer,
        "validity": _validity(-10, 720),
        "profiles": ["digsig-commitment"],
        "extensions": [
            {"id": "extended_key_usage", "critical": True, "value": [purpose]},
            _policies(policies),
        ],
    }


def _responder(subject: str, issuer: str) -> dict[str, Any]:
    return {
        "subject": subject,
        "issuer": issuer,
        "validity": _validity(-10, 720),
        "profiles": ["ocsp-responder"],
    }


def _policies(dotted: tuple[str, ...]) -> dict[str, Any]:
    notice = x509.UserNotice(None, "SERTIFIKAT UJI, tanpa kekuatan hukum")
    value = x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(one), [notice]) for one in dotted]
    )
    return {
        "id": "certificate_policies",
        "smart-value": {"schema": "der-bytes", "params": value.public_bytes().hex()},
    }


def _services() -> dict[str, Any]:
    return {
        "ocsp": {
            label: {"for-issuer": label, "responder-cert": f"{label}_ocsp"}
            for label in ("bsre", "peruri")
        },
        "crl-repo": {
            label: {"for-issuer": label, "simulated-update-schedule": schedule}
            for label, schedule in (("akar", "P90D"), ("bsre", "P1D"), ("peruri", "P1D"))
        },
        "time-stamping": {
            label: {"signing-cert": label, "certs-to-embed": ["peruri"]}
            for label in ("tsa", "tsa_dicabut")
        },
    }
