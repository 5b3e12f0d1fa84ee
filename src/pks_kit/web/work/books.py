"""Tasks that read the ledger."""

from __future__ import annotations

from pks_kit.json_form import to_json
from pks_kit.ledger import kinds
from pks_kit.ledger.purchases import PurchaseState, purchases
from pks_kit.pipelines.ledger import (
    LedgerExportRequest,
    LedgerShowRequest,
    LedgerVerifyRequest,
    ledger_export,
    ledger_show,
    ledger_verify,
)
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

_METERAI = (
    *(kinds.METERAI_NIAT, kinds.METERAI_TERBIT, kinds.METERAI_GAGAL, kinds.METERAI_TIDAK_PASTI),
    *(kinds.METERAI_BUBUH, kinds.METERAI_TERBUBUH, kinds.METERAI_LEPAS),
)


def shown(shop: Shop, task: Task) -> Done:
    """Show one agreement, or all."""
    result = ledger_show(
        LedgerShowRequest(
            ledger=shop.ledger, agreement_id=task.isi.get("perjanjian"), clock=shop.clock
        )
    )
    return Done(hasil=to_json(result))


def meterai_counted(shop: Shop, task: Task) -> Done:
    """Count meterai of some agreements: bought, set in a file, and not yet known how they ended."""
    wanted = set(task.isi["perjanjian"])
    events = [one for kind in _METERAI for one in shop.ledger.events(jenis=kind)]
    mine = [one for one in events if one.perjanjian in wanted]
    found = purchases(sorted(mine, key=lambda one: one.nomor))
    stamped = sum(one.keadaan is PurchaseState.TERBUBUH for one in found)
    closed = (PurchaseState.TERBUBUH, PurchaseState.GAGAL, PurchaseState.DILEPAS)
    return Done(
        hasil={
            "bought": sum(one.sn is not None for one in found),
            "set": stamped,
            "open": sum(one.keadaan not in closed for one in found),
        }
    )


def proven(shop: Shop, task: Task) -> Done:
    """Check the chain of the whole ledger."""
    head = task.isi.get("kepala")
    return Done(hasil=to_json(ledger_verify(LedgerVerifyRequest(ledger=shop.ledger, head=head))))


def exported(shop: Shop, task: Task) -> Done:
    """Export all events."""
    del task  # there is nothing to choose
    result = ledger_export(LedgerExportRequest(ledger=shop.ledger))
    made = (shop.keep(result.file, "ekspor"),) if result.file else ()
    return Done(hasil={"count": result.count}, berkas=made)
