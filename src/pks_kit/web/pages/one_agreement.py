"""The page of one agreement: its state, who still signs, its pages, what happened, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.visible_text import WIB
from pks_kit.web.file_names import named_by_ink
from pks_kit.web.pages.declared import NavEntry, shown
from pks_kit.web.pages.form_fields import kinds_of
from pks_kit.web.pages.paper import scans_of_agreement
from pks_kit.web.pages.paper_standing import paper_standing
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.sheets import Back, sheets_page
from pks_kit.web.pages.signature_places import Place, places_of
from pks_kit.web.pages.visit import Visit
from pks_kit.web.pages.worklist import is_one_facility, work_row
from pks_kit.web.routes.common import agreement_in_reach, file_in_reach, named_file
from pks_kit.web.routes.langkah import signs_for
from pks_kit.web.scope import Act
from pks_kit.web.state import agreements, files
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.state.deliveries import last_about
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.jobs import Job

PARTIES = ("pihak_kesatu", "pihak_kedua")


async def meja_perjanjian(visit: Visit) -> Response:
    """Show an agreement."""
    return await agreement_page(visit)


async def agreement_page(visit: Visit, *, wrong_day: str = "") -> Response:
    """Return the page of an agreement.

    Args:
        visit: The visit.
        wrong_day: In words what is wrong with the last day for the other party; empty: nothing.
    """
    call, words = visit.call, Words(visit.language)
    one = await agreement_in_reach(call, visit.given("id"))
    seen = await seen_of(visit, one)
    kept = await visit.portal.read(files.of_agreement, one.id, call.reach)
    earlier = await visit.portal.read(agreements.before, one, call.reach)
    last = None
    if (seen["langkah"] or {}).get("paper"):
        last = await visit.portal.read(last_about, one.id, call.reach)
    places = places_of(seen, one.cara_kontrak, _on_paper(last, one.id))
    today = visit.portal.now().astimezone(WIB).date()
    happened = [datetime.fromisoformat(event["waktu"]) for event in seen["peristiwa"]]
    return visit.page(
        "perjanjian.html.j2",
        one.nama,
        status=422 if wrong_day else 200,
        wrong_day=wrong_day,
        typed_day=visit.sent.one("batas_waktu"),
        with_pages=visit.sent.one("sertakan") == "ya",
        one=one,
        # one of a batch is written down with the end of the run, when it was signed long ago
        issued=min([one.dibuat, *happened]),
        row=work_row(one, today, words),
        of_facility=is_one_facility(visit),
        places=places,
        steps=seen["langkah"],
        kind=dict(kinds_of(words)).get(one.jenis, one.jenis),
        events=[
            {**event, "when": when}
            for event, when in zip(reversed(seen["peristiwa"]), reversed(happened), strict=True)
        ],
        files=list(reversed(kept)),
        file_names=_names_of(one, kept),
        came_back=bool(paper_of(seen)),
        paper=await paper_standing(visit, one.id, seen, last),
        scans=await scans_of_agreement(visit, one.id, kept) if paper_of(seen) else [],
        current=name_of_current(one),
        paper_back=any(event["jenis"].startswith("paper.") for event in seen["peristiwa"]),
        earlier=earlier,
        act=acts_of(visit, one, places),
        names={"pihak_kesatu": "PIHAK KESATU", "pihak_kedua": "PIHAK KEDUA"},
    )


def _names_of(one: StoredAgreement, kept: Sequence[StoredFile]) -> dict[str, str]:
    """Return what each file is called where it is downloaded, by its id."""
    issued = next((each for each in kept if each.id == one.terbit), None)
    if issued is None:
        return {each.id: each.nama for each in kept}
    return {each.id: named_by_ink(each, one, issued) for each in kept}


def paper_of(seen: Mapping[str, Any]) -> list[Any]:
    """Return what the ledger says of signed paper that came back, as the task ``muka`` tells."""
    return list((seen["langkah"] or {}).get("paper") or ())


def name_of_current(one: StoredAgreement) -> str:
    """Return how the file that an agreement has reached is called: no pen is ever on it."""
    if one.terkini == one.terbit:
        return "unsigned_file"
    return "own_signed_file" if one.cara_kontrak == "digital" else "current"


def _on_paper(last: Job | None, agreement_id: str) -> dict[str, str] | None:
    """Return what the delivery that told last of an agreement saw at places; None: not known."""
    told = last.hasil["hasil"]["returned"]["agreements"] if last is not None else ()
    return next((one.get("places") for one in told if one["agreement_id"] == agreement_id), None)


async def seen_of(visit: Visit, one: StoredAgreement) -> dict[str, Any]:
    """Return places, steps and events of an agreement.

    Raises:
        ToldError: It cannot be looked up.
    """
    isi = {"id": one.id, "resi": await named_file(visit.call, one.resi)}
    return (await visit.portal.ask("muka", isi)).hasil


def acts_of(visit: Visit, one: StoredAgreement, places: list[Place]) -> dict[str, Any]:
    """Return what this person can do with an agreement now."""
    settings = visit.portal.signing
    signing = visit.person.reach(Act.SIGN)
    waiting = {
        role: any(one.waits and one.party == role and one.electronic for one in places)
        for role in PARTIES
    }
    finished = one.tahap in ("LENGKAP", "DIARSIPKAN")
    archived = one.tahap == "DIARSIPKAN"
    return {
        "sign": [
            role
            for role in PARTIES
            if waiting[role] and role in settings.pihak and signs_for(signing, one, role)
        ],
        "no_tools": [
            role
            for role in PARTIES
            if waiting[role] and role not in settings.pihak and signs_for(signing, one, role)
        ],
        "archive": visit.may(Act.ARCHIVE)
        and finished
        and not archived
        and settings.arsip is not None,
        "evidence": visit.may(Act.ARCHIVE) and finished,
        "cover": visit.may(Act.ISSUE) and not finished,
        "renew": visit.may(Act.RENEW),
        "upload": visit.may(Act.UPLOAD) and visit.may(Act.VERIFY),
        "consent": one.cara_kontrak != "manual"
        and one.tahap in ("", "TERBIT")
        and signs_for(signing, one, "pihak_kedua"),
    }


async def meja_perjanjian_lembar(visit: Visit) -> Response:
    """Show pages of the file that an agreement has reached, each picture beside its words."""
    one = await agreement_in_reach(visit.call, visit.given("id"))
    file = await file_in_reach(visit.call, one.terkini)
    words = Words(visit.language)
    return await sheets_page(
        visit,
        file,
        pages=one.halaman,
        title=words.of("sheets.title", name=one.nama),
        here=f"/perjanjian/{one.id}/lembar",
        back=Back(f"/perjanjian/{one.id}", words.of("sheets.back")),
    )


async def meja_perubahan(visit: Visit) -> Response:
    """Show what an agreement says otherwise than the one before of the same facility.

    Raises:
        UsageError: ``web.unknown``: there is none before it here.
    """
    call = visit.call
    one = await agreement_in_reach(call, visit.given("id"))
    earlier = await visit.portal.read(agreements.before, one, call.reach)
    if earlier is None:
        raise UsageError("web.unknown")
    isi = {
        "data": await named_file(call, one.data),
        "dulu": await named_file(call, earlier.data),
    }
    found = (await visit.portal.ask("perubahan", isi)).hasil
    return visit.page(
        "perubahan.html.j2",
        Words(visit.language).of("changes.title", name=one.nama),
        one=one,
        earlier=earlier,
        data=found["data"],
        clauses=found["pasal"],
    )


PAGES = (
    shown("/perjanjian/{id}", meja_perjanjian, Act.SEE, target="id"),
    shown("/perjanjian/{id}/lembar", meja_perjanjian_lembar, Act.SEE, target="id"),
    shown("/perjanjian/{id}/perubahan", meja_perubahan, Act.SEE, target="id"),
)
NAV: tuple[NavEntry, ...] = ()
