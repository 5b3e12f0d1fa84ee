"""The largest file of each kind, in bytes: one number for whoever writes, signs or judges it."""

from __future__ import annotations

MIB = 1024 * 1024

PDF_BYTES = 50 * MIB
"""Any PDF: an agreement of a hundred scanned pages has a tenth of it."""

PDF_ROOM_BYTES = 2 * MIB
"""What must be left below ``PDF_BYTES`` before a file gets one revision more. A signature takes
some 40 KiB, a stamp with picture and validation material less than one MiB: what was signed, or
stamped with a paid meterai, must not be too large to be verified."""

SIGNABLE_PDF_BYTES = PDF_BYTES - PDF_ROOM_BYTES
"""A PDF that is to get one revision more."""

RECEIPT_BYTES = 2 * MIB
"""A receipt, also the one inside a PDF, and the contract data inside a PDF."""

ANCHOR_FILE_BYTES = 256 * 1024
"""A file of trust anchors (PEM or DER)."""

KEY_FILE_BYTES = MIB
"""A key file (PKCS#12 or PEM), a certificate or a chain beside it."""
