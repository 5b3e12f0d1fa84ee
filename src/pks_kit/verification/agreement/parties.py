"""Were all steps of the signing profile done, by the right people, in the right order?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from pks_kit.domain.nama_orang import compare_names
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.verdict import Check, Note, SignatureReport
from pks_kit.verification.revisions.before_after import Expected
from pks_kit.verification.revisions.fields import stamp_place

if TYPE_CHECKING:
    from pks_kit.domain.receipt import Receipt, RecordedPlace
    from pks_kit.policy.signing_profile import ProfileStep, SigningProfile
    from pks_kit.verification.signatures.judge import JudgedSignature


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the agreement asks for: its receipt and the profile named in it."""

    receipt: Receipt
    profile: SigningProfile

    @property
    def expected(self) -> Expected:
        """Return the fields and stamp places that the profile allows to be filled."""
        steps = {step.tempat for step in self.profile.langkah}
        extra = set(self.profile.tambahan.peran) if self.profile.tambahan else set()
        places = self.receipt.places
        signed = tuple(
            place
            for place in places
            if place.kind == "tanda_tangan" and (place.name in steps or place.peran in extra)
        )
        return Expected(
            fields=frozenset(place.name for place in signed),
            areas=signed,
            stamps=tuple(
                place for place in places if place.kind == "meterai" and place.name in steps
            ),
        )


def assign_roles(
    judged: tuple[JudgedSignature, ...], task: Task | None
) -> tuple[JudgedSignature, ...]:
    """Give every signature the place it fills and the role that place stands for."""
    if task is None:
        return judged
    return tuple(replace(one, report=_with_role(one.report, task)) for one in judged)


def _with_role(report: SignatureReport, task: Task) -> SignatureReport:
    place: RecordedPlace | None = None
    if report.kind == "signature":
        place = task.receipt.place(report.field)
        if place is None and report.rect is not None:
            place = stamp_place(task.expected.areas, report.page, report.rect)
    elif report.kind == "meterai" and report.rect is not None:
        place = stamp_place(task.expected.stamps, report.page, report.rect)
    return replace(report, place=place.name, role=place.peran) if place else report


def check_parties(
    reports: tuple[SignatureReport, ...], task: Task | None
) -> tuple[list[Check], list[Note]]:
    """Check presence, order and people of the steps.

    Without a receipt nobody knows who had to sign: that is indeterminate, and a file without any
    signature is still a file without any signature.
    """
    if task is None:
        if not reports:
            return [failed("parties.missing", "no_signature", "cryptographic")], []
        return [indeterminate("parties.profile", "unknown")], []
    checks: list[Check] = []
    done: list[tuple[ProfileStep, SignatureReport]] = []
    for step in task.profile.langkah:
        filling = [one for one in reports if one.place == step.tempat]
        checks.append(_presence(step, filling, task))
        if filling:
            done.append((step, filling[0]))
        if len(filling) > 1:
            checks.append(failed("parties.extra", "twice", place=step.tempat))
    checks += [_person(step, report, task) for step, report in done if step.jenis != "meterai"]
    checks += _other_people(reports, task)
    if len(done) == len(task.profile.langkah) or _out_of_turn(done):
        checks.append(_order(done))
    checks += _too_early(reports, task)
    if task.profile.cara_kontrak != "elektronik":
        checks.append(_on_paper(task))
    return checks, _other_sheets(reports, task)


def _on_paper(task: Task) -> Check:
    """Pen signatures, adhesive meterai and stamps are not in this file: nobody looked at them."""
    steps = {step.tempat for step in task.profile.langkah}
    waiting = [
        place.name
        for place in task.receipt.places
        if place.kind == "tanda_tangan" and place.name not in steps
    ]
    return indeterminate("paper.signatures", "not_in_file", "visual", count=len(waiting))


def _presence(step: ProfileStep, filling: list[SignatureReport], task: Task) -> Check:
    place = task.receipt.place(step.tempat)
    words = {
        "place": step.tempat,
        "role": role_name(step.peran),
        "name": place.nama if place else "",
        "step": step.kode,
    }
    reason = "stamp" if step.jenis == "meterai" else "signature"
    page = {"page": place.page} if place else {}
    if not filling:
        return failed("parties.missing", reason, "cryptographic", **words, **page)
    return passed(
        "parties.present", reason, "cryptographic", field=filling[0].field, **words, **page
    )


