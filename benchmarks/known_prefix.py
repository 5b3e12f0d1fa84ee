"""A whole signing step and a verification of our own files, against pyHanko's own calls.

One run, CPU seconds of this process and of the guarded children (who tell what they used), medians.

* ``step``: state read, box drawn, signed, timestamped, result checked, on issued bytes whose state
  this process has read before (``first`` has not); against ``signers.sign_pdf`` with a loaded key.
  Both ask the same timestamp authority, a process of its own whose work counts for nobody.
* ``verify``: the public verb against the issued file, whose facts are known (``first``: are not),
  and without it; against ``validate_pdf_signature`` for each signature, in a process of its own
  that has nothing of ours loaded.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: E402
from signatures import FIELD, PASSPHRASE, first_step, store  # noqa: E402
from timestamp_server import Authority  # noqa: E402

ROUNDS = 11

VALIDATE = """
import json, sys
from io import BytesIO
from pathlib import Path
from time import process_time
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
content, root = Path(sys.argv[1]).read_bytes(), load_cert_from_pemder(sys.argv[2])
spent = []
for _ in range(int(sys.argv[3])):
    begun = process_time()
    for one in PdfFileReader(BytesIO(content)).embedded_signatures:
        status = validate_pdf_signature(one, ValidationContext(trust_roots=[root]))
        assert status.intact and status.valid
    spent.append(process_time() - begun)
print(json.dumps(spent))
"""


def main() -> None:
    """Print medians and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for task in ("draft-pdf-only", "sign"):
            subprocess.run([sys.executable, str(HERE / "tasks.py"), task, name], check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip
        (pdf,) = (folder / "pdf").glob("*.pdf")
        steps(pdf, folder)
        verifications(pdf, folder)


def timed(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median of CPU seconds; the first two rounds only warm up."""
    spent = []
    for _ in range(rounds + 2):
        begun = process_time()
        act()
        spent.append(process_time() - begun)
    return median(spent[2:])


def told(name: str, seconds: float, other: float | None = None) -> None:
    """Print one line, in milliseconds, with how often it goes into the other."""
    ratio = "" if other is None else f"{other / seconds:8.1f} x"
    print(f"{name:<44}{1000 * seconds:>9.1f} ms{ratio}", flush=True)


def steps(pdf: Path, folder: Path) -> None:
    """Measure a step for both kinds of key."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.timestamps import HTTPTimeStamper

    content = pdf.read_bytes()
    with Authority() as authority:
        url = authority.url
        for label, key in (
            ("RSA-2048", rsa.generate_private_key(public_exponent=65537, key_size=2048)),
            ("P-256", ec.generate_private_key(ec.SECP256R1())),
        ):
            stored = store(key, folder / f"{label}.p12")
            loaded = signers.SimpleSigner.load_pkcs12(str(stored), passphrase=PASSPHRASE)
            timestamper = HTTPTimeStamper(url)

            def peer(loaded: Any = loaded, timestamper: Any = timestamper) -> object:
                return signers.sign_pdf(
                    IncrementalPdfFileWriter(BytesIO(content)),
                    signers.PdfSignatureMetadata(
                        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
                    ),
                    signer=loaded,
                    timestamper=timestamper,
                )

            theirs = timed(peer)
            told(f"{label}: sign_pdf, key loaded", theirs)
            ours = step(pdf, stored, url)
            told(f"{label}: whole step", timed(partial(ours, known=True)), theirs)
            first = timed(partial(ours, known=False), 5)
            told(f"{label}: whole step, first look", first, theirs)


def step(pdf: Path, stored: Path, url: str) -> Callable[..., object]:
    """Return a whole step; each works on bytes of its own."""
    from pks_kit.foreign import HERE as IN_PROCESS
    from pks_kit.pipelines.requests.given import Content
    from pks_kit.pipelines.sign import find_receipt
    from pks_kit.policy.signing_profile import load_profile
    from pks_kit.resources import signing_root
    from pks_kit.signing.keys.files import load_pkcs12
    from pks_kit.signing.step import state as states

    content = pdf.read_bytes()
    key = load_pkcs12(stored.read_bytes(), PASSPHRASE, stored.name)
    receipt = find_receipt(pdf, None, Content(pdf.name, str(pdf), content), IN_PROCESS)
    profile = load_profile(signing_root(), receipt.profile)

    def once(*, known: bool) -> object:
        before = bytes(bytearray(content))
        if not known:
            states._SEEN = states.StatesSeen()
        state = states.read_state(before, receipt, profile)
        return first_step(before, state, profile, key, url)

    return once


def verifications(pdf: Path, folder: Path) -> None:
    """Measure the public verb, its children included."""
    from pks_kit.pipelines.verify import VerifyRequest, verify
    from pks_kit.pipelines.verifying import known_issued
    from pks_kit.verification.isolation.pool import GuardedPool
    from pks_kit.verification.limits import Limits

    done, root = folder / "signed-3.pdf", folder / "root.pem"
    ran = subprocess.run(
        [sys.executable, "-c", VALIDATE, str(done), str(root), str(ROUNDS)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    theirs = median(json.loads(ran.stdout)[2:])
    told("validate_pdf_signature, four signatures", theirs)
    spent: list[float] = []
    usual = GuardedPool.ask

    def counted(pool: GuardedPool, *asked: Any) -> Any:
        ended = usual(pool, *asked)
        spent.append(ended.cpu_seconds)
        return ended

    GuardedPool.ask = counted  # type: ignore[method-assign]
    beside = pdf.with_name(f"{pdf.stem}.receipt.json")

    def measured(rounds: int = ROUNDS, *, forgets: bool = False, **more: Any) -> float:
        every = []
        for _ in range(rounds + 3):
            if forgets:
                known_issued._KNOWN = known_issued.KnownFiles()
            spent.clear()
            begun = process_time()
            report = verify(
                VerifyRequest(pdf=done, trust=(root,), limits=Limits().lasting(120), **more)
            ).report
            every.append(process_time() - begun + sum(spent))
            if report.verdict != "passed":
                raise SystemExit(f"the finished file did not pass: {report.verdict}")
        return median(every[3:])

    told("verify --issued", measured(issued=pdf, receipt=beside), theirs)
    told(
        "verify --issued, first look", measured(5, forgets=True, issued=pdf, receipt=beside), theirs
    )
    told("verify, nothing beside", measured(5), theirs)


if __name__ == "__main__":
    main()
