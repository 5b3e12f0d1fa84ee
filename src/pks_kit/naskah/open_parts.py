"""Parts whose values are still open: read, numbered and built once for all facilities alike.

What Jinja makes of a template holds marks instead of values, so its text is the same for every
facility that goes through the same branches and loops. Reading that text as Markdown, numbering its
clauses and resolving its references gives the same tree, but for the words behind the marks.

A few things depend on values all the same, and so they are part of the key under which a tree is
kept: whether a value is empty, whether it is a signature block, and the values that stand in
attributes and in targets of references. Where that is not enough, :class:`NotOpen` sends the caller
to the ordinary way, which reads the text with its values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import pairwise

from pks_kit.errors import TemplateError
from pks_kit.met import MetTwice
from pks_kit.naskah.building import ROW, build_part
from pks_kit.naskah.catalogue import PartFile
from pks_kit.naskah.folded_rows import RowValues, fold_rows, unfolded
from pks_kit.naskah.front_matter import FrontMatter
from pks_kit.naskah.kept_blocks import read_open_blocks
from pks_kit.naskah.numbering import NumberedPart, number_part
from pks_kit.naskah.parsed import (
    Inlines,
    ParsedPart,
    ParsedReference,
    ParsedSignatures,
    walk_parsed,
)
from pks_kit.naskah.references import ReferenceIndex, inlines_of, references_with_origin
from pks_kit.naskah.sections_read import OpenValues, read_sections, shape_of
from pks_kit.naskah.slots import OpenTree
from pks_kit.naskah.source_text import VALUE_MARK, Printed, SourceText
from pks_kit.naskah.tree import Teks

_KEPT = 600
"""Parts that are kept at once: seventeen agreements' worth, most of them shared by all."""

_MOST_TREES = 8
"""Trees of one part: as many places as what it refers to has in different kinds of agreement."""


class NotOpen(Exception):
    """A part whose tree depends on its values in a way that cannot be told beforehand."""


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """What other parts may refer to in a part: one object for all parts that offer the same."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenPart:
    """A part with slots, the same object for everybody who asks with the same text.

    Attributes:
        numbered: The part; its words hold marks.
        names: What other parts may refer to in it.
        refers: Kind and subject of itself and of the parts that it refers to.
        signatures: Number of each signature block among the values, and its line.
        trees: What was built of it, by the names that it refers to; it goes with the part.
    """

    numbered: NumberedPart
    names: Names
    refers: frozenset[tuple[str, str]]
    signatures: tuple[tuple[int, int], ...]
    trees: dict[tuple[Names, ...], OpenTree] = field(default_factory=dict, repr=False)


_PARTS: MetTwice[Hashable, OpenPart] = MetTwice(_KEPT)
_STRUCTURAL: MetTwice[Hashable, tuple[int, ...]] = MetTwice(_KEPT)
_NAMES: MetTwice[Hashable, Names] = MetTwice(_KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A part with slots, and what one facility puts into them.

    Attributes:
        part: The part, for all facilities alike.
        values: What its marks stand for.
        rows: Rows that a loop of the template printed, folded into the first of them.
    """

    part: OpenPart
    values: Sequence[Printed]
    rows: Mapping[int, tuple[RowValues, ...]]


def open_part(
    part: PartFile, head: FrontMatter, source: SourceText, check: Callable[[ParsedPart], None]
) -> Opened:
    """Return a part with slots and its values.

    Args:
        part: Which one.
        head: Its head, as this agreement words it.
        source: Its text after Jinja.
        check: Refuses what no part of the version may have; asked once for each text.

    Raises:
        NotOpen: See the class.
        TemplateError: A mistake of the template. It may name a mark instead of a value, so the
            caller reads the part in the ordinary way, which says it better.
    """
    folded = fold_rows(source)
    opened, structural = _opened(part, head, folded.source, check)
    if any(number in folded.rows for number in structural):
        # what decides structure in one row may be another thing in the next
        folded = unfolded(source)
        opened, _ = _opened(part, head, source, check)
    return Opened(part=opened, values=folded.source.values.entries, rows=folded.rows)


