"""The largest file of each kind, in bytes: one number for whoever writes, signs or judges it."""

from __future__ import annotations

MIB = 1024 * 1024

PDF_BYTES = 50 * MIB
"""Any PDF: an agreement of a hundred scanned pages has a tenth of it."""

CONTAINER_BYTES = 256 * 1024
"""What the container of one signature and the revision around it may add: gateways reserve 17,500
bytes for it and write them as hexadecimal digits; chains, a timestamp and answers inside it grow
that to some hundred KiB."""

APPEARANCE_BYTES = 768 * 1024
"""What the picture of one signature or stamp may add: ours and those of distributors take tens of
KiB, an uncompressed one of 500 by 500 pixels takes this."""

REVOCATION_BYTES = MIB
"""What answers about revocation stored with one signature may add: an OCSP answer has 2 KiB, the
lists of Indonesian authorities some hundred."""

PDF_ROOM_BYTES = CONTAINER_BYTES + APPEARANCE_BYTES + REVOCATION_BYTES
"""The most that one step may add: a file that grew more is not opened, and this much must be left
below ``PDF_BYTES`` before a file gets one revision more. What was signed, or stamped with a paid
meterai, must not be too large to be verified."""

ARCHIVE_BYTES = 16 * MIB
"""The most that an archive, prolonged however often, may add: as much as the largest revocation
list that is fetched."""

SIGNABLE_PDF_BYTES = PDF_BYTES - PDF_ROOM_BYTES
"""A PDF that is to get one revision more."""

RECEIPT_BYTES = 2 * MIB
"""A receipt, also the one inside a PDF, and the contract data inside a PDF."""

ANCHOR_FILE_BYTES = 256 * 1024
"""A file of trust anchors (PEM or DER)."""

KEY_FILE_BYTES = MIB
"""A key file (PKCS#12 or PEM), a certificate or a chain beside it."""
