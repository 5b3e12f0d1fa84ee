"""The part of the demo on paper: a short addendum, printed, signed, scanned and judged.

The paper is simulated (:mod:`pks_kit.scan.simulated`); one signature with its stamp is missing on
it, and one digit of the new account was changed before it was printed. It needs the extra
``kertas`` and takes some ten processor seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from pks_kit.domain.receipt import parse_receipt
from pks_kit.errors import PksKitError
from pks_kit.files import NamedFile
from pks_kit.pipelines.addendum import AddendumRequest, addendum
from pks_kit.pipelines.drafting.issue import DraftResult
from pks_kit.pipelines.requests.clock import Clock
from pks_kit.pipelines.requests.given_data import read_adendum
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.resources import samples_root
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.verdict import Status

SAMPLE = "addendum-rekening.yml"
_LIBRARIES = ("cv2", "numpy", "zxingcpp")
_UNSIGNED = "PIHAK_KEDUA"
_ACCOUNT = "rekening_baru.utama.nomor"
_PATIENCE = 120
_SEED, _PAGE_OF_ACCOUNT = 7, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOnPaper:
    """What was found on the scan of a printed agreement.

    Attributes:
        scan: The scan, as a PDF of pictures.
        issued: The issued file.
        pages: Pages of it.
        verdict: Verdict on the scan.
        empty: Names of the places that are empty.
        page: Page with the changed digit.
        path: Where the value stands in the data.
        was: Value that was issued.
        read: What the picture shows in its place.
    """

    scan: NamedFile
    issued: NamedFile
    pages: int
    verdict: Status
    empty: tuple[str, ...]
    page: int
    path: str
    was: str
    read: str


def missing_library() -> str:
    """Return the first library of the extra that is not installed; empty when all are."""
    return next((name for name in _LIBRARIES if find_spec(name) is None), "")


def scan_paper(clock: Clock) -> tuple[FoundOnPaper, tuple[NamedFile, ...]]:
    """Draft, print, sign, scan and judge a short addendum; return what was found, and all files.

    Args:
        clock: Gives the present time, with a time zone.

    Raises:
        PksKitError: ``demo.unexpected`` when the missing signature or the changed digit is not
            found.
    """
    loaded = read_adendum(samples_root() / SAMPLE, None, "demo")
    data = loaded.adendum.model_copy(update={"cara_kontrak": "manual"})
    drafted = addendum(AddendumRequest(source=data, induk=loaded.induk.kontrak, formats=("pdf",)))
    issued, receipt = drafted.files["pdf"], drafted.files["receipt"]
    scan = NamedFile(f"{issued.name.removesuffix('.pdf')}-pindaian-uji.pdf", _scanned(drafted))
    report = verify(
        VerifyRequest(
            pdf=scan, clock=clock, issued=issued, receipt=receipt,
            limits=Limits().lasting(_PATIENCE),
        )
    ).report  # fmt: skip
    facts = report.paper
    empty = [] if facts is None else [one.id for one in facts.places if one.decision == "empty"]
    changed = [] if facts is None else [one for one in facts.changes if one.path == _ACCOUNT]
    if f"TTD_{_UNSIGNED}" not in empty or len(changed) != 1:
        raise PksKitError("demo.unexpected", what=f"{scan.name}: {report.verdict}")
    found = FoundOnPaper(
        scan=scan, issued=issued, pages=drafted.pages, verdict=report.verdict,
        empty=tuple(empty), page=changed[0].page, path=_ACCOUNT,
        was=changed[0].issued or "", read=changed[0].read or "",
    )  # fmt: skip
    return found, (issued, receipt, scan)


def _scanned(drafted: DraftResult) -> bytes:
    from pks_kit.scan.simulated.devices import Flatbed
    from pks_kit.scan.simulated.stack import Wishes, pdf_of, stack

    receipt = drafted.files["receipt"]
    wishes = Wishes(
        device=Flatbed(severity="light", mode="colour", dpi=200),
        initials_mm=(12, 25),
        states={f"TTD_{_UNSIGNED}": "empty", f"STEMPEL_{_UNSIGNED}": "empty"},
        changes=(f"changed_digit@{_PAGE_OF_ACCOUNT}",),
        dpi=200,
    )
    known = parse_receipt(receipt.content, receipt.name)
    return pdf_of(stack(drafted.files["pdf"].content, known, _SEED, wishes), quality=75)
