"""What people do with an agreement: sign it after seeing what it is, archive it, send it on."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.responses import Response

from pks_kit.domain.tanggal import format_tanggal, refuse_after_term, refuse_past
from pks_kit.errors import UsageError
from pks_kit.inputs.csv_values import both_readings, read_date
from pks_kit.inputs.everyday import plain_blanks, understood_date
from pks_kit.visible_text import WIB
from pks_kit.web.bodies_verbs import CoverBody, RenewOwnBody, SessionBody
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.given_secrets import asked_of
from pks_kit.web.pages.one_agreement import PARTIES, acts_of, agreement_page, seen_of
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.signature_places import places_of
from pks_kit.web.pages.visit import Visit
from pks_kit.web.problems import Language
from pks_kit.web.routes import langkah
from pks_kit.web.routes.common import agreement_in_reach, named_file, promised
from pks_kit.web.scope import Act
from pks_kit.web.state import agreements

CONSENT = "persetujuan-cara-kontrak"
POINTS = ("bpjs_lebih_dahulu", "tanda_tangan_dan_meterai", "sarana_siap")
"""The three points of the consent, as the letter has them."""


async def meja_tanda_tangan(visit: Visit) -> Response:
    """Show what is about to be signed, and by whom; a passphrase is asked for as for a stack."""
    party = _party(visit.given("pihak"))
    if asked_of(visit, (party,)):
        return visit.to(f"/tumpukan/setuju?pihak={party}&pilih={visit.given('id')}")
    return await _before_signing(visit, party, wrong=False)


async def _before_signing(visit: Visit, party: str, *, wrong: bool) -> Response:
    one = await agreement_in_reach(visit.call, visit.given("id"))
    places = places_of(await seen_of(visit, one), one.cara_kontrak)
    earlier = await visit.portal.read(agreements.before, one, visit.call.reach)
    return visit.page(
        "tanda-tangan.html.j2",
        Words(visit.language).of("sign.title", party=_TOLD[party]),
        status=422 if wrong else 200,
        one=one,
        party=party,
        party_told=_TOLD[party],
        allowed=party in acts_of(visit, one, places)["sign"],
        places=[each for each in places if each.party == party and each.electronic and each.waits],
        earlier=earlier,
        wrong=wrong,
    )


async def meja_tanda_tangani(visit: Visit) -> Response:
    """Sign and stamp for one party, once it was said that the agreement was read."""
    party = _party(visit.sent.one("pihak"))
    if visit.sent.one("dibaca") != "ya":
        return await _before_signing(visit, party, wrong=True)
    body = SessionBody(pihak=[party])  # type: ignore[list-item]
    order = langkah.perjanjian_sesi(visit.call, visit.given("id"), body, visit.call.key)
    return await visit.ordered(order, "sign_ordered")


async def meja_arsipkan(visit: Visit) -> Response:
    """Archive a finished agreement."""
    call = visit.call
    order = langkah.perjanjian_arsip(call, visit.given("id"), langkah.Nothing(), call.key)
    return await visit.ordered(order)


async def meja_bukti(visit: Visit) -> Response:
    """Put everything that proves the verdict into one file."""
    call = visit.call
    order = langkah.perjanjian_bukti(call, visit.given("id"), langkah.Nothing(), call.key)
    return await visit.ordered(order)


async def meja_pengantar(visit: Visit) -> Response:
    """Write the covering instructions."""
    call = visit.call
    deadline, wrong_day = deadline_given(visit)
    if deadline is None:
        needed = Words(visit.language).of("batch.no_deadline")
        return await agreement_page(visit, wrong_day=wrong_day or needed)
    one = await agreement_in_reach(call, visit.given("id"))
    try:
        refuse_after_term(deadline, one.selesai)
    except UsageError as error:
        return await agreement_page(visit, wrong_day=in_words(error, visit.language))
    body = CoverBody(batas_waktu=deadline, sertakan=visit.sent.one("sertakan") == "ya")
    return await visit.ordered(
        langkah.perjanjian_pengantar(call, visit.given("id"), body, call.key)
    )


async def meja_perpanjangan(visit: Visit) -> Response:
    """Prepare the data of the next term."""
    call = visit.call
    body = RenewOwnBody(mulai=day_given(visit, "mulai"), selesai=day_given(visit, "selesai"))
    return await visit.ordered(
        langkah.perjanjian_perpanjangan(call, visit.given("id"), body, call.key)
    )


async def meja_setuju(visit: Visit) -> Response:
    """Show the three points that a facility agrees to."""
    return await _consent_page(visit, missing=(), told={})


async def meja_setujui(visit: Visit) -> Response:
    """Write the consent down, as its letter and in the ledger, once all three points are agreed."""
    call, given = visit.call, visit.sent
    agreed = [name for name in POINTS if given.one(name) == "ya"]
    number = given.one("nomor")
    missing = tuple(name for name in POINTS if name not in agreed) + (() if number else ("nomor",))
    if missing:
        return await _consent_page(visit, missing=missing, told=dict(given.mapping()))
    one = await agreement_in_reach(call, visit.given("id"))
    if not langkah.signs_for(call.reach, one, "pihak_kedua"):
        raise UsageError("web.other_party")
    data: dict[str, Any] = {
        "perjanjian": {"berkas": f"{one.id.lower()}.yml"},
        "nomor": number,
        "tanggal": visit.portal.now().astimezone(WIB).date().isoformat(),
        "setuju": dict.fromkeys(POINTS, "ya"),
    }
    isi: dict[str, Any] = {
        "data": data,
        "berkas": None,
        "jenis": CONSENT,
        "kontrak": await named_file(call, one.data),
        "sebelumnya": None,
        "dipakai": [],
    }
    # unlike letters that staff prepares, this one is the facility's own
    order = promised(call, "surat", isi, area=one.area, perjanjian=one.id)
    return await visit.ordered(order, "consent_ordered")


async def _consent_page(
    visit: Visit, *, missing: tuple[str, ...], told: dict[str, str]
) -> Response:
    one = await agreement_in_reach(visit.call, visit.given("id"))
    if one.cara_kontrak == "manual" or not langkah.signs_for(visit.call.reach, one, "pihak_kedua"):
        raise UsageError("web.other_party")
    words = Words(visit.language)
    return visit.page(
        "setuju.html.j2",
        words.of("consent.title"),
        status=422 if missing else 200,
        one=one,
        points=[(name, f"consent.{name}.{one.cara_kontrak}") for name in POINTS],
        missing=missing,
        given=told,
        problems=[
            {"text": words.of(f"consent.missing.{name}"), "href": f"#f-{name}"} for name in missing
        ],
    )


_TOLD = {"pihak_kesatu": "PIHAK KESATU", "pihak_kedua": "PIHAK KEDUA"}


def _party(name: str) -> str:
    if name not in PARTIES:
        raise UsageError("web.bad_form")
    return name


def deadline_given(visit: Visit, name: str = "batas_waktu") -> tuple[date | None, str]:
    """Return the last day for the other party as it was typed, and in words what is wrong with it.

    None without words: the field is empty.

    Args:
        visit: The visit.
        name: Name of the field.
    """
    if not visit.sent.one(name):
        return None, ""
    try:
        found = day_given(visit, name)
        refuse_past(found, visit.portal.now().astimezone(WIB).date())
    except UsageError as error:
        return None, in_words(error, visit.language)
    return found, ""


def in_words(error: UsageError, language: Language) -> str:
    """Return what is wrong with a field, with its hint, in one line."""
    told = error.text
    return f"{told.in_language(language)} {told.hint_in_language(language)}"


def day_given(visit: Visit, name: str) -> date:
    """Return a day that was typed in everyday writing.

    Raises:
        UsageError: ``web.no_day``, ``web.two_days``.
    """
    typed = plain_blanks(visit.sent.one(name)).strip()
    try:
        return date.fromisoformat(understood_date(typed))
    except ValueError:
        pass
    if read_date(typed, None) == "form.ambiguous_date":
        first, second = (format_tanggal(date.fromisoformat(one)) for one in both_readings(typed))
        raise UsageError("web.two_days", typed=typed[:40], first=first, second=second)
    raise UsageError("web.no_day", typed=typed[:40])


PAGES = (
    shown("/perjanjian/{id}/tanda-tangan", meja_tanda_tangan, Act.SIGN, target="id"),
    sent("/perjanjian/{id}/tanda-tangan", meja_tanda_tangani, Act.SIGN, target="id"),
    sent("/perjanjian/{id}/arsip", meja_arsipkan, Act.ARCHIVE, target="id"),
    sent("/perjanjian/{id}/bukti", meja_bukti, Act.ARCHIVE, target="id"),
    sent("/perjanjian/{id}/pengantar", meja_pengantar, Act.ISSUE, target="id"),
    sent("/perjanjian/{id}/perpanjangan", meja_perpanjangan, Act.RENEW, target="id"),
    shown("/perjanjian/{id}/setuju", meja_setuju, Act.SIGN, target="id"),
    sent("/perjanjian/{id}/setuju", meja_setujui, Act.SIGN, target="id"),
)
NAV: tuple[NavEntry, ...] = ()
