"""What ``check`` and ``draft`` do with several files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.cli.agreements import (
    Told,
    tell_agreements,
    tell_drafted,
    tell_not_ready,
    tell_passed_over,
)
from pks_kit.cli.terminal import echo, echo_json, language, say, visible
from pks_kit.cli.writing import with_paths, write_draft
from pks_kit.errors import InputProblemsError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.many import (
        Agreement,
        AgreementDraft,
        CheckedAgreement,
        CheckManyRequest,
        DraftManyRequest,
    )


def check_files(request: CheckManyRequest, *, as_json: bool) -> int:
    """Print all findings of several files and return the exit code."""
    from pks_kit.pipelines.many import check_many

    result = check_many(request)
    if as_json:
        echo_json(to_json(result))
        return result.exit_code
    _tell_others(one.agreement for one in result.agreements)
    _tell_passed_over(one.agreement for one in result.agreements)
    known = [one for one in result.agreements if not one.agreement.is_other]
    if known:
        tell_agreements([_told_check(one) for one in known])
    return result.exit_code


def _tell_others(agreements: Iterable[Agreement]) -> None:
    """Name the files that hold something else than contract data."""
    for one in agreements:
        if one.is_other and one.error is not None:
            problems = getattr(one.error, "problems", ())
            text = problems[0].text if problems else one.error.text
            words = text.in_language(language())
            echo(f"{one.file}: {words} {say('many.passed_over')}", err=True)


def _tell_passed_over(agreements: Iterable[Agreement]) -> None:
    """Print what of the workbooks is not read and keeps nobody."""
    for one in agreements:
        tell_passed_over(one.passed_over, one.file)


def _told_check(one: CheckedAgreement) -> Told:
    return Told(
        title=_name(one.agreement),
        name=_name(one.agreement),
        file=one.agreement.file,
        place_of=one.agreement.place_of,
        ready=one.exit_code == 0,
        problems=getattr(one.error, "problems", ()),
        findings=one.findings,
        error=one.error,
    )


def draft_files(request: DraftManyRequest, output: Path, *, force: bool, as_json: bool) -> int:
    """Draft several files, print what came of each, and return 0 or 50.

    Each agreement is written as soon as it is drafted.
    """
    from pks_kit.pipelines.many import ManyDrafted, many_drafts

    asked = dataclasses.replace(
        request, progress=lambda name: echo(visible(f"{name} ..."), err=True)
    )
    written = [write_draft(one, output, force=force) for one in many_drafts(asked)]
    result = ManyDrafted(agreements=tuple(one for one, _ in written))
    nothing = all(one.agreement.is_other for one in result.agreements)
    code = 50 if result.failed else InputProblemsError.exit_code if nothing else 0
    if as_json:
        echo_json(with_paths(to_json(result), "agreements", [paths for _, paths in written]))
        return code
    _tell_others(one.agreement for one in result.agreements)
    _tell_passed_over(one.agreement for one in result.agreements)
    told = [_told_draft(one) for one in result.agreements if not one.agreement.is_other]
    for one, paths in written:
        if one.result is not None:
            tell_drafted(one.agreement.name, one.result, paths)
        if one.differs is not None:
            words = one.differs.text.in_language(language())
            echo(f"{_name(one.agreement)}: {visible(words)}", err=True)
    tell_agreements(told, summary=False)
    echo(say("workbook.draft.summary", drafted=result.drafted, failed=result.failed), err=True)
    tell_not_ready(told)
    return code


def _told_draft(one: AgreementDraft) -> Told:
    title = _name(one.agreement)
    if one.result is None:
        title = say("workbook.draft.failed", name=title)
    return Told(
        title=title,
        name=_name(one.agreement),
        file=one.agreement.file,
        place_of=one.agreement.place_of,
        ready=one.result is not None,
        problems=getattr(one.error, "problems", ()),
        findings=one.result.findings if one.result else getattr(one.error, "findings", ()),
        error=one.error,
    )


def _name(one: Agreement) -> str:
    """Return the facility with its file; the file alone while nobody knows the facility."""
    file = f"{one.file}#{one.key}" if one.key else one.file
    return f"{one.name} ({file})" if one.name else file
