"""What ends when: agreements by month, and of one month what must be done before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection
from starlette.responses import Response

from pks_kit.domain.tanggal import months_after, months_before
from pks_kit.errors import UsageError
from pks_kit.render.report.charts import bar_chart
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.visible_text import WIB, format_month
from pks_kit.web.kept import Found, Key
from pks_kit.web.pages.declared import NavEntry, shown
from pks_kit.web.pages.looking import found_soon, problem_of, still_looking
from pks_kit.web.pages.rendering import Words, rendered
from pks_kit.web.pages.visit import Visit
from pks_kit.web.problem_error import ToldError
from pks_kit.web.problems import Language
from pks_kit.web.scope import Act
from pks_kit.web.state import agreements, figures, files, terms
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.state.due import returning_by_day

MOST_ROWS = 10
"""Agreements of a page; the data of each are read and checked."""

_MONTHS = 15
_NOTICE = "jangka.peringatan_berakhir"
"""Months before its end from which on an agreement is told to end."""
_RECREDENTIALING = "perjanjian.rekredensialing"
"""Months before its end until which rekredensialing must be done."""
_MONTH = re.compile(r"(20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])")
_LONGEST_WINDOW = 60
_YEAR_MONTHS = 12
_TOLD_NOTHING: dict[str, Any] = {"findings": None, "problem": None, "papers": (), "unknown": None}
_PAST_MONTHS = 24


async def meja_kalender(visit: Visit) -> Response:
    """Show how many agreements end in which month."""
    today = visit.portal.now().astimezone(WIB).date()
    first = today.replace(day=1)
    end = _last_day(months_after(first, _MONTHS - 1))
    reach = visit.call.reach
    counted, ending = visit.portal.counted, figures.ending_by_month
    earliest, latest = months_before(first, _PAST_MONTHS), first - timedelta(days=1)

    def read(connection: Connection) -> tuple[dict[str, int], dict[str, int], dict[date, int]]:
        return (
            counted.of(connection, ending, reach, first=first, last=end),
            counted.of(connection, ending, reach, first=earliest, last=latest),
            counted.of(connection, returning_by_day, reach),
        )

    counts, before, back = await visit.portal.read(read)
    words = Words(visit.language)
    months = [months_after(first, number) for number in range(_MONTHS)]
    rows = [_row(words, month, counts.get(f"{month:%Y-%m}", 0), today) for month in months]
    return visit.page(
        "kalender.html.j2",
        words.of("nav.calendar"),
        nav="calendar",
        returning=[{"day": day, "count": count, "left": (day - today).days}
                   for day, count in back.items()],
        rows=rows,
        past=[_row(words, date.fromisoformat(f"{name}-01"), count, today)
              for name, count in sorted(before.items(), reverse=True)],
        chart=bar_chart([(one["text"], {"ends": one["count"]}) for one in rows if one["count"]],
                        words.number),
        total=sum(counts.values()),
        notice=_months(_NOTICE, today),
    )  # fmt: skip


def _row(words: Words, month: date, count: int, today: date) -> dict[str, Any]:
    start = months_before(month, _months(_NOTICE, today))
    return {
        "code": f"{month:%Y-%m}",
        "text": format_month(month, words.language),
        "count": count,
        "begin": start,
        "late": bool(count) and start <= today,
    }


async def meja_kalender_bulan(visit: Visit) -> Response:
    """Show the agreements that end in a month with what stands in the way of the next ones.

    Raises:
        UsageError: ``web.no_page_here``: it is no month.
    """
    found = _MONTH.fullmatch(visit.given("bulan"))
    if found is None:
        raise UsageError("web.no_page_here")
    first = date(int(found[1]), int(found[2]), 1)
    today = visit.portal.now().astimezone(WIB).date()
    page, words = visit.number("halaman"), Words(visit.language)
    found_here = await visit.portal.read(
        agreements.ending_between,
        visit.call.reach,
        first=first,
        last=_last_day(first),
        skip=(page - 1) * MOST_ROWS,
        most=MOST_ROWS + 1,
    )
    if visit.is_part:
        waited = set(visit.request.query_params.getlist("belum"))
        found_here = tuple(one for one in found_here[:MOST_ROWS] if one.id in waited)
    groups = await _groups(visit, found_here[:MOST_ROWS], first, today)
    here = f"{visit.root}/kalender/{first:%Y-%m}"
    waits = [one["one"].id for one in groups if one["waits"]]
    values = still_looking(waits, f"{here}?halaman={page}", visit.number("kali"))
    if visit.is_part:
        return visit.part("kalender-bagian.html.j2", groups=groups, **values)
    return visit.page(
        "kalender-bulan.html.j2",
        words.of("calendar.month_title", month=format_month(first, words.language)),
        nav="calendar",
        groups=groups,
        **values,
        before=f"{here}?halaman={page - 1}" if page > 1 else "",
        after=f"{here}?halaman={page + 1}" if len(found_here) > MOST_ROWS else "",
        begin=months_before(first, _months(_NOTICE, today)),
        recredentialing=_months(_RECREDENTIALING, today),
        until=lambda one: months_before(one.selesai, _months(_RECREDENTIALING, today)),
        may_renew=visit.may(Act.RENEW),
        previous=(months_before(first, 1), format_month(months_before(first, 1), words.language)),
        following=(months_after(first, 1), format_month(months_after(first, 1), words.language)),
    )


async def _groups(
    visit: Visit, ones: Sequence[StoredAgreement], month: date, today: date
) -> list[dict[str, Any]]:
    """Return agreements with what ends of each until the end of the month, and its findings."""
    if not ones:
        return []
    portal, reach = visit.portal, visit.call.reach
    readable = await portal.read(files.known_of, [one.data for one in ones], reach)
    ahead = (month.year - today.year) * _YEAR_MONTHS + month.month - today.month + 1
    window = f"{min(max(ahead, 1), _LONGEST_WINDOW)}m"
    told = await _told(visit, [one.data for one in ones if one.data in readable], window, today)
    for one in ones:
        if one.data not in readable:
            told[one.data] = _told_why(UsageError("web.unknown"), visit.language)
    latest = await portal.read(terms.latest_begin, reach, {one.area.faskes for one in ones})
    return [
        {
            "one": one,
            "left": (one.selesai - today).days,
            "replaced": latest.get(one.area.faskes, one.mulai) > one.mulai,
            "told": told.get(one.data, ""),
            "waits": one.data in readable and one.data not in told,
        }
        for one in ones
    ]


async def _told(visit: Visit, data: Sequence[str], window: str, today: date) -> dict[str, Markup]:
    """Return what a page tells of the end of each agreement, as far as it is known soon.

    What it told today it tells again; what takes longer is found out afterwards, for the next time.
    Why one could not be looked at is told in its place, and looked for anew the next time.
    """
    portal, language = visit.portal, visit.language
    keys: dict[Key, str] = {
        ("akhir_masa", one, window, today.isoformat(), language): one for one in data
    }

    async def found_out(part: tuple[Key, ...]) -> list[Found]:
        question = {"data": [keys[one] for one in part], "jendela": window}
        done = await portal.ask("akhir_masa", question)
        return [_found_of_one(done.hasil[keys[one]], language) for one in part]

    told = await found_soon(visit, list(keys), found_out)
    shown = {}
    for one, found in told.items():
        if isinstance(found, Exception):
            shown[keys[one]] = _told_why(found, language)
        else:
            shown[keys[one]] = Markup(found.decode())  # noqa: S704 escaped by the template
    return shown


def _told_why(error: Exception, language: Language) -> Markup:
    """Return what a page tells of an agreement that could not be looked at.

    Raises:
        Exception: What nobody foresaw in this process.
    """
    values = _TOLD_NOTHING | {"unknown": problem_of(error)}
    text = rendered("kalender-akhir.html.j2", language, values)
    return Markup(text)  # noqa: S704 escaped by the template


def _found_of_one(found: dict[str, Any], language: Language) -> Found:
    if found["masalah"]:
        return ToldError(found["masalah"])
    endings: Sequence[dict[str, Any]] = found["akhir"]
    own: dict[str, Any] = next((one for one in endings if one["kind"] == "perjanjian"), {})
    values = _TOLD_NOTHING | {
        "findings": own.get("findings"),
        "problem": own.get("problem"),
        "papers": [one for one in endings if one["kind"] != "perjanjian"],
    }
    return rendered("kalender-akhir.html.j2", language, values).encode()


def _months(parameter: str, today: date) -> int:
    """Return a number of months by the rules of a day."""
    value = load_parameters().resolve(parameter, today).nilai
    return value if isinstance(value, int) else 0


def _last_day(first: date) -> date:
    return months_after(first, 1) - timedelta(days=1)


PAGES = (
    shown("/kalender", meja_kalender, Act.SEE),
    shown("/kalender/{bulan}", meja_kalender_bulan, Act.SEE),
)
NAV = (NavEntry(code="calendar", path="/kalender", act=Act.SEE, order=45),)
