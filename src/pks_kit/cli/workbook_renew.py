"""What ``renew`` does with a workbook."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.cli.agreements import problem_line, tell_passed_over
from pks_kit.cli.terminal import echo, echo_json, language, say, visible
from pks_kit.cli.workbook import refuse_name
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.workbook_renew import (
        RenewedFacility,
        WorkbookRenewRequest,
        WorkbookRenewResult,
    )


def renew_workbook(
    request: WorkbookRenewRequest, output: Path, *, force: bool, as_json: bool
) -> int:
    """Write the workbook of the next term, print what came of it, and return 0 or 50.

    A workbook without a single facility is of no use, and is not written.
    """
    from pks_kit.pipelines.workbook_renew import workbook_renew

    refuse_name(output, ".xlsx")
    asked = dataclasses.replace(
        request, progress=lambda name: echo(visible(f"{name} ..."), err=True)
    )
    result = workbook_renew(asked)
    if result.renewed:
        write_renewed(result.book(language()).content, output, force=force)
    if as_json:
        echo_json(to_json(result))
    else:
        _tell(result, output)
    return result.exit_code


def write_renewed(content: bytes, output: Path, *, force: bool) -> None:
    """Write a file of the next term; one that is the same already is left alone.

    Raises:
        UsageError: ``renew.exists``.
        InputError: ``file.unwritable``.
    """
    from pks_kit.files import write_atomic

    same = output.is_file() and output.read_bytes() == content
    if output.exists() and not force and not same:
        raise UsageError("renew.exists", file=str(output))
    write_atomic(output, content)


def _tell(result: WorkbookRenewResult, output: Path) -> None:
    for problem in result.problems:
        echo(visible(problem_line(problem)), err=True)
    tell_passed_over(result.passed_over)
    for one in result.facilities:
        _tell_facility(one)
    for text in result.texts:
        if text.problem is not None:
            reason = text.problem.text.in_language(language())
            echo(visible(say("renew.not_compared", reason=reason)))
            continue
        words = {"old": text.versi_lama, "new": text.versi_baru, "facilities": len(text.keys)}
        echo(say("renew.book.changes", count=len(text.changes), **words))
    if not result.renewed:
        echo(visible(say("renew.book.none", file=output)))
        return
    words_of = {"renewed": result.renewed, "failed": result.failed}
    echo(say("renew.book.written", file=str(output), **words_of))
    if result.failed:
        echo(say("renew.book.again"))
    echo(say("renew.book.marks"))
    echo(say("renew.next", file=shlex.quote(str(output))))


def _tell_facility(one: RenewedFacility) -> None:
    if one.made is None:
        echo(visible(f"{one.facility.name}: {say('renew.book.state.failed')}"), err=True)
        problems = getattr(one.error, "problems", ())
        for problem in problems:
            echo(visible(problem_line(problem)), err=True)
        if not problems and one.error is not None:
            echo(visible(f"  - {one.error.text.in_language(language())}"), err=True)
        return
    levels = [finding.level for finding in one.made.findings]
    counts = {
        "fill": len(one.to_fill()),
        "check": len(one.to_check()),
        "blocking": levels.count("blocking"),
        "warning": levels.count("warning"),
        "licences": len(one.made.licences),
    }
    name = {"name": one.facility.name, "key": one.facility.key}
    echo(visible(say("renew.book.facility", **name, **counts)))
