"""One page on which a person decides about a scan: issued part, scanned part, two buttons.

``templates/laporan/periksa-kertas.html.j2`` lays out what is made ready here. The page works
without a network; its one script is our own and the page names its hash, so that no other runs.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pks_kit.domain.page_list import page_list
from pks_kit.domain.paper import DecidedItem
from pks_kit.domain.paper_review import CHOICES, ReviewItem, refusal, review_items
from pks_kit.messages import Message, lookup
from pks_kit.resources import templates_root
from pks_kit.templating import report_html
from pks_kit.verification.report.answers import local_time
from pks_kit.verification.report.headline import headline, warning_line
from pks_kit.verification.report.paper_words import item_choice, item_reason, item_title
from pks_kit.visible_text import one_line

if TYPE_CHECKING:
    from pks_kit.domain.paper import PaperFacts
    from pks_kit.domain.paper_pictures import PaperPicture
    from pks_kit.verification.report.pictures import Examined

_JPEG = b"\xff\xd8\xff"
_SECTIONS = ("sheet", "value", "text", "unsure", "empty")
_WORDS = (
    "kept", "reason_first", "failed", "left", "none_left", "unsaved", "by_person", "waiting",
    "not_shown",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePage:
    """What a page that writes into a ledger knows beside.

    Attributes:
        token: What it must say with each decision.
        by: Who decides.
    """

    token: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewChoice:
    """One of the two buttons.

    Attributes:
        decision: What it says, as :data:`~pks_kit.domain.paper_review.CHOICES` has it.
        label: The same in words.
        reason_first: Whether a reason must be given first.
        accepts: Whether it accepts what is seen.
    """

    decision: str
    label: Message
    reason_first: bool
    accepts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One thing to decide, ready to be laid out.

    Attributes:
        item: The thing.
        title: What it is, whose, and where.
        reason: What the machine saw there.
        choices: The two buttons.
        pictures: Its pictures by their kind.
        crop_sha256: Hash of the picture of the scan; empty when there is none.
        whole: Name of the picture of its whole page or sheet; empty when there is none.
        box: Where it is on that picture: left, top, width, height in percent; may be empty.
        differing: Signs that were read, and whether each is another than the issued one.
        decided: What all decisions amount to; None before the first.
        opinions: Name, words, moment and reason of each.
    """

    item: ReviewItem
    title: Message
    reason: Message
    choices: tuple[ReviewChoice, ReviewChoice]
    pictures: dict[str, PaperPicture]
    crop_sha256: str
    whole: str
    box: str
    differing: tuple[tuple[str, bool], ...]
    decided: DecidedItem | None
    opinions: tuple[tuple[str, Message, str, str], ...]


