"""Words for one thing that a person decides: what it is, why it is asked, what can be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.domain.tanda_tangan import PIHAK_TAMPIL
from pks_kit.messages import Message, lookup
from pks_kit.visible_text import one_line

if TYPE_CHECKING:
    from pks_kit.domain.paper import PaperFacts, PersonDecision
    from pks_kit.domain.paper_review import ReviewItem


_PRINTED = "cetak."
_KINDS = ("rupiah", "tanggal", "persen", "jumlah")
_OF_ACCOUNTS = (".utama", ".cadangan")
_SHORT = frozenset({"npwp", "nik", "sip", "str", "pks"})


def printed_name(path: str) -> Message | None:
    """Return what a value is that stands in the words of the template; None for one of the data."""
    kind = path.removeprefix(_PRINTED)
    known = path.startswith(_PRINTED) and kind in _KINDS
    return lookup(f"review.printed.{kind}") if known else None


def value_name(path: str) -> str:
    """Return what facilities call a value: ``nomor rekening utama``; nothing of the value itself.

    Args:
        path: Where it comes from, as the receipt has it.
    """
    printed = printed_name(path)
    if printed is not None:
        return printed.id
    plain = one_line(path)
    for which in _OF_ACCOUNTS:
        plain = plain.replace(which, which.replace(".", "_"))
    return " ".join(map(_spelled, reversed(plain.split("."))))


def _spelled(part: str) -> str:
    name, _, row = part.partition("[")
    words = [one.upper() if one in _SHORT else one for one in name.split("_")]
    place = row.removesuffix("]")
    return " ".join(words) + (f" ke-{int(place) + 1}" if place.isdecimal() else "")


def item_title(item: ReviewItem) -> Message:
    """Return what it is, whose, and where."""
    if item.group == "sheet":
        return lookup("review.item.sheet").fill({"sheet": item.scan_page})
    params: dict[str, object] = {"page": item.page or 0, "sheet": item.scan_page}
    if item.group == "place":
        party = PIHAK_TAMPIL.get(item.peran, item.peran.replace("_", " ").upper())
        signer = one_line(item.signer)
        params["party"] = f"{party} ({signer})" if signer else party
    if item.kind in ("value", "disturbed"):
        params["path"] = printed_name(item.path) or one_line(item.path) or "?"
    return lookup(f"review.item.{item.kind}").fill(params)


def item_reason(item: ReviewItem, facts: PaperFacts) -> Message:
    """Return in one sentence what the machine saw there.

    Args:
        item: The thing.
        facts: What the scan shows.
    """
    if item.group == "place":
        return lookup(f"paper.place.{item.machine_reason}")
    return lookup(f"review.reason.{item.machine}").fill(
        {
            "issued": one_line(item.issued) or "?",
            "read": one_line(item.read) or "?",
            "size": round(item.size),
            "page": item.page or "?",
            "edition": one_line(item.edition) or "–",
            "wanted": facts.edition or "–",
        }
    )


def item_choice(item: ReviewItem, decision: PersonDecision) -> Message:
    """Return the words of a button."""
    kind = item.group if item.group in ("value", "text") else item.kind
    return lookup(f"review.choice.{kind}.{decision}")
