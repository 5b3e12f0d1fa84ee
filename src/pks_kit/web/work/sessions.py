"""Tasks that sign, stamp and archive. Each may begin again: a session finds what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pks_kit.errors import UsageError
from pks_kit.json_form import to_json
from pks_kit.pipelines.extend import ExtendRequest, extend
from pks_kit.pipelines.settings_check import SettingsCheckRequest, settings_check
from pks_kit.pipelines.sign_all import SessionRequest, sign_all
from pks_kit.pipelines.signing.session_request import PartyTools
from pks_kit.pki.revocation_http import HttpRevocation
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task


def signed(shop: Shop, task: Task) -> Done:
    """Do the steps of the parties that are asked for, as far as the settings reach.

    Raises:
        UsageError: ``web.no_tools``: the settings name nothing with which to do it.
    """
    isi = task.isi
    tools = _tools(shop, task)
    if not tools:
        raise UsageError("web.no_tools", party=", ".join(isi["pihak"]))
    result = sign_all(
        SessionRequest(
            pdf=shop.read(isi["terkini"]),
            receipt=shop.read(isi["resi"]),
            folder=shop.tools.sessions(),
            ledger=shop.ledger,
            tools=tools,
            archive=shop.tools.archive() if isi["langkah"] in ("semua", "terima") else None,
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


def keys_tried(shop: Shop, task: Task) -> Done:
    """Try keys and accounts with what a person gave, once and before anything is signed."""
    tools = shop.signing_for(task).signing_tools(shop.clock)
    found = settings_check(SettingsCheckRequest(tools=tools, parties=tuple(task.isi["pihak"])))
    for one in found.tried:
        of_part = (name for name in task.isi["nama"] if name.startswith(f"{one.part}."))
        name = next(of_part, None)
        if one.state == "bad" and name is not None:
            message = to_json(one.message)
            # who asks need not know where the server keeps its keys
            own = f"{shop.signing.base}/"
            told = {tongue: text.replace(own, "") for tongue, text in message.items()}
            return Done(hasil={"salah": {"name": name, "message": told}})
    return Done(hasil={"salah": None})


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


def _tools(shop: Shop, task: Task) -> dict[str, PartyTools]:
    """Return with what the parties act; what was done elsewhere is taken over with no tool."""
    parties, langkah = task.isi["pihak"], task.isi["langkah"]
    if langkah == "terima":
        return {party: PartyTools() for party in parties}
    known = shop.signing_for(task).signing_tools(shop.clock).tools(parties)
    return {
        party: only for party, tools in known.items() if (only := _only(tools, langkah)) is not None
    }


def _only(tools: PartyTools, langkah: str) -> PartyTools | None:
    """Return the tools that one kind of step needs; None when there are none."""
    if langkah == "tanda_tangan":
        tools = replace(tools, meterai=None)
    elif langkah == "meterai":
        tools = replace(tools, signer=None, service=None)
    return tools if any((tools.signer, tools.service, tools.meterai)) else None


def _told(params: Mapping[str, str]) -> dict[str, Any]:
    return {name: str(value) for name, value in params.items()}
