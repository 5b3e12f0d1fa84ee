"""JSON forms of what the command line alone answers: its results name files where it wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pks_kit.json_types import Count
from pks_kit.pipelines.law import LawShowResult
from pks_kit.policy.document_policy import DocumentPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownParameter:
    """One dated parameter with everything that is known of it."""

    parameter: LawShowResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedKind:
    """What is asked of a kind of document today.

    Attributes:
        kebijakan: The policy.
        ukuran_bita: Largest file in bytes, or None.
        dasar_ukuran: Legal basis of that limit.
    """

    kebijakan: DocumentPolicy
    ukuran_bita: Count | None
    dasar_ukuran: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedKinds:
    """Every kind of document that can be named with ``--jenis``, sorted by name."""

    jenis: tuple[ListedKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxWritten:
    """Test keys that were written.

    Attributes:
        files: Every file.
        test: Nothing signed with them has legal effect.
    """

    files: tuple[Path, ...]
    test: Literal[True] = True
