"""What a session wrote down is what the verifier and the evidence file find again."""

from __future__ import annotations

from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.evidence import EvidenceRequest, evidence
from pks_kit.pipelines.verify import VerifyRequest, verify

# The pages of the test file are blank: both PKS numbers are missing, and nothing else.
WRONG = {"content.numbers"}


def wrong(report):
    return {one.code for one in report.checks if one.status != "passed"}


def test_session_verify_evidence_verify(scenario, sandbox, tmp_path):
    scenario.run()
    root = tmp_path / "root.pem"
    root.write_bytes(sandbox.root_pem)
    with open_ledger(scenario.ledger_file) as ledger:
        report = verify(
            VerifyRequest(
                pdf=scenario.output,
                clock=scenario.clock,
                ledger=ledger,
                sessions=scenario.folder / "sesi",
                trust=(root,),
            )
        ).report
        found = {f"{one.code}/{one.reason}" for one in report.checks}
        assert wrong(report) == WRONG
        assert found >= {"issued.ledger/found", "issued.final/same", "meterai.unique/bought"}
        made = evidence(
            EvidenceRequest(
                pdf=scenario.output,
                issued=scenario.issued.path,
                receipt=scenario.issued.receipt_path,
                clock=scenario.clock,
                ledger=ledger,
                trust=(root,),
            )
        )
    assert wrong(made.report) == WRONG
    assert made.manifest.ledger is not None
    assert made.manifest.ledger.count == made.manifest.ledger.events  # one agreement only
    again = verify(VerifyRequest(pdf=made.file, clock=scenario.clock, trust=(root,))).report
    assert wrong(again) == WRONG
    assert again.bundle.sha256 == made.sha256


def test_an_earlier_step_is_not_the_final_file(scenario, sandbox, tmp_path):
    scenario.run()
    earlier = sorted(
        (scenario.folder / "sesi" / scenario.issued.receipt.agreement_id).glob("03-*")
    )[0]
    with open_ledger(scenario.ledger_file) as ledger:
        report = verify(
            VerifyRequest(pdf=earlier, clock=scenario.clock, ledger=ledger, isolated=False)
        ).report
    found = {f"{one.code}/{one.reason}": one.status for one in report.checks}
    assert found["issued.final/earlier"] == "indeterminate"
    assert report.verdict == "failed"
