"""Reminders of a batch: those that stand there, when a delivery writes them, and writing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pks_kit.domain.tanggal import format_tanggal
from pks_kit.pipelines.batching.reminders import REMIND_DAYS, due_from
from pks_kit.pipelines.batching.reminders_now import is_early
from pks_kit.visible_text import WIB
from pks_kit.web.pages.agreement_acts import deadline_given
from pks_kit.web.pages.batch_deliveries import Delivery, day_of
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.visit import Visit
from pks_kit.web.state import files
from pks_kit.web.state.jobs import Job

ROLE = "surat_pengingat"
DAY = "hari_pengingat"
"""Name of the field for the day that reminders name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Reminders that can be downloaded.

    Attributes:
        files: Their ZIP files, as their job told them.
        at: When they were written.
        day: Last day that they name; None where nobody knows one.
    """

    files: tuple[Mapping[str, Any], ...]
    at: datetime | None
    day: date | None = None


async def letters_there(
    visit: Visit, deliveries: Sequence[Delivery], job: Job | None, letter_day: date | None
) -> dict[str, Letters]:
    """Return the reminders that are still kept, by the id of their job, the newest first.

    Args:
        visit: The visit.
        deliveries: Deliveries of the batch.
        job: The last job that wrote reminders without a delivery, and ended well.
        letter_day: The last day that the covering letters told, which a delivery names too unless
            it was given another one.
    """
    found = {
        one.id: Letters(files=one.letters, at=one.at, day=one.day or letter_day)
        for one in deliveries
        if one.letters
    }
    if job is not None and job.keadaan == "selesai":
        made = tuple(one for one in job.hasil["berkas"] if one["peran"] == ROLE)
        found[job.id] = Letters(files=made, at=job.berakhir, day=day_of(job))
    ids = {str(file["id"]) for one in found.values() for file in one.files}
    there = await visit.portal.read(files.known_of, ids, visit.call.reach)
    return {
        name: replace(one, files=left)
        for name, one in sorted(found.items(), reverse=True)
        if (left := tuple(file for file in one.files if file["id"] in there))
    }


def why_none(visit: Visit, last: Delivery, letter_day: date | None) -> str:
    """Return in words why a delivery wrote no reminders; empty when it did, or nobody is silent."""
    if last.letters or not last.told["not_back"]:
        return ""
    words, begins = Words(visit.language), last.told.get("reminders_from")
    if not begins:
        return words.of("batch.remind.no_day") if letter_day is None else ""
    day = date.fromisoformat(str(begins))
    if last.at is not None and last.at.astimezone(WIB).date() < day:
        return words.of("batch.remind.too_early", day=format_tanggal(day))
    return words.of("batch.remind.none_written")


def begins_on(letter_day: date | None) -> date | None:
    """Return from which day on a delivery writes reminders by itself; None when nobody knows."""
    return due_from(letter_day, REMIND_DAYS)


def day_asked(visit: Visit, letter_day: date | None, name: str) -> tuple[date | None, str]:
    """Return the day that reminders shall name, and in words what is wrong with it.

    One before the day of the covering letters is wrong until it is said to be meant.

    Args:
        visit: The visit.
        letter_day: The last day that the covering letters told.
        name: Name of the field.
    """
    found, wrong = deadline_given(visit, name)
    if letter_day is not None and is_too_early(visit, letter_day, name):
        words = Words(visit.language)
        return None, words.of("batch.remind.early", day=format_tanggal(letter_day))
    return found, wrong


def is_too_early(visit: Visit, letter_day: date | None, name: str) -> bool:
    """Return whether a day was typed before that of the covering letters, and not said so."""
    found, _ = deadline_given(visit, name)
    if found is None or visit.sent.one("lebih_awal") == "ya":
        return False
    return is_early(found, letter_day)


def default_day(visit: Visit, letter_day: date | None) -> str:
    """Return the day that stands in the field at first: that of the covering letters."""
    today = visit.portal.now().astimezone(WIB).date()
    return format_tanggal(letter_day) if letter_day is not None and letter_day >= today else ""
