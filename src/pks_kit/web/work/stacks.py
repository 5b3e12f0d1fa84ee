"""Tasks about a stack of agreements for one signer: what stands out in each, and signing all."""

from __future__ import annotations

from typing import Any

from pks_kit.domain.receipt import parse_receipt
from pks_kit.domain.rupiah import format_rupiah
from pks_kit.domain.tanggal import WIB
from pks_kit.errors import PksKitError
from pks_kit.json_form import to_json
from pks_kit.pipelines.draft import CheckRequest, check
from pks_kit.pipelines.drafting.since_earlier import since_earlier
from pks_kit.pipelines.drafting.summary import SummarySource, payments
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.pipelines.error_form import error_form
from pks_kit.pipelines.ledger import METERAI
from pks_kit.pipelines.requests.given_data import read_kontrak
from pks_kit.pipelines.sign_all import SessionRequest, sign_all
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.web.work.shop import Problem, Shop
from pks_kit.web.work.task import Done, MadeFile, Task

_TOLD = ("manual", "warning")


def looked(shop: Shop, task: Task) -> Done:
    """Tell amounts, findings and changes of some agreements; one that fails stops no other."""
    ones, party = task.isi["perjanjian"], task.isi["pihak"]
    found = shop.each(ones, lambda one: _looked(shop, one, party))
    return Done(
        hasil={
            "perjanjian": [
                {"id": one["id"], "masalah": each.form} if isinstance(each, Problem) else each
                for one, each in zip(ones, found, strict=True)
            ]
        }
    )


def _looked(shop: Shop, one: dict[str, Any], party: str) -> dict[str, Any]:
    data = shop.read(one["data"])
    today = shop.clock().astimezone(WIB).date()
    result = check(CheckRequest(source=data, settings=shop.settings, today=today))
    kontrak = result.loaded.kontrak
    earlier = read_kontrak(shop.read(one["dulu"]), "data").kontrak if one["dulu"] else None
    rules = load_parameters().resolve_all(kontrak.jangka_waktu.tanggal_mulai)
    source = SummarySource(kontrak=kontrak, values=build_context(kontrak, rules))
    receipt = shop.read(one["resi"])
    profile = load_profile(signing_root(), parse_receipt(receipt.content, receipt.name).profile)
    stamps = sum(step.jenis == "meterai" and step.peran == party for step in profile.langkah)
    changes = since_earlier(kontrak, earlier) if earlier is not None else None
    return {
        "id": one["id"],
        "masalah": None,
        "amounts": [
            {"what": fact.apa, "amount": fact.isi} for fact in payments(source) if "Rp" in fact.isi
        ],
        "findings": [to_json(each) for each in result.findings if each.level in _TOLD],
        "changes": None if changes is None else [dict(each) for each in changes],
        "meterai": stamps,
        "price": _price(kontrak.pihak_kesatu.tanggal_tanda_tangan, stamps),
    }


def _price(day: Any, count: int) -> str:
    try:
        value = load_parameters().resolve(METERAI, day).nilai
    except PksKitError:
        return ""
    return format_rupiah(value * count) if isinstance(value, int) else ""


def signed(shop: Shop, task: Task) -> Done:
    """Sign and stamp one agreement after the other, and tell of each how it ended.

    The first that fails ends the stack when that was wished, or when none went well before: then
    it is the key, the account or the service, and trying again could lock it.
    """
    isi, party = task.isi, task.isi["pihak"]
    tools = shop.signing_for(task).signing_tools(shop.clock).tools((party,))
    archive = shop.tools.archive()
    rows: list[dict[str, Any]] = []
    files: list[MadeFile] = []
    many: list[dict[str, Any]] = []
    stopped = False
    for number, one in enumerate(isi["perjanjian"]):
        row: dict[str, Any] = {"id": one["id"], "nama": one["nama"], "keadaan": "belum"}
        row["nomor"] = one.get("nomor", "")  # a stack of an earlier version has none
        rows.append(row)
        if stopped:
            continue
        shop.tell({"selesai": number, "semua": len(isi["perjanjian"]), "langkah": one["nama"]})
        try:
            result = sign_all(
                SessionRequest(
                    pdf=shop.read(one["terkini"]),
                    receipt=shop.read(one["resi"]),
                    folder=shop.tools.sessions(),
                    ledger=shop.ledger,
                    tools=tools,
                    archive=archive,
                    clock=shop.clock,
                )
            )
        except PksKitError as error:
            row |= {"keadaan": "gagal", "masalah": to_json(error_form(error))}
            stopped = isi["berhenti"] or not many
            continue
        made = shop.keep(result.file, "pdf", perjanjian=one["id"])
        files.append(made)
        many.append({"id": one["id"], "terkini": made.id})
        row |= {"keadaan": "selesai", "langkah": len(result.done)}
    return Done(hasil={"pihak": party, "baris": rows}, berkas=tuple(files), banyak=tuple(many))
