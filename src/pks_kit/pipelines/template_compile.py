"""Compile templates: what does not change between agreements is laid out once and kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pks_kit.errors import UsageError
from pks_kit.json_types import Count
from pks_kit.naskah.catalogue import list_versions, load_version
from pks_kit.pipelines.drafting.compiled import KeptEditions
from pks_kit.pipelines.drafting.compiling import Edition, editions
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.resources import templates_root


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCompileRequest(Request):
    """What to compile, and where it is kept.

    Attributes:
        folder: Folder of the user alone; made when missing. What stands there can be removed at
            any time.
        versi: Template versions; none means all that have no last day.
        progress: Called with each kind and method when it is finished.
    """

    folder: Path
    versi: tuple[str, ...] = ()
    progress: Callable[[CompiledEdition], None] = field(default=lambda _one: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledEdition:
    """One kind and method of a template version.

    Attributes:
        versi: Template version.
        jenis: Kind of facility.
        cara_kontrak: Contract method.
        leaves: Paragraphs, headings and rows of constant text that are kept for it.
        gaps: Pairs of neighbours between which the space is kept.
        seconds: Processor seconds; 0 for one that was kept already.
        kept: Whether it was kept already.
    """

    versi: str
    jenis: str
    cara_kontrak: str
    leaves: Count
    gaps: Count
    seconds: float
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCompileResult:
    """What is kept now.

    Attributes:
        folder: Where.
        editions: Every kind and method of every version.
        seconds: Processor seconds of all.
    """

    folder: str
    editions: tuple[CompiledEdition, ...]
    seconds: float


@verb
def template_compile(request: TemplateCompileRequest) -> TemplateCompileResult:
    """Lay out the constant text of templates, every kind and method, and keep it on disk.

    Each kind and method is kept when it is finished, so whoever begins again goes on there.
    Only invented data are used, and of them nothing is kept.

    Raises:
        InputError: ``naskah.unknown_version``, ``file.unwritable``, or
            ``template.compile.foreign_folder``.
        TemplateError: A template is wrong.
        UsageError: ``draft.not_an_agreement``, ``template.compile.no_libraries``,
            ``request.type``.
    """
    done = tuple(_compiled(request))
    return TemplateCompileResult(
        folder=str(request.folder),
        editions=done,
        seconds=round(sum(one.seconds for one in done), 2),
    )


template_compile_async = in_background(template_compile)


def _compiled(request: TemplateCompileRequest) -> Iterator[CompiledEdition]:
    kept = KeptEditions(request.folder)
    for edition in _wanted(request.versi):
        found = kept.compile(edition)
        one = CompiledEdition(
            versi=edition.version.manifest.versi,
            jenis=edition.jenis,
            cara_kontrak=edition.cara_kontrak,
            leaves=found.counted.leaves,
            gaps=found.counted.gaps,
            seconds=found.seconds,
            kept=found.was_kept,
        )
        request.progress(one)
        yield one


def _wanted(names: tuple[str, ...]) -> Iterator[Edition]:
    root = templates_root()
    versions = [load_version(name, root) for name in names or list_versions(root)]
    if names:
        others = [one.manifest.versi for one in versions if one.manifest.naskah != "perjanjian"]
        if others:
            raise UsageError("draft.not_an_agreement", versi=others[0])
    for version in versions:
        lasting = version.manifest.naskah == "perjanjian" and version.manifest.berlaku.selesai
        if names or lasting is None:
            yield from editions(version)
