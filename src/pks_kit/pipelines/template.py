"""Look at templates: which versions there are, what is in one, what is wrong, what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pks_kit.domain.sifat_faskes import JENIS_BAKU
from pks_kit.errors import TemplateError
from pks_kit.inputs import load_adendum, load_kontrak
from pks_kit.naskah.catalogue import list_versions, load_version
from pks_kit.naskah.letters import FOLDER as LETTERS
from pks_kit.naskah.letters import list_letters, load_letter
from pks_kit.naskah.lint import LintFinding, lint_letter, lint_version, lint_with_data
from pks_kit.naskah.overview import VersionOverview, show_version
from pks_kit.pipelines.addendum import addendum_context
from pks_kit.pipelines.compare import CompareRequest, CompareResult, compare_versions
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.pipelines.letter import LetterDraftRequest, read_letter, values_of_letter
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given_data import KontrakInput, read_kontrak
from pks_kit.resources import (
    addendum_samples,
    contract_samples,
    letter_sample,
    samples_root,
    templates_root,
)
from pks_kit.rules.law.parameters import load_parameters

DEFAULT_SAMPLE = "klinik-pratama-rawat-inap.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateListRequest(Request):
    """Nothing is asked; all versions are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """A template version.

    Attributes:
        versi: Version id, for example ``pks_2024``.
        nama: Name for people.
        jenis: Kinds of facility that it has an edition for.
    """

    versi: str
    nama: str
    jenis: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateListResult:
    """All template versions."""

    templates: tuple[TemplateRow, ...]


@verb
def template_list(request: TemplateListRequest) -> TemplateListResult:
    """List the template versions.

    Raises:
        TemplateError: The head of one is wrong.
        UsageError: ``request.type``.
    """
    del request  # there is nothing to choose
    root = templates_root()
    versions = [load_version(name, root) for name in list_versions(root)]
    return TemplateListResult(
        templates=tuple(
            TemplateRow(versi=one.manifest.versi, nama=one.manifest.nama, jenis=one.kinds())
            for one in versions
        )
    )


template_list_async = in_background(template_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateShowRequest(Request):
    """Which version is wanted.

    Attributes:
        versi: Version id.
        jenis: Kind of facility whose editions are shown.
    """

    versi: str
    jenis: str = JENIS_BAKU


@verb
def template_show(request: TemplateShowRequest) -> VersionOverview:
    """Show the parts of a version with their files and sources.

    Raises:
        InputError: ``naskah.unknown_version``.
        TemplateError: A file is missing or its head is wrong.
        UsageError: ``request.type``.
    """
    return show_version(request.versi, request.jenis, templates_root())


template_show_async = in_background(template_show)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLintRequest(Request):
    """Which version is wanted.

    Attributes:
        versi: Version id, or ``surat`` for all letters.
    """

    versi: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLintResult:
    """What is wrong with a version.

    Attributes:
        findings: By file and line.
    """

    findings: tuple[LintFinding, ...]

    def is_refused(self, *, strict: bool = False) -> bool:
        """Return whether something is an error; with ``strict`` a warning is one too."""
        return any(strict or finding.level == "error" for finding in self.findings)


@verb
def template_lint(request: TemplateLintRequest) -> TemplateLintResult:
    """Find mistakes in the templates of a version.

    Raises:
        InputError: ``naskah.unknown_version``.
        UsageError: ``request.type``.
    """
    return TemplateLintResult(findings=lint(request.versi))


template_lint_async = in_background(template_lint)


def lint(versi: str) -> tuple[LintFinding, ...]:
    """Lint a version: without data, and with each sample contract of it or its parent.

    ``surat`` stands for all letters, each with its sample.
    """
    parameters = load_parameters()
    root = templates_root()
    if versi == LETTERS:
        return tuple(one for kind in list_letters(root) for one in _lint_letter(kind, root))
    serving, kinds = _served_by(versi, root)
    found: dict[tuple[str, int, str], LintFinding] = {}

    def keep(several: Iterable[LintFinding]) -> None:
        for finding in several:
            found.setdefault((finding.file, finding.line, finding.code), finding)

    def add(jenis: str, context: Mapping[str, object]) -> None:
        keep(lint_with_data(versi, templates_root=root, jenis_faskes=jenis, context=context))

    keep(lint_version(versi, templates_root=root, parameter_names=parameters.names()))
    for path in contract_samples():
        kontrak = load_kontrak(path).kontrak
        if kontrak.versi_templat in serving and kontrak.faskes.jenis in kinds:
            as_of = kontrak.jangka_waktu.tanggal_mulai
            add(kontrak.faskes.jenis, build_context(kontrak, parameters.resolve_all(as_of)))
    for path in addendum_samples():
        loaded = load_adendum(path)
        if loaded.adendum.versi_templat == versi:
            induk = loaded.induk.kontrak
            add(induk.faskes.jenis, addendum_context(induk, loaded.adendum))
    return tuple(found[key] for key in sorted(found))


def _lint_letter(kind: str, root: Path) -> tuple[LintFinding, ...]:
    """Lint a letter without data, and with its sample as a notice that nothing changed."""
    template = load_letter(kind, root)
    sample = letter_sample(kind)
    values = None
    if sample.is_file():
        earlier = samples_root() / DEFAULT_SAMPLE if template.manifest.sebelumnya else None
        request = LetterDraftRequest(kind=kind, source=sample, sebelumnya=earlier)
        values = values_of_letter(read_letter(request, template), template)
    return lint_letter(template, load_parameters().names(), values)


def _served_by(versi: str, root: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the versions whose sample contracts fill this one, and the kinds that it has.

    An addendum shares only the looks of its parent; contract data alone cannot fill it.
    """
    try:
        version = load_version(versi, root)
    except TemplateError:  # lint says what is wrong with the manifest
        return frozenset(), frozenset()
    parent = version.manifest.induk if version.manifest.naskah == "perjanjian" else None
    return frozenset({versi, parent or versi}), frozenset(version.kinds())


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDiffRequest(Request):
    """What to compare.

    Attributes:
        old: Old template version.
        new: New template version.
        as_of_old: Date of the parameters for the old version; None means that of the new one.
        as_of_new: Date of the parameters for the new version; None means the first day on which
            both versions have begun.
        data: Contract data that fills both; None: a sample clinic.
    """

    old: str
    new: str
    as_of_old: date | None = None
    as_of_new: date | None = None
    data: KontrakInput | None = None


@verb
def template_diff(request: TemplateDiffRequest) -> CompareResult:
    """Compare two versions clause by clause.

    Raises:
        InputError: ``naskah.unknown_version``, or the data is unreadable or wrong.
        TemplateError: A template of one of them is wrong.
        NotInForceError: A parameter has no value on one of the dates.
        UsageError: ``request.type``.
    """
    data = samples_root() / DEFAULT_SAMPLE if request.data is None else request.data
    return compare_versions(
        CompareRequest(
            kontrak=read_kontrak(data, "TemplateDiffRequest.data").kontrak,
            versi_lama=request.old,
            versi_baru=request.new,
            as_of_lama=request.as_of_old,
            as_of_baru=request.as_of_new,
        )
    )


template_diff_async = in_background(template_diff)
