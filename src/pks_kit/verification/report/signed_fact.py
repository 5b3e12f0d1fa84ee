"""What the bytes of one signature prove by themselves, before any parser has seen the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from pks_kit.json_types import Count

MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFact:
    """One signature container and the bytes around it.

    Attributes:
        start: First byte of the container, its bracket included; everything before is signed.
        resumes: First byte after it.
        end: Byte after the last one that is signed.
        is_timestamp: Whether it is a timestamp of the file (RFC 3161).
        could_look: Whether container, algorithms and certificates could be read at all; when
            False nothing else is known.
        sound: The signed bytes have the digest in the container, and the key of its certificate
            signed that.
        regular: The container is encoded in the one way in which it can be.
        trusted: The chain of that certificate ends in an anchor and allows signing.
        pinned: That anchor is pinned in ``anchors.yml``.
        signer: Common name of the certificate.
        issuer: Common name of its issuer.
        serial: Its serial number in decimal.
        has_token: Whether it brings a timestamp of its own, good or bad.
        time: Time of a sound and trusted timestamp, ISO 8601 with zone; None without one.
        test_authority: Names in the chain say that this is a test authority.
    """

    start: Count
    resumes: Count
    end: Count
    is_timestamp: bool = False
    could_look: bool = False
    sound: bool = False
    regular: bool = False
    trusted: bool = False
    pinned: bool = False
    signer: Annotated[str, Field(max_length=MOST_NAME)] = ""
    issuer: Annotated[str, Field(max_length=MOST_NAME)] = ""
    serial: Annotated[str, Field(pattern=r"^-?[0-9]*$", max_length=1000)] = ""
    has_token: bool = False
    time: Annotated[str, Field(max_length=60)] | None = None
    test_authority: bool = False

    def covers(self, place: int) -> bool:
        """Return whether the bytes before a place are signed, those of the container left out."""
        return place <= self.start or self.resumes <= place <= self.end

    @property
    def time_and_trust(self) -> bool:
        """Return whether signer and timestamp are both trusted."""
        return self.trusted and self.time is not None
