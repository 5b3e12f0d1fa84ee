"""States as people count them: the same groups, with the same words, wherever a page counts.

A group holds the states of the ledger in which the same is to be done. The batch tells its own
agreements in the same groups; what came of an agreement there and what the ledger says of it are
one thing.
"""

from __future__ import annotations

from collections.abc import Mapping

from pks_kit.ledger.agreements import AgreementStage as Stage

GROUPS: Mapping[str, tuple[str, ...]] = {
    "terbit": ("", Stage.METODE_DISETUJUI, Stage.TERBIT),
    "dikerjakan": (Stage.HANYA_METERAI, Stage.DIKERJAKAN_BPJS),
    "belum_kembali": (Stage.DI_ATAS_KERTAS, Stage.DITANDATANGANI_BPJS, Stage.DIKERJAKAN_FASKES),
    "belum_lengkap": (Stage.KERTAS_KURANG,),
    "menunggu_pena": (Stage.KERTAS_MENUNGGU_BPJS,),
    "perlu_dilihat": (Stage.KERTAS_DILIHAT,),
    "selesai": (Stage.KERTAS_LENGKAP, Stage.LENGKAP, Stage.DIARSIPKAN),
}
"""States of the ledger by what is to be done, in the order of the work; an empty one: no event."""

AWAITED = ("belum_kembali", "belum_lengkap", "menunggu_pena", "perlu_dilihat")
"""Groups of what is still awaited from a facility, or what it sent is not done with.

``menunggu_pena``: nothing more is awaited from it; the branch office signs with a pen.
"""

IN_A_BATCH: Mapping[str, tuple[str, ...]] = {
    "belum_kembali": ("with_other", "with_other.manual"),
    "belum_lengkap": ("with_other.incomplete",),
    "menunggu_pena": ("with_other.incomplete_own",),
    "perlu_dilihat": ("with_other.needs_person",),
}
"""The same groups in the words of a batch: states with their kinds, as its report names them."""


def group_of(stage: str) -> str:
    """Return the group of a state of the ledger."""
    return next(name for name, stages in GROUPS.items() if stage in stages)


def grouped(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many agreements are in each group, empty ones left out."""
    found = {name: sum(counts.get(one, 0) for one in stages) for name, stages in GROUPS.items()}
    return {name: count for name, count in found.items() if count}


def awaited_in(details: Mapping[str, int]) -> dict[str, int]:
    """Return the groups of what a batch awaits, by the kinds of its states."""
    return {name: sum(details.get(one, 0) for one in kinds) for name, kinds in IN_A_BATCH.items()}
