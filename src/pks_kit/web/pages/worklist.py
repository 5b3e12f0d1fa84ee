"""The first page: agreements by state and by what is due, found by name, code or number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from pks_kit.ledger.agreements import AgreementStage
from pks_kit.visible_text import WIB, format_day
from pks_kit.web.pages.declared import NavEntry, shown
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.states import GROUPS, group_of, grouped
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes.batch import planner_is
from pks_kit.web.scope import Act, Person
from pks_kit.web.state import agreements, batches
from pks_kit.web.state.agreements import LISTED_BY, AgreementOrder, StoredAgreement
from pks_kit.web.state.batches import UndecidedBatch
from pks_kit.web.state.due import is_ours
from pks_kit.web.state.nearest import respelled, words_of_names

MOST_ROWS = 50
_MOST_WORDS = 100
_MOST_PLANS = 20
"""Plans that wait for a word of somebody and are looked for; nobody has more at a time."""
_MOST_NEAR = 5
"""So many names are offered where a search found nothing."""
_SOON = 90
"""Days in which somebody must act, else it is not told as due."""

_KINDS = {
    "": "note",
    AgreementStage.METODE_DISETUJUI: "note",
    AgreementStage.HANYA_METERAI: "look",
    AgreementStage.TERBIT: "note",
    AgreementStage.DI_ATAS_KERTAS: "note",
    AgreementStage.DIKERJAKAN_BPJS: "look",
    AgreementStage.DITANDATANGANI_BPJS: "note",
    AgreementStage.DIKERJAKAN_FASKES: "note",
    AgreementStage.KERTAS_KURANG: "wrong",
    AgreementStage.KERTAS_MENUNGGU_BPJS: "look",
    AgreementStage.KERTAS_DILIHAT: "look",
    AgreementStage.KERTAS_LENGKAP: "done",
    AgreementStage.LENGKAP: "done",
    AgreementStage.DIARSIPKAN: "done",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """An agreement as the list shows it.

    Attributes:
        one: The agreement.
        state: Its state in few words; those of its group, which lists and figures count by.
        stage: How far it is, as its two parties say it.
        kind: How grave the state looks.
        left: Days until it ends; below 0 when it has ended.
        back: Days until its paper must come back, below 0 when that day is over; None for no day.
        own: Days until the branch office must have signed with a pen, below 0 when that day is
            over; None where it is not its turn alone.
        next_step: What is to be done next, in words.
    """

    one: StoredAgreement
    state: str
    stage: str
    kind: str
    left: int
    back: int | None
    own: int | None
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter as a link.

    Attributes:
        text: Its words.
        count: How many there are; None where it is not counted.
        href: Where it leads.
        chosen: Whether it is the one that holds.
    """

    text: str
    count: int | None
    href: str
    chosen: bool


async def meja(visit: Visit) -> Response:
    """Show the list of agreements."""
    if is_one_facility(visit):
        return RedirectResponse(f"{visit.root}/faskes", 303)
    cari = visit.given("cari")[:_MOST_WORDS]
    tahap, tempo, urut = visit.given("tahap"), visit.given("tempo"), visit.given("urut")
    page = (
        max(1, int(text)) if (text := visit.given("halaman")).isdecimal() and len(text) < 7 else 1
    )
    by, back_on = _order(urut), _day_of(tempo)
    reach, today = visit.call.reach, visit.portal.now().astimezone(WIB).date()
    due, counted = today + timedelta(days=_SOON), visit.portal.counted

    def read(connection: Connection) -> _Listed:
        return _Listed(
            counts=grouped(counted.of(connection, agreements.counted, reach)),
            soon=counted.of(connection, agreements.due, reach, due_before=due),
            waiting=_waiting_for(connection, visit.person),
            found=agreements.page_of(
                connection,
                reach,
                words=cari,
                states=_states(tahap),
                due_before=due if tempo == "segera" else None,
                back_on=back_on,
                by=by,
                skip=(page - 1) * MOST_ROWS,
                most=MOST_ROWS + 1,
            ),
        )

    listed = await visit.portal.read(read)
    meant, near = await _meant(visit, cari) if cari and not listed.found else ("", ())
    found, counts, words = listed.found, listed.counts, Words(visit.language)
    asked = {"cari": cari, "tahap": tahap, "tempo": tempo, "urut": urut}
    link = _linker(visit.root, asked)
    return visit.page(
        "daftar-kerja.html.j2",
        words.of("nav.worklist"),
        nav="worklist",
        waiting=listed.waiting,
        rows=[work_row(one, today, words) for one in found[:MOST_ROWS]],
        choices=_choices(words, counts, listed.soon, tahap, tempo, link),
        sort=by.shown,
        sort_link=lambda key: link(urut=key, halaman=""),
        before=link(halaman=str(page - 1)) if page > 1 else "",
        after=link(halaman=str(page + 1)) if len(found) > MOST_ROWS else "",
        page_number=page,
        asked=asked,
        meant=meant,
        meant_link=link(cari=meant, tahap="", tempo="", halaman=""),
        near=near,
        nothing_at_all=not counts,
        total=sum(counts.values()),
    )


