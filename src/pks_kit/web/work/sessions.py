"""Tasks that sign, stamp and archive. Each may begin again: a session finds what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pks_kit.errors import UsageError
from pks_kit.json_form import to_json
from pks_kit.pipelines.extend import ExtendRequest, extend
from pks_kit.pipelines.sign_all import SessionRequest, sign_all
from pks_kit.pki.revocation_http import HttpRevocation
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

if TYPE_CHECKING:
    from pks_kit.pipelines.signing.session_request import PartyTools


def signed(shop: Shop, task: Task) -> Done:
    """Do the steps of the parties that are asked for, as far as the settings reach.

    Raises:
        UsageError: ``web.no_tools``: the settings name nothing with which to do it.
    """
    isi = task.isi
    tools = {
        party: only
        for party, known in shop.tools.tools().items()
        if party in isi["pihak"] and (only := _only(known, isi["langkah"])) is not None
    }
    if not tools:
        raise UsageError("web.no_tools", party=", ".join(isi["pihak"]))
    result = sign_all(
        SessionRequest(
            pdf=shop.read(isi["terkini"]),
            receipt=shop.read(isi["resi"]),
            folder=shop.tools.sessions(),
            ledger=shop.ledger,
            tools=tools,
            archive=shop.tools.archive() if isi["langkah"] == "semua" else None,
            progress=lambda code, params: shop.tell({"langkah": code, **_told(params)}),
            clock=shop.clock,
        )
    )
    made = shop.keep(result.file, "pdf")
    return Done(
        hasil=to_json(result),
        berkas=(made,),
        perjanjian={"id": result.agreement_id, "terkini": made.id},
    )


def archived(shop: Shop, task: Task) -> Done:
    """Archive a finished agreement, or prolong its archive.

    Raises:
        UsageError: ``web.no_archive``: the settings name no authority for it.
    """
    chosen = shop.settings.arsip
    if chosen is None:
        raise UsageError("web.no_archive")
    result = extend(
        ExtendRequest(
            pdf=shop.read(task.isi["terkini"]),
            receipt=shop.read(task.isi["resi"]),
            timestamps=shop.tools.timestamps(chosen.waktu),
            trust=[shop.tools.path(name) for name in chosen.percaya],
            crls=[shop.tools.path(name) for name in chosen.daftar_cabut],
            source=HttpRevocation(),
            head=shop.ledger.anchor(),
            progress=lambda code: shop.tell({"langkah": code}),
            clock=shop.clock,
        )
    )
    made = shop.keep(result.file, "pdf")
    return Done(
        hasil=to_json(result),
        berkas=(made,),
        perjanjian={"id": task.isi["id"], "terkini": made.id},
    )


def _only(tools: PartyTools, langkah: str) -> PartyTools | None:
    """Return the tools that one kind of step needs; None when there are none."""
    if langkah == "tanda_tangan":
        tools = replace(tools, meterai=None)
    elif langkah == "meterai":
        tools = replace(tools, signer=None, service=None)
    return tools if any((tools.signer, tools.service, tools.meterai)) else None


def _told(params: Mapping[str, str]) -> dict[str, Any]:
    return {name: str(value) for name, value in params.items()}
