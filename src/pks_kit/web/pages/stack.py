"""Signing a stack: see what stands out, open any page, approve all, some or none, sign once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from sqlalchemy import Connection
from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.ledger.agreements import AgreementStage
from pks_kit.visible_text import WIB
from pks_kit.web.file_pages import words_of
from pks_kit.web.kept import Found, Key
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.flowing_text import flowing
from pks_kit.web.pages.given_secrets import WrongSecret, asked_of, taken_secrets
from pks_kit.web.pages.job_pages import job_in_reach
from pks_kit.web.pages.looking import found_soon, problem_of, still_looking
from pks_kit.web.pages.one_agreement import PARTIES
from pks_kit.web.pages.rendering import Words, rendered
from pks_kit.web.pages.visit import Visit
from pks_kit.web.problem_error import ToldError
from pks_kit.web.problems import Language
from pks_kit.web.routes.common import agreement_in_reach, file_in_reach, named_file, promised
from pks_kit.web.routes.langkah import signs_for
from pks_kit.web.scope import Act
from pks_kit.web.state import access, agreements, files, terms
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.state.tables import BUSY

MOST_ROWS = 20
MOST_SIGNED = 100
_TOLD = {"pihak_kesatu": "PIHAK KESATU", "pihak_kedua": "PIHAK KEDUA"}
_WAITING = {
    "pihak_kesatu": (
        (
            "",
            AgreementStage.METODE_DISETUJUI,
            AgreementStage.TERBIT,
            AgreementStage.DIKERJAKAN_BPJS,
        ),
        ("elektronik", "digital"),
    ),
    "pihak_kedua": (
        (AgreementStage.DITANDATANGANI_BPJS, AgreementStage.DIKERJAKAN_FASKES),
        ("elektronik",),
    ),
}
"""In which states, and of which methods, a party has something to sign electronically."""


async def meja_tumpukan(visit: Visit) -> Response:
    """Show what waits for a signature, with amounts, findings and changes."""
    party, page, words = _party(visit), visit.number("halaman"), Words(visit.language)
    states, methods = _WAITING[party]
    found = await visit.portal.read(
        agreements.waiting,
        visit.call.reach,
        states=states,
        methods=methods,
        skip=(page - 1) * MOST_ROWS,
        most=MOST_ROWS + 1,
    )
    mine = [one for one in found[:MOST_ROWS] if signs_for(visit.call.reach, one, party)]
    if visit.is_part:
        waited = set(visit.request.query_params.getlist("belum"))
        mine = [one for one in mine if one.id in waited]
    here = f"{visit.root}/tumpukan?pihak={party}&halaman="
    rows = await _rows(visit, mine, party)
    looking = _looking(visit, rows, f"{here}{page}")
    if visit.is_part:
        return visit.part("tumpukan-susulan.html.j2", rows=rows, **looking)
    return visit.page(
        "tumpukan.html.j2",
        words.of("nav.stack"),
        nav="stack",
        party=party,
        party_told=_TOLD[party],
        parties=[(one, _TOLD[one]) for one in PARTIES if one in visit.portal.signing.pihak],
        has_tools=party in visit.portal.signing.pihak,
        rows=rows,
        page_number=page,
        before=f"{here}{page - 1}" if page > 1 else "",
        after=f"{here}{page + 1}" if len(found) > MOST_ROWS else "",
        problem=visit.given("pilihan") == "kosong",
        **looking,
    )


def _looking(visit: Visit, rows: Sequence[StackRow], here: str) -> dict[str, Any]:
    return still_looking([row.one.id for row in rows if row.waits], here, visit.number("kali"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRow:
    """An agreement of a stack.

    Attributes:
        one: The agreement.
        opened: Pages of it that this person opened.
        told: What stands out in it, or why it could not be looked at; empty while that is not
            known.
        meterai: How many meterai the party sets; 0 while that is not known.
        failed: Whether it could not be looked at.
        waits: Whether it is still being looked at.
    """

    one: StoredAgreement
    opened: str
    told: Markup
    meterai: int
    failed: bool
    waits: bool


async def _rows(visit: Visit, ones: Sequence[StoredAgreement], party: str) -> list[StackRow]:
    """Return agreements with what stands out in each, as far as it is known soon."""
    if not ones:
        return []
    portal, reach, language = visit.portal, visit.call.reach, visit.language
    today = portal.now().astimezone(WIB).date().isoformat()

    def read(connection: Connection) -> tuple[dict[str, str], dict[str, str], list[str]]:
        before = terms.data_before(connection, reach, ones)
        wanted = {one.data for one in ones} | {one.resi for one in ones} | set(before.values())
        opened = [access.opened(connection, one.id, visit.person.subject) for one in ones]
        return before, files.names_of(connection, wanted, reach), [_ranges(one) for one in opened]

    before, names, opened = await portal.read(read)
    keys: dict[str, Key] = {}
    for one in ones:
        earlier = before.get(one.id, "")
        if {one.data, one.resi, earlier} <= {*names, ""}:  # whose file is lost stops no other
            keys[one.id] = ("tumpukan", one.data, one.resi, earlier, party, today, language)

    async def found_out(part: tuple[Key, ...]) -> list[Found]:
        asked = [_asked(str(number), key, names) for number, key in enumerate(part)]
        done = await portal.ask("tumpukan_lihat", {"perjanjian": asked, "pihak": party})
        return [_found_of_one(told, language) for told in done.hasil["perjanjian"]]

    found = await found_soon(visit, list(dict.fromkeys(keys.values())), found_out)
    lost = UsageError("web.unknown")
    return [
        _row(one, pages, found.get(keys[one.id]) if one.id in keys else lost, language)
        for one, pages in zip(ones, opened, strict=True)
    ]


def _asked(name: str, key: Key, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what is asked about the files of an agreement."""
    data, resi, dulu = (
        {"id": str(one), "nama": names[str(one)]} if one else None for one in key[1:4]
    )
    return {"id": name, "data": data, "resi": resi, "dulu": dulu}


