"""Walk all objects of a file: what runs, reaches outside, hides or explodes.

The walk goes over every object in the newest state, reachable or not, with limits on number
and depth, and never decodes more of a stream than is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pikepdf

from pks_kit.pdf.active_content import outside_parts, running_at_opening, running_parts
from pks_kit.pdf.attachments import EmbeddedFile, embedded_files, names_files
from pks_kit.pdf.form_loops import forms_repeat
from pks_kit.pdf.objects import words_in
from pks_kit.pdf.parsing import guarded
from pks_kit.pdf.stream_weight import StreamWeights

if TYPE_CHECKING:
    from pks_kit.pdf.limits import PdfLimits


_DAMAGED = re.compile(r"\(object (\d{1,10} \d{1,5}), offset \d{1,12}\)")
"""Where qpdf says which object it could not read as it stands."""


@dataclass(slots=True, kw_only=True)
class ContentFacts:
    """What the walk met; sets keep it short for files that repeat a trick.

    Attributes:
        running: What may run.
        outside: What stands outside the file.
        links: Addresses of links, cut to 80 characters.
        layers: Whether there are optional layers.
        too_much: Which limit was met (``objects``, ``filters``, ``pixels``, ``bytes``,
            ``forms``), else empty; the walk ends there and ``files`` is empty.
        damaged: Objects that are no proper PDF, by number and generation; qpdf gave up on them or
            guessed, and another reader may find in them what was not looked at.
        broken: Number and generation of the first stream that cannot be decoded, else empty.
        decoded: Bytes of all streams but pictures after decompression, an estimate from above.
        pictures_skipped: Whether pictures were left unweighed, because together they are too many.
        files: Files inside.
    """

    running: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    layers: bool = False
    too_much: str = ""
    damaged: tuple[str, ...] = ()
    broken: str = ""
    decoded: int = 0
    pictures_skipped: bool = False
    files: list[EmbeddedFile] = field(default_factory=list)


def content_facts(pdf: pikepdf.Pdf, limits: PdfLimits, remarks: Iterable[str] = ()) -> ContentFacts:
    """Return what the objects of the newest state hold.

    Args:
        pdf: The file.
        limits: What the walk may cost.
        remarks: What qpdf remarked when the file was opened.

    Raises:
        Exception: Whatever a malformed object provokes.
    """
    found = ContentFacts()
    weights, walk = StreamWeights(limits), _Walk(limits)
    specs: list[Any] = []
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            weights.add(item)
        for dictionary in walk.dictionaries(item):
            _look_at(dictionary, found)
            if names_files(dictionary):
                specs.append(dictionary)
        found.too_much = walk.too_much or weights.too_much
        if found.too_much:
            break
    else:
        found.running |= running_at_opening(pdf.Root)
        found.layers = "/OCProperties" in pdf.Root
        if guarded(lambda: forms_repeat(pdf)) is not False:
            found.too_much = "forms"
        else:
            found.files = embedded_files(pdf, specs)
    said = "\n".join([*remarks, *(str(one) for one in pdf.get_warnings())])
    found.damaged = tuple(dict.fromkeys(_DAMAGED.findall(said)))
    found.broken = weights.broken
    found.decoded = weights.decoded
    found.pictures_skipped = weights.pictures_skipped
    return found


def _look_at(dictionary: Any, found: ContentFacts) -> None:
    found.running |= running_parts(dictionary)
    found.outside |= outside_parts(dictionary)
    if "/URI" in dictionary and str(dictionary.get("/S", "")) == "/URI":
        found.links.add(words_in(dictionary["/URI"])[:80])


class _Walk:
    """Goes through objects and counts what it visits in all of them together."""

    def __init__(self, limits: PdfLimits) -> None:
        self._limits = limits
        self._visited = 0
        self.too_much = ""

    def dictionaries(self, top: Any) -> Iterator[Any]:
        """Yield the dictionaries inside one object, not following references."""
        waiting = [(top, 0)]
        while waiting:
            item, depth = waiting.pop()
            self._visited += 1
            if self._visited > self._limits.objects or depth > self._limits.depth:
                self.too_much = "objects"
                return
            if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
                yield item
                inside = [item[key] for key in item.keys()]  # noqa: SIM118 - a stream is no mapping
            elif isinstance(item, pikepdf.Array):
                inside = list(item)
            else:
                continue
            waiting += [
                (part, depth + 1)
                for part in inside
                if isinstance(part, (pikepdf.Dictionary, pikepdf.Array)) and not part.is_indirect
            ]
