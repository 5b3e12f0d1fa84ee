"""Letters about an agreement: which there are, the form of one, and its draft."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import Response

from pks_kit.domain.tanggal import format_tanggal
from pks_kit.errors import UsageError
from pks_kit.visible_text import WIB
from pks_kit.web.bodies_verbs import LetterBody
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.form_english import Part, english_of_letter
from pks_kit.web.pages.letter_form import data_of, groups_of, rows_of
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes import langkah
from pks_kit.web.routes.common import agreement_in_reach, named_file
from pks_kit.web.scope import Act
from pks_kit.web.state import agreements
from pks_kit.web.state.agreements import AgreementOrder, StoredAgreement

MOST_ROWS = 20
_MOST_WORDS = 100
_REMINDER = "pengingat-pengembalian"


async def meja_surat(visit: Visit) -> Response:
    """Find the agreement that a letter is about, and tell which kinds there are."""
    words = visit.given("cari")[:_MOST_WORDS]
    found: tuple[StoredAgreement, ...] = ()
    if words:
        found = await visit.portal.read(
            agreements.page_of,
            visit.call.reach,
            words=words,
            states=(),
            by=AgreementOrder("nama", False),
            skip=0,
            most=MOST_ROWS,
        )
    return visit.page(
        "surat.html.j2",
        Words(visit.language).of("nav.letters"),
        nav="letters",
        words=words,
        found=found,
        kinds=await _kinds(visit),
    )


async def meja_perjanjian_surat(visit: Visit) -> Response:
    """Show which letters can be written about an agreement."""
    one = await agreement_in_reach(visit.call, visit.given("id"))
    return visit.page(
        "surat-jenis.html.j2",
        Words(visit.language).of("letters.about_title", name=one.nama),
        nav="letters",
        one=one,
        kinds=await _kinds(visit),
    )


async def meja_perjanjian_surat_isi(visit: Visit) -> Response:
    """Show the form of a letter."""
    today = visit.portal.now().astimezone(WIB).date()
    typed = {"tanggal": [format_tanggal(today)]}
    if visit.given("jenis") == _REMINDER:
        one = await agreement_in_reach(visit.call, visit.given("id"))
        typed |= days_of_return(one.kembali_sampai, today)
    return await _form_page(visit, typed, {}, "")


def days_of_return(by: date | None, today: date) -> dict[str, list[str]]:
    """Return what a reminder says of days: that of the covering letter, and while it may be met.

    Args:
        by: Day of return that the covering letter tells; None for none.
        today: The day.
    """
    if by is None:
        return {}
    told = {"batas_semula": [format_tanggal(by)]}
    return told | ({"batas_waktu": [format_tanggal(by)]} if by >= today else {})


async def meja_perjanjian_surat_baris(visit: Visit) -> Response:
    """Show the form once more with a further row; nothing is looked at or ordered."""
    return await _form_page(visit, _typed(visit), {}, visit.sent.one("tambah"))


async def meja_perjanjian_surat_tulis(visit: Visit) -> Response:
    """Order a letter once nothing in its form is wrong."""
    call, kind = visit.call, visit.given("jenis")
    one = await agreement_in_reach(call, visit.given("id"))
    form = await _form(visit, kind)
    typed = _typed(visit)
    before = await visit.portal.read(agreements.before, one, call.reach)
    if form["sebelumnya"] and before is None:
        raise UsageError("letter.earlier_wanted", kind=kind)
    earlier = before if form["sebelumnya"] else None
    data = data_of(groups_of(form["skema"]), typed)
    data["perjanjian"] = {"berkas": f"{one.id.lower()}.yml"}
    isi = {
        "jenis": kind,
        "data": data,
        "kontrak": await named_file(call, one.data),
        "sebelumnya": await named_file(call, earlier.data) if earlier else None,
    }
    wrong = (await visit.portal.ask("periksa_surat", isi)).hasil["salah"]
    if wrong:
        words = Words(visit.language)
        told: dict[str, str] = {}
        for each in wrong:
            place = _name_of(str(each.get("path") or ""))
            told.setdefault(place, words.both(each["message"]))
        return await _form_page(visit, typed, told, "")
    body = LetterBody(data=data, sebelumnya=earlier.id if earlier else None)
    return await visit.ordered(langkah.perjanjian_surat(call, one.id, kind, body, call.key))


async def _form_page(
    visit: Visit, typed: Mapping[str, list[str]], wrong: Mapping[str, str], more: str
) -> Response:
    one = await agreement_in_reach(visit.call, visit.given("id"))
    kind = visit.given("jenis")
    form = await _form(visit, kind)
    groups = groups_of(form["skema"])
    known = {each.path for group in groups for each in group.fields if not group.repeats}
    rows = {
        group.path: max(
            1 if group.required or more == group.path else 0,
            rows_of(group, typed, 1 if more == group.path else 0),
        )
        for group in groups
        if group.repeats
    }
    for group in groups:
        if group.repeats:
            known |= {
                f"{group.path}.{number}.{each.path.removeprefix(group.path + '.')}"
                for number in range(rows[group.path])
                for each in group.fields
            }
    return visit.page(
        "surat-isi.html.j2",
        f"{form['nama']}: {one.nama}",
        nav="letters",
        status=422 if wrong else 200,
        one=one,
        kind=kind,
        form=form,
        groups=groups,
        rows=rows,
        typed=typed,
        pairs=lambda choices: [(one, _choice(visit, one)) for one in choices],
        english=lambda part, path: _in_english(visit, part, path),
        wrong=wrong,
        problems=[
            {"text": text, "href": f"#f-{name.replace('.', '-')}" if name in known else ""}
            for name, text in wrong.items()
        ],
    )


def _in_english(visit: Visit, part: Part, path: str) -> str:
    return english_of_letter(part, path) if visit.language == "en" else ""


def _choice(visit: Visit, choice: str) -> str:
    words, meaning = choice.replace("_", " "), _in_english(visit, "choices", choice)
    return f"{words} ({meaning})" if meaning else words


async def _form(visit: Visit, kind: str) -> dict[str, Any]:
    if kind not in {one["kind"] for one in await _kinds(visit)}:
        raise UsageError("web.no_page_here")
    return (await visit.portal.ask("bentuk_surat", {"jenis": kind})).hasil


async def _kinds(visit: Visit) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await visit.portal.ask("jenis_surat", {})).hasil["letters"]
    return found


def _typed(visit: Visit) -> dict[str, list[str]]:
    typed: dict[str, list[str]] = defaultdict(list)
    for name, value in visit.sent.fields:
        typed[name].append(value)
    return dict(typed)


def _name_of(path: str) -> str:
    """Return the name of the field for a place in the data: ``baris[0].hasil`` is a row's."""
    return path.replace("[", ".").replace("]", "")


_FORM = "/perjanjian/{id}/surat/{jenis}"
PAGES = (
    shown("/surat", meja_surat, Act.ISSUE),
    shown("/perjanjian/{id}/surat", meja_perjanjian_surat, Act.ISSUE, target="id"),
    shown(_FORM, meja_perjanjian_surat_isi, Act.ISSUE, target="id"),
    sent(_FORM, meja_perjanjian_surat_tulis, Act.ISSUE, target="id"),
    sent(f"{_FORM}/baris", meja_perjanjian_surat_baris, Act.ISSUE, target="id", creates=False),
)
NAV = (NavEntry(code="letters", path="/surat", act=Act.ISSUE, order=40),)
