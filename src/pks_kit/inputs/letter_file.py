"""A letter's data together with the contract data that it is about."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from pks_kit.domain.surat import DataSurat
from pks_kit.inputs.contract_file import LoadedKontrak, path_parts
from pks_kit.inputs.which_file import role_of_bytes
from pks_kit.strict_yaml.nodes import YamlMapping, line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSurat:
    """A letter's data and the agreement, together with the files they came from.

    Attributes:
        surat: The data, checked for shape.
        perjanjian: Contract data of the agreement.
        sebelumnya: Earlier contract data, for a notice of what changed.
        source: Name of the letter's file, for messages.
        source_bytes: The letter's file as it was read.
    """

    surat: DataSurat
    perjanjian: LoadedKontrak
    sebelumnya: LoadedKontrak | None
    source: str
    source_bytes: bytes = field(repr=False)
    tree: YamlMapping = field(repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """Return the SHA-256 over all files, in hexadecimal."""
        earlier = self.sebelumnya.sha256 if self.sebelumnya else ""
        own = hashlib.sha256(self.source_bytes).hexdigest()
        together = f"{own}\n{self.perjanjian.sha256}\n{earlier}\n"
        return hashlib.sha256(together.encode()).hexdigest()

    def line_of(self, path: str) -> int:
        """Return the line of a finding's path such as ``angsuran[1].tanggal``."""
        return line_of(self.tree, path_parts(path))


def contract_beside(letter: Path, berkas: str) -> Path:
    """Return where the contract data of a letter stands: in its folder, else in the one above."""
    above = letter.resolve().parent.parent / berkas
    beside = letter.parent / berkas
    return above if not beside.exists() and above.is_file() else beside


def is_letter(content: bytes) -> bool:
    """Return whether a file looks like a letter's data and not like contract data.

    Every letter names the file of its agreement (``perjanjian: {berkas: ...}``); contract data have
    no such key, and what describes a facility is never left out.
    """
    return role_of_bytes(content) == "letter"
