"""How an electronic meterai is written into a PDF: the names that signer and verifier share.

A stamp is a PDF signature in a field ``Emet<SN>`` whose ``/Reason`` begins with ``[<SN>]`` and
whose ``/Name`` is ``e-meterai_signatures`` (docs/sumber.md E2.6, adapter 2.0.16). The serial
number (SN) has 22 characters ``0-9A-Z``.
"""

from __future__ import annotations

import re

SN_LENGTH = 22
SN_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
METERAI_SIGNER_NAME = "e-meterai_signatures"
"""Value of ``/Name`` in the signature dictionary of a stamp."""

_SN = re.compile(rf"[0-9A-Z]{{{SN_LENGTH}}}")
_FIELD = re.compile(rf"Emet([0-9A-Z]{{{SN_LENGTH}}})")
_REASON = re.compile(rf"\[([0-9A-Z]{{{SN_LENGTH}}})\] ?")


def is_sn(text: str) -> bool:
    """Return whether ``text`` has the shape of a serial number."""
    return _SN.fullmatch(text) is not None


def meterai_field(sn: str) -> str:
    """Return the field name of the stamp with that serial number."""
    return f"Emet{sn}"


def meterai_reason(sn: str, alasan: str) -> str:
    """Return the ``/Reason`` of the stamp with that serial number."""
    return f"[{sn}] {alasan}"


def sn_of_field(field: str) -> str | None:
    """Return the serial number that a field name carries, or None."""
    found = _FIELD.fullmatch(field)
    return found[1] if found else None


def sn_of_reason(reason: str) -> str | None:
    """Return the serial number that a ``/Reason`` carries, or None."""
    found = _REASON.match(reason)
    return found[1] if found else None
