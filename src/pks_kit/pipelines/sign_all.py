"""Sign one agreement from its next step to as far as this side can go; stop anywhere, resume.

A session is a ledger and a folder of immutable revisions. It never keeps anything in memory that
it could not find again: kill it at any moment, start it again with the same request, and it goes
on from the last good revision. Each revision is checked before the next step, and the final file
appears under its name by a rename.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pks_kit.errors import LedgerError, PksKitError, SigningError, UnknownOutcomeError, UsageError
from pks_kit.files import NamedFile, write_atomic
from pks_kit.ledger import kinds
from pks_kit.ledger.describe import describe_agreement
from pks_kit.ledger.one_agreement import AgreementLedger
from pks_kit.limits import PDF_BYTES
from pks_kit.net.plain import plain_services
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.pipelines.inside.contract_data import requirements_before
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.requests.background import in_background, in_own_loop
from pks_kit.pipelines.requests.checked import verb
from pks_kit.pipelines.requests.clock import moment
from pks_kit.pipelines.requests.given import Content, read_file
from pks_kit.pipelines.sign import find_receipt
from pks_kit.pipelines.signing.alone import alone_on
from pks_kit.pipelines.signing.one_step import Situation, sign_with_key, sign_with_service, stamp
from pks_kit.pipelines.signing.purchase import MeteraiPurchase, order_for, refuse_unpaid_ledger
from pks_kit.pipelines.signing.session_receipt import SUFFIX, session_receipt
from pks_kit.pipelines.signing.session_request import (
    SealsHead,
    SessionRequest,
    SessionResult,
    StepDone,
)
from pks_kit.policy.signing_profile import ProfileStep, SigningProfile, load_profile, next_steps
from pks_kit.resources import signing_root
from pks_kit.signing.revision_store import RevisionStore
from pks_kit.signing.session_places import files_of
from pks_kit.signing.step.check_result import StepChecked
from pks_kit.signing.step.plan import Planned, Wanted, plan_step
from pks_kit.signing.step.state import AgreementState, read_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pks_kit.domain.receipt import Receipt
    from pks_kit.ledger.ports import Event
    from pks_kit.signing.step.signatures import SignatureSeen

__all__ = ["SessionRequest", "SessionResult", "sign_all", "sign_all_async"]

ISSUED = "terbit"
ADOPTED = kinds.DARI_LUAR
ARCHIVE = kinds.ARSIP


@verb
def sign_all(request: SessionRequest) -> SessionResult:
    """Do every step of the profile that this side can do, from the last good revision on.

    The services of the request are awaited in an event loop that lives for this call.

    Raises:
        UsageError: ``sign.running_loop`` inside a running event loop, where ``sign_all_async`` is
            awaited instead; ``request.type``.
        InputError: A file is missing, too large or malformed, or the disk is full.
        SigningError: A step was refused or failed; everything before it is kept.
        UnknownOutcomeError: A service may have acted; run again, it will be asked.
        LedgerError: The ledger or the folder of revisions cannot be used, or says otherwise.
    """
    return in_own_loop(_sign_all(request))


sign_all_async = in_background(sign_all)


async def _sign_all(request: SessionRequest) -> SessionResult:
    given = read_file(request.pdf, PDF_BYTES, "pdf")
    looks = LooksInside()
    session = _Session(request, find_receipt(request.pdf, request.receipt, given, looks), looks)
    with alone_on(request.folder, request.ledger, session.receipt.agreement_id):
        try:
            return await session.run(given)
        except Exception:
            with suppress(LedgerError):  # what is not written is found again in the folder
                session.flush()
            raise


class _Session:
    """One run over one agreement.

    Args:
        request: What to do.
        receipt: Receipt of the agreement.
        looks: Where files are opened.
    """

    def __init__(self, request: SessionRequest, receipt: Receipt, looks: LooksInside) -> None:
        self.request = request
        self.receipt = receipt
        self.looks = looks
        self.profile: SigningProfile = load_profile(signing_root(), receipt.profile)
        self.store = RevisionStore(files_of(request.folder, receipt.agreement_id))
        self.name = request.output.name if request.output else f"{receipt.slug}.pdf"
        self._ledger: AgreementLedger | None = None
        self.current = b""
        self.number = -1
        self.done: list[StepDone] = []

    @property
    def ledger(self) -> AgreementLedger:
        """Return the events of this agreement, read when they are first needed."""
        if self._ledger is None:
            self._ledger = AgreementLedger(self.request.ledger, self.receipt.agreement_id)
        return self._ledger

    def flush(self) -> None:
        """Write down what may wait, however the session ended."""
        if self._ledger is not None:
            self._ledger.flush()

    async def run(self, given: Content) -> SessionResult:
        """Resume, do the steps, archive, publish."""
        if not self.request.tools and (roles := {one.peran: 1 for one in self.profile.langkah}):
            raise UsageError("settings.no_party", role=", ".join(roles))
        self._start(given.content)
        state = self._resume()
        state = self._adopt(given, state)
        self.looks.remark(
            *requirements_before(self.current, self.receipt, self.looks, state.filled)
        )
        while (step := self._next(state)) is not None and self._can_do(step):
            state = await self._do(step, state)
        waiting = next_steps(self.profile, state.filled)
        if not waiting:
            try:
                await self._archive()
            except PksKitError:  # signed and stamped it is: run again for the archive
                self._publish(waiting, is_complete=False)
                raise
        return self._publish(waiting, is_complete=not waiting)

    def _result(self, waiting: Sequence[ProfileStep]) -> SessionResult:
        return SessionResult(
            agreement_id=self.receipt.agreement_id,
            file=NamedFile(self.name, self.current),
            sha256=sha256_of(self.current),
            size=len(self.current),
            done=tuple(self.done),
            waiting=tuple(step.kode for step in waiting),
            is_archived=any(one.langkah == ARCHIVE for one in self.store.revisions()),
            notes=self.looks.notes,
            ledger_head=self.ledger.anchor(),
            without_tls=plain_services(
                self.request.archive,
                *(one for tools in self.request.tools.values() for one in tools.services()),
            ),
        )

    # --- where are we -------------------------------------------------------------------------

    def _start(self, given: bytes) -> None:
        """Store the issued file first; every other revision begins with it."""
        issued = self.receipt.issued
        if issued is None:
            raise SigningError("signing.receipt_not_issued")
        if sha256_of(base := given[: issued.size]) != issued.sha256:
            raise SigningError("signing.changed_since_issued", file=issued.file)
        self.store.save(0, ISSUED, base)
        self.ledger.once(
            f"terbit:{self.receipt.agreement_id}",
            kinds.TERBIT,
            {"file": issued.file, "sha256": issued.sha256, "size": issued.size},
            waktu=moment(self.request.clock),
        )
        describe_agreement(self.ledger, self.receipt, self.profile, waktu=self.request.clock())

    def _resume(self) -> AgreementState:
        """Return the state of the newest revision; all before it are its beginning."""
        revisions = self.store.revisions()
        contents = [self.store.read(one) for one in revisions]
        for before, after, revision in zip(contents, contents[1:], revisions[1:], strict=False):
            if not after.startswith(before):
                raise LedgerError("store.not_continued", file=str(revision.path))
        self.current, self.number = contents[-1], revisions[-1].number
        state = self._read(self.current)
        known = {
            one.isi["sesudah_sha256"]
            for one in self._events()
            if one.jenis == kinds.LANGKAH_SELESAI
        }
        stored = {sha256_of(content) for content in contents}
        if not known <= stored:
            raise LedgerError("store.lost", folder=str(self.store.folder))
        for index in range(1, len(contents)):
            if sha256_of(contents[index]) not in known:
                self._record(revisions[index].langkah, contents[index - 1], contents[index])
        return state

    def _adopt(self, given: Content, state: AgreementState) -> AgreementState:
        """Take over steps that were done elsewhere, when the given file continues ours."""
        content = given.content
        if self.current.startswith(content):
            return state
        if not content.startswith(self.current):
            raise SigningError("session.other_branch", file=given.name)
        found = self._read(content)
        self._keep(ADOPTED, content)
        return found

    def _read(self, content: bytes) -> AgreementState:
        return read_state(content, self.receipt, self.profile, looks=self.looks)

    def _next(self, state: AgreementState) -> ProfileStep | None:
        waiting = next_steps(self.profile, state.filled)
        return waiting[0] if waiting else None

    def _can_do(self, step: ProfileStep) -> bool:
        tools = self.request.tools.get(step.peran)
        if tools is None or step.jenis == "meterai":
            return tools is not None and tools.meterai is not None
        return tools.signer is not None or tools.service is not None

    # --- one step -----------------------------------------------------------------------------

    async def _do(self, step: ProfileStep, state: AgreementState) -> AgreementState:
        self.request.progress("session.step", {"step": step.kode})
        wanted = Wanted(jenis=step.jenis, tempat=step.tempat)
        planned = plan_step(state, self.profile, wanted)
        tools = self.request.tools[step.peran]
        situation = Situation(
            before=self.current,
            state=state,
            planned=planned,
            profile=self.profile,
            now=moment(self.request.clock),
            words=tools.words,
            looks=self.looks,
        )
        facts = {"langkah": step.kode, "sebelum_sha256": sha256_of(self.current)}
        self._write(kinds.LANGKAH_MULAI, facts)
        try:
            checked = await self._act(step, planned, situation)
        except UnknownOutcomeError as error:
            self._write(kinds.LANGKAH_TIDAK_PASTI, {"langkah": step.kode, "kode": error.code})
            raise
        except SigningError as error:
            self._write(kinds.LANGKAH_GAGAL, {"langkah": step.kode, "kode": error.code})
            raise
        self._keep(step.kode, checked.pdf, new=(checked.added,))
        self.done.append(
            StepDone(
                step=step.kode,
                signer=checked.added.signer,
                sn=checked.added.sn,
                skew_seconds=None if checked.skew is None else int(checked.skew.total_seconds()),
            )
        )
        return checked.state

    async def _act(self, step: ProfileStep, planned: Planned, situation: Situation) -> StepChecked:
        tools = self.request.tools[step.peran]
        if step.jenis == "tanda_tangan":
            if tools.service is not None:
                return await sign_with_service(situation, tools.service)
            if tools.signer is None or tools.timestamps is None:
                raise UsageError("sign.no_timestamps")
            return await sign_with_key(situation, tools.signer, tools.timestamps, tools.revocation)
        if tools.meterai is None:
            raise UsageError("sign.key_or_meterai")
        refuse_unpaid_ledger(tools.meterai, self.request.ledger)
        purchase = MeteraiPurchase(
            provider=tools.meterai,
            ledger=self.ledger,
            perjanjian=self.receipt.agreement_id,
            langkah=step.kode,
            order=order_for(self.receipt, planned.place, step.kode, situation.before, self.looks),
            clock=self.request.clock,
            settle=self.request.settle,
        )
        return await stamp(situation, purchase)

    async def _archive(self) -> None:
        """Add validation data and a document timestamp, once, after the last step."""
        archive = self.request.archive
        if archive is None or any(one.langkah == ARCHIVE for one in self.store.revisions()):
            return
        self.request.progress("session.step", {"step": ARCHIVE})
        before = sha256_of(self.current)
        self._write(kinds.LANGKAH_MULAI, {"langkah": ARCHIVE, "sebelum_sha256": before})
        head = self.ledger.anchor()
        if head is not None and isinstance(archive, SealsHead):
            archive = archive.with_head(head)
        try:
            after = await archive(self.current, self.receipt, self.profile)
        except PksKitError as error:
            self._write(kinds.LANGKAH_GAGAL, {"langkah": ARCHIVE, "kode": error.code})
            raise
        if not after.startswith(self.current):
            raise SigningError("signing.result_wrong", reason="prefix")
        self._read(after)
        self._keep(ARCHIVE, after)
        self.done.append(StepDone(step=ARCHIVE, signer="", sn=None, skew_seconds=None))

    def _publish(self, waiting: Sequence[ProfileStep], *, is_complete: bool) -> SessionResult:
        """Put the file reached so far under its name; say once that the agreement is complete.

        The receipt beside it is written last: it holds the head of the ledger.
        """
        if (output := self.request.output) is not None:
            self.request.progress("session.publish", {"file": self.name})
            write_atomic(output, self.current)
        if is_complete:
            sha256 = sha256_of(self.current)
            facts = {"file": self.name, "sha256": sha256, "size": len(self.current)}
            unik = f"selesai:{self.receipt.agreement_id}:{sha256}"
            self.ledger.once(unik, kinds.SELESAI, facts, waktu=moment(self.request.clock))
        result = self._result(waiting)
        if output is not None:
            receipt = session_receipt(result, moment(self.request.clock))
            write_atomic(output.with_name(f"{output.stem}{SUFFIX}"), receipt)
        return result

    # --- written down -------------------------------------------------------------------------

    def _keep(
        self,
        langkah: str,
        after: bytes,
        *,
        new: tuple[SignatureSeen, ...] | None = None,
    ) -> None:
        """Store a checked revision, then write it down: found again whatever happens between.

        Args:
            langkah: Step of the profile.
            after: The revision.
            new: Signatures that it added; None to look them up.
        """
        self.store.save(self.number + 1, langkah, after)
        before, self.current, self.number = self.current, after, self.number + 1
        self._record(langkah, before, after, new)

    def _record(
        self,
        langkah: str,
        before: bytes,
        after: bytes,
        new: tuple[SignatureSeen, ...] | None = None,
    ) -> None:
        """Write down a revision that is stored, and a stamp in it that is not written down yet.

        Both may travel with the next event: whoever resumes finds them in the folder.
        """
        if new is None:
            new = self._read(after).signatures[len(self._read(before).signatures) :]
        numbers = [seen.sn for seen in new if seen.sn is not None]
        for sn in numbers:
            self._record_stamp(sn, sha256_of(after))
        self._write_later(
            kinds.LANGKAH_SELESAI,
            {
                "langkah": langkah,
                "sebelum_sha256": sha256_of(before),
                "sesudah_sha256": sha256_of(after),
                "bidang": ", ".join(seen.field for seen in new),
                "penanda": ", ".join(seen.signer for seen in new),
                "sn": ", ".join(numbers) or None,
                "berkas": f"{langkah}-{sha256_of(after)[:16]}.pdf",
            },
        )

    def _record_stamp(self, sn: str, after_sha256: str) -> None:
        events = self._events()
        stamped = {one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBUBUH}
        bought = next(
            (one for one in events if one.jenis == kinds.METERAI_TERBIT and one.isi["sn"] == sn),
            None,
        )
        if bought is not None and sn not in stamped:
            facts = {"kunci": bought.isi["kunci"], "sn": sn, "sesudah_sha256": after_sha256}
            self._write_later(kinds.METERAI_TERBUBUH, facts)

    def _events(self) -> tuple[Event, ...]:
        return self.ledger.events(self.receipt.agreement_id)

    def _write(self, jenis: str, isi: Mapping[str, object], unik: str | None = None) -> None:
        self.ledger.append(
            self.receipt.agreement_id, jenis, isi, waktu=moment(self.request.clock), unik=unik
        )

    def _write_later(self, jenis: str, isi: Mapping[str, object]) -> None:
        self.ledger.later(jenis, isi, waktu=moment(self.request.clock))
