"""Each revision after the issued file adds one expected signature and nothing else.

The difference analysis is pyHanko's, with a stricter policy (no ordinary form fields), and it is
done between neighbouring revisions from the issued file on. So it also sees what came together
with the first signature, which a look at signatures alone never judges.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from pks_kit.domain.receipt import Receipt
from pks_kit.errors import SigningError
from pks_kit.pdf.parsing import ParserFailure, refusing_broken_pdf
from pks_kit.pdf.prefix.running import running_digests
from pks_kit.pdf.revisions import cut_revisions, unlisted_parts
from pks_kit.signing.step.signatures import SignatureSeen

if TYPE_CHECKING:
    from pyhanko.sign.diff_analysis import StandardDiffPolicy

    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.pdf.prefix.opened import OwnUpdates
    from pks_kit.pdf.revisions import Span
    from pks_kit.pdf.signatures import FoundSignature

_MOST_AGREEMENTS, _MOST_EACH = 64, 32
"""What is remembered: agreements of one run of signing, revisions of each."""


def check_issued(pdf: bytes, receipt: Receipt) -> bytes:
    """Return the issued bytes, with which the file must begin.

    Raises:
        SigningError: ``signing.receipt_not_issued`` when the receipt does not know the issued
            file, ``signing.changed_since_issued`` when the file does not begin with it.
    """
    if receipt.issued is None:
        raise SigningError("signing.receipt_not_issued")
    issued = pdf[: receipt.issued.size]
    if running_digests.of(issued).hexdigest() != receipt.issued.sha256:
        raise SigningError("signing.changed_since_issued", file=receipt.issued.file)
    return issued


class PassedBefore:
    """Remembers, by hash, which bytes passed in this process, so that nothing is compared twice.

    Whether a revision only adds a signature depends on the bytes up to its end alone. Comparing
    two revisions means walking through the whole document, and a signing run looks at the same
    beginning again and again.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, dict[int, bytes]] = OrderedDict()

    def longest(self, pdf: bytes, issued: str) -> bytes | None:
        """Return the longest beginning that passed, or None.

        Args:
            pdf: Bytes of a file.
            issued: SHA-256 of the issued file, with which it begins.
        """
        known = self._known.get(issued, {})
        for length in sorted((one for one in known if one <= len(pdf)), reverse=True):
            if hashlib.sha256(pdf[:length]).digest() == known[length]:
                return pdf[:length]
        return None

    def remember(self, pdf: bytes, issued: str) -> None:
        """Remember that these bytes passed."""
        known = self._known.setdefault(issued, {})
        self._known.move_to_end(issued)
        known.pop(len(pdf), None)
        known[len(pdf)] = running_digests.of(pdf).digest()
        while len(known) > _MOST_EACH:
            del known[next(iter(known))]
        while len(self._known) > _MOST_AGREEMENTS:
            self._known.popitem(last=False)


def check_revisions(
    opened: OpenedFile,
    good: bytes,
    signatures: Sequence[SignatureSeen | FoundSignature],
    own: OwnUpdates | None,
) -> None:
    """Refuse a file that adds more than signatures to bytes that are known to be good.

    Args:
        opened: The whole file.
        good: What the file begins with: the issued file, or a file that passed before.
        signatures: The signatures of the file.
        own: Its later revisions, when all of them are ours.

    Raises:
        SigningError: ``signing.unexpected_revision``.
    """
    spans = cut_revisions(opened)
    if isinstance(spans, ParserFailure):
        raise SigningError("signing.unexpected_revision", number=1)
    base = next((one.number + 1 for one in spans if one.end == len(good)), None)
    if base is None:  # what is good ends inside a revision, or the file goes past it
        raise SigningError("signing.unexpected_revision", number=1)
    by_revision = {seen.revision: seen for seen in signatures}
    for span in spans:
        if span.number >= base:
            signature = by_revision.get(span.number)
            if not _is_known(own, span, signature):
                _check_revision(opened, span, base, signature)
    last = by_revision.get(spans[-1].number)
    has_tail = spans[-1].end != len(opened.content)
    if has_tail or (last is not None and not last.covers_file):
        number = spans[-1].number - base + 2
        raise SigningError("signing.unexpected_revision", number=number)


def _is_known(
    own: OwnUpdates | None, span: Span, signature: SignatureSeen | FoundSignature | None
) -> bool:
    """Return whether a revision adds this signature, or material alone, by its bytes."""
    known = None if own is None else own.revision(span.number)
    if known is None or (known.update.start, known.update.end) != (span.start, span.end):
        return False
    if known.signature is None or signature is None:
        return known.signature is None and signature is None
    return known.signature.field == signature.field


def _check_revision(
    opened: OpenedFile, span: Span, base: int, signature: SignatureSeen | FoundSignature | None
) -> None:
    from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification

    number = span.number - base + 1
    with refusing_broken_pdf():
        try:
            found = _policy().apply(
                old=opened.reader.get_historical_resolver(span.number - 1),
                new=opened.reader.get_historical_resolver(span.number),
            )
        except SuspiciousModification as error:
            raise SigningError("signing.unexpected_revision", number=number) from error
        hidden = unlisted_parts(opened, span)
    allowed = set() if signature is None else {signature.field}
    harmless = signature is not None or found.modification_level <= ModificationLevel.LTA_UPDATES
    if hidden or not found.changed_form_fields <= allowed or not harmless:
        raise SigningError("signing.unexpected_revision", number=number)


@cache
def _policy() -> StandardDiffPolicy:
    from pyhanko.sign.diff_analysis import (
        DEFAULT_DIFF_POLICY,
        FormUpdatingRule,
        GenericFieldModificationRule,
        StandardDiffPolicy,
    )

    usual = DEFAULT_DIFF_POLICY.form_rule
    if usual is None:
        raise RuntimeError("pyHanko's default policy no longer looks at form fields")
    return StandardDiffPolicy(
        global_rules=DEFAULT_DIFF_POLICY.global_rules,
        form_rule=FormUpdatingRule(
            [
                rule
                for rule in usual.field_rules
                if not isinstance(rule, GenericFieldModificationRule)
            ],
            # the first signature turns the flags of the form from 0 to 3 (ISO 32000-1, 12.7.2)
            ignored_acroform_keys={*usual.ignored_acroform_keys, "/SigFlags"},
        ),
    )
