"""Read an addendum file together with the contract data of the agreement that it changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from pks_kit.domain.adendum import Adendum
from pks_kit.files import read_limited
from pks_kit.inputs.contract_file import (
    MAXIMUM_BYTES,
    LoadedKontrak,
    load_kontrak,
    parse_model,
    path_parts,
)
from pks_kit.inputs.which_file import role_of_bytes
from pks_kit.strict_yaml.nodes import YamlMapping, line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedAdendum:
    """An addendum and its earlier agreement, together with the files they came from.

    Attributes:
        adendum: The data, checked for shape.
        induk: Contract data of the earlier agreement.
        source: Name of the addendum file, for messages.
        source_bytes: The addendum file as it was read.
    """

    adendum: Adendum
    induk: LoadedKontrak
    source: str
    source_bytes: bytes = field(repr=False)
    tree: YamlMapping = field(repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """Return the SHA-256 over both files, in hexadecimal."""
        own = hashlib.sha256(self.source_bytes).hexdigest()
        return hashlib.sha256(f"{own}\n{self.induk.sha256}\n".encode()).hexdigest()

    def line_of(self, path: str) -> int:
        """Return the line of a finding's path such as ``rekening_baru.utama.bank``."""
        return line_of(self.tree, path_parts(path))


def load_adendum(path: Path) -> LoadedAdendum:
    """Read an addendum file, and the contract data of the earlier agreement that it names.

    Args:
        path: Addendum file (YAML, at most one megabyte); the earlier one lies in the same folder.

    Raises:
        InputError: ``file.not_found`` and its kin, for either file.
        InputProblemsError: ``input.problems`` with everything that is wrong in one file.
    """
    content = read_limited(path, MAXIMUM_BYTES)
    adendum, tree = parse_adendum(content, path.name)
    parent = path.parent / adendum.perjanjian_induk.berkas
    return LoadedAdendum(
        adendum=adendum,
        induk=load_kontrak(parent),
        source=path.name,
        source_bytes=content,
        tree=tree,
    )


def parse_adendum(content: bytes, source: str) -> tuple[Adendum, YamlMapping]:
    """Read an addendum from bytes.

    Args:
        content: YAML in UTF-8.
        source: Name of the file, for messages.

    Returns:
        The data, and the tree of the file for line numbers.

    Raises:
        InputProblemsError: ``input.problems`` with everything that is wrong in the file.
    """
    return parse_model(Adendum, content, source)


def is_adendum(content: bytes) -> bool:
    """Return whether a file looks like an addendum and not like contract data."""
    return role_of_bytes(content) == "addendum"
