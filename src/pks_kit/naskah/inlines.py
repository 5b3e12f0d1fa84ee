"""Words inside a paragraph, heading or cell: emphasis, references, line breaks, printed values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, cast

from markdown_it.tree import SyntaxTreeNode

from pks_kit.naskah.parsed import Inlines, ParsedInline, ParsedReference
from pks_kit.naskah.source_text import VALUE_MARK, SourceText, TemplateFault
from pks_kit.naskah.tree import BlokTandaTangan, GantiBaris, Teks

_TARGET = re.compile(
    r"(?:(?P<jenis>pasal|lampiran):(?P<subjek>[a-z0-9]+(?:-[a-z0-9]+)*))?"
    r"(?:#(?P<label>[a-z0-9]+(?:-[a-z0-9]+)*))?"
)
_STRAY = (
    ("naskah.attribute_stray", re.compile(r"\{:")),
    ("naskah.reference_broken", re.compile(r"\]\(|\]\[")),
    ("naskah.html_refused", re.compile(r"<(?=[A-Za-z/!?])")),
)
_SPACES = re.compile(r"[ \t]+")


class _Words:
    """Collects words; runs of spaces in template text become one, values stay as they are."""

    def __init__(self) -> None:
        self._pieces: list[ParsedInline] = []
        self._after_space = True
        self._template_end = False

    def add_text(self, text: str, *, tebal: bool, miring: bool) -> None:
        words = _SPACES.sub(" ", text)
        if self._after_space:
            words = words.lstrip(" ")
        if words:
            self._append(words, tebal=tebal, miring=miring)
            self._after_space = words.endswith(" ")
            self._template_end = True

    def add_value(self, value: str, *, tebal: bool, miring: bool) -> None:
        if value:
            self._append(value, tebal=tebal, miring=miring)
            self._after_space = self._template_end = False

    def add_reference(self, reference: ParsedReference) -> None:
        self._pieces.append(reference)
        self._after_space = self._template_end = False

    def add_break(self) -> None:
        self._trim_end()
        self._pieces.append(GantiBaris())
        self._after_space, self._template_end = True, False

    def finish(self) -> Inlines:
        self._trim_end()
        return tuple(self._pieces)

    def _append(self, words: str, *, tebal: bool, miring: bool) -> None:
        last = self._pieces[-1] if self._pieces else None
        if isinstance(last, Teks) and (last.tebal, last.miring) == (tebal, miring):
            words = last.teks + words
            self._pieces.pop()
        self._pieces.append(Teks(teks=words, tebal=tebal, miring=miring))

    def _trim_end(self) -> None:
        last = self._pieces[-1] if self._pieces else None
        if self._template_end and isinstance(last, Teks) and last.teks.endswith(" "):
            self._pieces.pop()
            rest = last.teks.rstrip(" ")
            if rest:
                self._pieces.append(Teks(teks=rest, tebal=last.tebal, miring=last.miring))


class _InlineReader:
    def __init__(self, source: SourceText, index: int) -> None:
        self._source = source
        self._index = index
        self._words = _Words()

    def read(self, nodes: Iterable[SyntaxTreeNode]) -> Inlines:
        self._read(nodes, tebal=False, miring=False)
        return self._words.finish()

    def _read(self, nodes: Iterable[SyntaxTreeNode], *, tebal: bool, miring: bool) -> None:
        for node in nodes:
            match node.type:
                case "text":
                    self._text(node.content, tebal=tebal, miring=miring)
                case "text_special":
                    self._words.add_text(node.content, tebal=tebal, miring=miring)
                case "softbreak":
                    self._words.add_text(" ", tebal=tebal, miring=miring)
                    self._index += 1
                case "hardbreak":
                    self._words.add_break()
                    self._index += node.markup != "br"
                case "strong":
                    self._read(node.children, tebal=True, miring=miring)
                case "em":
                    self._read(node.children, tebal=tebal, miring=True)
                case "link":
                    self._reference(node, tebal=tebal, miring=miring)
                case refused:
                    raise self._fault("naskah.construct_refused", construct=refused)

    def _text(self, text: str, *, tebal: bool, miring: bool) -> None:
        for code, pattern in _STRAY:
            if pattern.search(text):
                raise self._fault(code, text=VALUE_MARK.sub("…", text).strip()[:60])
        position = 0
        for mark in VALUE_MARK.finditer(text):
            self._words.add_text(text[position : mark.start()], tebal=tebal, miring=miring)
            value = self._source.values.entries[int(mark.group(1))]
            if isinstance(value, BlokTandaTangan):
                raise self._fault("naskah.signature_inline")
            self._words.add_value(value, tebal=tebal, miring=miring)
            position = mark.end()
        self._words.add_text(text[position:], tebal=tebal, miring=miring)

    def _reference(self, node: SyntaxTreeNode, *, tebal: bool, miring: bool) -> None:
        line = self._source.line_of(self._index)
        href = self._fill(str(node.attrs.get("href", "")))
        target = _TARGET.fullmatch(href)
        if not href or target is None or node.attrs.get("title"):
            raise self._fault("naskah.reference_syntax", target=href[:60])
        words = _InlineReader(self._source, self._index).read(node.children or ())
        if any(isinstance(part, ParsedReference) for part in words):
            raise self._fault("naskah.reference_syntax", target=href[:60])
        self._index += sum(child.type == "softbreak" for child in node.walk())
        self._words.add_reference(
            ParsedReference(
                jenis=cast(Literal["pasal", "lampiran", ""], target["jenis"] or ""),
                subjek=target["subjek"] or "",
                label=target["label"] or "",
                teks="".join(part.teks for part in words if isinstance(part, Teks)),
                tebal=tebal,
                miring=miring,
                line=line,
            )
        )

    def _fill(self, text: str) -> str:
        try:
            return self._source.values.fill(text)
        except TemplateFault as fault:
            raise fault.at(self._source.file, self._source.line_of(self._index)) from fault

    def _fault(self, code: str, /, **params: object) -> Exception:
        return self._source.fault(self._index, code, **params)


def read_inlines(node: SyntaxTreeNode, source: SourceText) -> Inlines:
    """Return the words of an ``inline`` node.

    Args:
        node: The node; its map says where it begins.
        source: The text it comes from.

    Raises:
        TemplateError: for refused constructs and broken references, with file and line.
    """
    index = node.map[0] if node.map else 0
    return _InlineReader(source, index).read(node.children)
