"""Defined terms: each is used, each that is used is defined, and no other word is written so.

A definition opens an item of the part :data:`GLOSSARY`: «Peserta adalah …», «Surat Izin Praktik,
yang selanjutnya disebut SIP, adalah …». Which of them an agreement needs depends on the kind of
facility and on the method, so both questions are asked of a filled text. Whether a capitalised
word is a term at all is asked of every branch, where values are no words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pks_kit.naskah.lint.findings import LintFinding
from pks_kit.naskah.lint.passages import Passage, passages
from pks_kit.naskah.parsed import ParsedPart

GLOSSARY = "ketentuan-umum"
"""Subject of the part that holds the definitions."""

_FULL = re.compile(r"\A(.{2,120}?)(?:, yang | \(| adalah )")
_SHORT = re.compile(r"yang (?:selanjutnya|dalam [^,]{1,40}) disebut (?:juga )?([^,.;]{2,80})")
_LAW_TITLE = re.compile(r"Nomor \d+ Tahun \d{4} tentang [^,;.]*")
_CAPITALISED = re.compile(
    r"(?<![\w-])[A-Z][\w/-]*(?:[ ](?:(?:dan|atau|di|pada) (?=[A-Z]))?[A-Z0-9][\w/-]*)*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A definition: its names, longest first, and where it stands."""

    names: tuple[str, ...]
    file: str
    line: int


def terms_of(parts: Iterable[ParsedPart]) -> tuple[Term, ...]:
    """Return the definitions of the glossary among some parts."""
    return tuple(
        term
        for parsed in parts
        if parsed.part.subjek == GLOSSARY
        for passage in passages(parsed)
        if (term := _term(parsed.part.file, passage))
    )


def _term(file: str, passage: Passage) -> Term | None:
    opening = _FULL.match(passage.text)
    if opening is None or " adalah " not in passage.text:
        return None
    names = {opening[1].strip(), *(name.strip() for name in _SHORT.findall(passage.text))}
    names = {name.removesuffix(" adalah") for name in names}
    return Term(names=tuple(sorted(names, key=len, reverse=True)), file=file, line=passage.line)


def use_findings(
    parts: Sequence[ParsedPart], known: Collection[str], kind: str
) -> Iterator[LintFinding]:
    """Yield definitions that a filled agreement never uses, and terms that it lacks.

    Args:
        parts: All parts, filled.
        known: Names of the terms of all branches.
        kind: Kind of facility, for the message.
    """
    terms = terms_of(parts)
    defined = {name for term in terms for name in term.names}
    own = {(term.file, term.line): term for term in terms}
    used = _used(parts, {*known, *defined}, own)
    in_prose = _used(parts, {*known, *defined}, own, prose=True)
    for term in terms:
        if not any(name in used for name in term.names):
            yield LintFinding(
                file=term.file,
                line=term.line,
                code="lint.unused_term",
                params={"term": term.names[0], "kind": kind},
            )
    for name in sorted(set(in_prose) - defined):
        file, line = in_prose[name]
        yield LintFinding(
            file=file, line=line, code="lint.undefined_term", params={"term": name, "kind": kind}
        )


def _used(
    parts: Sequence[ParsedPart],
    names: Collection[str],
    own: dict[tuple[str, int], Term],
    *,
    prose: bool = False,
) -> dict[str, tuple[str, int]]:
    """Return each name that stands outside its own definition, and where it stands first.

    A longer name is no use of a shorter one in it: «Verifikasi Paska Klaim» is no «Klaim». With
    ``prose`` headings, cells and the titles of laws do not count: they have capitals anyway.
    """
    pattern = re.compile(
        r"\b(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")\b"
    )
    found: dict[str, tuple[str, int]] = {}
    for parsed in parts:
        for passage in passages(parsed):
            if prose and passage.kind != "prose":
                continue
            term = own.get((parsed.part.file, passage.line))
            text = _LAW_TITLE.sub("", passage.text) if prose else passage.text
            for name in pattern.findall(text):
                if term is None or name not in term.names:
                    found.setdefault(name, (parsed.part.file, passage.line))
    return found


def capital_findings(parsed: ParsedPart, known: Collection[str]) -> Iterator[LintFinding]:
    """Yield capitalised words of running text that are neither a term nor a proper name.

    Args:
        parsed: One branch of a part, without data.
        known: Terms and proper names.
    """
    allowed = re.compile(
        r"\b(?:" + "|".join(map(re.escape, sorted(known, key=len, reverse=True))) + r")(?:nya)?\b"
    )
    for passage in passages(parsed):
        if passage.kind != "prose" or passage.cites_law:
            continue
        text = allowed.sub(_as_lower, passage.text)
        for match in _CAPITALISED.finditer(text):
            if not _begins_sentence(text, match.start()):
                yield LintFinding(
                    file=parsed.part.file,
                    line=passage.line,
                    code="lint.unknown_capitals",
                    params={"word": match[0]},
                )


def _as_lower(match: re.Match[str]) -> str:
    return match[0].lower()


def _begins_sentence(text: str, place: int) -> bool:
    """Return whether a sentence or a line begins at a place, blanks in front of it aside."""
    before = text[:place].rstrip()
    is_new_line = "\n" in text[len(before) : place]
    return is_new_line or not before or before[-1] in ".:;?!"