async def _meant(visit: Visit, words: str) -> tuple[str, tuple[StoredAgreement, ...]]:
    """Return what somebody may have meant, and the first agreements that it finds."""
    reach, counted = visit.call.reach, visit.portal.counted

    def read(connection: Connection) -> tuple[str, tuple[StoredAgreement, ...]]:
        meant = respelled(words, counted.of(connection, words_of_names, reach))
        if not meant:
            return "", ()
        by = AgreementOrder("nama", falling=False)
        found = agreements.page_of(
            connection, reach, words=meant, states=(), by=by, skip=0, most=_MOST_NEAR
        )
        return (meant, found) if found else ("", ())

    return await visit.portal.read(read)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What the state tells of a page, all of it in one transaction.

    Attributes:
        counts: How many agreements are in each state.
        soon: How many are due.
        waiting: Batches whose plan waits for a word of this person.
        found: The agreements of the page, and one more where there is one.
    """

    counts: dict[str, int]
    soon: int
    waiting: list[UndecidedBatch]
    found: tuple[StoredAgreement, ...]


def _waiting_for(connection: Connection, person: Person) -> list[UndecidedBatch]:
    """Return the batches whose plan waits for a word of a person."""
    reach = person.reach(Act.APPROVE)
    if not reach:
        return []
    found = batches.undecided(connection, reach, most=_MOST_PLANS)
    return [one for one in found if planner_is(one.one, one.known, person) == "another"]


def work_row(one: StoredAgreement, today: date, words: Words) -> WorkRow:
    """Return an agreement as lists show it."""
    return WorkRow(
        one=one,
        state=words.of(f"group.{group_of(one.tahap)}"),
        stage=words.of(f"stage.{one.tahap or 'BELUM_TERCATAT'}"),
        kind=_KINDS.get(one.tahap, "plain"),
        left=(one.selesai - today).days,
        back=(one.kembali_sampai - today).days if one.kembali_sampai else None,
        own=(one.tenggat - today).days if is_ours(one.tahap) else None,
        next_step=words.hint(f"stage.{one.tahap or 'BELUM_TERCATAT'}"),
    )


def is_one_facility(visit: Visit) -> bool:
    """Return whether somebody acts for facilities alone and has pages of their own."""
    return {one.role for one in visit.person.scopes} == {"faskes"}


def _states(tahap: str) -> tuple[str, ...]:
    """Return the states of the group that a filter names; none for all."""
    return GROUPS.get(tahap, ())


def _day_of(tempo: str) -> date | None:
    """Return the day of return that a filter names, as the calendar links to it; None for none."""
    try:
        return date.fromisoformat(tempo)
    except ValueError:
        return None


def _order(urut: str) -> AgreementOrder:
    name = urut.removeprefix("-")
    return AgreementOrder(name if name in LISTED_BY else "tenggat", urut.startswith("-"))


def _linker(root: str, asked: dict[str, str]) -> Callable[..., str]:
    def link(**changed: str) -> str:
        wanted = {name: value for name, value in (asked | changed).items() if value}
        return f"{root}?{urlencode(wanted)}" if wanted else root

    return link


def _choices(
    words: Words,
    counts: dict[str, int],
    soon: int,
    tahap: str,
    tempo: str,
    link: Callable[..., str],
) -> list[Choice]:
    return [
        Choice(
            text=words.of("worklist.all"),
            count=sum(counts.values()),
            href=link(tahap="", tempo="", halaman=""),
            chosen=not tahap and not tempo,
        ),
        Choice(
            text=words.of("worklist.soon", days=_SOON),
            count=soon,
            href=link(tahap="", tempo="segera", halaman=""),
            chosen=tempo == "segera",
        ),
        *(
            [
                Choice(
                    text=words.of("worklist.back_on", day=format_day(day, words.language)),
                    count=None,
                    href=link(tahap="", halaman=""),
                    chosen=not tahap,
                )
            ]
            if (day := _day_of(tempo))
            else []
        ),
        *(
            Choice(
                text=words.of(f"group.{name}"),
                count=count,
                href=link(tahap=name, tempo="", halaman=""),
                chosen=tahap == name,
            )
            for name, count in counts.items()
        ),
    ]


PAGES = (shown("", meja, Act.SEE),)
NAV = (
    NavEntry(
        code="worklist", path="", act=Act.SEE, order=10, roles=("cabang", "kedeputian", "pusat")
    ),
)
