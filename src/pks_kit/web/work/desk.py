"""Tasks behind the pages: what one agreement is and lacks, what differs since the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pks_kit.domain.receipt import parse_receipt
from pks_kit.json_form import to_json
from pks_kit.ledger.agreements import agreements
from pks_kit.pipelines.batching.texts import changed_clauses
from pks_kit.pipelines.drafting.since_earlier import since_earlier
from pks_kit.pipelines.requests.given_data import read_kontrak
from pks_kit.policy.signing_profile import load_profile, profile_names
from pks_kit.resources import signing_root
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task
from pks_kit.web.work.told_events import decided_since, settled_by, told_of

if TYPE_CHECKING:
    from pks_kit.domain.receipt import RecordedPlace
    from pks_kit.ledger.ports import Event

_TOLD = ("nama_kesatu", "nama_kedua", "metode", "penanda", "sn", "kode", "verdict", "by", "oleh")
"""Facts of events that people are told."""


def seen(shop: Shop, task: Task) -> Done:
    """Tell places for hands and stamps, what was done and is missing, and every event."""
    receipt = shop.read(task.isi["resi"])
    places = parse_receipt(receipt.content, receipt.name).places
    events = shop.ledger.events(task.isi["id"])
    profiles = tuple(load_profile(signing_root(), name) for name in profile_names(signing_root()))
    known = [one for one in agreements(events, profiles) if one.perjanjian == task.isi["id"]]
    hasil: dict[str, Any] = {
        "tempat": [
            {
                "kode": one.kode,
                "peran": one.peran,
                "jenis": one.kind,
                "cara": one.medium,
                "halaman": one.page,
                "nama": one.nama,
                "jabatan": one.jabatan,
            }
            for one in places
        ],
        "langkah": to_json(known[0]) if known else None,
        "diputuskan": decided_since(events),
        "peristiwa": _told(events, places, settled_by(events)),
    }
    return Done(hasil=hasil)


def history(shop: Shop, task: Task) -> Done:
    """Tell a page of the events of an agreement, the newest first, as its page in the desk does.

    The task says how many (``batas``), and before which number (``setelah``; 0: from the newest).
    """
    receipt = shop.read(task.isi["resi"])
    places = parse_receipt(receipt.content, receipt.name).places
    events = shop.ledger.events(task.isi["id"])
    before, most = task.isi["setelah"], task.isi["batas"]
    asked = [one for one in reversed(events) if not before or one.nomor < before]
    told = _told(asked[:most], places, settled_by(events))
    return Done(hasil={"peristiwa": told, "lagi": len(asked) > most})


def _told(
    events: Sequence[Event], places: Sequence[RecordedPlace], settled: Mapping[int, int]
) -> list[dict[str, Any]]:
    return [
        {
            "nomor": one.nomor,
            "waktu": one.waktu.isoformat(),
            "jenis": one.jenis,
            "isi": {name: str(one.isi[name]) for name in _TOLD if one.isi.get(name)},
            "rincian": to_json(told_of(one, places, settled)),
        }
        for one in events
    ]


def changed(shop: Shop, task: Task) -> Done:
    """Tell what an agreement says otherwise than the one before: data, and clauses."""
    now = read_kontrak(shop.read(task.isi["data"]), "data").kontrak
    earlier = read_kontrak(shop.read(task.isi["dulu"]), "data").kontrak
    data = since_earlier(now, earlier)
    clauses = changed_clauses(earlier, now)
    return Done(
        hasil={
            "data": None if data is None else [dict(one) for one in data],
            "pasal": None if clauses is None else [to_json(one) for one in clauses],
        }
    )
