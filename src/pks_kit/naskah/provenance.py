"""Provenance words (``sumber``): which ones a part uses, and whether the manifest knows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pks_kit.errors import TemplateError
from pks_kit.naskah.parsed import ParsedForm, ParsedList, ParsedPart, ParsedSignatures, walk_parsed


def provenance_marks(parsed: ParsedPart) -> Iterator[tuple[str, int]]:
    """Yield every provenance word of a part with its line; the default of the file first."""
    yield parsed.head.sumber, 1
    for node in walk_parsed(parsed.isi):
        if not isinstance(node, ParsedList | ParsedForm | ParsedSignatures) and node.sumber:
            yield node.sumber, node.line


def provenance_problems(parsed: ParsedPart, known: Mapping[str, str]) -> Iterator[TemplateError]:
    """Yield an error for each missing or unknown provenance word."""
    names = ", ".join(sorted(known))
    for word, line in provenance_marks(parsed):
        if not word:
            yield TemplateError("naskah.no_sumber", file=parsed.part.file, line=line, known=names)
        elif word not in known:
            yield TemplateError(
                "naskah.unknown_sumber", file=parsed.part.file, line=line, sumber=word, known=names
            )
