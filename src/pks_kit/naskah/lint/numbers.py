"""Numbers written by hand: clause numbers, legal numbers, numbers without words.

A citation of a law may hold clause numbers: when ``Undang-Undang``, ``Peraturan``, ``Keputusan`` or
the like follows in the same sentence, when a parameter of ``aturan.dasar_hukum`` follows there, or
when the paragraph or item is marked ``{: .kutipan-hukum }``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes

from pks_kit.naskah.filters import SPELLS_WORDS
from pks_kit.naskah.lint.findings import LintFinding, LintLevel
from pks_kit.naskah.lint.parameters import parameter_names
from pks_kit.naskah.lint.passages import Passage
from pks_kit.naskah.lint.skeleton import Skeleton, is_expression

_CLAUSE = re.compile(
    r"\b(?:[Pp]asal\s+\d+|[Aa]yat\s*\(?\d+\)?|[Ll]ampiran\s+(?:[IVXLC]+|\d+)\b"
    r"|[Hh]uruf\s+[a-z]\b(?![\w-])|[Aa]ngka\s+\d+)"
)
_LAW = re.compile(
    r"Undang-Undang|Peraturan|Keputusan|Instruksi|Kitab|Qanun|Surat Edaran|UUD|Ketetapan"
)
_UNITS = (
    r"hari|minggu|pekan|bulan|triwulan|semester|tahun|kali|jam|menit|detik|orang|peserta|jiwa|persen|permil"
    r"|km|kilometer|meter|cm|mm|mg|ml|kg|liter|kb|mb|gb|kilobita|megabita|gigabita|sesi|rupiah"
)
_WORDS_IN_BRACKETS = r"(?:\([^()]*\)\s*)?"
_MEASURE = re.compile(
    rf"(?<![\w./,-])\d[\d.,]*\s*{_WORDS_IN_BRACKETS}(?:[%‰]|(?:{_UNITS})\b)|\bRp\s*+\.?\s*+\d[\d.,]*",
    re.IGNORECASE,
)
_YEAR_OF_LAW = re.compile(r"\s*\d{4}\b")
_DIGIT_WORD = (
    r"(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|seratus|seribu|setengah)"
)
_SPELLED = re.compile(
    rf"(?<![(\w-]){_DIGIT_WORD}(?:\s(?:belas|puluh|ratus|ribu|juta)(?:\s{_DIGIT_WORD})?){{0,12}}\s(?:{_UNITS})\b"
)
_BARE_NUMBER = re.compile(r"(?<![\w./,(-])\d[\d.,]*\b(?![\w/-])(?!\s*\()")
_IDENTIFIER_BEFORE = re.compile(r"(?:[Nn]omor|[Tt]ahun|No\.|\b[A-Z][a-z]+)\s*$")
_UNIT_AFTER = re.compile(rf"\s*(?:[%‰]|(?:{_UNITS}|Hari Kerja)\b)", re.IGNORECASE)
_DIGITS_ONLY = frozenset({"desimal", "persen_angka", "rupiah"})
_SPELLING = SPELLS_WORDS | _DIGITS_ONLY


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageText:
    """What the number rules need to know about a file.

    Attributes:
        file: Template file.
        skeleton: Its text without data.
        lines: Its source lines.
        is_pasal: Whether numerals need words in its running text.
    """

    file: str
    skeleton: Skeleton
    lines: tuple[str, ...]
    is_pasal: bool

    def finding(self, code: str, passage: Passage, found: str, level: LintLevel) -> LintFinding:
        """Return a finding at the source line that holds the words."""
        shown = "".join("…" if is_expression(c) else c for c in found).strip()
        return LintFinding(
            file=self.file,
            line=self._line(passage.line, found),
            code=code,
            level=level,
            params={"text": shown},
        )

    def _line(self, first: int, found: str) -> int:
        """Return the line of the words at or after the passage's first line."""
        start = re.split(r"\s", found.strip(), maxsplit=1)[0]
        whole = re.compile(rf"(?<![\w.,]){re.escape(start)}(?![\w])")
        for number in range(first, min(first + 60, len(self.lines) + 1)):
            if whole.search(self.lines[number - 1]):
                return number
        return first


