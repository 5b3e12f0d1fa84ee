"""The sandbox distributor of electronic meterai: serial numbers and stamps without value.

The stamp is a real PDF signature of the shape that the adapter 2.0.16 makes (docs/sumber.md
E2.6): a new visible field ``Emet<SN>``, reason ``[<SN>] ...``, PAdES with a timestamp.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pks_kit.domain.meterai import (
    METERAI_SIGNER_NAME,
    SN_ALPHABET,
    SN_LENGTH,
    meterai_field,
    meterai_reason,
)
from pks_kit.pdf.layout import check_room
from pks_kit.pdf.prefix import NotOursError
from pks_kit.signing.keys.files import LocalKey
from pks_kit.signing.ports import (
    Meterai,
    MeteraiOrder,
    MeteraiState,
    StampJob,
    TimeStamperSource,
)
from pks_kit.signing.sandbox.specimen import specimen
from pks_kit.signing.step.appearance import pixels_of
from pks_kit.signing.step.own_revision import own_stamp
from pks_kit.signing.step.reserved_space import prepared_revision
from pks_kit.signing.step.sign_field import FieldJob, sign_field, sign_revision, software

SN_PREFIX = "UJI"
"""Every serial number of the sandbox begins so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMeterai:
    """A distributor in this process; a ``MeteraiProvider``.

    Attributes:
        key: The sandbox key for stamps.
        timestamps: Authority that timestamps the stamps.
        random_bytes: Source of randomness, for example ``secrets.token_bytes``.
    """

    key: LocalKey
    timestamps: TimeStamperSource
    random_bytes: Callable[[int], bytes]

    @property
    def name(self) -> str:
        """Return the name for messages."""
        return "sandbox"

    @property
    def is_uji(self) -> bool:
        """Return True: these stamps have no value."""
        return True

    async def check_ready(self, now: datetime) -> None:
        """Check the key that makes the stamps.

        Raises:
            SigningError: Its certificate may not sign at ``now``.
        """
        await self.key.identity(now)

    async def issue(self, order: MeteraiOrder) -> Meterai:
        """Return a new serial number with its picture; nothing is paid."""
        sn = new_sn(self.random_bytes)
        return Meterai(sn=sn, image=specimen(sn))

    async def find_issued(self, order: MeteraiOrder) -> Meterai | None:
        """Return None: the sandbox keeps no book, and nothing of worth can be lost."""
        return None

    async def state(self, sn: str) -> MeteraiState:
        """Return ``unknown``: the sandbox keeps no book."""
        return "unknown"

    async def stamp(self, job: StampJob) -> bytes:
        """Append the stamp; see ``MeteraiProvider``."""
        identity = await self.key.identity(job.now)
        field = FieldJob(
            field=meterai_field(job.meterai.sn),
            new_box=job.box,
            picture=job.meterai.image,
            name=METERAI_SIGNER_NAME,
            reason=meterai_reason(job.meterai.sn, job.alasan),
            location=job.lokasi,
            now=job.now,
            software=software("pks-kit-sandbox-meterai"),
        )
        appended = _own(job, field)
        if appended is None:
            return await sign_field(job.pdf, field, identity.signer, self.timestamps, job.looks)
        revision = prepared_revision(job.pdf, appended, is_own=True)
        return await sign_revision(revision, job.now, identity.signer, self.timestamps)


def _own(job: StampJob, field: FieldJob) -> bytes | None:
    """Return the revision as our own writer writes it; None where the file must be opened."""
    if job.known is None:
        return None
    check_room(job.pdf)
    try:
        picture = pixels_of(field.picture)
        return own_stamp(job.pdf, job.known, field.question(), job.box, picture)
    except NotOursError:
        return None


def new_sn(random_bytes: Callable[[int], bytes]) -> str:
    """Return a serial number: ``UJI`` and 19 evenly chosen characters ``0-9A-Z``."""
    letters: list[str] = []
    usable = 256 - 256 % len(SN_ALPHABET)  # the rest would favour the first characters
    while len(letters) < SN_LENGTH - len(SN_PREFIX):
        letters += [
            SN_ALPHABET[byte % len(SN_ALPHABET)] for byte in random_bytes(32) if byte < usable
        ]
    return SN_PREFIX + "".join(letters[: SN_LENGTH - len(SN_PREFIX)])
