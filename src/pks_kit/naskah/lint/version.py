"""Lint a whole template version: without contract data as far as possible, fully with a sample."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pks_kit.errors import PksKitError, TemplateError
from pks_kit.naskah.assemble import (
    check_head,
    check_signature_codes,
    parse_part,
    signatures_of,
    with_names,
)
from pks_kit.naskah.blocks import read_blocks
from pks_kit.naskah.catalogue import PartFile, PartReader, TemplateVersion, load_version
from pks_kit.naskah.letters import LetterTemplate, assemble_letter
from pks_kit.naskah.lint.features import feature_findings
from pks_kit.naskah.lint.findings import LintFinding, finding_of
from pks_kit.naskah.lint.numbers import PassageText, constant_findings, number_findings
from pks_kit.naskah.lint.parameters import parameter_findings
from pks_kit.naskah.lint.passages import passages
from pks_kit.naskah.lint.punctuation import punctuation_findings
from pks_kit.naskah.lint.skeleton import Skeleton, read_skeletons
from pks_kit.naskah.lint.spelling import Names, read_names, spelling_findings
from pks_kit.naskah.lint.terms import GLOSSARY, capital_findings, terms_of, use_findings
from pks_kit.naskah.numbering import NumberedPart, number_part
from pks_kit.naskah.parsed import ParsedPart
from pks_kit.naskah.provenance import provenance_problems
from pks_kit.naskah.references import ReferenceIndex, references_with_origin


def lint_version(
    versi: str,
    *,
    templates_root: Path,
    parameter_names: Collection[str] | None = None,
) -> tuple[LintFinding, ...]:
    """Look for mistakes in the templates of a version, for all kinds of facility, without data.

    Args:
        versi: Template version id.
        templates_root: Folder that holds the versions and the lampiran.
        parameter_names: Full names of all dated parameters; None leaves them unchecked.

    Returns:
        Findings sorted by file and line; empty when all is well.

    Raises:
        InputError: ``naskah.unknown_version``.
    """
    try:
        version = load_version(versi, templates_root)
    except TemplateError as error:
        return (finding_of(error, f"{versi}/manifest.yml"),)
    findings: list[LintFinding] = list(_unused_files(version))
    try:
        names = read_names(templates_root)
    except TemplateError as error:
        return (finding_of(error, templates_root.name),)
    terms = _terms(version)
    linter = _Linter(version, parameter_names, names, terms)
    for kind in version.kinds():
        try:
            parts = version.parts(kind)
        except TemplateError as error:
            findings.append(finding_of(error, version.manifest_file))
            continue
        findings += linter.findings(parts)
    return _sorted(findings)


def lint_with_data(
    versi: str, *, templates_root: Path, jenis_faskes: str, context: Mapping[str, Any]
) -> tuple[LintFinding, ...]:
    """Look only for what shows with data; :func:`lint_version` has looked at the kind without.

    Args:
        versi: Template version id.
        templates_root: Folder that holds the versions and the lampiran.
        jenis_faskes: Kind of facility.
        context: Sample data.

    Raises:
        InputError: ``naskah.unknown_version``.
        TemplateError: The manifest is wrong.
    """
    version = load_version(versi, templates_root)
    names = read_names(templates_root)
    return _sorted(_with_data(version, jenis_faskes, context, names, _terms(version)))


def lint_letter(
    template: LetterTemplate,
    parameter_names: Collection[str],
    context: Mapping[str, Any] | None = None,
) -> tuple[LintFinding, ...]:
    """Look for mistakes in the templates of a letter.

    Args:
        template: The kind of letter.
        parameter_names: Full names of all dated parameters.
        context: Sample values for a full check.

    Returns:
        Findings sorted by file and line; empty when all is well.
    """
    linter = _Linter(template, parameter_names, Names(), frozenset())
    findings = linter.findings(template.parts())
    for name in template.manifest.parameters():
        if name not in parameter_names:
            file = template.manifest_file
            told = {"name": name, "near": "-"}
            unknown = LintFinding(file=file, line=1, code="lint.unknown_parameter", params=told)
            findings.append(unknown)
    if context is not None:
        try:
            assemble_letter(template, context, nomor="1", cara_kontrak="manual")
        except PksKitError as error:
            findings.append(finding_of(error, template.manifest_file))
    return _sorted(findings)


class _Linter:
    """Lints the parts of kinds of facilities without data; what kinds share is read once."""

    def __init__(
        self,
        version: PartReader,
        parameter_names: Collection[str] | None,
        names: Names,
        terms: frozenset[str],
    ) -> None:
        self._version = version
        self._names = parameter_names
        self._spelling = names
        self._known = terms.union(names.nama_diri) if terms else frozenset[str]()
        self._found: list[LintFinding] = []
        self._read: dict[PartFile, list[NumberedPart]] = {}

    def findings(self, parts: Iterable[PartFile]) -> list[LintFinding]:
        self._found = []
        numbered: list[NumberedPart] = []
        complete = True
        for part in parts:
            try:
                if part not in self._read:
                    self._read[part] = self._part(part)
                numbered += self._read[part]
            except PksKitError as error:
                complete = False
                self._found.append(finding_of(error, part.file))
        # A part that could not be read would make every reference to it look unresolved.
        if complete:
            self._found += _references(numbered, without_data=True)
        return self._found

    def _part(self, part: PartFile) -> list[NumberedPart]:
        template = self._version.read(part)
        try:
            check_head(part, template.head)
        except TemplateError as error:
            self._found.append(finding_of(error, part.file))
        fitur = self._version.fitur
        skeletons = read_skeletons(part.file, template.body, fitur)
        self._found += feature_findings(part.file, skeletons[0].tree, fitur)
        if self._names is not None:
            self._found += parameter_findings(part.file, skeletons[0].tree, self._names)
        self._found += constant_findings(part.file, skeletons[0].tree)
        numbered: list[NumberedPart] = []
        for skeleton in skeletons:
            blocks = read_blocks(skeleton.source, headings=part.jenis == "lampiran")
            parsed = ParsedPart(part=part, head=template.head, isi=blocks)
            self._words(parsed, skeleton, template.body)
            numbered.append(number_part(parsed))
            self._found += punctuation_findings(numbered[-1])
        if not any(one.parsed.isi for one in numbered):
            raise TemplateError("naskah.empty_part", file=part.file, line=1)
        return numbered

    def _words(self, parsed: ParsedPart, skeleton: Skeleton, body: str) -> None:
        for problem in provenance_problems(parsed, self._version.sumber):
            self._found.append(finding_of(problem, parsed.part.file))
        text = PassageText(
            file=parsed.part.file,
            skeleton=skeleton,
            lines=tuple(body.split("\n")),
            is_pasal=parsed.part.jenis == "pasal",
        )
        for passage in passages(parsed):
            self._found += number_findings(text, passage)
        self._found += spelling_findings(parsed, self._spelling)
        if self._known:
            self._found += capital_findings(parsed, self._known)


def _references(numbered: list[NumberedPart], *, without_data: bool) -> Iterator[LintFinding]:
    """Yield what is wrong with labels and references of parts that were all read.

    Without data a label may seem to exist several times: once in each branch.
    """
    index = ReferenceIndex(numbered, strict=False)
    if not without_data:
        for problem in index.problems:
            yield finding_of(problem, str(problem.params["file"]))
    for part in numbered:
        for reference, origin in references_with_origin(part):
            try:
                index.resolve(reference, origin)
            except TemplateError as error:
                if not (without_data and error.code == "naskah.reference_ambiguous"):
                    yield finding_of(error, part.parsed.part.file)


def _terms(version: TemplateVersion) -> frozenset[str]:
    """Return the names of all terms that some year of the family defines; none without glossary."""
    found: set[str] = set()
    manifest = version.manifest
    entries = {entry.subjek for entry in manifest.pasal}
    if GLOSSARY not in entries:
        return frozenset()
    with suppress(PksKitError):  # what is wrong with the file is a finding of its own
        part = next(one for one in version.parts(version.kinds()[0]) if one.subjek == GLOSSARY)
        template = version.read(part)
        for fitur in (dict.fromkeys(manifest.fitur, True), dict.fromkeys(manifest.fitur, False)):
            for skeleton in read_skeletons(part.file, template.body, fitur):
                blocks = read_blocks(skeleton.source, headings=False)
                parsed = ParsedPart(part=part, head=template.head, isi=blocks)
                found.update(name for term in terms_of([parsed]) for name in term.names)
    return frozenset(found)


def _with_data(
    version: TemplateVersion,
    kind: str,
    context: Mapping[str, Any],
    names: Names,
    terms: frozenset[str],
) -> Iterator[LintFinding]:
    """Yield what only shows with data: undefined names, wrong values, labels of real branches."""
    values = with_names(version.manifest, context)
    parsed: list[ParsedPart] = []
    numbered: list[NumberedPart] = []
    complete = True
    for part in version.parts(kind):
        try:
            parsed.append(parse_part(version, part, values))
            numbered.append(number_part(parsed[-1]))
        except PksKitError as error:
            complete = False
            yield finding_of(error, part.file)
    if not complete:
        return
    try:
        check_signature_codes(signatures_of(parsed))
    except TemplateError as error:
        yield finding_of(error, version.manifest_file)
    yield from _references(numbered, without_data=False)
    for one in parsed:
        yield from spelling_findings(one, names)
    if terms:
        yield from use_findings(parsed, terms.difference(names.nama_diri), kind)


def _unused_files(version: TemplateVersion) -> Iterator[LintFinding]:
    folder = version.root / version.manifest.versi / "pasal"
    used = {f"{entry.subjek}.md" for entry in version.manifest.pasal}
    for path in sorted(folder.glob("*.md")):
        if path.name not in used:
            file = f"{version.manifest.versi}/pasal/{path.name}"
            yield LintFinding(file=file, line=1, code="lint.unused_file", level="warning")


def _sorted(findings: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
    """Return findings by file and line, each once although several kinds share a file."""
    unique = {(f.file, f.line, f.code, str(sorted(f.params.items()))): f for f in findings}
    return tuple(unique[key] for key in sorted(unique))