def number_findings(text: PassageText, passage: Passage) -> Iterator[LintFinding]:
    """Yield every number of a passage that should not be written by hand."""
    level: LintLevel = "error" if passage.kind == "prose" else "warning"
    if not passage.cites_law:
        yield from _clause_numbers(text, passage, level)
        yield from _measures(text, passage, level)
        yield from _spelled_numbers(text, passage)
    if text.is_pasal and passage.kind == "prose":
        if not passage.cites_law:
            yield from _bare_numbers(text, passage)
        yield from _wordless_expressions(text, passage)


def _clause_numbers(text: PassageText, passage: Passage, level: LintLevel) -> Iterator[LintFinding]:
    for found in _CLAUSE.finditer(passage.text):
        if not _law_follows(text, passage.text[found.end() :]):
            yield text.finding("lint.handwritten_reference", passage, found.group(), level)


def _law_follows(text: PassageText, rest: str) -> bool:
    sentence = re.split(r"[.;](?:\s|$)", rest, maxsplit=1)[0]
    if _LAW.search(sentence):
        return True
    expressions = (text.skeleton.expression(c) for c in sentence if is_expression(c))
    names = (name for e in expressions if e is not None for name, _ in parameter_names(e))
    return any(name.startswith("dasar_hukum.") for name in names)


def _measures(text: PassageText, passage: Passage, level: LintLevel) -> Iterator[LintFinding]:
    for found in _MEASURE.finditer(passage.text):
        law_year = found.group().lower().endswith("tahun") and _YEAR_OF_LAW.match(
            passage.text, found.end()
        )
        if not law_year:
            yield text.finding("lint.handwritten_parameter", passage, found.group(), level)


def _spelled_numbers(text: PassageText, passage: Passage) -> Iterator[LintFinding]:
    for found in _SPELLED.finditer(passage.text):
        yield text.finding("lint.number_in_words", passage, found.group(), "warning")


def _bare_numbers(text: PassageText, passage: Passage) -> Iterator[LintFinding]:
    """Numerals of the template without words; citations, years and names are exempt."""
    taken = [m.span() for m in (*_MEASURE.finditer(passage.text), *_CLAUSE.finditer(passage.text))]
    for found in _BARE_NUMBER.finditer(passage.text):
        inside = any(start <= found.start() < end for start, end in taken)
        if not inside and not _IDENTIFIER_BEFORE.search(passage.text[: found.start()]):
            yield text.finding("lint.number_without_words", passage, found.group(), "error")


def _wordless_expressions(text: PassageText, passage: Passage) -> Iterator[LintFinding]:
    for position, character in enumerate(passage.text):
        expression = text.skeleton.expression(character) if is_expression(character) else None
        if expression is None or not list(parameter_names(expression)):
            continue
        filters = {node.name for node in _filters(expression)}
        if filters & SPELLS_WORDS:
            continue
        unit = _UNIT_AFTER.match(passage.text, position + 1)
        if filters & _DIGITS_ONLY or unit:
            name = next(iter(parameter_names(expression)))[0]
            shown = f"aturan.{name}" + (unit.group() if unit else "")
            yield LintFinding(
                file=text.file,
                line=expression.lineno,
                code="lint.number_without_words",
                params={"text": shown},
            )


def constant_findings(file: str, tree: nodes.Template) -> Iterator[LintFinding]:
    """Yield numbers written by hand inside ``{{ ... }}`` or ``{% ... %}``.

    ``{{ 3 | bilangan }}`` is as much a number of the template as ``3 (tiga)``.
    """
    for node in tree.find_all(nodes.Filter):
        if node.name in _SPELLING and isinstance(node.node, nodes.Const):
            shown = f"{node.node.value} | {node.name}"
            yield _constant(file, node.lineno, shown)
    for const in tree.find_all(nodes.Const):
        found = _MEASURE.search(const.value) if isinstance(const.value, str) else None
        if found:
            yield _constant(file, const.lineno, found.group())


def _constant(file: str, line: int, shown: str) -> LintFinding:
    return LintFinding(
        file=file, line=line, code="lint.handwritten_parameter", params={"text": shown}
    )


def _filters(expression: nodes.Expr) -> Iterator[nodes.Filter]:
    if isinstance(expression, nodes.Filter):
        yield expression
    yield from expression.find_all(nodes.Filter)
