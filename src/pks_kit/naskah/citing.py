"""Name a clause of one document from outside, for example in an addendum to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pks_kit.errors import TemplateError
from pks_kit.naskah.assemble import parse_part, with_names
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.numbering import number_part, part_place
from pks_kit.naskah.parsed import ParsedReference
from pks_kit.naskah.references import ReferenceIndex

Target = tuple[Literal["pasal", "lampiran"], str, str]
"""Kind of part, subject, label: ``("pasal", "lain-lain", "perubahan")``."""


def cite(
    versi: str,
    jenis_faskes: str,
    context: Mapping[str, Any],
    targets: Iterable[Target],
    templates_root: Path,
) -> dict[Target, str]:
    """Return how clauses of a document are named from outside: ``Pasal 21 ayat (3)``.

    Args:
        versi: Template version of the document.
        jenis_faskes: Kind of facility.
        context: Values that its templates may name.
        targets: Clauses to name. One that the document does not have is left out of the answer.
        templates_root: Folder that holds the versions and the lampiran.

    Raises:
        InputError: ``naskah.unknown_version``.
        TemplateError: A template that holds a target is wrong.
    """
    wanted = tuple(targets)
    version = load_version(versi, templates_root)
    values = with_names(version.manifest, context)
    parts = version.parts(jenis_faskes)
    holders = {(jenis, subjek) for jenis, subjek, _ in wanted}
    numbered = [
        number_part(parse_part(version, part, values))
        for part in parts
        if (part.jenis, part.subjek) in holders
    ]
    index = ReferenceIndex(numbered, strict=False)
    outside = part_place(next(part for part in parts if part.jenis == "penutup"))
    found: dict[Target, str] = {}
    for target in wanted:
        jenis, subjek, label = target
        reference = ParsedReference(
            jenis=jenis, subjek=subjek, label=label, teks="", tebal=False, miring=False, line=1
        )
        try:
            found[target] = index.resolve(reference, outside).teks
        except TemplateError:  # an earlier version may lack the clause
            continue
    return found
