"""Which texts the agreements of a plan are made from, and what changed in them since last year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.errors import NotInForceError, PksKitError
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.diff.result import ClauseChange
from pks_kit.pipelines.batching.niks import niks_of, without_niks
from pks_kit.pipelines.batching.plan import ChangedClause, PlannedRow, PlannedText
from pks_kit.pipelines.compare import CompareRequest, compare_versions
from pks_kit.pipelines.many import Agreement
from pks_kit.pipelines.renew import touching
from pks_kit.resources import templates_root


def planned_texts(
    rows: Sequence[PlannedRow], of_row: Mapping[int, Agreement], before: Mapping[str, Kontrak]
) -> tuple[PlannedText, ...]:
    """Return each text in use, with what changed in it since last year.

    Args:
        rows: Rows of the plan.
        of_row: Data of each row, by its number.
        before: Last year's data, by the code of the facility.
    """
    used = Counter((one.versi, one.jenis) for one in rows if one.is_ready)
    return tuple(
        _text(versi, jenis, count, _pair(versi, jenis, rows, of_row, before))
        for (versi, jenis), count in sorted(used.items())
    )


def _text(versi: str, jenis: str, count: int, pair: tuple[Kontrak, Kontrak] | None) -> PlannedText:
    text = PlannedText(
        versi=versi,
        jenis=jenis,
        sha256=load_version(versi, templates_root()).sha256(jenis),
        rows=count,
    )
    if pair is None:
        return text
    earlier, now = pair
    found = changed_clauses(earlier, now)
    if found is None:
        return replace(text, before=earlier.versi_templat)
    return replace(
        text,
        before=earlier.versi_templat,
        changes=len(found),
        filled_with=nama_faskes(earlier),
        clauses=found,
    )


def changed_clauses(earlier: Kontrak, now: Kontrak) -> tuple[ChangedClause, ...] | None:
    """Return the clauses that read otherwise; None when the text of then cannot be made any more.

    Both texts are filled with the data of then, so that what differs is text or law and no data.
    """
    request = CompareRequest(
        kontrak=earlier,
        versi_lama=earlier.versi_templat,
        versi_baru=now.versi_templat,
        as_of_lama=earlier.jangka_waktu.tanggal_mulai,
        as_of_baru=now.jangka_waktu.tanggal_mulai,
    )
    try:
        try:
            diff = compare_versions(request).diff
        except NotInForceError:  # the law of the old term is not known: compare the text alone
            diff = compare_versions(replace(request, as_of_lama=None)).diff
    except PksKitError:
        return None
    hidden = niks_of(earlier)
    return tuple(_changed(one, hidden) for one in touching(diff))


def _changed(change: ClauseChange, hidden: Collection[str]) -> ChangedClause:
    place, old = change.one.place, change.old
    return ChangedClause(
        kind=change.kind,
        place=place,
        formerly=old.place if old and change.new and old.place != place else "",
        before=without_niks(old.teks, hidden) if old else "",
        now=without_niks(change.new.teks, hidden) if change.new else "",
    )


def _pair(
    versi: str,
    jenis: str,
    rows: Sequence[PlannedRow],
    of_row: Mapping[int, Agreement],
    before: Mapping[str, Kontrak],
) -> tuple[Kontrak, Kontrak] | None:
    """Return the data of then and of now of the first facility with a text that has both."""
    for row in rows:
        if (row.versi, row.jenis) == (versi, jenis) and row.kode in before:
            loaded = of_row[row.number].loaded
            if loaded is not None:
                return before[row.kode], loaded.kontrak
    return None
