"""Signatures per CPU second, against pyHanko's own high-level call in the same run.

The named alternative is what pyHanko's documentation shows: ``SimpleSigner.load_pkcs12`` and
``signers.sign_pdf`` for every signature. Both sign the first place of the same drafted agreement
at the same level (PAdES B-T) and ask the same timestamp authority, a process of its own on this
machine whose work counts for nobody. Both take turns in short rounds. ``whole step`` is our
signature with everything around it: the box drawn, and the file checked before and after.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper
from timestamp_server import Authority

from pks_kit.foreign import HERE
from pks_kit.pipelines.draft import DraftRequest, draft
from pks_kit.pipelines.requests.given import Content
from pks_kit.pipelines.sign import find_receipt
from pks_kit.pipelines.signing.one_step import Situation, Words, sign_with_key
from pks_kit.pki.timestamp_http import HttpTimestamps
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import samples_root, signing_root
from pks_kit.signing.keys.files import LocalKey, load_pkcs12
from pks_kit.signing.step.plan import Wanted, plan_step
from pks_kit.signing.step.sign_field import FieldJob, sign_field, software
from pks_kit.signing.step.state import read_state

ROUNDS = 8
PER_ROUND = 5
PASSPHRASE = b"kata-sandi-uji-1931"
FIELD = "TTD_PIHAK_KESATU"
NAME = "Penanda Tangan Contoh"


def main() -> None:
    """Measure both kinds of key and print the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample = samples_root() / "klinik-pratama-rawat-inap.yml"
        drafted = draft(DraftRequest(source=sample, formats=("pdf",)))
        files = {name: file.save(folder) for name, file in drafted.files.items()}
        with Authority() as authority:
            for label, key in (
                ("RSA-2048", rsa.generate_private_key(public_exponent=65537, key_size=2048)),
                ("P-256", ec.generate_private_key(ec.SECP256R1())),
            ):
                race(label, files["pdf"], store(key, folder / f"{label}.p12"), authority.url)


def store(key: Any, path: Path) -> Path:
    """Write the key with a certificate as most signers get it: a locked PKCS#12 file."""
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=10))
        .sign(key, hashes.SHA256())
    )
    local = LocalKey(certificate=certificate, chain=(), _key=key)
    path.write_bytes(local.to_pkcs12("uji", serialization.BestAvailableEncryption(PASSPHRASE)))
    return path


def race(label: str, pdf: Path, stored: Path, url: str) -> None:
    """Print signatures per CPU second of all, and the ratio of the first two."""
    content = pdf.read_bytes()
    acts = {
        "pks-kit": ours(content, stored, url),
        "pyHanko sign_pdf": pyhanko(content, stored, url),
        "pks-kit whole step": whole_step(pdf, stored, url),
    }
    spent = dict.fromkeys(acts, 0.0)
    for act in acts.values():
        act()
    for _ in range(ROUNDS):
        for name, act in acts.items():
            started = process_time()
            for _ in range(PER_ROUND):
                act()
            spent[name] += process_time() - started
    rates = {name: ROUNDS * PER_ROUND / seconds for name, seconds in spent.items()}
    for name, rate in rates.items():
        print(f"{name + ', ' + label:<32}{rate:>8.1f} signatures per CPU second", flush=True)
    print(
        f"pks-kit / pyHanko sign_pdf, {label}: {rates['pks-kit'] / rates['pyHanko sign_pdf']:.2f}"
    )


def ours(content: bytes, stored: Path, url: str) -> Callable[[], object]:
    """Return our signature; the key is loaded once, before."""
    key = load_pkcs12(stored.read_bytes(), PASSPHRASE, stored.name)
    picture = blank_picture()

    def once() -> bytes:
        async def run() -> bytes:
            now = datetime.now(UTC)
            identity = await key.identity(now)
            job = FieldJob(
                field=FIELD,
                new_box=None,
                picture=picture,
                name=identity.name,
                reason="Menandatangani perjanjian",
                location="Jakarta",
                now=now,
                software=software("pks-kit"),
            )
            return await sign_field(content, job, identity.signer, HttpTimestamps(url=url))

        return asyncio.run(run())

    return once


def pyhanko(content: bytes, stored: Path, url: str) -> Callable[[], object]:
    """Return pyHanko's high-level call as its documentation shows it."""
    timestamper = HTTPTimeStamper(url)

    def once() -> object:
        signer = signers.SimpleSigner.load_pkcs12(str(stored), passphrase=PASSPHRASE)
        return signers.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(content)),
            signers.PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm="sha256",
                reason="Menandatangani perjanjian",
                location="Jakarta",
                subfilter=SigSeedSubFilter.PADES,
            ),
            signer=signer,
            timestamper=timestamper,
        )

    return once


def first_step(before: bytes, state: Any, profile: Any, key: Any, url: str) -> object:
    """Plan, draw, sign and check the first step on a file whose state was read."""
    situation = Situation(
        before=before,
        state=state,
        planned=plan_step(state, profile, Wanted(jenis="tanda_tangan", tempat=FIELD)),
        profile=profile,
        now=datetime.now(UTC),
        words=Words(nama_diterima=NAME),
    )
    return asyncio.run(sign_with_key(situation, key, HttpTimestamps(url=url)))


def whole_step(pdf: Path, stored: Path, url: str) -> Callable[[], object]:
    """Return our whole step: state read, box drawn, signed, result checked."""
    key = load_pkcs12(stored.read_bytes(), PASSPHRASE, stored.name)
    content = pdf.read_bytes()
    receipt = find_receipt(pdf, None, Content(pdf.name, str(pdf), content), HERE)
    profile = load_profile(signing_root(), receipt.profile)

    def once() -> object:
        return first_step(content, read_state(content, receipt, profile), profile, key, url)

    return once


def blank_picture() -> bytes:
    """Return a page for the box; drawing it is part of the whole step only."""
    import pikepdf

    page = pikepdf.new()
    page.add_blank_page(page_size=(180, 80))
    out = BytesIO()
    page.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