def _opened(
    part: PartFile, head: FrontMatter, source: SourceText, check: Callable[[ParsedPart], None]
) -> tuple[OpenPart, tuple[int, ...]]:
    values = source.values.entries
    text: Hashable = (part, head, source.text, source.lines)
    shape = tuple(shape_of(one) for one in values)
    read = lru_cache(maxsize=1)(partial(_read, part, head, source, check))
    structural = _STRUCTURAL.get((text, shape), lambda: read()[1])
    fixed = tuple(values[number] for number in structural)
    return _PARTS.get((text, shape, fixed), lambda: read()[0]), structural


def open_trees(parts: tuple[OpenPart, ...]) -> tuple[OpenTree, ...]:
    """Return the parts of a document with their references resolved, slots still open.

    Raises:
        NotOpen: See the class.
        TemplateError: As for :func:`open_part`.
    """
    # A part is built anew only when something in a part that it refers to has another place.
    offered = [(_named(one.numbered.parsed.part), one.names) for one in parts]
    return tuple(
        _tree(one, tuple(names for named, names in offered if named in one.refers), parts)
        for one in parts
    )


def _tree(part: OpenPart, offered: tuple[Names, ...], parts: tuple[OpenPart, ...]) -> OpenTree:
    found = part.trees.get(offered)
    if found is None:
        built = OpenTree(build_part(part.numbered, _index(parts)))
        if len(part.trees) >= _MOST_TREES:
            part.trees.clear()
        found = part.trees.setdefault(offered, built)
    return found


def _named(part: PartFile) -> tuple[str, str]:
    return part.jenis, part.subjek


@lru_cache(maxsize=1)
def _index(parts: tuple[OpenPart, ...]) -> ReferenceIndex:
    return ReferenceIndex(one.numbered for one in parts)


def _read(
    part: PartFile, head: FrontMatter, source: SourceText, check: Callable[[ParsedPart], None]
) -> tuple[OpenPart, tuple[int, ...]]:
    if part.jenis == "lampiran" and source.lines:
        blocks, asked_values = read_sections(source)
    else:
        marks = OpenValues(source.values.entries)
        text = SourceText(file=source.file, text=source.text, lines=source.lines, values=marks)
        shape = tuple(map(shape_of, source.values.entries))
        headings = part.jenis == "lampiran"
        blocks = read_open_blocks(text, shape, marks.asked, headings=headings)
        asked_values = marks.asked
    if not blocks:
        raise TemplateError("naskah.empty_part", file=part.file, line=1)
    parsed = ParsedPart(part=part, head=head, isi=blocks)
    check(parsed)
    for node in walk_parsed(blocks):
        for words in inlines_of(node):
            _refuse_doubtful_rows(words)
    numbered = number_part(parsed)
    whole = "", 1, numbered.place
    labels = (
        (node.label, node.line, place) for node, place in numbered.places.items() if node.label
    )
    signatures = (
        (int(node.blok.pembuka[1:-1]), node.line)
        for node in walk_parsed(blocks)
        if isinstance(node, ParsedSignatures)
    )
    asked = (one for one, _ in references_with_origin(numbered))
    opened = OpenPart(
        numbered=numbered,
        names=_NAMES.get((whole, *labels), Names),
        refers=frozenset({(one.jenis or part.jenis, one.subjek or part.subjek) for one in asked})
        | {_named(part)},
        signatures=tuple(signatures),
    )
    return opened, tuple(sorted(asked_values))


def _refuse_doubtful_rows(words: Inlines) -> None:
    """Refuse words behind a reference that might join it with the next to a row.

    Raises:
        NotOpen: The words hold a value, and no more beside it than such a row would.
    """
    for before, part in pairwise(words):
        if not isinstance(before, ParsedReference) or not isinstance(part, Teks):
            continue
        pieces = [one.strip() for one in VALUE_MARK.split(part.teks)[::2]]
        if len(pieces) > 1 and any(_might_say(pieces, phrase) for phrase in ROW):
            raise NotOpen


def _might_say(pieces: Iterable[str], phrase: str) -> bool:
    at = 0
    for piece in pieces:
        found = phrase.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True
