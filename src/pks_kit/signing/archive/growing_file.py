"""A file while its archive is written: by bytes as long as all of it is ours, else by parsers.

Bytes that this process wrote are known to the last one, and so is what it appends to them: who
signed is read from them here, and no guarded child opens the file. What others may have written is
read by a child, as ever; a file whose every byte the grammar knows may still grow by our writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pks_kit.foreign import Looks
from pks_kit.limits import ARCHIVE_BYTES
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.prefix import NotOursError, own_revisions
from pks_kit.pdf.prefix.own_files import own_files
from pks_kit.pki.dss import Stored, stored_in
from pks_kit.pki.material import ReadOnce
from pks_kit.signing.archive.dss import add_to_store
from pks_kit.signing.archive.own_checks import after_own_seal, after_own_store
from pks_kit.signing.archive.own_revisions import own_seal, own_store
from pks_kit.signing.archive.seal import sealed, with_token
from pks_kit.signing.archive.signed_parts import Signed, own_signed, parts_of_own, signed_parts
from pks_kit.signing.growth import check_growth
from pks_kit.signing.step.state import AgreementState, remember

if TYPE_CHECKING:
    from pks_kit.domain.ledger_head import AnchoredHead
    from pks_kit.pki.material import ValidationMaterial
    from pks_kit.signing.ports import TimeStamperSource


@dataclass(slots=True, kw_only=True)
class GrowingFile:
    """A file to which material and a document timestamp are appended.

    Attributes:
        pdf: Its bytes.
        looks: Where it is opened.
        state: What is known of it by its bytes; None: it must be opened.
    """

    pdf: bytes
    looks: Looks
    state: AgreementState | None
    _signed: tuple[Signed, ...] = ()
    _read: ReadOnce = field(default_factory=ReadOnce)

    def parts(self) -> tuple[tuple[Signed, ...], Stored]:
        """Return who signed it, and its store.

        Raises:
            InputError: As :class:`~pks_kit.signing.archive.signed_parts.SignedParts`.
            SigningError: As there.
            NotLookedError: ``pdf.not_looked``.
        """
        if self.state is None or self.state.known is None:
            return signed_parts(self.pdf, self.looks)
        if not self._signed:
            self._signed = self._own_parts() or signed_parts(self.pdf, self.looks)[0]
        return self._signed, stored_in(self.state.known.store, self._read)

    def _own_parts(self) -> tuple[Signed, ...]:
        """Return who signed, when this process wrote all of the file; nothing for others."""
        file = own_files.of(self.pdf)
        issued = self.state.receipt.issued if self.state is not None else None
        if file is None or issued is None:
            return ()
        start = issued.size

        def read() -> tuple[Signed, ...]:
            revisions, _ = own_revisions(self.pdf, start, file.base)
            return tuple(parts_of_own(self.pdf, revisions, self._read))

        found = guarded(read)  # what is odd here is the parsers' business
        return () if isinstance(found, ParserFailure) else found

    def store(self, entries: Sequence[tuple[str, ValidationMaterial]]) -> None:
        """Append material per signature; see :func:`~pks_kit.signing.archive.dss.add_to_store`.

        Raises:
            InputError: ``pdf.unreadable``.
            SigningError: ``pdf.grown``.
            NotLookedError: ``pdf.not_looked``.
        """
        if not self._store_by_bytes(entries):
            self.state = None
            self.pdf = add_to_store(self.pdf, entries, self.looks)

    def _store_by_bytes(self, entries: Sequence[tuple[str, ValidationMaterial]]) -> bool:
        state = self.state
        if state is None or state.known is None:
            return False
        known, stored = state.known, stored_in(state.known.store, self._read)
        added = guarded(lambda: own_store(self.pdf, known, stored.material, entries))
        if isinstance(added, ParserFailure):
            return False
        check_growth(0, added, ARCHIVE_BYTES)
        if added:
            after = self.pdf + added
            grown = after_own_store(self.pdf, after, state)
            if grown is None:
                return False
            self._grow(after, grown)
        return True

    async def seal(self, timestamps: TimeStamperSource, head: AnchoredHead | None) -> None:
        """Append a document timestamp; see :func:`~pks_kit.signing.archive.seal.sealed`.

        Raises:
            SigningError: ``timestamp.*``, ``signing.failed``.
            InputError: ``pdf.unreadable``.
            NotLookedError: ``pdf.not_looked``; no authority was asked.
        """
        added = self._seal_by_bytes(head)
        if added is None or self.state is None:
            self.state = None
            self.pdf = await sealed(self.pdf, timestamps, head, self.looks)
            return
        after = await with_token(self.pdf, added, timestamps)
        grown = after_own_seal(self.pdf, after, self.state)
        if grown is None:  # the parsers say what is wrong with it
            self.pdf, self.state = after, None
            return
        self._signed = (*self.parts()[0], own_signed(after, grown[1], self._read))
        self._grow(after, grown[0])

    def _seal_by_bytes(self, head: AnchoredHead | None) -> bytes | None:
        if self.state is None or self.state.known is None:
            return None
        try:
            return own_seal(self.pdf, self.state.known, "" if head is None else str(head))
        except NotOursError:
            return None

    def _grow(self, after: bytes, state: AgreementState) -> None:
        remember(self.pdf, after, state)
        self.pdf, self.state = after, state
