"""Write what a verb returned: all files of a result or none, and no other file by mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pks_kit.errors import InputError, PksKitError, UsageError
from pks_kit.files import NamedFile, holds_other, write_atomic, write_together
from pks_kit.messages.os_reason import told_by_system

if TYPE_CHECKING:
    from pks_kit.pipelines.drafting.facility_results import FacilityDraft
    from pks_kit.pipelines.drafting.issue import DraftResult
    from pks_kit.pipelines.letter import LetterDraftResult
    from pks_kit.pipelines.many import AgreementDraft

_Draft = TypeVar("_Draft", "FacilityDraft", "AgreementDraft")
"""One draft of a workbook, or of several files."""


def write_issued(
    result: DraftResult | LetterDraftResult, folder: Path, *, force: bool
) -> dict[str, Path]:
    """Write the files of a draft, an addendum or a letter and return where they stand.

    Args:
        result: What was drafted.
        folder: Where to write; made when missing.
        force: Replace existing files that differ.

    Raises:
        UsageError: ``draft.exists`` for a file that differs; then nothing is written.
        InputError: ``file.unwritable``, ``file.not_regular``.
    """
    targets = {name: folder / file.name for name, file in result.files.items()}
    for name, target in targets.items():
        if not force and holds_other(target, result.files[name].content):
            raise UsageError("draft.exists", file=str(target))
    write_together({target: result.files[name].content for name, target in targets.items()})
    return targets


def write_draft(draft: _Draft, output: Path, *, force: bool) -> tuple[_Draft, dict[str, Path]]:
    """Write one draft of many and forget its bytes; what cannot be written is its error."""
    if draft.result is None:
        return draft, {}
    try:
        paths = write_issued(draft.result, output, force=force)
    except PksKitError as error:
        return replace(draft, result=None, error=error), {}
    names = {name: NamedFile(file.name, b"") for name, file in draft.result.files.items()}
    return replace(draft, result=replace(draft.result, files=names)), paths


def with_paths(
    shown: dict[str, Any], key: str, written: Sequence[Mapping[str, Path]]
) -> dict[str, Any]:
    """Return the JSON of many drafts with the paths where their files stand."""
    for one, paths in zip(shown[key], written, strict=True):
        if paths:
            one["files"] = {name: str(path) for name, path in paths.items()}
    return shown


def refuse_existing(output: Path, code: str, *, force: bool) -> None:
    """Refuse to replace a file, before any work is done.

    Args:
        output: Where the result will be written.
        code: Message code of the refusal; its words know ``file``.
        force: Whether the caller allows it.

    Raises:
        UsageError: The code.
    """
    if output.exists() and not force:
        raise UsageError(code, file=str(output))


def write_sandbox(files: Sequence[NamedFile], folder: Path) -> tuple[Path, ...]:
    """Write the files of a sandbox; nobody but the owner may read its keys.

    Returns:
        The files written.

    Raises:
        UsageError: ``sandbox.exists`` when the folder holds a file of one of the names already.
        InputError: ``file.unwritable``.
    """
    if any((folder / file.name).exists() for file in files):
        raise UsageError("sandbox.exists", folder=str(folder))
    for file in files:
        write_atomic(folder / file.name, file.content, private=file.private)
    return tuple(folder / file.name for file in files)


def refuse_replacing_no_pdf(output: Path) -> None:
    """Refuse to replace what is no PDF: never a key, a receipt or contract data.

    Raises:
        UsageError: ``sign.replaces_no_pdf``.
        InputError: ``file.unreadable``.
    """
    if not output.is_file():
        return
    try:
        with output.open("rb") as stream:
            if b"%PDF-" not in stream.read(1024):
                raise UsageError("sign.replaces_no_pdf", file=str(output))
    except OSError as error:
        raise InputError("file.unreadable", file=str(output), **told_by_system(error)) from error
