"""How many agreements are told together: each with its own, then what is common, then sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.cli.findings import LEVELS, finding_lines, place_words
from pks_kit.cli.terminal import echo, language, say, visible

if TYPE_CHECKING:
    from pathlib import Path

    from pks_kit.errors import PksKitError, Problem
    from pks_kit.pipelines.drafting.issue import DraftResult
    from pks_kit.rules.findings import Finding

_PLACES = 6
"""How many places of a common finding are named when nothing must be mended there."""
_ACTS = ("blocking", "manual")
_SEVERAL = 2
"""From so many on, agreements with nothing of their own share a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one agreement.

    Attributes:
        title: Its line.
        name: How the sum calls it.
        place_of: Path of a value -> cell, or line.
        problems: What is wrong with its data.
        findings: Findings.
        error: Why it could not be checked or drafted.
        ready: Whether it is, or can be, drafted.
        file: Its file, when the call has several: a line or cell alone says nothing then.
    """

    title: str
    name: str
    place_of: Callable[[str], str]
    ready: bool
    problems: Sequence[Problem] = ()
    findings: Sequence[Finding] = ()
    error: PksKitError | None = None
    file: str = ""

    def named_place(self, path: str) -> str:
        """Return file and place of a value, for findings that are told apart from it."""
        place = self.place_of(path)
        words = f"{say('cli.line')} {place}" if place.isdigit() else place
        return f"{self.file} {words}".strip()


def tell_agreements(
    told: Sequence[Told], *, summary: bool = True, known: Iterable[Problem] = ()
) -> None:
    """Print every agreement, findings that are equal once and last, then how many are ready.

    Args:
        told: The agreements.
        summary: Whether to say how many are ready.
        known: Problems that were printed before; an agreement they touch only names their place.
    """
    common = _common(told)
    seen = {_problem_key(problem, "") for problem in known}
    twins: set[tuple[str, str]] = set()
    quiet = [one for one in told if _is_quiet(one, common)]
    for one in told:
        if len(quiet) < _SEVERAL or not _is_quiet(one, common):
            _tell_one(one, common, seen, twins)
    if len(quiet) >= _SEVERAL:
        _tell_quiet(quiet)
    if common:
        _tell(say("workbook.check.common"))
    for level in LEVELS:
        group = [places for key, places in common.items() if key[0] == level]
        if group:
            _tell(f"  {say(f'cli.level.{level}')} ({len(group)})")
        for places in group:
            _tell_common(places)
    if summary:
        ready = sum(one.ready for one in told)
        failed = len(told) - ready
        _tell(say("workbook.check.summary", total=len(told), ready=ready, failed=failed))
        tell_not_ready(told)


def tell_not_ready(told: Iterable[Told]) -> None:
    """Name what is not ready; nothing when all is."""
    names = [one.name for one in told if not one.ready]
    if names:
        _tell(say("workbook.check.not_ready", names="; ".join(names)))


def tell_drafted(name: str, result: DraftResult, paths: Mapping[str, Path]) -> None:
    """Print on standard output what was made of one agreement and where it was written."""
    known = say("workbook.draft.done", name=name, pages=result.pages)
    echo(known if result.pages else name)
    for kind, path in paths.items():
        echo(f"  {kind}: {path}")


def tell_passed_over(problems: Iterable[Problem], file: str = "") -> None:
    """Print what of a workbook is not read and keeps nobody."""
    found = tuple(problems)
    if found:
        _tell(say("workbook.check.passed_over", file=file).strip())
    for problem in found:
        _tell(problem_line(problem))


def _problem_key(problem: Problem, file: str) -> tuple[str, str, str, str]:
    return file, problem.code, problem.place, problem.text.id


def _tell_error(error: PksKitError) -> None:
    """Print an error below the agreement that it belongs to."""
    text = error.text
    hint = text.hint_in_language(language())
    _tell(f"  - {text.in_language(language())}{f' {hint}' if hint else ''}")


def problem_line(problem: Problem) -> str:
    """Return a problem as it is shown: its cell or line and path, then the words."""
    text = problem.text
    words, hint = text.in_language(language()), text.hint_in_language(language())
    if problem.place:
        place = problem.where
        from pks_kit.inputs.workbook.words import in_workbook

        words, hint = in_workbook(words), in_workbook(hint)
    else:
        place = f"{say('cli.line')} {problem.line}" if problem.line else ""
        path = place_words(problem.path, language())
        place = f"{place}, {path}" if path else place
    place = f"{place}: " if place else ""
    return f"  - {place}{words}{f' {hint}' if hint else ''}"


_Key = tuple[str, str, str]
_Places = list[tuple["Finding", str, int]]
"""Findings with their place and the number of their agreement."""


def _key(finding: Finding) -> _Key:
    """Return what findings have in common that are told once.

    What is only good to know is one finding whatever numbers stand in its words; on a warning
    somebody acts, so all of its words count.
    """
    return (finding.level, finding.code, "" if finding.level == "info" else finding.text.id)


def _is_quiet(one: Told, common: Mapping[_Key, _Places]) -> bool:
    """Return whether nothing is to be told of an agreement alone."""
    if one.problems or one.error is not None:
        return False
    return all(_key(finding) in common for finding in one.findings)


def _tell_quiet(quiet: Sequence[Told]) -> None:
    """Name in one line each those without findings, and those with what is common alone."""
    for code, group in (
        ("workbook.check.all_good", [one for one in quiet if not one.findings]),
        ("workbook.check.all_common", [one for one in quiet if one.findings]),
    ):
        if group:
            names = [one.name for one in group[:_PLACES]]
            if len(group) > _PLACES:
                names.append(say("workbook.check.more", count=len(group) - _PLACES))
            _tell(say(code, count=len(group), names="; ".join(names)))


def _common(told: Sequence[Told]) -> dict[_Key, _Places]:
    """Return findings that several agreements have with the same words, and where."""
    found: dict[_Key, dict[int, _Places]] = {}
    for index, one in enumerate(told):
        for finding in one.findings:
            places = found.setdefault(_key(finding), {}).setdefault(index, [])
            places.append((finding, one.named_place(finding.path), index))
    return {
        key: [place for places in by_agreement.values() for place in places]
        for key, by_agreement in found.items()
        if len(by_agreement) > 1
    }


def _tell_one(
    one: Told,
    common: dict[_Key, _Places],
    seen: set[tuple[str, str, str, str]],
    twins: set[tuple[str, str]],
) -> None:
    _tell(one.title)
    for problem in one.problems:
        key = _problem_key(problem, one.file)
        if problem.place and key in seen:
            _tell(f"  - {say('workbook.check.told_above', place=problem.where)}")
        else:
            _tell(problem_line(problem))
        seen.add(key)
    if one.error is not None:
        _tell_error(one.error)
    own = [finding for finding in one.findings if _key(finding) not in common]
    for level in LEVELS:
        group = [finding for finding in own if finding.level == level]
        if group:
            _tell(f"  {say(f'cli.level.{level}')} ({len(group)})")
        for finding in group:
            above = _twin_above(finding, twins)
            if above:
                place = one.named_place(finding.path)
                _tell(f"    - {say('workbook.check.twin_above', place=place, other=above)}")
            else:
                _tell_finding(finding, one.place_of(finding.path))
    if not (one.problems or one.error or own):
        _tell(f"  {say('workbook.check.only_common' if one.findings else 'workbook.check.good')}")


def _twin_above(finding: Finding, twins: set[tuple[str, str]]) -> str:
    """Return where the twin of a finding stands that was told already; empty when none was.

    What stands twice is found at both places; told once, it names the other.
    """
    others = finding.params.get("twins")
    if not others:
        return ""
    above = next((place for place in others if (finding.code, place) in twins), "")
    if not above:
        twins.update((finding.code, place) for place in (finding.params["here"].id, *others))
    return above


def _tell_finding(finding: Finding, place: str) -> None:
    is_line = place.isdigit()
    line = int(place) if is_line else None
    for words in finding_lines(finding, language(), line, "" if is_line else place):
        _tell(f"  {words}")


def _tell_common(places: _Places) -> None:
    """Print a finding once with its places: all of them where a person must act."""
    first = places[0][0]
    names = [place for _, place, _ in places]
    shown = names if first.level in _ACTS else names[:_PLACES]
    if len(names) > len(shown):
        shown = [*shown, say("workbook.check.more", count=len(names) - len(shown))]
    agreements = {number for _, _, number in places}
    where = say("workbook.check.times", count=len(agreements), places=", ".join(shown))
    if len({finding.text.id for finding, _, _ in places}) > 1:
        where = say("workbook.check.for_example", where=where)
    for words in finding_lines(first, language(), place=where):
        _tell(f"  {words}")


def _tell(words: str) -> None:
    echo(visible(words), err=True)
