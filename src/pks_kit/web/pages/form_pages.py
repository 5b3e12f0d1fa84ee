"""The form: begun, filled in section by section, checked while one types, previewed, issued."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from pks_kit.domain.sifat_faskes import NAMA_JENIS
from pks_kit.errors import UsageError
from pks_kit.web.bodies import DraftBody, SourceBody
from pks_kit.web.bodies_verbs import FormBody
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.form_data import (
    Told,
    in_section,
    meant,
    name_in,
    told_by,
    value_at,
    with_section,
    without_row,
)
from pks_kit.web.pages.form_fields import Fields, kinds_of
from pks_kit.web.pages.form_layout import Section, section, sections
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.problem_error import ToldError
from pks_kit.web.routes.common import file_in_reach
from pks_kit.web.routes.isian import isian_mulai
from pks_kit.web.routes.perjanjian import perjanjian_terbitkan, pratinjau
from pks_kit.web.scope import Act
from pks_kit.web.state import forms
from pks_kit.web.state.forms import FormDraft

MOST_ROWS = 50
_METHODS = ("elektronik", "digital", "manual")


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionState:
    """A section in the list of sections.

    Attributes:
        section: The section.
        state: Words of its state.
        kind: How the state looks.
    """

    section: Section
    state: str
    kind: str


async def meja_isian(visit: Visit) -> Response:
    """Show forms that are being filled in."""
    found = await visit.portal.read(
        forms.listed, visit.call.reach, before=visit.given("setelah")[:80], most=MOST_ROWS + 1
    )
    rows = [
        {
            "form": one,
            "name": name_in(one.isi),
            "number": value_at(one.isi, ("pihak_kesatu", "nomor_pks")),
        }
        for one in found[:MOST_ROWS]
    ]
    more = len(found) > MOST_ROWS
    after = f"{visit.root}/isian?setelah={found[MOST_ROWS - 1].id}" if more else ""
    title = Words(visit.language).of("nav.forms")
    return visit.page("isian-daftar.html.j2", title, nav="forms", rows=rows, after=after)


async def meja_isian_baru(visit: Visit) -> Response:
    """Ask with what to begin."""
    return _begin_page(visit, missing=())


def _begin_page(visit: Visit, *, missing: tuple[str, ...]) -> Response:
    words = Words(visit.language)
    return visit.page(
        "isian-baru.html.j2",
        words.of("worklist.new"),
        nav="forms",
        status=422 if missing else 200,
        kinds=kinds_of(words),
        methods=[(one, words.of(f"method.{one}")) for one in _METHODS],
        given={name: visit.sent.one(name) for name in ("jenis", "cara")},
        missing=missing,
        problems=[
            {"text": words.of(f"form.begin.missing.{name}"), "href": f"#f-{name}"}
            for name in missing
        ],
    )


async def meja_isian_mulai(visit: Visit) -> Response:
    """Begin a form: empty, or out of data that are in the store."""
    call = visit.call
    if given := visit.sent.one("berkas"):
        file = await file_in_reach(call, given)
        asked: dict[str, Any] = {"berkas": {"id": file.id, "nama": file.nama}}
    else:
        jenis, cara = visit.sent.one("jenis"), visit.sent.one("cara")
        wrong = {"jenis": jenis not in {*NAMA_JENIS}, "cara": cara not in _METHODS}
        if any(wrong.values()):
            return _begin_page(visit, missing=tuple(name for name in wrong if wrong[name]))
        mulai = (visit.portal.now() + timedelta(days=1)).date().isoformat()
        asked = {"jenis": jenis, "cara": cara, "mulai": mulai}
    data = (await visit.portal.ask("mulai_isian", asked)).hasil["data"]
    made = await isian_mulai(call, FormBody(isi=data), call.key)
    return visit.to(f"/isian/{json.loads(bytes(made.body))['id']}")


async def meja_isian_satu(visit: Visit) -> Response:
    """Show the sections of a form and how far each is."""
    form = await _form(visit)
    told = await _checked(visit, form.isi)
    return _sections_page(visit, form, told, refused=False)


def _sections_page(visit: Visit, form: FormDraft, told: list[Told], *, refused: bool) -> Response:
    words = Words(visit.language)
    name = name_in(form.isi)
    grave = [one for one in told if one.level in ("error", "blocking")]
    return visit.page(
        "isian.html.j2",
        name or words.of("form.no_name"),
        nav="forms",
        status=422 if refused else 200,
        form=form,
        states=[_state(one, form.isi, told, words) for one in sections()],
        refused=refused,
        grave=len(grave),
        ready=not grave,
        elsewhere=[one for one in told if not any(each.holds(one.place) for each in sections())],
    )


async def meja_isian_bagian(visit: Visit) -> Response:
    """Show one section of a form."""
    form = await _form(visit)
    told = await _checked(visit, form.isi)
    return _section_page(visit, form, form.isi, told, changed=False)


async def meja_isian_simpan(visit: Visit) -> Response:
    """Keep what was typed into a section, and go on."""
    one, form = _section(visit), await _form(visit)
    act, _, about = visit.sent.one("aksi").partition(":")
    data = with_section(form.isi, one, visit.sent.mapping(), tidy=True)
    if act == "hapus":
        name, _, number = about.rpartition(":")
        table = next((each for each in one.lists if ".".join(each.path) == name), None)
        if table is not None and number.isdecimal():
            data = without_row(data, table, int(number))
    if not _is_newest(visit, form):
        # somebody else kept something meanwhile: what was typed stays on the page to be looked at
        told = await _checked(visit, data)
        return _section_page(visit, form, data, told, changed=True)
    await _keep(visit, form, data)
    here = f"/isian/{form.id}/{one.code}"
    if act == "tambah":
        return visit.to(f"{here}?tambah={about}")
    if act == "hapus":
        return visit.to(here)
    codes = [each.code for each in sections()]
    after = codes[codes.index(one.code) + 1 :]
    return visit.to(
        f"/isian/{form.id}/{after[0]}" if act == "lanjut" and after else f"/isian/{form.id}"
    )


async def meja_isian_periksa(visit: Visit) -> Response:
    """Keep what was typed so far and tell what the checks say of it."""
    one, form = _section(visit), await _form(visit)
    if not _is_newest(visit, form):
        raise UsageError("web.changed")
    data = with_section(form.isi, one, visit.sent.mapping(), tidy=False)
    kept = await _keep(visit, form, data) if data != form.isi else form
    told = await _checked(visit, data)
    values = _section_values(visit, one, kept, data, told)
    return visit.part("isian-temuan.html.j2", live=True, **values)


async def meja_isian_pratinjau(visit: Visit) -> Response:
    """Draft the pages as they would be, without issuing anything."""
    form = await _form(visit)
    try:
        made = await pratinjau(visit.call, SourceBody(data=meant(form.isi)))
    except ToldError as error:
        return _sections_page(visit, form, told_by(error.form), refused=True)
    seen = json.loads(bytes(made.body))
    return visit.to(f"/pratinjau/{seen['berkas']}?isian={form.id}&halaman={seen['halaman']}")


async def meja_isian_terbitkan(visit: Visit) -> Response:
    """Issue the agreement; what stands in its way is told on the page of the form."""
    form = await _form(visit)
    body = DraftBody(data=meant(form.isi), format=["pdf", "docx"])
    try:
        return await visit.ordered(
            perjanjian_terbitkan(visit.call, body, visit.call.key), "issue_ordered"
        )
    except ToldError as error:
        return _sections_page(visit, form, told_by(error.form), refused=True)


async def meja_isian_buang(visit: Visit) -> Response:
    """Throw a form away."""
    if not await visit.portal.write(forms.remove, visit.given("id"), visit.call.reach):
        raise UsageError("web.unknown")
    return visit.to("/isian", "form_removed")


async def _form(visit: Visit) -> FormDraft:
    found = await visit.portal.read(forms.find, visit.given("id"), visit.call.reach)
    if found is None:
        raise UsageError("web.unknown")
    return found


def _section(visit: Visit) -> Section:
    found = section(visit.given("bagian"))
    if found is None:
        raise UsageError("web.no_page_here")
    return found


def _is_newest(visit: Visit, form: FormDraft) -> bool:
    return visit.sent.one("versi") == str(form.versi)


async def _keep(visit: Visit, form: FormDraft, data: dict[str, Any]) -> FormDraft:
    """Keep what was typed; what a facility fills in is seen by the branch that it names."""
    portal, reach = visit.portal, visit.call.reach
    branch = value_at(data, ("pihak_kesatu", "kantor_cabang"))

    def kept(connection: Connection) -> FormDraft:
        changed = forms.change(
            connection,
            form.id,
            reach,
            data,
            versi=form.versi,
            oleh=visit.person.subject,
            now=portal.now(),
        )
        if form.area.faskes and not form.area.cabang and branch:
            area = portal.area_of({"faskes": form.area.faskes, "kantor_cabang": branch})
            if area.cabang:
                forms.open_to(connection, form.id, reach, area)
        return changed

    return await portal.write(kept)


async def _checked(visit: Visit, data: dict[str, Any]) -> list[Told]:
    """Return what the checks of the command line say of the data, as far as they are filled in."""
    isi = {"data": meant(data), "berkas": None, "per_tanggal": None}
    return told_by((await visit.portal.ask("periksa_isian", isi)).hasil)


def _section_page(
    visit: Visit, form: FormDraft, data: dict[str, Any], told: list[Told], *, changed: bool
) -> Response:
    one = _section(visit)
    return visit.page(
        "isian-bagian.html.j2",
        Words(visit.language).say(one.title),
        nav="forms",
        status=412 if changed else 200,
        changed=changed,
        live=False,
        **_section_values(visit, one, form, data, told),
    )


def _section_values(
    visit: Visit, one: Section, form: FormDraft, data: dict[str, Any], told: list[Told]
) -> dict[str, Any]:
    fields = Fields(data, told, Words(visit.language))
    more = visit.request.query_params.get("tambah", "")
    codes = [each.code for each in sections()]
    return {
        "form": form,
        "section": one,
        "groups": fields.groups(one),
        "lists": [
            fields.list_of(table, visit.number("baris"), more=".".join(table.path) == more)
            for table in one.lists
        ],
        "said": in_section(told, one),
        "others": sum(
            each.level != "info" and not each.missing and not one.holds(each.place) for each in told
        ),
        "part": codes.index(one.code) + 1,
        "parts": len(codes),
        "name": name_in(data),
    }


def _state(one: Section, data: dict[str, Any], told: list[Told], words: Words) -> SectionState:
    said = in_section(told, one)
    wrong = sum(each.level in ("error", "blocking") and not each.missing for each in said)
    look = sum(each.level == "warning" for each in said)
    if wrong:
        return SectionState(section=one, state=words.of("form.wrong", count=wrong), kind="wrong")
    if any(each.missing for each in said):
        return SectionState(section=one, state=words.of("form.incomplete"), kind="look")
    if look:
        return SectionState(section=one, state=words.of("form.look", count=look), kind="look")
    if not _typed(one, data):
        return SectionState(section=one, state=words.of("form.empty"), kind="plain")
    return SectionState(section=one, state=words.of("form.complete"), kind="done")


def _typed(one: Section, data: dict[str, Any]) -> bool:
    roots = {column.key.partition(".")[0] for column in one.columns}
    roots |= {str(table.path[0]) for table in one.lists}
    return any(data.get(root) for root in roots)


PAGES = (
    shown("/isian", meja_isian, Act.FILL),
    shown("/isian/baru", meja_isian_baru, Act.FILL),
    sent("/isian", meja_isian_mulai, Act.FILL),
    shown("/isian/{id}", meja_isian_satu, Act.FILL, target="id"),
    sent("/isian/{id}/pratinjau", meja_isian_pratinjau, Act.CHECK, target="id", creates=False),
    sent("/isian/{id}/terbitkan", meja_isian_terbitkan, Act.ISSUE, target="id"),
    sent("/isian/{id}/buang", meja_isian_buang, Act.FILL, target="id", creates=False),
    shown("/isian/{id}/{bagian}", meja_isian_bagian, Act.FILL, target="id"),
    sent("/isian/{id}/{bagian}", meja_isian_simpan, Act.FILL, target="id", creates=False),
    sent(
        "/isian/{id}/{bagian}/periksa",
        meja_isian_periksa,
        Act.FILL,
        creates=False,
        recorded=False,
    ),
)
NAV = (NavEntry(code="forms", path="/isian", act=Act.FILL, order=20),)
