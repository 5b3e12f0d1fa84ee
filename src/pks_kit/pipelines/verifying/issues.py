"""Find the issued file of an agreement that came back on paper: given, beside its receipt, stored.

The ledger decides which issue is in force. Of several revisions of one issue the longest is taken:
in kontrak digital paper is printed from the file that BPJS Kesehatan has signed and stamped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pks_kit.domain.receipt import IssuedFile, Receipt, parse_receipt
from pks_kit.errors import InputError, NotLookedError, PksKitError, SigningError, UsageError
from pks_kit.files import NamedFile, read_limited
from pks_kit.ledger import kinds
from pks_kit.limits import PDF_BYTES, RECEIPT_BYTES
from pks_kit.pipelines.requests.given import FileInput, ReceiptInput, read_receipt
from pks_kit.pipelines.verifying.given_issued import read_issued
from pks_kit.pipelines.verifying.paper import KnownBeside
from pks_kit.signing.revision_store import RevisionStore
from pks_kit.signing.step.embedded_receipt import receipt_inside
from pks_kit.verification.report.answers import indeterminate, passed
from pks_kit.verification.report.verdict import Check, Note

if TYPE_CHECKING:
    from pks_kit.foreign import Looks
    from pks_kit.ledger.ports import Event
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
    from pks_kit.verification.limits import Limits

RECEIPT_END = ".receipt.json"
MOST_FILES = 50_000
_MOST_ASKED = 1000
"""PDFs without a receipt beside them that are opened for the receipt inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issued file that is at hand.

    Attributes:
        receipt: Its receipt.
        name: Name of the file.
        content: The issued bytes or a later revision of them; a path is read when it is needed.
        size: Bytes of it.
    """

    receipt: Receipt
    name: str
    content: bytes | Path = field(repr=False)
    size: int

    def read(self) -> bytes:
        """Return the bytes.

        Raises:
            InputError: The file cannot be read any more, or another one stands there.
        """
        if isinstance(self.content, bytes):
            return self.content
        content = read_limited(self.content, PDF_BYTES)
        if not fits(content, self.receipt):
            raise InputError("returned.issue_changed", file=self.name)
        return content


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuesOf:
    """What is known of one agreement.

    Attributes:
        issues: Its issues; several only when several were given and no ledger decides.
        checks: What the ledger says, or why there is no issue.
        notes: What is to be told beside.
        in_ledger: Whether the ledger holds the issue.
    """

    issues: tuple[Issue, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[Note, ...] = ()
    in_ledger: bool = False

    def beside(self, agreement_id: str) -> KnownBeside:
        """Return what an examination must say of it."""
        return KnownBeside(
            agreement_id=agreement_id, checks=self.checks, notes=self.notes,
            in_ledger=self.in_ledger,
        )  # fmt: skip


class Issues:
    """All places in which issued files may lie.

    Args:
        given: Issued files, and folders with issued files and their receipts.
        receipt: A receipt whose issued file may lie beside it.
        ledger: The ledger.
        sessions: Folder of the signing sessions.
        limits: What a file may cost.
        looks: Where PDFs are opened.

    Raises:
        InputError: A file or folder that was named cannot be read, ``verify.issued_unusable``;
            ``returned.no_receipt`` for an issued file whose receipt is nowhere;
            ``returned.no_issues`` for a folder without any PDF.
        UsageError: ``returned.too_many_files``.
    """

    def __init__(
        self,
        given: Sequence[FileInput],
        receipt: ReceiptInput | None,
        *,
        ledger: LedgerToAsk | None,
        sessions: Path | None,
        limits: Limits,
        looks: Looks,
    ) -> None:
        self._ledger, self._sessions = ledger, sessions
        self._looks = looks
        self._known: dict[str, list[Issue]] = {}
        self._unmatched: list[Path] = []
        self._issued: dict[str, str] | None = None
        self.named: list[str] = []
        """Agreements whose issued file or receipt was named, in order."""
        self._alone = None if receipt is None else read_receipt(receipt, "receipt")
        if self._alone is not None:
            self.named.append(self._alone.agreement_id)
            self._beside(receipt, self._alone)
        for index, one in enumerate(given):
            if isinstance(one, Path) and one.is_dir():
                self._folder(one)
            else:
                self._file(one, limits, f"issued[{index}]")

    def of(self, agreement_id: str) -> IssuesOf:
        """Return the issues of an agreement; never one that the ledger does not confirm.

        Raises:
            LedgerError: The ledger cannot be read, or is broken.
        """
        event = None
        if self._ledger is not None:
            event = next(iter(self._ledger.events(agreement_id, kinds.TERBIT)), None)
        if event is not None:
            return self._confirmed(agreement_id, event)
        found = tuple(self._given(agreement_id))
        notes: tuple[Note, ...] = ()
        if self._ledger is not None:
            notes = (Note(code="paper_not_in_ledger", params={"agreement": agreement_id}),)
        if found:
            return IssuesOf(issues=found, notes=notes)
        return IssuesOf(checks=(self._missing(agreement_id),), notes=notes)

    def issued_as(self, sha256: str) -> str | None:
        """Return the agreement whose issued file, unchanged, has this hash; None when none has.

        Raises:
            LedgerError: The ledger cannot be read, or is broken.
        """
        if self._issued is None:
            given = (one for several in self._known.values() for one in several)
            self._issued = {
                one.receipt.issued.sha256: one.receipt.agreement_id
                for one in given
                if one.receipt.issued is not None
            }
            if self._ledger is not None:
                for event in self._ledger.events(jenis=kinds.TERBIT):
                    self._issued[str(event.isi["sha256"])] = event.perjanjian
        return self._issued.get(sha256)

    def _missing(self, agreement_id: str) -> Check:
        alone = self._alone
        if alone is not None and alone.agreement_id == agreement_id and alone.issued is not None:
            return indeterminate("paper.issued", "not_beside", file=alone.issued.file)
        return indeterminate("paper.issued", "unknown", agreement=agreement_id)

    def _confirmed(self, agreement_id: str, event: Event) -> IssuesOf:
        """Return the one issue that the ledger names."""
        identity = IssuedFile(
            file=str(event.isi["file"]), sha256=event.isi["sha256"], size=event.isi["size"]
        )
        named: dict[str, Any] = {"agreement": agreement_id, "file": identity.file}
        given = self._given(agreement_id)
        try:
            right = [
                one
                for one in (_confirmed_by(issue, identity) for issue in given)
                if one is not None
            ]
            right += self._stored(agreement_id, identity)
        except PksKitError as error:
            words = error.text
            return IssuesOf(
                checks=(
                    indeterminate(
                        "paper.issued", "unusable", why_id=words.id, why_en=words.en, **named
                    ),
                )
            )
        if right:
            found = passed("issued.ledger", "found", agreement=agreement_id, nomor=event.nomor)
            newest = max(right, key=lambda one: one.size)
            return IssuesOf(issues=(newest,), checks=(found,), in_ledger=True)
        reason = "other_than_ledger" if given else "not_at_hand"
        return IssuesOf(checks=(indeterminate("paper.issued", reason, **named),))

    def _stored(self, agreement_id: str, identity: IssuedFile) -> list[Issue]:
        """Return the newest revision of a signing session."""
        if self._sessions is None:
            return []
        store = RevisionStore(self._sessions / agreement_id)
        revisions = store.revisions()
        if not revisions:
            return []
        content = store.read(revisions[-1])
        if _sha256(content[: identity.size]) != identity.sha256:
            return []
        receipt = self._inside(content)
        if receipt is None:
            return []
        receipt = receipt.model_copy(update={"issued": identity})
        name = revisions[-1].path.name
        return [Issue(receipt=receipt, name=name, content=content, size=len(content))]

    def _given(self, agreement_id: str) -> list[Issue]:
        if agreement_id not in self._known and self._unmatched:
            self._ask_unmatched()
        return self._known.get(agreement_id, [])

    # --- what was given -----------------------------------------------------------------------

    def _add(self, issue: Issue) -> None:
        """Keep an issue; of two revisions of the same one the longer."""
        several = self._known.setdefault(issue.receipt.agreement_id, [])
        for index, other in enumerate(several):
            if _identity(other) == _identity(issue):
                if issue.size > other.size:
                    several[index] = issue
                return
        several.append(issue)

    def _beside(self, given: ReceiptInput | None, receipt: Receipt) -> None:
        """Look for the file that a receipt names, in the folder in which the receipt lies."""
        if not isinstance(given, Path) or receipt.issued is None:
            return
        path = given.parent / Path(receipt.issued.file).name
        content = _readable(path) if path.is_file() else None
        if content is not None and fits(content, receipt):
            self._add(_on_disk(path, receipt))

    def _file(self, given: FileInput, limits: Limits, place: str) -> None:
        read = read_issued(given, limits, place)
        receipt = self._alone
        if receipt is None and isinstance(given, Path):
            receipt = _receipt_at(given.with_name(f"{given.stem}{RECEIPT_END}"))
        if receipt is None or receipt.issued is None or not fits(read.content, receipt):
            receipt = self._inside(read.content) or receipt
        if receipt is None or not fits(read.content, receipt):
            raise InputError("returned.no_receipt", file=read.name)
        self.named.append(receipt.agreement_id)
        self._add(
            Issue(receipt=receipt, name=read.name, content=read.content, size=len(read.content))
        )

    def _folder(self, folder: Path) -> None:
        """Match the PDFs of a folder with its receipts, by the hash of their beginning."""
        found = [*files_below(folder)]
        if not any(path.suffix.lower() == ".pdf" for path in found):
            raise InputError("returned.no_issues", folder=str(folder))
        receipts: dict[str, Receipt] = {}
        for path in found:
            if path.name.endswith(RECEIPT_END):
                receipt = _receipt_at(path)
                if receipt is not None and receipt.issued is not None:
                    receipts[receipt.issued.sha256] = receipt
        sizes = sorted({one.issued.size for one in receipts.values() if one.issued})
        for path in found:
            content = _readable(path) if path.suffix.lower() == ".pdf" else None
            if content is None:
                continue
            matched = _begins_with(content, sizes, receipts)
            if matched is None:
                self._unmatched.append(path)
            else:
                self._add(_on_disk(path, matched))

    def _ask_unmatched(self) -> None:
        """Open what has no receipt beside it, once, for the receipt inside."""
        asked, self._unmatched = self._unmatched[:_MOST_ASKED], []
        for path in asked:
            content = _readable(path)
            receipt = None if content is None else self._inside(content)
            if receipt is not None:
                self._add(_on_disk(path, receipt))

    def _inside(self, content: bytes) -> Receipt | None:
        try:
            return receipt_inside(content, self._looks)
        except (InputError, SigningError, NotLookedError):
            return None


def files_below(folder: Path, *, odd: bool = False) -> Iterator[Path]:
    """Yield the files of a folder and of the folders in it, in order; hidden ones are none.

    Folders behind links are not entered.

    Args:
        folder: Where to look.
        odd: Also yield what looks like a file and is none: links that lead nowhere or to a folder,
            pipes, devices. Whoever reads them must refuse them by name.

    Raises:
        UsageError: ``returned.too_many_files``.
    """
    count = 0
    for path in sorted(folder.rglob("*")):
        wanted = path.is_file() or (odd and (path.is_symlink() or not path.is_dir()))
        if wanted and not path.name.startswith("."):
            count += 1
            if count > MOST_FILES:
                raise UsageError("returned.too_many_files", folder=str(folder), most=MOST_FILES)
            yield path


def fits(content: bytes, receipt: Receipt) -> bool:
    """Return whether a file begins with the issued bytes of a receipt, as far as it tells them."""
    issued = receipt.issued
    return issued is None or _sha256(content[: issued.size]) == issued.sha256


def _confirmed_by(issue: Issue, identity: IssuedFile) -> Issue | None:
    """Return the issue as the ledger knows it; None when the ledger knows another one."""
    known = issue.receipt.issued
    if known is not None:
        return issue if known.sha256 == identity.sha256 else None
    if _sha256(issue.read()[: identity.size]) != identity.sha256:
        return None
    return replace(issue, receipt=issue.receipt.model_copy(update={"issued": identity}))


def _identity(issue: Issue) -> tuple[str | None, str]:
    issued = issue.receipt.issued
    return issue.receipt.edition, issued.sha256 if issued else issue.name


def _on_disk(path: Path, receipt: Receipt) -> Issue:
    return Issue(receipt=receipt, name=path.name, content=path, size=path.stat().st_size)


def _readable(path: Path) -> bytes | None:
    """Return a file of a folder; None when it cannot be read, which hurts its agreement alone."""
    try:
        return read_limited(path, PDF_BYTES)
    except InputError:
        return None


def _receipt_at(path: Path) -> Receipt | None:
    try:
        return parse_receipt(read_limited(path, RECEIPT_BYTES), path.name)
    except InputError:
        return None


def _begins_with(
    content: bytes, sizes: Sequence[int], receipts: dict[str, Receipt]
) -> Receipt | None:
    """Return the receipt of the longest issued file with which a file begins."""
    running, done, found = hashlib.sha256(), 0, None
    for size in sizes:
        if size > len(content):
            break
        running.update(content[done:size])
        done = size
        found = receipts.get(running.hexdigest(), found)
    return found


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def as_given(content: bytes | None, name: str) -> tuple[NamedFile, ...]:
    """Return an issued file that was read already, as one that is given."""
    return () if content is None else (NamedFile(name, content),)
