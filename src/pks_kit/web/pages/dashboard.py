"""Figures at a glance, each as a chart and a table: states, what is due, paper, meterai."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta

from sqlalchemy import Connection
from starlette.responses import Response

from pks_kit.domain.sebutan import CARA_KONTRAK_TAMPIL
from pks_kit.domain.tanggal import months_after
from pks_kit.errors import PksKitError
from pks_kit.json_form import to_json
from pks_kit.pipelines.error_form import error_form
from pks_kit.render.report.charts import bar_chart
from pks_kit.visible_text import WIB, format_month
from pks_kit.web.pages.declared import NavEntry, shown
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.states import AWAITED, GROUPS, grouped
from pks_kit.web.pages.visit import Visit
from pks_kit.web.problem_error import ToldError
from pks_kit.web.scope import Act
from pks_kit.web.state import agreements, changes, figures

_MONTHS = 6
_METHODS = tuple(CARA_KONTRAK_TAMPIL)


async def meja_ringkasan(visit: Visit) -> Response:
    """Show figures about everything within reach of the person."""
    words, reach = Words(visit.language), visit.call.reach
    today = visit.portal.now().astimezone(WIB).date()
    first = today.replace(day=1)
    months = [months_after(first, number) for number in range(_MONTHS)]
    counted, end = visit.portal.counted, _end_of(months[-1])

    def read(connection: Connection) -> tuple[int, dict[tuple[str, str], int], dict[str, int]]:
        return (
            changes.number(connection),
            counted.of(connection, figures.by_method_and_state, reach),
            counted.of(connection, figures.ending_by_month, reach, first=today, last=end),
        )

    changed, counts, due = await visit.portal.read(read)
    methods = [one for one in _METHODS if any(method == one for method, _ in counts)]
    by_method = {
        method: grouped({one: count for (of, one), count in counts.items() if of == method})
        for method in methods
    }
    states = [
        (words.of(f"group.{one}"), [by_method[method].get(one, 0) for method in methods])
        for one in GROUPS
        if any(each.get(one) for each in by_method.values())
    ]  # fmt: skip
    due_rows = [(format_month(one, words.language), due.get(f"{one:%Y-%m}", 0)) for one in months]
    back = [
        (words.of(f"group.{name}"),
         sum(each.get(name, 0) for each in by_method.values()))
        for name in AWAITED
    ]  # fmt: skip
    told, why = await _meterai(visit, changed)
    meterai = [(words.of(f"dashboard.meterai.{name}"), told[name])
               for name in ("bought", "set", "open") if told]  # fmt: skip
    return visit.page(
        "ringkasan.html.j2",
        words.of("nav.dashboard"),
        nav="dashboard",
        total=sum(counts.values()),
        methods=[words.of(f"method.{one}") for one in methods],
        method_codes=methods,
        states=states,
        fills={method: f"b{_METHODS.index(method)}" for method in methods},
        states_chart=bar_chart(
            [(text, dict(zip(methods, row, strict=True))) for text, row in states], words.number
        ),
        due=due_rows,
        due_chart=bar_chart([(text, {"n": count}) for text, count in due_rows], words.number),
        back=back,
        back_chart=bar_chart([(text, {"n": count}) for text, count in back], words.number),
        meterai=meterai,
        meterai_unknown=why,
        meterai_chart=bar_chart([(text, {"n": count}) for text, count in meterai], words.number),
    )


async def _meterai(visit: Visit, changed: int) -> tuple[dict[str, int], dict[str, str] | None]:
    """Return counts of meterai, or why there are none: the other figures stand all the same.

    They are counted anew when the ledger grew or an agreement changed, and told from memory else.

    Args:
        visit: The visit.
        changed: How often agreements were changed.
    """
    portal, reach = visit.portal, visit.call.reach

    async def count() -> bytes:
        ids = await portal.read(agreements.joined_ids, reach)
        done = await portal.ask("meterai_hitung", {"perjanjian": ids})
        return json.dumps(done.hasil).encode()

    try:
        ledger = await asyncio.to_thread(portal.feed.reached)
        scopes = sorted(map(str, reach.scopes))
        found = await portal.kept.of(("meterai", changed, *ledger, *scopes), count)
        counts: dict[str, int] = json.loads(found)
    except ToldError as error:
        return {}, error.form["message"]
    except PksKitError as error:
        return {}, to_json(error_form(error))["message"]
    return counts, None


def _end_of(month: date) -> date:
    return months_after(month, 1) - timedelta(days=1)


PAGES = (shown("/ringkasan", meja_ringkasan, Act.SEE),)
NAV = (NavEntry(code="dashboard", path="/ringkasan", act=Act.SEE, order=50),)
