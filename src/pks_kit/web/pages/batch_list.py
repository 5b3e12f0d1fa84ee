"""Many agreements: the list of batches, and a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.pipelines.batching.summary import of_state
from pks_kit.web.bodies_verbs import PlanBody
from pks_kit.web.pages.batch_jobs import BatchJobs
from pks_kit.web.pages.batch_standing import (
    Counted,
    Standing,
    counted_now,
    short_id,
    standing_of,
    told_states,
)
from pks_kit.web.pages.declared import NavEntry, sent, shown
from pks_kit.web.pages.given_files import kept_files, no_books, refuse_empty
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes import batch as operations
from pks_kit.web.routes.buku_kerja import workbook_answer
from pks_kit.web.scope import Act
from pks_kit.web.state import batches, jobs
from pks_kit.web.state.batches import StoredBatch

MOST_ROWS = 30
_SAMPLED = 3
LONGEST_NAME = 200
"""Letters of the name of a batch; as of every name in the API."""
BOOKS = ("kosong", "contoh")
"""The workbooks that can be had: empty, and filled with invented facilities."""


async def meja_batch_daftar(visit: Visit) -> Response:
    """List batches, and take the workbook of a new one."""
    return await _list_page(visit, problems=())


async def _list_page(visit: Visit, problems: Sequence[str], why: str = "") -> Response:
    call, words = visit.call, Words(visit.language)
    reach = visit.person.reach(Act.SEE)
    before = visit.given("setelah")[:80]
    withdrawn = visit.given("ditarik") == "ya"
    found = await visit.portal.read(
        batches.listed, reach, before=before, most=MOST_ROWS + 1, withdrawn=withdrawn
    )
    rows = found[:MOST_ROWS]
    known = await visit.portal.read(jobs.of_batches, [one.id for one in rows], reach)
    now = await counted_now(visit.portal, known)
    more = "&ditarik=ya" if withdrawn else ""
    params: dict[str, dict[str, Any]] = {
        "long_name": {"most": LONGEST_NAME},
        "other_file": {"why": why},
    }
    after = f"{visit.root}/batch?setelah={rows[-1].id}{more}" if len(found) > MOST_ROWS else ""
    return visit.page(
        "batch-daftar.html.j2",
        words.of("nav.batch"),
        nav="batch",
        status=422 if problems else 200,
        rows=[_listed(one, BatchJobs(all=known.get(one.id, ())), now.get(one.id), words)
              for one in rows],
        after=after,
        withdrawn=withdrawn,
        withdrawn_count=await visit.portal.read(batches.withdrawn_count, reach),
        mine=call.person.subject,
        given={name: visit.sent.one(name) for name in ("nama",)},
        problems=[{"text": words.of(f"batch.{one}", **params.get(one, {})),
                   "href": f"#f-{_FIELD[one]}"} for one in problems],
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBatch:
    """A batch as the list shows it.

    Attributes:
        one: The batch.
        short: By what it is told apart from another one of its name.
        standing: How it stands.
        state: The same in few words.
        counts: Its counts in words; empty when there are none.
    """

    one: StoredBatch
    short: str
    standing: Standing
    state: str
    counts: str


def _listed(one: StoredBatch, known: BatchJobs, now: Counted | None, words: Words) -> ListedBatch:
    standing = standing_of(known.all, now)
    return ListedBatch(
        one=one,
        short=short_id(one.id),
        standing=standing,
        state=words.of(f"batch.stands.{standing.code}"),
        counts=_counts(standing, words, known.done("rencana_batch")),
    )


def _counts(standing: Standing, words: Words, planned: Mapping[str, Any] | None) -> str:
    """Return the counts of a standing in words; those of states without the empty ones."""
    params = {name: words.number(value) if isinstance(value, int) else value
              for name, value in standing.params.items()}  # fmt: skip
    if standing.code in _IN_ONE:
        out = standing.params.get("out")
        parts = [words.of(f"batch.stands_counts.{standing.code}", **params)]
        parts += [f"{words.number(out)} {words.say(of_state('cancelled'))}"] if out else []
    else:
        told = told_states(standing.counted, planned) if standing.counted else ()
        parts = [f"{words.number(count)} {words.say(state)}" for state, count in told]
    return ", ".join(parts)


_IN_ONE = ("planned", "rejected", "withdrawn", "approved")
_FIELD = {"no_name": "nama", "long_name": "nama", "no_book": "buku", "other_file": "buku"}


async def meja_batch_baru(visit: Visit) -> Response:
    """Plan a batch from a workbook; files of last year may come with it."""
    given = visit.sent
    refuse_empty(given)
    books = [one for one in given.files if one.field == "buku"]
    earlier = [one for one in given.files if one.field == "tahun_lalu"]
    problems = [
        code
        for code, lacks in (
            ("no_name", not given.one("nama")),
            ("long_name", len(given.one("nama")) > LONGEST_NAME),
            ("no_book", not books),
        )
        if lacks
    ]
    others = no_books((*books, *earlier))
    if others:
        why = " ".join(one.text.in_language(visit.language) for one in others)
        return await _list_page(visit, [*problems, "other_file"], why=why)
    if problems:
        return await _list_page(visit, problems)
    body = PlanBody(
        nama=given.one("nama"),
        sumber=await kept_files(visit, books),
        sebelumnya=await kept_files(visit, earlier),
        contoh=_SAMPLED,
    )
    job = visit.promised(await operations.batch_rencanakan(visit.call, body, visit.call.key))
    known = await visit.portal.read(jobs.find, job["id"], visit.call.reach)
    if known is None:
        raise UsageError("web.unknown")
    return visit.to(f"/batch/{known.isi['batch']}")


async def meja_buku_kerja(visit: Visit) -> Response:
    """Give the workbook that is filled in for a batch.

    Raises:
        UsageError: ``web.unknown``: there is none of that name.
    """
    kind = visit.given("isi")
    if kind not in BOOKS:
        raise UsageError("web.unknown")
    name = Words(visit.language).of(f"batch.book_file.{kind}")
    return await workbook_answer(visit.portal, name, samples=kind == "contoh")


PAGES = (
    shown("/buku-kerja/{isi}.xlsx", meja_buku_kerja, Act.CHECK, recorded=False),
    shown("/batch", meja_batch_daftar, Act.SEE),
    sent("/batch", meja_batch_baru, Act.BATCH, uploads=True),
)
NAV = (NavEntry(code="batch", path="/batch", act=Act.APPROVE, order=35),)
