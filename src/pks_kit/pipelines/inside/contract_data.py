"""The contract data inside an agreement, and which absolute requirements they lack.

What was drafted before a requirement was known, or by a program that did not ask for it, would
otherwise be signed without anybody looking again. Who has signed already is not held up: the note
says what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import ValidationError

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.receipt import DATA_ATTACHMENT, Receipt
from pks_kit.errors import FindingsError, NotInForceError
from pks_kit.foreign import Looks
from pks_kit.pipelines.drafting.met_before import has_met
from pks_kit.policy.signing_profile import profile_names
from pks_kit.resources import signing_root
from pks_kit.rules.checks.catalogue import check_kontrak
from pks_kit.rules.findings import Finding
from pks_kit.signing.step.embedded_receipt import attached
from pks_kit.verification.report.verdict import Note

_REQUIREMENTS = "document."


def requirements_before(
    pdf: bytes, receipt: Receipt, looks: Looks, filled: Sequence[str]
) -> tuple[Note, ...]:
    """Refuse an agreement whose data lack an absolute requirement, or say so after a signature.

    Data that cannot be read, those of an addendum, and those of a time whose rules nobody knows
    any more are left to verification.

    Args:
        pdf: The agreement, issued or signed.
        receipt: Its receipt.
        looks: Where it is opened.
        filled: Places that are filled already.

    Returns:
        A note when something is missing and somebody has signed already.

    Raises:
        FindingsError: ``signing.requirements``.
        InputError: ``pdf.unreadable``.
        SigningError: ``pdf.encrypted``.
    """
    found = _lacking(pdf, receipt, looks)
    if not found:
        return ()
    if not filled:
        raise FindingsError("signing.requirements", found, count=len(found))
    return (Note(code="requirements_missing", params={"count": len(found)}),)


def _lacking(pdf: bytes, receipt: Receipt, looks: Looks) -> tuple[Finding, ...]:
    if receipt.induk is not None:
        return ()
    content = attached(pdf, DATA_ATTACHMENT, looks)
    if content is not None and has_met(content):
        return ()
    try:
        kontrak = Kontrak.model_validate(json.loads(content or b"null"))
        day = kontrak.jangka_waktu.tanggal_mulai
        found = check_kontrak(kontrak, day, daftar_cara_tersedia=profile_names(signing_root()))
    except (ValidationError, ValueError, RecursionError, NotInForceError):
        return ()
    return tuple(
        one for one in found if one.level == "blocking" and one.code.startswith(_REQUIREMENTS)
    )
