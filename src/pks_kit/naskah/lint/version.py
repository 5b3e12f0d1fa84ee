"""Lint a whole template version: without contract data as far as possible, fully with a sample."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pks_kit.errors import PksKitError, TemplateError
from pks_kit.naskah.assemble import check_head, check_signature_codes, parse_part, with_names
from pks_kit.naskah.blocks import read_blocks
from pks_kit.naskah.catalogue import PartFile, TemplateVersion, load_version
from pks_kit.naskah.lint.features import feature_findings
from pks_kit.naskah.lint.findings import LintFinding, finding_of
from pks_kit.naskah.lint.numbers import PassageText, constant_findings, number_findings
from pks_kit.naskah.lint.parameters import parameter_findings
from pks_kit.naskah.lint.passages import passages
from pks_kit.naskah.lint.punctuation import punctuation_findings
from pks_kit.naskah.lint.skeleton import Skeleton, read_skeletons
from pks_kit.naskah.numbering import NumberedPart, number_part
from pks_kit.naskah.parsed import ParsedPart
from pks_kit.naskah.provenance import provenance_problems
from pks_kit.naskah.references import ReferenceIndex, references_with_origin


def lint_version(
    versi: str,
    *,
    templates_root: Path,
    jenis_faskes: str | None = None,
    parameter_names: Collection[str] | None = None,
    context: Mapping[str, Any] | None = None,
) -> tuple[LintFinding, ...]:
    """Look for mistakes in the templates of a version.

    Args:
        versi: Template version id.
        templates_root: Folder that holds the versions and the lampiran.
        jenis_faskes: Kind of facility; None looks at the editions of all kinds.
        parameter_names: Full names of all dated parameters; None leaves them unchecked.
        context: Sample data for a full check (needs ``jenis_faskes``, or takes the first kind).

    Returns:
        Findings sorted by file and line; empty when all is well.

    Raises:
        InputError: ``naskah.unknown_version``.
    """
    try:
        version = load_version(versi, templates_root)
    except TemplateError as error:
        return (finding_of(error, f"{versi}/manifest.yml"),)
    kinds = (jenis_faskes,) if jenis_faskes else version.kinds()
    findings: list[LintFinding] = list(_unused_files(version))
    for kind in kinds:
        try:
            parts = version.parts(kind)
        except TemplateError as error:
            findings.append(finding_of(error, version.manifest_file))
            continue
        findings += _Linter(version, parameter_names).findings(parts)
    if context is not None and kinds:
        findings += _with_data(version, kinds[0], context)
    return _sorted(findings)


class _Linter:
    """Lints the parts of one kind of facility without data."""

    def __init__(self, version: TemplateVersion, names: Collection[str] | None) -> None:
        self._version = version
        self._names = names
        self._found: list[LintFinding] = []

    def findings(self, parts: Iterable[PartFile]) -> list[LintFinding]:
        numbered: list[NumberedPart] = []
        complete = True
        for part in parts:
            try:
                numbered += self._part(part)
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
        fitur = self._version.manifest.fitur
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
        for problem in provenance_problems(parsed, self._version.manifest.sumber):
            self._found.append(finding_of(problem, parsed.part.file))
        text = PassageText(
            file=parsed.part.file,
            skeleton=skeleton,
            lines=tuple(body.split("\n")),
            is_pasal=parsed.part.jenis == "pasal",
        )
        for passage in passages(parsed):
            self._found += number_findings(text, passage)


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


def _with_data(
    version: TemplateVersion, kind: str, context: Mapping[str, Any]
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
        check_signature_codes(parsed)
    except TemplateError as error:
        yield finding_of(error, version.manifest_file)
    yield from _references(numbered, without_data=False)


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