def _found_of_one(told: dict[str, Any], language: Language) -> Found:
    if told["masalah"]:
        return ToldError(told["masalah"])
    text = rendered("tumpukan-temuan.html.j2", language, told)
    return json.dumps({"text": text, "meterai": told["meterai"]}).encode()


def _row(one: StoredAgreement, opened: str, found: Found | None, language: Language) -> StackRow:
    text, meterai = "", 0
    if isinstance(found, Exception):
        values = {"masalah": problem_of(found)}
        text = rendered("tumpukan-temuan.html.j2", language, values)
    elif found is not None:
        known = json.loads(found)
        text, meterai = known["text"], known["meterai"]
    return StackRow(
        one=one,
        opened=opened,
        told=Markup(text),  # noqa: S704 escaped by the template
        meterai=meterai,
        failed=isinstance(found, Exception),
        waits=found is None,
    )


async def meja_tumpukan_baca(visit: Visit) -> Response:
    """Show a page of an agreement with its words, and write down that this person opened it."""
    call = visit.call
    one = await agreement_in_reach(call, visit.given("id"))
    file = await file_in_reach(call, one.terkini)
    page = min(visit.number("nomor"), max(1, one.halaman))
    told = await words_of(visit.portal, file, page, page)
    await visit.portal.record_access(
        visit.person, "GET /tumpukan/{id}/halaman/{nomor}", f"{one.id}:{page}", 200
    )
    here = f"{visit.root}/tumpukan/{one.id}/halaman/"
    return visit.page(
        "tumpukan-halaman.html.j2",
        Words(visit.language).of("stack.page_title", name=one.nama, page=page),
        nav="stack",
        one=one,
        file=file,
        page=page,
        words=flowing(told["texts"][0]),
        before=f"{here}{page - 1}" if page > 1 else "",
        after=f"{here}{page + 1}" if page < one.halaman else "",
    )


async def meja_tumpukan_periksa(visit: Visit) -> Response:
    """Show what was chosen once more, and ask for the passphrase."""
    return await _last_page(visit, _chosen(visit), None, unread=False)


async def meja_tumpukan_tandatangani(visit: Visit) -> Response:
    """Sign the stack: a passphrase that is wrong ends it before anything is signed."""
    call, party = visit.call, _party(visit)
    ids = [one for one in visit.sent.all("pilih") if one]
    if not ids:
        return visit.to(f"/tumpukan?{urlencode({'pihak': party, 'pilihan': 'kosong'})}")
    if len(ids) > MOST_SIGNED:
        raise UsageError("web.bad_form")
    ones = await _mine(visit, ids, party)
    if visit.sent.one("dibaca") != "ya":
        return await _last_page(visit, ids, None, unread=True)
    # what could not be shown cannot have been read
    if any(row.waits or row.failed for row in await _rows(visit, ones, party)):
        return await _last_page(visit, ids, None, unread=False)
    wrong = await taken_secrets(visit, (party,))
    if wrong is not None:
        return await _last_page(visit, ids, wrong, unread=False)
    isi = {
        "pihak": party,
        "berhenti": visit.sent.one("berhenti") != "tidak",
        "perjanjian": [
            {
                "id": one.id,
                "nama": one.nama,
                "nomor": one.nomor_kesatu,
                "terkini": await named_file(call, one.terkini),
                "resi": await named_file(call, one.resi),
            }
            for one in ones
        ],
    }
    job = visit.promised(
        await promised(call, "tumpukan", isi, area=call.portal.home_of(call.reach))
    )
    return visit.to(f"/tumpukan/hasil/{job['id']}")


