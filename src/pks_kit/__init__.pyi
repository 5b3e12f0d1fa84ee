# The public names of pks-kit and where each lives: the one list, for type checkers and for
# __init__.py, which imports a name from here when it is first used.

from pks_kit.domain.adendum import Adendum as Adendum
from pks_kit.domain.kontrak import Kontrak as Kontrak
from pks_kit.domain.receipt import Receipt as Receipt
from pks_kit.domain.secret import Secret as Secret
from pks_kit.errors import (
    FindingsError as FindingsError,
    InputError as InputError,
    InputProblemsError as InputProblemsError,
    LedgerError as LedgerError,
    LedgerGuardsError as LedgerGuardsError,
    NotInForceError as NotInForceError,
    PksKitError as PksKitError,
    Problem as Problem,
    RenderError as RenderError,
    SigningError as SigningError,
    TemplateError as TemplateError,
    UnknownOutcomeError as UnknownOutcomeError,
    UsageError as UsageError,
    VerificationError as VerificationError,
)
from pks_kit.files import NamedFile as NamedFile
from pks_kit.inputs.settings_file import load_settings as load_settings
from pks_kit.ledger.chain import ChainReport as ChainReport
from pks_kit.ledger.store import (
    SqlLedger as SqlLedger,
    open_ledger as open_ledger,
)
from pks_kit.naskah.overview import VersionOverview as VersionOverview
from pks_kit.pipelines.addendum import (
    AddendumRequest as AddendumRequest,
    addendum as addendum,
    addendum_async as addendum_async,
)
from pks_kit.pipelines.batch import (
    BatchApproved as BatchApproved,
    BatchApproveRequest as BatchApproveRequest,
    BatchPlanned as BatchPlanned,
    BatchPlanRequest as BatchPlanRequest,
    BatchRejected as BatchRejected,
    BatchRejectRequest as BatchRejectRequest,
    batch_approve as batch_approve,
    batch_approve_async as batch_approve_async,
    batch_plan as batch_plan,
    batch_plan_async as batch_plan_async,
    batch_reject as batch_reject,
    batch_reject_async as batch_reject_async,
)
from pks_kit.pipelines.batch_fleet import (
    BatchEnqueued as BatchEnqueued,
    BatchEnqueueRequest as BatchEnqueueRequest,
    BatchWorked as BatchWorked,
    BatchWorkerRequest as BatchWorkerRequest,
    batch_enqueue as batch_enqueue,
    batch_enqueue_async as batch_enqueue_async,
    batch_worker as batch_worker,
    batch_worker_async as batch_worker_async,
)
from pks_kit.pipelines.batch_preview import (
    BatchPreviewed as BatchPreviewed,
    BatchPreviewRequest as BatchPreviewRequest,
    batch_preview as batch_preview,
    batch_preview_async as batch_preview_async,
)
from pks_kit.pipelines.batch_receive import (
    BatchReceived as BatchReceived,
    BatchReceiveRequest as BatchReceiveRequest,
    batch_receive as batch_receive,
    batch_receive_async as batch_receive_async,
)
from pks_kit.pipelines.batch_report import (
    BatchReported as BatchReported,
    BatchReportRequest as BatchReportRequest,
    batch_report as batch_report,
    batch_report_async as batch_report_async,
)
from pks_kit.pipelines.batch_rows import (
    BatchRebuildRequest as BatchRebuildRequest,
    BatchRowsChanged as BatchRowsChanged,
    BatchRowsRequest as BatchRowsRequest,
    BatchStatusRequest as BatchStatusRequest,
    batch_cancel as batch_cancel,
    batch_cancel_async as batch_cancel_async,
    batch_rebuild as batch_rebuild,
    batch_rebuild_async as batch_rebuild_async,
    batch_retry as batch_retry,
    batch_retry_async as batch_retry_async,
    batch_status as batch_status,
    batch_status_async as batch_status_async,
)
from pks_kit.pipelines.batch_run import (
    BatchRan as BatchRan,
    BatchRunRequest as BatchRunRequest,
    batch_run as batch_run,
    batch_run_async as batch_run_async,
)
from pks_kit.pipelines.batching.summary import BatchStatus as BatchStatus
from pks_kit.pipelines.batching.workshop import WithSettings as WithSettings
from pks_kit.pipelines.compare import CompareResult as CompareResult
from pks_kit.pipelines.cover import (
    CoverRequest as CoverRequest,
    CoverResult as CoverResult,
    cover as cover,
    cover_async as cover_async,
)
from pks_kit.pipelines.demo import (
    DemoRequest as DemoRequest,
    DemoResult as DemoResult,
    demo as demo,
    demo_async as demo_async,
)
from pks_kit.pipelines.demo_batch import (
    DemoBatchRequest as DemoBatchRequest,
    DemoBatchResult as DemoBatchResult,
    demo_batch as demo_batch,
    demo_batch_async as demo_batch_async,
)
from pks_kit.pipelines.draft import (
    CheckRequest as CheckRequest,
    CheckResult as CheckResult,
    DraftRequest as DraftRequest,
    DraftResult as DraftResult,
    check as check,
    check_async as check_async,
    draft as draft,
    draft_async as draft_async,
)
from pks_kit.pipelines.error_form import as_json as as_json
from pks_kit.pipelines.evidence import (
    EvidenceRequest as EvidenceRequest,
    EvidenceResult as EvidenceResult,
    evidence as evidence,
    evidence_async as evidence_async,
)
from pks_kit.pipelines.extend import (
    ExtendRequest as ExtendRequest,
    ExtendResult as ExtendResult,
    extend as extend,
    extend_async as extend_async,
)
from pks_kit.pipelines.init import (
    InitRequest as InitRequest,
    InitResult as InitResult,
    init as init,
    init_async as init_async,
)
from pks_kit.pipelines.law import (
    LawListRequest as LawListRequest,
    LawListResult as LawListResult,
    LawShowRequest as LawShowRequest,
    LawShowResult as LawShowResult,
    LawStaleRequest as LawStaleRequest,
    LawStaleResult as LawStaleResult,
    law_list as law_list,
    law_list_async as law_list_async,
    law_show as law_show,
    law_show_async as law_show_async,
    law_stale as law_stale,
    law_stale_async as law_stale_async,
)
from pks_kit.pipelines.ledger import (
    LedgerExportRequest as LedgerExportRequest,
    LedgerExportResult as LedgerExportResult,
    LedgerMigrateRequest as LedgerMigrateRequest,
    LedgerMigrateResult as LedgerMigrateResult,
    LedgerReleaseRequest as LedgerReleaseRequest,
    LedgerReleaseResult as LedgerReleaseResult,
    LedgerShowRequest as LedgerShowRequest,
    LedgerShowResult as LedgerShowResult,
    LedgerVerifyRequest as LedgerVerifyRequest,
    ledger_export as ledger_export,
    ledger_export_async as ledger_export_async,
    ledger_migrate as ledger_migrate,
    ledger_migrate_async as ledger_migrate_async,
    ledger_release as ledger_release,
    ledger_release_async as ledger_release_async,
    ledger_show as ledger_show,
    ledger_show_async as ledger_show_async,
    ledger_verify as ledger_verify,
    ledger_verify_async as ledger_verify_async,
)
from pks_kit.pipelines.ledger_seal import (
    LedgerSealRequest as LedgerSealRequest,
    LedgerSealResult as LedgerSealResult,
    ledger_seal as ledger_seal,
    ledger_seal_async as ledger_seal_async,
)
from pks_kit.pipelines.paper import (
    PaperChoices as PaperChoices,
    PaperDecideRequest as PaperDecideRequest,
    PaperDecideResult as PaperDecideResult,
    PaperListRequest as PaperListRequest,
    PaperReviewRequest as PaperReviewRequest,
    paper_decide as paper_decide,
    paper_decide_async as paper_decide_async,
    paper_list as paper_list,
    paper_list_async as paper_list_async,
    paper_review as paper_review,
    paper_review_async as paper_review_async,
)
from pks_kit.pipelines.reconcile import (
    Reconciled as Reconciled,
    ReconcileRequest as ReconcileRequest,
    ledger_reconcile as ledger_reconcile,
    ledger_reconcile_async as ledger_reconcile_async,
)
from pks_kit.pipelines.letter import (
    LetterDraftRequest as LetterDraftRequest,
    LetterDraftResult as LetterDraftResult,
    LetterListRequest as LetterListRequest,
    LetterListResult as LetterListResult,
    letter_draft as letter_draft,
    letter_draft_async as letter_draft_async,
    letter_list as letter_list,
    letter_list_async as letter_list_async,
)
from pks_kit.pipelines.many import (
    AgreementDraft as AgreementDraft,
    CheckManyRequest as CheckManyRequest,
    DraftManyRequest as DraftManyRequest,
    ManyChecked as ManyChecked,
    ManyDrafted as ManyDrafted,
    check_many as check_many,
    check_many_async as check_many_async,
    draft_many as draft_many,
    draft_many_async as draft_many_async,
    many_drafts as many_drafts,
)
from pks_kit.pipelines.renew import (
    RenewRequest as RenewRequest,
    RenewResult as RenewResult,
    renew as renew,
    renew_async as renew_async,
)
from pks_kit.pipelines.renewals import (
    RenewalsRequest as RenewalsRequest,
    RenewalsResult as RenewalsResult,
    renewals as renewals,
    renewals_async as renewals_async,
)
from pks_kit.pipelines.returned import (
    ReturnedRequest as ReturnedRequest,
    ReturnedResult as ReturnedResult,
    verify_returned as verify_returned,
    verify_returned_async as verify_returned_async,
)
from pks_kit.pipelines.sandbox import (
    SandboxInitRequest as SandboxInitRequest,
    SandboxInitResult as SandboxInitResult,
    sandbox_init as sandbox_init,
    sandbox_init_async as sandbox_init_async,
)
from pks_kit.pipelines.settings_check import (
    SettingsCheckRequest as SettingsCheckRequest,
    SettingsCheckResult as SettingsCheckResult,
    settings_check as settings_check,
    settings_check_async as settings_check_async,
)
from pks_kit.pipelines.shrink import (
    ShrinkRequest as ShrinkRequest,
    ShrinkResult as ShrinkResult,
    shrink as shrink,
    shrink_async as shrink_async,
)
from pks_kit.pipelines.sign import (
    sign as sign,
    sign_async as sign_async,
)
from pks_kit.pipelines.sign_all import (
    sign_all as sign_all,
    sign_all_async as sign_all_async,
)
from pks_kit.pipelines.signing.session_request import (
    PartyTools as PartyTools,
    SessionRequest as SessionRequest,
    SessionResult as SessionResult,
)
from pks_kit.pipelines.signing.sign_request import (
    SignRequest as SignRequest,
    SignResult as SignResult,
)
from pks_kit.pipelines.signing.tools import SigningTools as SigningTools
from pks_kit.pipelines.template import (
    TemplateDiffRequest as TemplateDiffRequest,
    TemplateLintRequest as TemplateLintRequest,
    TemplateLintResult as TemplateLintResult,
    TemplateListRequest as TemplateListRequest,
    TemplateListResult as TemplateListResult,
    TemplateShowRequest as TemplateShowRequest,
    template_diff as template_diff,
    template_diff_async as template_diff_async,
    template_lint as template_lint,
    template_lint_async as template_lint_async,
    template_list as template_list,
    template_list_async as template_list_async,
    template_show as template_show,
    template_show_async as template_show_async,
)
from pks_kit.pipelines.template_compile import (
    TemplateCompileRequest as TemplateCompileRequest,
    TemplateCompileResult as TemplateCompileResult,
    template_compile as template_compile,
    template_compile_async as template_compile_async,
)
from pks_kit.pipelines.verify import (
    VerifyRequest as VerifyRequest,
    VerifyResult as VerifyResult,
    verify as verify,
    verify_async as verify_async,
)
from pks_kit.pipelines.workbook import (
    BookCheck as BookCheck,
    BookDraft as BookDraft,
    BookDrafts as BookDrafts,
    WorkbookCheckRequest as WorkbookCheckRequest,
    WorkbookDraftRequest as WorkbookDraftRequest,
    WorkbookNewRequest as WorkbookNewRequest,
    WorkbookNewResult as WorkbookNewResult,
    workbook_check as workbook_check,
    workbook_check_async as workbook_check_async,
    workbook_draft as workbook_draft,
    workbook_draft_async as workbook_draft_async,
    workbook_drafts as workbook_drafts,
    workbook_new as workbook_new,
    workbook_new_async as workbook_new_async,
)
from pks_kit.pipelines.workbook_marked import (
    WorkbookMarkedRequest as WorkbookMarkedRequest,
    WorkbookMarkedResult as WorkbookMarkedResult,
    workbook_marked as workbook_marked,
    workbook_marked_async as workbook_marked_async,
)
from pks_kit.pipelines.workbook_renew import (
    WorkbookRenewRequest as WorkbookRenewRequest,
    WorkbookRenewResult as WorkbookRenewResult,
    workbook_renew as workbook_renew,
    workbook_renew_async as workbook_renew_async,
)
from pks_kit.pipelines.workbook_csv import (
    WorkbookCsvInRequest as WorkbookCsvInRequest,
    WorkbookCsvInResult as WorkbookCsvInResult,
    WorkbookCsvOutRequest as WorkbookCsvOutRequest,
    WorkbookCsvOutResult as WorkbookCsvOutResult,
    workbook_csv_in as workbook_csv_in,
    workbook_csv_in_async as workbook_csv_in_async,
    workbook_csv_out as workbook_csv_out,
    workbook_csv_out_async as workbook_csv_out_async,
)
from pks_kit.pipelines.verifying.paper_desk import (
    PaperChoice as PaperChoice,
    PaperListResult as PaperListResult,
    ReviewDesk as ReviewDesk,
)
from pks_kit.pki.revocation_http import HttpRevocation as HttpRevocation
from pks_kit.pki.timestamp_http import HttpTimestamps as HttpTimestamps
from pks_kit.signing.keys.files import (
    load_pem as load_pem,
    load_pkcs12 as load_pkcs12,
)
from pks_kit.signing.sandbox.authority import (
    SandboxTimestamps as SandboxTimestamps,
    create_sandbox as create_sandbox,
)
from pks_kit.signing.sandbox.meterai import SandboxMeterai as SandboxMeterai
from pks_kit.verification.limits import Limits as Limits
from pks_kit.verification.report.verdict import VerifyReport as VerifyReport
