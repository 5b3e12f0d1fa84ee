"""No report passes by leaving out a question, and none rests on more than its job."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyhanko.sign.fields import SigFieldSpec

from pks_kit import verification
from pks_kit.domain.receipt import Receipt
from pks_kit.pipelines.verifying.policies import policy_in_force
from pks_kit.verification.examination import Examination
from pks_kit.verification.examine import examine, prove
from pks_kit.verification.isolation.belief import (
    CHILD_NOTES,
    doubt_about,
    restored,
    without_gaps,
)
from pks_kit.verification.isolation.parent import run_inline
from pks_kit.verification.isolation.passing import PASSES, may_pass, missing_for_pass
from pks_kit.verification.isolation.repeated import objections
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.softening import NEVER_ALLOWED, SOFTENINGS, taken_away
from pks_kit.verification.report.verdict import Check, Note, VerifyReport
from support import signed_files, third_party_pdfs
from support.judging import LATER, believe, job
from support.own_sources import nodes_of

ROOM = Path(verification.__file__).parent


def signed(**known: bool) -> tuple[Examination, VerifyReport]:
    """Return the job and the report of a file that passes."""
    start, *_, done = signed_files.signed_steps()
    task = job(
        done,
        issued=start if known.get("issued", True) else None,
        receipt=signed_files.receipt_beside(start) if known.get("receipt", True) else None,
    )
    report = run_inline(task).report
    assert report.verdict == "passed"
    return task, report


def told_first(**known: bool) -> tuple[Examination, VerifyReport]:
    """Return the same with the report of the first child alone, as the host judges it."""
    task, report = signed(**known)
    first = examine(task)
    assert len(first.checks) < len(report.checks)
    return task, first


KNOWN = {
    "file and receipt": {},
    "issued file": {"receipt": False},
    "receipt": {"issued": False},
    "nothing": {"issued": False, "receipt": False},
}


@pytest.mark.parametrize("known", KNOWN.values(), ids=KNOWN)
def test_no_check_can_be_left_out_of_a_pass(known: dict[str, bool]) -> None:
    task, report = signed(**known)
    assert missing_for_pass(task, report) == []
    spared = set()
    for place, check in enumerate(report.checks):
        rest = replace(report, checks=report.checks[:place] + report.checks[place + 1 :])
        missing = missing_for_pass(task, rest)
        if not missing:
            spared.add(check.code)
            continue
        told = without_gaps(task, rest)
        assert told.verdict == "indeterminate"
        assert told.checks[-1].params == {"what": ", ".join(missing)}
    # a test authority signed, so dates only make a note; boxes need not have words
    assert spared <= {"signature.appearance", "parties.term"}


def _without_test_mark(report: VerifyReport) -> VerifyReport:
    signatures = tuple(replace(one, test_authority=False) for one in report.signatures)
    return replace(report, signatures=signatures)


def test_the_term_can_be_left_out_only_where_nothing_binds_anybody() -> None:
    task, report = signed()
    real = _without_test_mark(report)
    assert missing_for_pass(task, real) == []
    rest = replace(real, checks=tuple(one for one in real.checks if one.code != "parties.term"))
    assert missing_for_pass(task, rest) == ["parties.term"]


def _first_signature(**change: Any) -> Any:
    def changed(report: VerifyReport) -> VerifyReport:
        first, *others = report.signatures
        return replace(report, signatures=(replace(first, **change), *others))

    return changed


def _moved(report: VerifyReport, **change: int) -> VerifyReport:
    *others, last = report.revisions
    return replace(report, revisions=(*others, replace(last, **change)))


CONTRADICTIONS: dict[str, tuple[Any, str]] = {
    "not intact": (_first_signature(intact=None), "signature.integrity"),
    "partial": (_first_signature(coverage="partial"), "signature.coverage"),
    "changed later": (_first_signature(modification="other"), "signature.changes"),
    "not trusted": (_first_signature(trusted=None), "signature.trust"),
    "no time": (_first_signature(time=None), "signature.time"),
    "no revision": (_first_signature(revision=None), "file.revisions"),
    "at no place": (_first_signature(place=""), "parties.present"),
    "of another kind": (_first_signature(kind="timestamp"), "parties.present"),
    "another field": (_first_signature(field="Lain"), "signature.integrity"),
    "no pages": (lambda one: replace(one, file=replace(one.file, pages=None)), "file.pages"),
    "no agreement": (lambda one: replace(one, agreement_id=""), "issued.agreement"),
    "nothing signed": (lambda one: replace(one, signatures=()), "parties.missing"),
    "one signature twice": (
        lambda one: replace(one, signatures=(*one.signatures, one.signatures[0])),
        "signature.integrity",
    ),
    "no revisions": (lambda one: replace(one, revisions=()), "file.revisions"),
    "a gap": (lambda one: _moved(one, start=one.revisions[-1].start + 1), "file.revisions"),
    "an end too early": (lambda one: _moved(one, end=one.revisions[-1].end - 1), "file.revisions"),
    "by any policy": (lambda one: replace(one, jenis="umum"), "policy.kind"),
    "by a policy that is not there": (
        lambda one: replace(one, jenis="pks_final_lain"),
        "policy.kind",
    ),
    "by pen": (lambda one: replace(one, jenis="pks_final_manual"), "paper.signatures"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_what_contradicts_itself_does_not_pass(case: str) -> None:
    change, code = CONTRADICTIONS[case]
    task, report = signed()
    assert code in missing_for_pass(task, change(report))
    assert without_gaps(task, change(report)).verdict == "indeterminate"


@pytest.mark.parametrize("kind", ["umum", "npwp", "sip", "pks_final_elektronik"])
def test_a_kind_that_the_caller_names_decides_what_is_needed(kind: str) -> None:
    task, report = signed()
    named = replace(task, policy=policy_in_force(kind, LATER.date()))
    told: list[VerifyReport] = []
    judged = examine(named, told.append)
    believe(named, judged, told)
    forged = replace(report, jenis=kind)
    missing = missing_for_pass(named, forged)
    if kind in ("umum", "pks_final_elektronik"):
        assert judged.verdict == "passed"
        assert missing == []
    else:
        assert judged.verdict == "failed"
        assert missing
    first = examine(task)
    assert doubt_about(named, first) == ("" if report.jenis == kind else "other_job")


@pytest.mark.slow
def test_what_may_pass_is_what_an_examination_passes() -> None:
    """The table of the host and the calls of the examination are the same."""
    found = {
        (call.args[0].value, call.args[1].value, _evidence(call))
        for call in _calls("passed")
        if len(call.args) > 1 and all(isinstance(one, ast.Constant) for one in call.args[:2])
    }
    assert len(found) > 25
    table = {(code, reason, PASSES[code][0]) for code in PASSES for reason in PASSES[code][1]}
    host = {one for one in found if one[0] == "signature.revocation"}
    assert found - host <= table
    computed = {code for code, _, _ in table - found}
    assert computed == {
        *("file.revisions", "issued.revisions", "parties.present", "parties.term", "policy.form"),
        *("signature.appearance", "signature.changes", "signature.coverage"),
        *("signature.integrity", "signature.time", "signature.trust"),
    }


def _evidence(call: ast.Call) -> str:
    return call.args[2].value if len(call.args) > 2 else "file"  # type: ignore[attr-defined]


PAPER = ROOM / "report" / "paper.py"
"""What the host makes of the facts of a scan; no examination of a child says it."""


def _calls(name: str) -> Iterator[Any]:
    for path in sorted(ROOM.rglob("*.py")):
        if "isolation" in path.parts or path == PAPER:
            continue
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield node


def test_what_a_child_notes_is_what_an_examination_notes() -> None:
    codes = {
        word.value.value
        for call in _calls("Note")
        for word in call.keywords
        if word.arg == "code" and isinstance(word.value, ast.Constant)
    }
    assert codes | {"cropped", "white_over_words"} == CHILD_NOTES


def test_a_failed_answer_may_not_be_called_passed() -> None:
    assert may_pass(passed("file.size", "within"))
    assert not may_pass(passed("file.size", "too_large"))
    assert not may_pass(passed("file.size", "within", "visual"))
    assert not may_pass(passed("no.such", "within"))


# --- what a report may rest on -------------------------------------------------------------------


def _added(check: Check) -> Any:
    return lambda report: report.with_checks(check)


DOUBTS: dict[str, tuple[dict[str, bool], Any, str]] = {
    "prefix of nothing": (
        {"issued": False, "receipt": False},
        _added(passed("issued.prefix", "same")),
        "not_given",
    ),
    "revisions after nothing": (
        {"issued": False, "receipt": False},
        _added(passed("issued.revisions", "none")),
        "not_given",
    ),
    "same as no receipt": (
        {"issued": False, "receipt": False},
        _added(passed("issued.agreement", "same")),
        "not_given",
    ),
    "the ledger": ({}, _added(passed("meterai.unique", "bought")), "not_given"),
    "the final file": ({}, _added(failed("issued.final", "other")), "not_given"),
    "a new rendering": ({}, _added(passed("render.bytes", "same")), "not_given"),
    "authorities": ({}, _added(passed("signature.revocation", "not_revoked")), "not_given"),
    "the words": ({}, _added(passed("content.concealed", "none", "visual")), "not_asked"),
    "the sheets": ({}, _added(failed("policy.form", "scan", "visual")), "not_asked"),
    "limits": ({}, _added(indeterminate("file.resources", "killed")), "not_given"),
    "the host's doubt": ({}, _added(indeterminate("file.answers", "second")), "not_given"),
    "the host's note": (
        {},
        lambda one: replace(one, notes=(*one.notes, Note(code="no_pictures"))),
        "not_given",
    ),
    "an anchor of nobody": ({}, _first_signature(anchor="Lain"), "not_given"),
    "trust in nobody": ({}, _first_signature(anchor=""), "not_given"),
    "not compared": ({}, lambda one: replace(one, compared_with_issued=False), "not_given"),
    "compared": (
        {"issued": False, "receipt": False},
        lambda one: replace(one, compared_with_issued=True),
        "not_given",
    ),
    "no kind yet": ({}, lambda one: replace(one, jenis=""), ""),
    "no agreement yet": ({}, lambda one: replace(one, agreement_id=""), ""),
    "another agreement": ({}, lambda one: replace(one, agreement_id="0" * 26), "other_job"),
    "another kind": ({}, lambda one: replace(one, jenis="umum"), "other_job"),
    "a licence": ({"receipt": False}, lambda one: replace(one, jenis="sip"), "other_job"),
    "another version": ({}, lambda one: replace(one, kit_version="0"), "other_job"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", DOUBTS)
def test_a_report_rests_on_its_job_alone(case: str) -> None:
    known, change, doubt = DOUBTS[case]
    task, report = told_first(**known)
    assert doubt_about(task, report) == ""
    assert doubt_about(task, change(report)) == doubt


# --- what was told does not vanish ---------------------------------------------------------------

FOUND = [
    failed("file.encrypted", "encrypted"),
    failed("signature.trust", "no_chain", "cryptographic", field="A", signer="x"),
    failed("signature.time", "untrusted", "cryptographic", field="A"),
    failed("file.revisions", "unsigned", revision=2),
    failed("signature.changes", "forbidden", "cryptographic", field="A", details={"analysis": "x"}),
]
SOFTENED = [
    indeterminate("file.encrypted", "encrypted"),
    *(replace(one, status="indeterminate") for one in FOUND[1:4]),
    indeterminate("signature.changes", "comments", field="A"),
]


def test_each_rule_softens_what_it_names_where_it_holds() -> None:
    assert len(SOFTENINGS) == len(FOUND)
    for was, now, rule in zip(FOUND, SOFTENED, SOFTENINGS.values(), strict=True):
        assert rule.fits(was)
        assert not rule.fits(now)
        for where in ("any_file", "foreign"):
            assert taken_away([was], [now], [where]) == ([] if where in rule.where else [was])
        assert taken_away([was], [now], []) == [was]
        assert taken_away([was], [], ["any_file", "foreign"]) == [was]
        assert taken_away([was], [was], []) == []


def test_no_rule_makes_passed_of_anything() -> None:
    for was, now in zip(FOUND, SOFTENED, strict=True):
        better = replace(now, status="passed")
        assert taken_away([was], [better], ["any_file", "foreign"]) == [was]


def test_no_rule_speaks_about_what_is_never_allowed() -> None:
    where: list[Any] = ["any_file", "foreign"]
    for reason in NEVER_ALLOWED:
        was = failed("file.revisions", reason, revision=2)
        assert taken_away([was], [replace(was, status="indeterminate")], where) == [was]
    other = failed("signature.integrity", "changed", "cryptographic", field="A")
    assert taken_away([other], [replace(other, status="indeterminate")], where) == [other]


def test_facts_that_come_later_take_nothing_away() -> None:
    was = failed("file.revisions", "unsigned", revision=2)
    now = replace(was, details={"objects": {"added": ["1 0"], "changed": []}})
    assert taken_away([was, was], [now], []) == []
    assert taken_away([was, was], [replace(now, field="A")], []) == [was]


def test_open_questions_do_not_vanish_either() -> None:
    task, report = signed()
    partial = report.with_checks(indeterminate("file.hybrid", "hybrid"))
    told = restored(task, report, [partial])
    assert [one.code for one in told.checks[-2:]] == ["file.hybrid", "file.answers"]
    assert told.verdict == "indeterminate"


def test_a_receipt_that_is_given_decides_the_kind() -> None:
    task, report = told_first()
    receipt = task.receipt
    assert isinstance(receipt, Receipt)
    other = replace(task, receipt=receipt.model_copy(update={"profile": "digital"}))
    assert doubt_about(other, report) == "other_job"


def test_a_child_cannot_keep_a_timestamp_back() -> None:
    """Nobody asks for one of any PDF, but one that is there is judged: its fact says so."""
    content = signed_files.sign(
        third_party_pdfs.base(),
        "Satu",
        signed_files.world().kepala,
        new_field=SigFieldSpec("Satu", box=(60, 60, 200, 120)),
        timestamp=False,
    )
    task = job(content, jenis="umum")
    report = run_inline(task).report
    facts = prove(task).facts
    assert (report.verdict, objections(task, report, facts)) == ("passed", ())
    (fact,) = facts
    for hidden in (replace(fact, has_token=True), replace(fact, trusted=False)):
        assert objections(task, report, (hidden,))
    for asks in (replace(task, policy=None), replace(task, issued=content)):
        assert "signature.time" in missing_for_pass(asks, report)
        assert objections(asks, report, facts)
    assert "signature.time" in missing_for_pass(task, replace(report, agreement_id="A1"))
