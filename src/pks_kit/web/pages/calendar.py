"""What ends when: agreements by month, and of one month what must be done before."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from pks_kit.domain.tanggal import months_after, months_before
from pks_kit.errors import UsageError
from pks_kit.render.report.charts import bar_chart
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.visible_text import WIB, format_month
from pks_kit.web.pages.declared import NavEntry, shown
from pks_kit.web.pages.rendering import Words, rendered
from pks_kit.web.pages.visit import Visit
from pks_kit.web.problems import Language
from pks_kit.web.scope import Act
from pks_kit.web.state import agreements, figures, files
from pks_kit.web.state.agreements import StoredAgreement

MOST_ROWS = 10
"""Agreements of a page; the data of each are read and checked."""

_ASKED_AT_ONCE = 5
_MONTHS = 15
_NOTICE = "jangka.peringatan_berakhir"
"""Months before its end from which on an agreement is told to end."""
_RECREDENTIALING = "perjanjian.rekredensialing"
"""Months before its end until which rekredensialing must be done."""
_MONTH = re.compile(r"(20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])")
_LONGEST_WINDOW = 60
_YEAR_MONTHS = 12
_PAST_MONTHS = 24


async def meja_kalender(visit: Visit) -> Response:
    """Show how many agreements end in which month."""
    today = visit.portal.now().astimezone(WIB).date()
    first = today.replace(day=1)
    end = _last_day(months_after(first, _MONTHS - 1))
    reach = visit.call.reach
    counts = await visit.portal.read(figures.ending_by_month, reach, first=first, last=end)
    before = await visit.portal.read(
        figures.ending_by_month,
        reach,
        first=months_before(first, _PAST_MONTHS),
        last=first - timedelta(days=1),
    )
    words = Words(visit.language)
    months = [months_after(first, number) for number in range(_MONTHS)]
    rows = [_row(words, month, counts.get(f"{month:%Y-%m}", 0), today) for month in months]
    return visit.page(
        "kalender.html.j2",
        words.of("nav.calendar"),
        nav="calendar",
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
    groups = await _groups(visit, found_here[:MOST_ROWS], first, today)
    here = f"{visit.root}/kalender/{first:%Y-%m}"
    return visit.page(
        "kalender-bulan.html.j2",
        words.of("calendar.month_title", month=format_month(first, words.language)),
        nav="calendar",
        groups=groups,
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
    latest = await portal.read(agreements.latest_begin, reach, {one.area.faskes for one in ones})
    return [
        {
            "one": one,
            "left": (one.selesai - today).days,
            "replaced": latest.get(one.area.faskes, one.mulai) > one.mulai,
            "told": told.get(one.data, ""),
        }
        for one in ones
    ]


async def _told(
    visit: Visit, data: Sequence[str], window: str, today: date
) -> dict[str, Markup | str]:
    """Return what a page tells of the end of each agreement; what it told today it tells again.

    Raises:
        ToldError: It cannot be found out.
    """
    portal, language = visit.portal, visit.language
    keys = {one: ("akhir_masa", one, window, today.isoformat(), language) for one in data}
    asked = [one for one in data if portal.kept.find(keys[one]) is None]
    starts = range(0, len(asked), _ASKED_AT_ONCE)
    parts = [tuple(asked[start : start + _ASKED_AT_ONCE]) for start in starts]
    part_of = {one: part for part in parts for one in part}
    answers: dict[tuple[str, ...], asyncio.Task[Any]] = {}

    async def found_out(one: str) -> bytes:
        part = part_of.get(one, (one,))  # forgotten since it was looked for
        if part not in answers:
            question = {"data": list(part), "jendela": window}
            answers[part] = asyncio.create_task(portal.ask("akhir_masa", question))
        done = await answers[part]
        return _told_of_one(done.hasil[one], language)

    told = await asyncio.gather(
        *(portal.kept.of(keys[one], partial(found_out, one)) for one in data)
    )
    return {one: Markup(text.decode()) for one, text in zip(data, told, strict=True)}  # noqa: S704 escaped by the template


def _told_of_one(endings: Sequence[dict[str, Any]], language: Language) -> bytes:
    own: dict[str, Any] = next((one for one in endings if one["kind"] == "perjanjian"), {})
    values = {
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
