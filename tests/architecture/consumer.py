"""A program of somebody else that uses every public name; type checkers must know all of it.

It is never run. ``test_library.py`` checks it with ``mypy --strict --disallow-any-expr``, so no
signature may hold ``Any``, and makes sure that no public name is missing here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import pks_kit
from pks_kit import NamedFile, PksKitError, Problem

ROOT = Path("root.pem")


def data(kontrak: pks_kit.Kontrak, adendum: pks_kit.Adendum) -> Iterator[NamedFile]:
    """Check, draft and renew: as files, as text, as data."""
    for source in (
        Path("kontrak.yml"),
        "versi_templat: pks_2024",
        b"",
        kontrak,
        {"faskes": {"kode": "1"}},
    ):
        checked = pks_kit.check(pks_kit.CheckRequest(source=source, as_of=date(2024, 1, 1)))
        for finding in checked.findings:
            print(finding.code, finding.level, finding.path, checked.line_of(finding))
    result: pks_kit.CheckResult = checked
    print(len(result.findings))
    drafted = pks_kit.draft(pks_kit.DraftRequest(source=kontrak, formats=("pdf", "txt")))
    made: pks_kit.DraftResult = drafted
    print(made.agreement_id, made.template, made.pages)
    yield from made.files.values()
    amended = pks_kit.addendum(pks_kit.AddendumRequest(source=adendum, induk=kontrak))
    yield amended.files["pdf"]
    kinds: pks_kit.LetterListResult = pks_kit.letter_list(pks_kit.LetterListRequest())
    print([(one.kind, one.pengirim, one.parameter) for one in kinds.letters])
    letter: pks_kit.LetterDraftResult = pks_kit.letter_draft(
        pks_kit.LetterDraftRequest(kind="teguran", source=Path("teguran.yml"), kontrak=kontrak)
    )
    print(letter.letter_id, letter.template_sha256, letter.pages)
    yield letter.files["docx"]
    renewed: pks_kit.RenewResult = pks_kit.renew(
        pks_kit.RenewRequest(source=kontrak, mulai=date(2025, 1, 1), selesai=date(2025, 12, 31))
    )
    print(renewed.to_fill, renewed.removed, renewed.changes)
    yield renewed.file
    ending: pks_kit.RenewalsResult = pks_kit.renewals(
        pks_kit.RenewalsRequest(places=(Path("data"), renewed.file), window="90d")
    )
    print(ending.complete, [one.days_left for one in ending.endings])
    samples: pks_kit.InitResult = pks_kit.init(pks_kit.InitRequest())
    yield from samples.files


def books() -> Iterator[NamedFile]:
    """Workbooks and the HFIS form."""
    new: pks_kit.WorkbookNewResult = pks_kit.workbook_new(pks_kit.WorkbookNewRequest(samples=True))
    print(new.facilities)
    yield new.file
    check: pks_kit.BookCheck = pks_kit.workbook_check(pks_kit.WorkbookCheckRequest(source=new.file))
    print(check.exit_code, [one.error for one in check.facilities])
    request = pks_kit.WorkbookDraftRequest(source=new.file)
    book: pks_kit.BookDraft = pks_kit.workbook_draft(request)
    print(book.failed)
    drafts: pks_kit.BookDrafts = pks_kit.workbook_drafts(request)
    print(drafts.problems, drafts.passed_over)
    for draft in drafts.drafts:
        print(drafts.source, draft.facility.key, draft.error)
        if draft.result is not None:
            yield from draft.result.files.values()
    marked: pks_kit.WorkbookMarkedResult = pks_kit.workbook_marked(
        pks_kit.WorkbookMarkedRequest(source=new.file)
    )
    print(marked.check.exit_code)
    yield marked.file
    renewal = pks_kit.WorkbookRenewRequest(
        source=new.file, mulai=date(2029, 1, 1), selesai=date(2029, 12, 31)
    )
    following: pks_kit.WorkbookRenewResult = pks_kit.workbook_renew(renewal)
    print(following.exit_code, [one.to_fill() for one in following.facilities])
    yield following.book("id")
    several = (Path("a.yml"), new.file)
    many: pks_kit.ManyChecked = pks_kit.check_many(pks_kit.CheckManyRequest(sources=several))
    print(many.exit_code, many.ready, [one.error for one in many.agreements])
    all_of_them = pks_kit.DraftManyRequest(sources=several)
    drafted: pks_kit.ManyDrafted = pks_kit.draft_many(all_of_them)
    print(drafted.failed, drafted.drafted)
    each: Iterator[pks_kit.AgreementDraft] = pks_kit.many_drafts(all_of_them)
    print([one.agreement.file for one in each])
    out: pks_kit.WorkbookCsvOutResult = pks_kit.workbook_csv_out(
        pks_kit.WorkbookCsvOutRequest(source=new.file, key="99990001")
    )
    yield out.file
    into: pks_kit.WorkbookCsvInResult = pks_kit.workbook_csv_in(
        pks_kit.WorkbookCsvInRequest(form=out.file, base=Path("kontrak.yml"))
    )
    print(into.changed, into.remaining)
    yield into.file


def signatures(issued: NamedFile, receipt: pks_kit.Receipt, now: datetime) -> Iterator[NamedFile]:
    """Sign with a key, stamp, archive, cover, and a whole session."""
    key = pks_kit.load_pkcs12(Path("kunci.p12").read_bytes(), b"rahasia", "kunci.p12")
    other = pks_kit.load_pem(b"", b"", b"", b"", "kunci.pem")
    stamps = pks_kit.HttpTimestamps(url="https://tsa.example/")
    signed: pks_kit.SignResult = pks_kit.sign(
        pks_kit.SignRequest(
            pdf=issued, receipt=receipt, peran="pihak_kesatu", signer=key, timestamps=stamps
        )
    )
    print(signed.step, signed.next, signed.is_uji)
    sandbox = pks_kit.create_sandbox(now, {"pihak_kesatu": "Sari Anggraini"})
    clock = pks_kit.SandboxTimestamps(key=sandbox.tsa, clock=lambda: now)
    meterai = pks_kit.SandboxMeterai(key=sandbox.meterai, timestamps=clock, random_bytes=bytes)
    stamped = pks_kit.sign(
        pks_kit.SignRequest(pdf=signed.file, receipt=receipt, peran="pihak_kesatu", meterai=meterai)
    )
    archived: pks_kit.ExtendResult = pks_kit.extend(
        pks_kit.ExtendRequest(
            pdf=stamped.file,
            receipt=receipt,
            timestamps=stamps,
            trust=(ROOT, sandbox.root_pem),
            source=pks_kit.HttpRevocation(),
        )
    )
    print(archived.until)
    yield archived.file
    covering: pks_kit.CoverResult = pks_kit.cover(
        pks_kit.CoverRequest(pdf=stamped.file, receipt=receipt, batas_waktu=date(2024, 1, 31))
    )
    yield covering.file
    small: pks_kit.ShrinkResult = pks_kit.shrink(
        pks_kit.ShrinkRequest(files=(Path("pindaian.pdf"),), most_bytes=2_000_000, issued=issued)
    )
    print(small.limit, small.after)
    yield from small.files
    keys: pks_kit.SandboxInitResult = pks_kit.sandbox_init(
        pks_kit.SandboxInitRequest(passphrase=b"rahasia-uji", receipt=receipt)
    )
    yield from keys.files
    with pks_kit.open_ledger(Path("buku.sqlite")) as ledger:
        session: pks_kit.SessionResult = pks_kit.sign_all(
            pks_kit.SessionRequest(
                pdf=issued,
                receipt=receipt,
                folder=Path("sesi"),
                ledger=ledger,
                tools={"pihak_kesatu": pks_kit.PartyTools(signer=other, timestamps=stamps)},
            )
        )
    print(session.waiting)
    yield session.file


def settings(path: Path) -> pks_kit.Reconciled:
    """Tools as a settings file names them."""
    tools = pks_kit.SigningTools(
        settings=pks_kit.load_settings(path),
        base=path.parent,
        secret=lambda _origin, _name: pks_kit.Secret("rahasia"),
        clock=datetime.now,
    )
    tried: pks_kit.SettingsCheckResult = pks_kit.settings_check(
        pks_kit.SettingsCheckRequest(tools=tools, pdf=Path("pks.pdf"))
    )
    print(tried.exit_code, [(one.part, one.state) for one in tried.tried])
    refused: type[pks_kit.LedgerError] = pks_kit.LedgerGuardsError
    print(refused.exit_code)
    with tools.open_ledger() as ledger:
        seal: pks_kit.LedgerSealResult = pks_kit.ledger_seal(
            pks_kit.LedgerSealRequest(ledger=ledger, timestamps=tools.timestamps("tsa"))
        )
        report = pks_kit.ledger_verify(
            pks_kit.LedgerVerifyRequest(ledger=ledger, receipts=[seal.file], trust=[ROOT])
        )
        print(report.exit_code, [one.agrees for one in report.heads])
        return pks_kit.ledger_reconcile(
            pks_kit.ReconcileRequest(ledger=ledger, distributors=(), folder=tools.sessions())
        )


def judged(pdf: NamedFile) -> Iterator[NamedFile]:
    """Verify, and keep the evidence."""
    result: pks_kit.VerifyResult = pks_kit.verify(
        pks_kit.VerifyRequest(
            pdf=pdf,
            issued=Path("terbit.pdf"),
            receipt=b"{}",
            trust=(ROOT, "-----BEGIN CERTIFICATE-----\n"),
            limits=pks_kit.Limits(pages=100),
            pictures=True,
        )
    )
    report: pks_kit.VerifyReport = result.report
    print(result.verdict, report.exit_code, [check.code for check in report.checks])
    yield result.page("id")
    returned: pks_kit.ReturnedResult = pks_kit.verify_returned(
        pks_kit.ReturnedRequest(scans=(pdf, Path("masuk")), issued=(Path("terbit"),), receipt="{}")
    )
    for one in returned.agreements:
        print(one.name, one.verdict, one.report.exit_code, [sheet.file for sheet in one.sheets])
    print([text.text for text in returned.send_back], returned.totals.left, returned.exit_code)
    kept: pks_kit.EvidenceResult = pks_kit.evidence(
        pks_kit.EvidenceRequest(pdf=pdf, issued=pdf, receipt="{}")
    )
    print(kept.sha256, kept.manifest.agreement_id)
    yield kept.file
    whole: pks_kit.DemoResult = pks_kit.demo(pks_kit.DemoRequest())
    yield from whole.files


def ledger(book: pks_kit.SqlLedger, known: str) -> Iterator[NamedFile]:
    """Look into a ledger."""
    shown: pks_kit.LedgerShowResult = pks_kit.ledger_show(
        pks_kit.LedgerShowRequest(ledger=book, price=10_000)
    )
    print(shown.sums.bought, [one.name for one in shown.agreements])
    chain: pks_kit.ChainReport = pks_kit.ledger_verify(
        pks_kit.LedgerVerifyRequest(ledger=Path("buku.sqlite"), head=known)
    )
    print(chain.intact)
    exported: pks_kit.LedgerExportResult = pks_kit.ledger_export(
        pks_kit.LedgerExportRequest(ledger=book)
    )
    if exported.file is not None:
        yield exported.file
    migrated: pks_kit.LedgerMigrateResult = pks_kit.ledger_migrate(
        pks_kit.LedgerMigrateRequest(address="postgresql+psycopg://pks@localhost/buku")
    )
    print(migrated.before, migrated.after)
    released: pks_kit.LedgerReleaseResult = pks_kit.ledger_release(
        pks_kit.LedgerReleaseRequest(ledger=book, kunci="k", oleh="Sari", alasan="ditolak")
    )
    print(released.purchase.kunci, released.event.nomor)


def looked_up() -> NamedFile:
    """The law and the templates."""
    listed: pks_kit.LawListResult = pks_kit.law_list(pks_kit.LawListRequest(find="Rp12.000,00"))
    shown: pks_kit.LawShowResult = pks_kit.law_show(
        pks_kit.LawShowRequest(name=listed.parameters[0].name)
    )
    stale: pks_kit.LawStaleResult = pks_kit.law_stale(pks_kit.LawStaleRequest(older_than=30))
    print(shown.values[0].printed, [use.file for use in shown.uses.code], stale.limit)
    versions: pks_kit.TemplateListResult = pks_kit.template_list(pks_kit.TemplateListRequest())
    overview: pks_kit.VersionOverview = pks_kit.template_show(
        pks_kit.TemplateShowRequest(versi=versions.templates[0].versi)
    )
    linted: pks_kit.TemplateLintResult = pks_kit.template_lint(
        pks_kit.TemplateLintRequest(versi=overview.versi)
    )
    print([one.line for one in linted.findings])
    compiled: pks_kit.TemplateCompileResult = pks_kit.template_compile(
        pks_kit.TemplateCompileRequest(folder=Path("simpanan"), versi=(overview.versi,))
    )
    print(compiled.folder, compiled.seconds, [one.leaves for one in compiled.editions])
    compared: pks_kit.CompareResult = pks_kit.template_diff(
        pks_kit.TemplateDiffRequest(old="pks_2023", new="pks_2024")
    )
    return compared.page("en")


def told(error: PksKitError) -> Sequence[tuple[str, str]]:
    """What a server answers, and where in the data it is wrong."""
    print(error.code, error.http_status, error.exit_code, error.text.en, pks_kit.as_json(error))
    match error:
        case pks_kit.InputProblemsError(problems=problems):
            first: Problem = problems[0]
            print(first.line)
            return [(problem.pointer, problem.text.id) for problem in problems]
        case pks_kit.FindingsError(findings=findings):
            return [(finding.path, finding.text.id) for finding in findings]
        case pks_kit.UsageError() | pks_kit.InputError() | pks_kit.NotInForceError():
            return [("", "asked wrongly")]
        case pks_kit.UnknownOutcomeError() | pks_kit.SigningError() | pks_kit.LedgerError():
            return [("", "ask again later")]
        case pks_kit.TemplateError() | pks_kit.RenderError() | pks_kit.VerificationError():
            return [("", "our fault")]
        case _:
            return []


def decided_on_paper(scan: NamedFile, ledger: pks_kit.SqlLedger) -> Iterator[NamedFile]:
    """Read a scan, write what a person decided, and show the page of what is left."""
    listed: pks_kit.PaperListResult = pks_kit.paper_list(
        pks_kit.PaperListRequest(scan=scan, issued=Path("terbit.pdf"))
    )
    chosen = [pks_kit.PaperChoice(item=one.key, decision="signed") for one in listed.items]
    done: pks_kit.PaperDecideResult = pks_kit.paper_decide(
        pks_kit.PaperDecideRequest(
            scan=scan, issued=Path("terbit.pdf"), ledger=ledger, oleh="Siti Rahma", choices=chosen
        )
    )
    print(done.written, [one.state for one in done.decided], done.report.verdict)
    desk: pks_kit.ReviewDesk = pks_kit.paper_review(
        pks_kit.PaperReviewRequest(
            scan=scan, issued=Path("terbit.pdf"), ledger=ledger, oleh="Budi Hartono"
        )
    )
    print(desk.write(chosen), pks_kit.PaperChoices.__name__)
    yield desk.review.page("id")


async def beside_a_loop(pdf: NamedFile, kontrak: pks_kit.Kontrak) -> str:
    """Every verb has a form that is awaited."""
    drafted, judged_file = await asyncio.gather(
        pks_kit.draft_async(pks_kit.DraftRequest(source=kontrak)),
        pks_kit.verify_async(pks_kit.VerifyRequest(pdf=pdf)),
    )
    task = asyncio.create_task(pks_kit.check_async(pks_kit.CheckRequest(source=kontrak)))
    print(len((await task).findings))
    return f"{drafted.pages} {judged_file.verdict}"


def a_night(book: Path, folder: Path, keys: pks_kit.WithSettings) -> pks_kit.BatchStatus:
    """Many agreements: planned by one person, approved by another, run, looked at."""
    planned: pks_kit.BatchPlanned = pks_kit.batch_plan(
        pks_kit.BatchPlanRequest(sources=(book,), folder=folder, by="Sari Contohwati")
    )
    with pks_kit.open_ledger(folder / "buku.sqlite") as ledger:
        approved: pks_kit.BatchApproved = pks_kit.batch_approve(
            pks_kit.BatchApproveRequest(folder=folder, by="Budi Rekaan", ledger=ledger)
        )
        rejected: pks_kit.BatchRejected = pks_kit.batch_reject(
            pks_kit.BatchRejectRequest(
                folder=folder, by="Budi Rekaan", reason="rekening klinik 3", ledger=ledger
            )
        )
        print(rejected.reason)
        ran: pks_kit.BatchRan = pks_kit.batch_run(
            pks_kit.BatchRunRequest(folder=folder, signing=keys, jobs=2)
        )
        print(planned.ready, approved.event, ran.exit_code)
        seen: pks_kit.BatchPreviewed = pks_kit.batch_preview(
            pks_kit.BatchPreviewRequest(folder=folder, sample=0)
        )
        told: pks_kit.BatchReported = pks_kit.batch_report(
            pks_kit.BatchReportRequest(folder=folder, ledger=ledger)
        )
        print(seen.preview, told.page.save(folder))
        if ran.status.exit_code:
            chosen = pks_kit.BatchRowsRequest(folder=folder, keys=("0101A001",))
            changed: pks_kit.BatchRowsChanged = pks_kit.batch_retry(chosen)
            print(changed.names, pks_kit.batch_cancel(chosen).rows)
            back: pks_kit.BatchReceived = pks_kit.batch_receive(
                pks_kit.BatchReceiveRequest(
                    folder=folder, scans=(book,), ledger=ledger, sessions=folder / "sesi"
                )
            )
            print(len(back.not_back))
            pks_kit.batch_rebuild(pks_kit.BatchRebuildRequest(folder=folder, ledger=ledger))
    return pks_kit.batch_status(pks_kit.BatchStatusRequest(folder=folder))


def a_night_on_many_machines(folder: Path, keys: pks_kit.WithSettings) -> pks_kit.BatchStatus:
    """Put into the queue once, taken out on each machine."""
    queued: pks_kit.BatchEnqueued = pks_kit.batch_enqueue(
        pks_kit.BatchEnqueueRequest(folder=folder, signing=keys)
    )
    worked: pks_kit.BatchWorked = pks_kit.batch_worker(
        pks_kit.BatchWorkerRequest(folder=folder, signing=keys, jobs=2)
    )
    print(queued.rows, worked.tried, worked.exit_code)
    return worked.status


def a_small_night(folder: Path) -> int:
    """The demo with twelve facilities."""
    shown: pks_kit.DemoBatchResult = pks_kit.demo_batch(pks_kit.DemoBatchRequest(folder=folder))
    return shown.redone


WAITING = (
    pks_kit.batch_preview_async,
    pks_kit.batch_receive_async,
    pks_kit.batch_report_async,
    pks_kit.demo_batch_async,
    pks_kit.addendum_async,
    pks_kit.batch_approve_async,
    pks_kit.batch_cancel_async,
    pks_kit.batch_enqueue_async,
    pks_kit.batch_plan_async,
    pks_kit.batch_rebuild_async,
    pks_kit.batch_reject_async,
    pks_kit.batch_retry_async,
    pks_kit.batch_run_async,
    pks_kit.batch_status_async,
    pks_kit.batch_worker_async,
    pks_kit.check_many_async,
    pks_kit.cover_async,
    pks_kit.demo_async,
    pks_kit.draft_many_async,
    pks_kit.evidence_async,
    pks_kit.extend_async,
    pks_kit.init_async,
    pks_kit.law_list_async,
    pks_kit.law_show_async,
    pks_kit.law_stale_async,
    pks_kit.ledger_export_async,
    pks_kit.ledger_migrate_async,
    pks_kit.ledger_reconcile_async,
    pks_kit.ledger_release_async,
    pks_kit.ledger_seal_async,
    pks_kit.ledger_show_async,
    pks_kit.ledger_verify_async,
    pks_kit.paper_decide_async,
    pks_kit.paper_list_async,
    pks_kit.paper_review_async,
    pks_kit.letter_draft_async,
    pks_kit.letter_list_async,
    pks_kit.renew_async,
    pks_kit.renewals_async,
    pks_kit.sandbox_init_async,
    pks_kit.settings_check_async,
    pks_kit.shrink_async,
    pks_kit.sign_all_async,
    pks_kit.sign_async,
    pks_kit.template_compile_async,
    pks_kit.template_diff_async,
    pks_kit.template_lint_async,
    pks_kit.template_list_async,
    pks_kit.template_show_async,
    pks_kit.workbook_check_async,
    pks_kit.workbook_csv_in_async,
    pks_kit.workbook_csv_out_async,
    pks_kit.workbook_draft_async,
    pks_kit.workbook_renew_async,
    pks_kit.workbook_marked_async,
    pks_kit.workbook_new_async,
    pks_kit.verify_returned_async,
)
