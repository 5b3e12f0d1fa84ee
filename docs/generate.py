"""Write the generated files of ``docs/``: JSON Schemas, the command reference, the last measuring.

``python docs/generate.py`` writes them; ``python docs/generate.py --check`` fails when one is not
current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from pks_kit.cli.forms import ListedKinds, SandboxWritten, ShownParameter
from pks_kit.cli.main import main as root
from pks_kit.domain.receipt import Receipt
from pks_kit.inputs import kontrak_schema
from pks_kit.inputs.json_schema import letters_schema, settings_schema
from pks_kit.json_schema import json_schema
from pks_kit.ledger.chain import ChainReport
from pks_kit.ledger.forms import ExportedEvent, PurchaseReleased
from pks_kit.ledger.seal import Seal
from pks_kit.naskah.overview import VersionOverview
from pks_kit.pipelines.batch import BatchApproved, BatchPlanned, BatchRejected
from pks_kit.pipelines.batch_fleet import BatchEnqueued, BatchWorked
from pks_kit.pipelines.batch_preview import BatchPreviewed
from pks_kit.pipelines.batch_receive import BatchReceived
from pks_kit.pipelines.batch_report import BatchReported
from pks_kit.pipelines.batch_rows import BatchRowsChanged
from pks_kit.pipelines.batch_run import BatchRan
from pks_kit.pipelines.batching.plan import Plan
from pks_kit.pipelines.batching.summary import BatchStatus
from pks_kit.pipelines.compare import CompareResult
from pks_kit.pipelines.cover import CoverResult
from pks_kit.pipelines.demo import DemoResult
from pks_kit.pipelines.demo_batch import DemoBatchResult
from pks_kit.pipelines.draft import CheckResult, DraftResult
from pks_kit.pipelines.error_form import FailedCommand
from pks_kit.pipelines.evidence import EvidenceResult
from pks_kit.pipelines.extend import ExtendResult
from pks_kit.pipelines.law import LawListResult, LawStaleResult
from pks_kit.pipelines.ledger import (
    LedgerExportResult,
    LedgerMigrateResult,
    LedgerShowResult,
)
from pks_kit.pipelines.ledger_seal import LedgerSealResult
from pks_kit.pipelines.letter import LetterDraftResult, LetterListResult
from pks_kit.pipelines.many import ManyChecked, ManyDrafted
from pks_kit.pipelines.paper import PaperChoices, PaperDecideResult
from pks_kit.pipelines.reconcile import Reconciled
from pks_kit.pipelines.renew import RenewResult
from pks_kit.pipelines.renewals import RenewalsResult
from pks_kit.pipelines.returned import ReturnedResult
from pks_kit.pipelines.settings_check import SettingsCheckResult
from pks_kit.pipelines.shrink import ShrinkResult
from pks_kit.pipelines.signing.session_receipt import SessionReceipt
from pks_kit.pipelines.signing.session_request import SessionResult
from pks_kit.pipelines.signing.sign_request import SignResult
from pks_kit.pipelines.template import TemplateLintResult, TemplateListResult
from pks_kit.pipelines.template_compile import TemplateCompileResult
from pks_kit.pipelines.workbook import BookCheck, BookDraft
from pks_kit.pipelines.workbook_renew import WorkbookRenewResult
from pks_kit.verification.report.verdict import VerifyReport

DOCS = Path(__file__).resolve().parent
sys.path.append(str(DOCS.parent / "benchmarks"))

from speed_page import page  # noqa: E402

_FAILED = "When the command cannot do its work, one object of error.schema.json stands instead."
_REFUSED = "When the file is refused as a whole, one object of error.schema.json stands instead."

FORMS: dict[str, tuple[type, str, str]] = {
    "batch-approve": (BatchApproved, "pks-kit batch approve --json", _FAILED),
    "batch-enqueue": (BatchEnqueued, "pks-kit batch enqueue --json", _FAILED),
    "batch-plan": (BatchPlanned, "pks-kit batch plan --json", _FAILED),
    "batch-plan-file": (Plan, "rencana-<hash>.json in the folder of a batch", _FAILED),
    "batch-preview": (BatchPreviewed, "pks-kit batch preview --json", _FAILED),
    "batch-reject": (BatchRejected, "pks-kit batch reject --json", _FAILED),
    "batch-report": (BatchReported, "pks-kit batch report --json", _FAILED),
    "batch-receive": (BatchReceived, "pks-kit batch receive --json", _FAILED),
    "batch-rows": (
        BatchRowsChanged,
        "pks-kit batch retry --json, pks-kit batch cancel --json",
        _FAILED,
    ),
    "batch-run": (BatchRan, "pks-kit batch run --json", _FAILED),
    "batch-worker": (BatchWorked, "pks-kit batch worker --json", _FAILED),
    "batch-status": (
        BatchStatus,
        "pks-kit batch status --json, pks-kit batch rebuild --json",
        _FAILED,
    ),
    "check": (CheckResult, "pks-kit check --json", _FAILED),
    "check-workbook": (BookCheck, "pks-kit check BOOK.xlsx --json", _REFUSED),
    "check-many": (ManyChecked, "pks-kit check FILE FILE ... --json", _FAILED),
    "cover": (CoverResult, "pks-kit cover --json", _FAILED),
    "demo-batch": (DemoBatchResult, "pks-kit demo --batch --json", _FAILED),
    "demo": (DemoResult, "pks-kit demo --json", _FAILED),
    "draft": (DraftResult, "pks-kit draft --json", _FAILED),
    "draft-many": (ManyDrafted, "pks-kit draft FILE FILE ... --json", _FAILED),
    "draft-workbook": (BookDraft, "pks-kit draft BOOK.xlsx --json", _REFUSED),
    "error": (FailedCommand, "pks-kit --json, when a command cannot do its work", ""),
    "evidence": (EvidenceResult, "pks-kit evidence --json", _FAILED),
    "extend": (ExtendResult, "pks-kit extend --json", _FAILED),
    "law-list": (LawListResult, "pks-kit law list --json", _FAILED),
    "law-show": (ShownParameter, "pks-kit law show --json", _FAILED),
    "law-stale": (LawStaleResult, "pks-kit law stale --json", _FAILED),
    "ledger-event": (ExportedEvent, "One line of pks-kit ledger export", ""),
    "ledger-export": (LedgerExportResult, "pks-kit ledger export --json", _FAILED),
    "ledger-migrate": (LedgerMigrateResult, "pks-kit ledger migrate --json", _FAILED),
    "ledger-reconcile": (Reconciled, "pks-kit ledger reconcile --json", _FAILED),
    "ledger-release": (PurchaseReleased, "pks-kit ledger release --json", _FAILED),
    "ledger-seal": (LedgerSealResult, "pks-kit ledger seal --json", _FAILED),
    "ledger-seal-file": (Seal, "A seal (.segel.json)", ""),
    "ledger-show": (LedgerShowResult, "pks-kit ledger show --json", _FAILED),
    "ledger-verify": (
        ChainReport,
        "pks-kit ledger verify --json",
        "Also printed when the chain or a seal is broken (exit code 40) or unguarded (41).",
    ),
    "letter-draft": (LetterDraftResult, "pks-kit letter draft --json", _FAILED),
    "letter-list": (LetterListResult, "pks-kit letter list --json", _FAILED),
    "paper-decide": (PaperDecideResult, "pks-kit paper decide --json", _FAILED),
    "paper-decisions": (
        PaperChoices,
        "keputusan-kertas.json, saved by the offline page and read by pks-kit paper decide",
        "",
    ),
    "paper-list": (VerifyReport, "pks-kit paper list --json", _FAILED),
    "receipt": (Receipt, "SLUG.receipt.json, written beside the issued PDF", ""),
    "renew": (RenewResult, "pks-kit renew --json", _FAILED),
    "renew-workbook": (WorkbookRenewResult, "pks-kit renew BOOK.xlsx --json", _REFUSED),
    "renewals": (RenewalsResult, "pks-kit renewals --json", _FAILED),
    "sandbox-init": (SandboxWritten, "pks-kit sandbox init --json", _FAILED),
    "session-receipt": (SessionReceipt, "The receipt of a session (.sesi.json)", ""),
    "sign": (SignResult, "pks-kit sign --json", _FAILED),
    "settings-check": (
        SettingsCheckResult,
        "pks-kit sign-all --check --json",
        "Also printed when something does not work (exit code 20) or was not seen (31).",
    ),
    "shrink": (ShrinkResult, "pks-kit shrink --json", _FAILED),
    "sign-all": (SessionResult, "pks-kit sign-all --json", _FAILED),
    "template-compile": (
        TemplateCompileResult,
        "pks-kit template compile --json",
        _FAILED,
    ),
    "template-diff": (CompareResult, "pks-kit template diff --json", _FAILED),
    "template-lint": (TemplateLintResult, "pks-kit template lint --json", _FAILED),
    "template-list": (TemplateListResult, "pks-kit template list --json", _FAILED),
    "template-show": (VersionOverview, "pks-kit template show --json", _FAILED),
    "verify": (VerifyReport, "pks-kit verify --json", _FAILED),
    "verify-returned": (ReturnedResult, "pks-kit verify SCANS --sort --json", _FAILED),
    "verify-kinds": (ListedKinds, "pks-kit verify --list-jenis --json", _FAILED),
}
"""Schema by file: the class that is shown, its title, and what a reader must know beside it."""


def schema_texts() -> dict[Path, str]:
    """Return the JSON Schemas of contract data, settings and letters, and of every answer."""
    made = {
        "kontrak": kontrak_schema(),
        "pengaturan": settings_schema(),
        "surat": letters_schema(),
    } | {
        name: json_schema(kind, title=title, description=remark)
        for name, (kind, title, remark) in FORMS.items()
    }
    return {
        DOCS / "skema" / f"{name}.schema.json": json.dumps(
            schema, ensure_ascii=False, indent=2, sort_keys=True
        )
        + "\n"
        for name, schema in made.items()
    }


def reference_text() -> str:
    """Return the help of every command as Markdown."""
    lines = ["# Command reference", "", "Made from `--help` by `make docs`.", ""]
    for name, command in _commands(root, "pks-kit"):
        context = click.Context(command, info_name=name, terminal_width=90, max_content_width=90)
        lines += [f"## `{name}`", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def _commands(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    found = [(name, command)] if name != "pks-kit" else []
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for child in command.list_commands(context):
            inner = command.get_command(context, child)
            if inner is not None:
                found += _commands(inner, f"{name} {child}")
    return found


def generated() -> dict[Path, str]:
    """Return every generated file with the text it should have."""
    return {
        **schema_texts(),
        DOCS / "cli.md": reference_text(),
        DOCS / "kecepatan.md": page(json.loads((DOCS / "kecepatan.json").read_text("utf-8"))),
    }


def run(*, check: bool) -> int:
    """Write the files, or say which are not current; return the exit code."""
    stale = [
        path
        for path, text in generated().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if check:
            sys.stderr.write(f"{path.name} is not current: run make docs\n")
        else:
            path.write_text(generated()[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(run(check="--check" in sys.argv))