async def _last_page(
    visit: Visit, ids: Sequence[str], wrong: WrongSecret | None, *, unread: bool
) -> Response:
    party, words = _party(visit), Words(visit.language)
    if not ids:
        return visit.to(f"/tumpukan?{urlencode({'pihak': party, 'pilihan': 'kosong'})}")
    rows = await _rows(visit, await _mine(visit, ids, party), party)
    chosen = [("pihak", party), *(("pilih", one) for one in ids)]
    looking = _looking(visit, rows, f"{visit.root}/tumpukan/setuju?{urlencode(chosen)}")
    if visit.is_part and looking["asks_at"]:
        return visit.part("temuan-tunggu.html.j2", **looking)
    if visit.is_part and visit.request.method == "GET":
        return visit.to(looking["reload"].removeprefix(visit.root))
    sent = visit.request.method == "POST"
    problems = [
        {
            "text": words.of("stack.looked_in_vain", name=row.one.nama),
            "href": f"#temuan-{row.one.id}",
        }
        for row in rows
        if row.failed
    ]
    if sent and looking["waiting"]:
        told = words.of("stack.not_looked", count=words.number(looking["waiting"]))
        problems.append({"text": told, "href": "#temuan"})
    if unread:
        problems.append({"text": words.of("stack.not_read"), "href": "#dibaca"})
    if wrong:
        problems.append({"text": wrong.words, "href": "#f-sandi-1"})
    return visit.page(
        "tumpukan-setuju.html.j2",
        words.of("stack.last_title", count=len(rows)),
        nav="stack",
        status=422 if problems and sent else 200,
        party=party,
        party_told=_TOLD[party],
        rows=rows,
        meterai=sum(row.meterai for row in rows),
        asked_secrets=asked_of(visit, (party,)),
        wrong_secret=wrong.name if wrong else "",
        wrong_words=wrong.words if wrong else "",
        unread=unread,
        problems=problems,
        **looking,
    )


async def meja_tumpukan_hasil(visit: Visit) -> Response:
    """Show how far a stack is, then how each agreement ended."""
    job = await job_in_reach(visit, visit.given("id"))
    if job.jenis != "tumpukan":
        raise UsageError("web.unknown")
    running = job.keadaan in BUSY
    values: dict[str, Any] = {
        "job": job,
        "running": running,
        "done": int(job.kemajuan.get("selesai", 0)),
        "whole": len(job.isi["perjanjian"]),
        "step": str(job.kemajuan.get("langkah", "")),
    }
    if visit.is_part:
        if not running:
            return visit.to(f"/tumpukan/hasil/{job.id}")
        return visit.part("tumpukan-bagian.html.j2", **values)
    result = job.hasil.get("hasil") or {}
    rows = result.get("baris", [])
    return visit.page(
        "tumpukan-hasil.html.j2",
        Words(visit.language).of("stack.result_title"),
        nav="stack",
        rows=rows,
        party=job.isi["pihak"],
        party_told=_TOLD[job.isi["pihak"]],
        signed=sum(row["keadaan"] == "selesai" for row in rows),
        left=[row["id"] for row in rows if row["keadaan"] != "selesai"],
        problem=job.hasil.get("masalah"),
        **values,
    )


def _party(visit: Visit) -> str:
    """Return for whom is signed: what was asked for, or what this person acts for."""
    asked = visit.sent.one("pihak") or visit.given("pihak")
    if not asked:
        facility = all(one.role == "faskes" for one in visit.call.reach.scopes)
        return "pihak_kedua" if facility else "pihak_kesatu"
    if asked not in PARTIES:
        raise UsageError("web.bad_form")
    return asked


def _chosen(visit: Visit) -> list[str]:
    """Return the ids that an address names; everything on the page when that was asked for."""
    query = visit.request.query_params
    names = query.getlist("ada" if query.get("semua") == "ya" else "pilih")
    return [one for one in dict.fromkeys(names) if one][:MOST_SIGNED]


async def _mine(visit: Visit, ids: Sequence[str], party: str) -> list[StoredAgreement]:
    """Return agreements that this person may sign for the party.

    Raises:
        UsageError: ``web.unknown``, ``web.other_party``.
    """
    ones = await asyncio.gather(*(agreement_in_reach(visit.call, one) for one in ids))
    if not all(signs_for(visit.call.reach, one, party) for one in ones):
        raise UsageError("web.other_party")
    return list(ones)


def _ranges(pages: Sequence[int]) -> str:
    """Return pages as people write them: ``1–3, 7``."""
    parts: list[list[int]] = []
    for page in pages:
        if parts and page == parts[-1][1] + 1:
            parts[-1][1] = page
        else:
            parts.append([page, page])
    return ", ".join(f"{one}" if one == end else f"{one}–{end}" for one, end in parts)


PAGES = (
    shown("/tumpukan", meja_tumpukan, Act.SIGN),
    shown("/tumpukan/setuju", meja_tumpukan_periksa, Act.SIGN),
    sent("/tumpukan/setuju", meja_tumpukan_tandatangani, Act.SIGN),
    shown("/tumpukan/hasil/{id}", meja_tumpukan_hasil, Act.SIGN, target="id"),
    shown("/tumpukan/{id}/halaman/{nomor}", meja_tumpukan_baca, Act.SIGN, target="id"),
)
NAV = (NavEntry(code="stack", path="/tumpukan", act=Act.SIGN, order=25),)
