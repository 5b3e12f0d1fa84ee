"""Tasks that read the ledger."""

from __future__ import annotations

from pks_kit.json_form import to_json
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


def shown(shop: Shop, task: Task) -> Done:
    """Show one agreement, or all."""
    result = ledger_show(
        LedgerShowRequest(
            ledger=shop.ledger, agreement_id=task.isi.get("perjanjian"), clock=shop.clock
        )
    )
    return Done(hasil=to_json(result))


def meterai_counted(shop: Shop, task: Task) -> Done:
    """Count meterai of some agreements: bought, set in a file, and not yet known how they ended.

    Their ids come as one text, which passes to this process in a hundredth of the time of a list.
    """
    counted = shop.meterai.counted(shop.ledger)
    mine = [counted[one] for one in task.isi["perjanjian"].split() if one in counted]
    return Done(
        hasil={
            "bought": sum(one.bought for one in mine),
            "set": sum(one.stamped for one in mine),
            "open": sum(one.open for one in mine),
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
