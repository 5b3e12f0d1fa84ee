"""What one examination needs: the file, what is known beside it, and what it may cost.

Loads no parser, so that whoever only hands a file to the guarded child stays light.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.pki.material import EncodedMaterial
from pks_kit.policy.document_policy import UMUM
from pks_kit.verification.file.issued_bytes import issued_identity
from pks_kit.verification.limits import Limits

if TYPE_CHECKING:
    from pks_kit.domain.receipt import Receipt
    from pks_kit.pki.anchors import TrustAnchor
    from pks_kit.policy.document_policy import PolicyInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Everything one examination needs.

    Attributes:
        content: The file.
        issued: The issued file, if given.
        receipt: The receipt written beside the issued file, if given.
        policy: Policy of the kind that the caller named; None: the receipt decides, else ``umum``.
        anchors: Certificates that the user trusts.
        pins: Pinned anchors of ``anchors.yml`` by fingerprint.
        signing_root: Folder of the signing profiles.
        now: Moment of the examination, with zone.
        kit_version: Version to write into the report.
        limits: Limits.
        fetched: Answers about revocation that the caller fetched for this file.
        knows_own_updates: Whether revisions of ours may be known by their bytes; False has every
            revision compared by the parsers, for proofs that both say the same.
    """

    content: bytes
    issued: bytes | None = None
    receipt: Receipt | None = None
    policy: PolicyInForce | None = None
    anchors: tuple[TrustAnchor, ...] = ()
    pins: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    signing_root: Path
    now: datetime
    kit_version: str
    limits: Limits = field(default_factory=Limits)
    fetched: EncodedMaterial = field(default_factory=EncodedMaterial)
    knows_own_updates: bool = True

    _identity: list[tuple[str, int]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )
    _sha256: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """Return the hash of the file, which is computed once."""
        if not self._sha256:
            self._sha256.append(hashlib.sha256(self.content).hexdigest())
        return self._sha256[0]

    @property
    def issued_identity(self) -> tuple[str, int]:
        """Return hash and size of the issued file, which are found once; empty when not known."""
        if not self._identity:
            self._identity.append(issued_identity(self.issued, self.receipt))
        return self._identity[0]

    @property
    def leaves_time_open(self) -> bool:
        """Return whether somebody asked about any PDF, so that no profile asks for timestamps."""
        named = self.policy is not None and self.policy.kebijakan.nama == UMUM
        return named and self.receipt is None and not self.knows_issued

    @property
    def knows_issued(self) -> bool:
        """Return whether the issued file, or its hash, is known."""
        given = self.receipt is not None and self.receipt.issued is not None
        return self.issued is not None or given