def paper_page(
    examined: Examined,
    file_name: str,
    language: str,
    moment: datetime,
    live: LivePage | None = None,
) -> str:
    """Return the whole page.

    Args:
        examined: Report of a scan and its pictures.
        file_name: Name of the scan, for people.
        language: ``id`` or ``en``.
        moment: Moment of the examination, with zone.
        live: For a page that writes into a ledger; None for one that only keeps decisions.

    Raises:
        ValueError: The report is not about a scan.
    """
    from markupsafe import Markup

    facts = examined.report.paper
    if facts is None:
        raise ValueError("no scan")
    language = "en" if language == "en" else "id"
    rows = review_rows(facts, examined.paper_pictures)
    script = (templates_root() / "laporan" / "periksa-kertas.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    wholes = {one.item for row in rows for one in row.pictures.values()}
    review = {
        "format": "pks-kit-paper-decisions/1",
        "agreement_id": facts.agreement_id,
        "edition": facts.edition,
        "files": facts.files,
    }
    return report_html(
        "periksa-kertas.html.j2",
        language,
        "review",
        file_name=file_name,
        moment=local_time(moment),
        warning=warning_line(examined.report),
        headline=headline(examined.report),
        verdict=examined.report.verdict,
        notes=examined.report.notes,
        facts=facts,
        numbers=_numbers(facts, rows),
        missing=page_list(facts.missing, "–"),
        sections=_sections(rows),
        settled=[one for one in rows if not needs_eyes(one)],
        wholes=[
            one
            for one in examined.paper_pictures
            if one.kind in ("page", "sheet") and one.item not in wholes
        ],
        live=live,
        review=json.dumps(review, ensure_ascii=True),
        words=json.dumps(
            {name: lookup(f"review.{name}").in_language(language) for name in _WORDS},
            ensure_ascii=True,
        ),
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=digest,
    )


def _numbers(facts: PaperFacts, rows: list[ReviewRow]) -> dict[str, int]:
    pages = {one.page for one in facts.pages if one.status.startswith(("ok", "edition_unknown"))}
    waiting = [one for one in rows if needs_eyes(one)]
    by_group: dict[str, int] = defaultdict(int)
    for one in waiting:
        by_group[one.item.group] += 1
    return {
        "here": len(pages),
        "pages": len(pages) + len(facts.missing),
        "missing": len(facts.missing),
        "sheets": by_group["sheet"],
        "decided": sum(one.item.group == "place" for one in rows) - by_group["place"],
        "look": by_group["place"],
        "changes": by_group["value"] + by_group["text"],
        "open": len(waiting),
    }


def needs_eyes(row: ReviewRow) -> bool:
    """Return whether a thing waits for a person, or for a second one."""
    if row.decided is not None:
        return row.decided.state == "waiting"
    return row.item.is_open


def _sections(rows: Iterable[ReviewRow]) -> list[tuple[str, list[ReviewRow]]]:
    found: dict[str, list[ReviewRow]] = {name: [] for name in _SECTIONS}
    for row in rows:
        if needs_eyes(row):
            group = row.item.machine if row.item.group == "place" else row.item.group
            found[group if group in found else "unsure"].append(row)
    return [(name, members) for name, members in found.items() if members]


def review_rows(facts: PaperFacts, pictures: Iterable[PaperPicture]) -> list[ReviewRow]:
    """Return everything that can be decided about a scan, worst first, with its pictures."""
    shown: dict[str, dict[str, PaperPicture]] = defaultdict(dict)
    wholes: dict[str, PaperPicture] = {}
    for one in pictures:
        if not one.jpeg.startswith(_JPEG):
            continue  # what a child may have been made to say
        if one.kind in ("page", "sheet"):
            wholes[one.item] = one
        else:
            shown[one.item][one.kind] = one
    decided = {one.item: one for one in facts.decided}
    rows = []
    for item in review_items(facts):
        of_item = shown.get(item.key, {})
        whole = wholes.get(item.key if item.group == "sheet" else f"page_{item.page}")
        person = decided.get(item.key)
        seen = whole if item.group == "sheet" else of_item.get("scanned")
        rows.append(
            ReviewRow(
                item=item,
                title=item_title(item),
                reason=item_reason(item, facts),
                choices=_choices(item),
                pictures=dict(of_item),
                crop_sha256=hashlib.sha256(seen.jpeg).hexdigest() if seen else "",
                whole=whole.item if whole else "",
                box=_box(item, whole),
                differing=_differing(item),
                decided=person,
                opinions=_opinions(item, person),
            )
        )
    return rows


def _choices(item: ReviewItem) -> tuple[ReviewChoice, ReviewChoice]:
    accepts, refuses = CHOICES[item.group]
    made = [
        ReviewChoice(
            decision=one,
            label=item_choice(item, one),
            reason_first=refusal(item, one, "", "") is not None,
            accepts=one == accepts,
        )
        for one in (accepts, refuses)
    ]
    if item.group == "sheet":  # asking again is what a person mostly wants
        made.reverse()
    return made[0], made[1]


def _box(item: ReviewItem, whole: PaperPicture | None) -> str:
    """Return where a thing is on the picture of its page: left, top, width, height in percent."""
    if whole is None or item.rect is None or min(whole.points) <= 0:
        return ""
    wide, high = whole.points
    left, bottom, right, top = item.rect
    parts = (left / wide, 1 - top / high, (right - left) / wide, (top - bottom) / high)
    return " ".join(f"{min(max(one, -1.0), 2.0) * 100:.2f}" for one in parts)


def _differing(item: ReviewItem) -> tuple[tuple[str, bool], ...]:
    """Return what was read, sign by sign, and whether each is another than the issued one."""
    if item.kind != "value" or len(item.read) != len(item.issued):
        return ()
    pairs = zip(item.read, item.issued, strict=True)
    return tuple((one_line(sign), sign != was) for sign, was in pairs)


def _opinions(
    item: ReviewItem, decided: DecidedItem | None
) -> tuple[tuple[str, Message, str, str], ...]:
    """Return name, words, moment and reason of each opinion."""
    if decided is None:
        return ()
    return tuple(
        (
            one.by,
            item_choice(item, one.decision),
            local_time(one.at),
            "; ".join(filter(None, (one.reason, one.addendum))),
        )
        for one in decided.opinions
    )
