"""Ask the authorities whether certificates were revoked, and judge the file again with the answers.

Only for callers who allow it. The file itself is read in guarded child processes without a network;
this process only sees certificates, and calls only addresses in those that chain to an anchor that
the user gave or that is pinned.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pki.anchors import pinned_anchors
from pks_kit.pki.material import EncodedMaterial
from pks_kit.pki.revocation_query import ask_about
from pks_kit.verification.isolation.parent import run_task_guarded
from pks_kit.verification.isolation.protocol import ChainsHead, Job, OpenChain, TrustToUse
from pks_kit.verification.isolation.tasks import do_task
from pks_kit.verification.report.answers import local_time
from pks_kit.verification.report.verdict import Note
from pks_kit.verification.signatures.revocation import revocation_checks
from pks_kit.verification.signatures.trust import run_sync

if TYPE_CHECKING:
    from pks_kit.pki.revocation_http import RevocationSource, SourceMaker
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.report.pictures import Examined
    from pks_kit.verification.report.verdict import VerifyReport

ALL_SECONDS = 40.0
"""How long asking may take for one file, all exchanges together."""

MOST_BYTES = 48 << 20
"""Most bytes of answers and lists that are handed on, all together."""

_MOST_TOLD = 6


@dataclass(slots=True)
class _Collected:
    """What came in; filled while asking, so that what came before a time-out is kept."""

    ocsps: dict[bytes, None] = field(default_factory=dict)
    crls: dict[bytes, None] = field(default_factory=dict)
    silent: dict[str, None] = field(default_factory=dict)
    asked: bool = False
    rejected: bool = False
    late: bool = False

    def material(self) -> EncodedMaterial:
        """Return the pieces as far as they fit, answers first."""
        room, fitting = MOST_BYTES, []
        for pieces in (self.ocsps, self.crls):
            kept = []
            for piece in pieces:
                if len(piece) <= room:
                    kept.append(piece)
                    room -= len(piece)
            fitting.append(tuple(kept))
        return EncodedMaterial(ocsps=fitting[0], crls=fitting[1])


def judge_with_fetched(
    examined: Examined,
    job: Examination,
    maker: SourceMaker,
    again: Callable[[Examination], Examined],
    *,
    isolated: bool,
) -> Examined:
    """Return a report that also says whether certificates were revoked, asked of authorities.

    Args:
        examined: What the file alone proved.
        job: What was examined.
        maker: Makes sources of revocation data, one for authorities that the user named and one,
            for public addresses alone, for those that are only pinned.
        again: Examines again.
        isolated: Whether files are read in child processes.

    Returns:
        A new examination with what was fetched, or the old one when nothing came; in both cases
        with ``signature.revocation`` for every trusted signature and with notes on who was asked.
        Silence of the network never improves an answer.

    Raises:
        VerificationError: ``verify.no_child`` when a guarded process cannot start.
    """
    chains = _open_chains(job, examined.report, isolated=isolated)
    collected = _Collected()
    sources = (maker(public_only=False), maker(public_only=True))
    if chains:
        troubled = guarded(lambda: run_sync(_ask_all(chains, job, sources, collected)))
        collected.late = collected.late or isinstance(troubled, ParserFailure)
    material, notes = collected.material(), _notes(collected, job, sources)
    if material != EncodedMaterial():
        second = again(replace(job, fetched=material))
        if _is_whole(second.report, examined.report):
            examined = second
        else:
            notes.append(Note(code="revocation_not_judged"))
    report = examined.report.with_checks(*revocation_checks(examined.report))
    return replace(examined, report=replace(report, notes=(*report.notes, *notes)))


def _open_chains(
    job: Examination, report: VerifyReport, *, isolated: bool
) -> tuple[OpenChain, ...]:
    fields = [
        one.field
        for one in report.signatures
        if one.intact and one.trusted and "unknown" in (one.revocation, one.time_revocation)
    ]
    if not fields:
        return ()
    asked = ChainsHead(fields=tuple(fields), trust=TrustToUse.of(job))
    task, files = Job(task="chains", limits=job.limits, chains=asked), (job.content,)
    if isolated:
        return run_task_guarded(task, files)[0].chains or ()
    found = guarded(lambda: do_task(task, files))
    return () if isinstance(found, ParserFailure) else found.chains or ()


async def _ask_all(
    chains: Sequence[OpenChain],
    job: Examination,
    sources: tuple[RevocationSource, RevocationSource],
    collected: _Collected,
) -> None:
    """Ask about one chain after another until the time is over."""
    given = [anchor.der for anchor in job.anchors]
    try:
        async with asyncio.timeout(ALL_SECONDS):
            for chain in chains:
                pinned = [one.der for one in pinned_anchors(chain.certificates, job.pins)]
                for roots, source in zip((given, pinned), sources, strict=True):
                    answer = await ask_about(chain.certificates, chain.moment, roots, source)
                    collected.ocsps |= dict.fromkeys(answer.ocsps)
                    collected.crls |= dict.fromkeys(answer.crls)
                    collected.silent |= dict.fromkeys(answer.silent)
                    collected.asked = collected.asked or answer.built
                    collected.rejected = collected.rejected or answer.rejected
                    if answer.built:
                        break
    except TimeoutError:
        collected.late = True


def _notes(
    collected: _Collected,
    job: Examination,
    sources: tuple[RevocationSource, RevocationSource],
) -> list[Note]:
    """Say who was asked and when, who could not be reached, and who cannot be asked."""
    reached = [host for source in sources for host in source.reached]
    failures = list(dict.fromkeys(one for source in sources for one in source.failures))
    notes = []
    if not (collected.asked or collected.late or failures):
        notes.append(Note(code="revocation_nobody_asked"))
    if reached:
        words: dict[str, str | int] = {"time": local_time(job.now), "hosts": _listed(reached)}
        notes.append(Note(code="revocation_fetched", params=words))
    if failures:
        notes.append(Note(code="revocation_unreachable", params={"reasons": _listed(failures)}))
    if collected.rejected:
        notes.append(Note(code="revocation_rejected"))
    if collected.silent:
        names = _listed(list(collected.silent))
        notes.append(Note(code="revocation_no_address", params={"names": names}))
    if collected.late:
        notes.append(Note(code="revocation_late", params={"seconds": round(ALL_SECONDS)}))
    return notes


def _listed(words: Sequence[str]) -> str:
    more = len(words) - _MOST_TOLD
    return "; ".join(words[:_MOST_TOLD]) + (f"; +{more}" if more > 0 else "")


def _is_whole(second: VerifyReport, first: VerifyReport) -> bool:
    """Return whether the second examination got as far as the first one."""

    def stopped(report: VerifyReport) -> bool:
        return any(check.code == "file.resources" for check in report.checks)

    return not stopped(second) or stopped(first)