def role_name(role: str) -> str:
    """Return a role as the agreement writes it: ``PIHAK KESATU``."""
    return role.replace("_", " ").upper()


def _person(step: ProfileStep, report: SignatureReport, task: Task) -> Check:
    place = task.receipt.place(step.tempat)
    printed = place.nama if place else ""
    return _name_check(step.peran, report, printed)


def _other_people(reports: tuple[SignatureReport, ...], task: Task) -> list[Check]:
    """Names at the places beyond the profile's order."""
    required = {step.tempat for step in task.profile.langkah}
    return [
        _name_check(one.role, one, place.nama)
        for one in reports
        if one.kind == "signature"
        and one.place not in required
        and (place := task.receipt.place(one.place)) is not None
    ]


def _name_check(role: str, report: SignatureReport, printed: str) -> Check:
    found = compare_names(printed, report.signer)
    words = {
        "field": report.field,
        "role": role_name(role),
        "printed": printed,
        "signer": report.signer,
    }
    if found.outcome == "same":
        return passed("parties.person", "same", "cryptographic", **words)
    if found.outcome == "unsure":
        why = f"person.why.{found.reason}"
        return indeterminate("parties.person", "similar", "cryptographic", why=why, **words)
    if not report.signer:
        return failed("parties.person", "unnamed", "cryptographic", **words)
    reason = "no_name" if found.reason == "unnamed" else "different"
    return failed("parties.person", reason, "cryptographic", **words)


def _out_of_turn(done: list[tuple[ProfileStep, SignatureReport]]) -> bool:
    revisions = [report.revision if report.revision is not None else -1 for _, report in done]
    if revisions != sorted(revisions):
        return True
    times = [datetime.fromisoformat(report.time) for _, report in done if report.time]
    return times != sorted(times)


def _order(done: list[tuple[ProfileStep, SignatureReport]]) -> Check:
    wanted = ", ".join(step.kode for step, _ in done)
    seen = sorted(done, key=lambda pair: -1 if pair[1].revision is None else pair[1].revision)
    found = ", ".join(step.kode for step, _ in seen)
    if not _out_of_turn(done):
        return passed("parties.order", "right", "cryptographic", order=wanted)
    reason = "wrong" if wanted != found else "wrong_times"
    return failed("parties.order", reason, "cryptographic", expected=wanted, found=found)


def _too_early(reports: tuple[SignatureReport, ...], task: Task) -> list[Check]:
    """Places beyond the order may be signed only after the step that the profile names."""
    extra = task.profile.tambahan
    if extra is None or extra.setelah is None:
        return []
    step = task.profile.step(extra.setelah)
    after = next((one.revision for one in reports if step and one.place == step.tempat), None)
    required = {one.tempat for one in task.profile.langkah}
    return [
        failed("parties.order", "too_early", "cryptographic", field=one.field, after=extra.setelah)
        for one in reports
        if one.kind == "signature"
        and one.place
        and one.place not in required
        and (after is None or one.revision is None or one.revision < after)
    ]


def _other_sheets(reports: tuple[SignatureReport, ...], task: Task) -> list[Note]:
    """Tell what others sign: open places of earlier issues, or sheets beside the file."""
    if task.profile.cara_kontrak != "elektronik":
        return []
    required = {step.tempat for step in task.profile.langkah}
    filled = {one.place for one in reports}
    others = [
        place
        for place in task.receipt.places
        if place.kind == "tanda_tangan" and place.name not in required
    ]
    if not others and task.receipt.induk is None:
        return [Note(code="sheets_beside")]
    still_open = [f"{place.name} ({place.page})" for place in others if place.name not in filled]
    if not still_open:
        return []
    words: dict[str, str | int] = {"count": len(still_open), "places": ", ".join(still_open)}
    return [Note(code="open_places", params=words)]
