"""The state that a ledger tells, after every step of real sessions of each method."""

from __future__ import annotations

import pytest

from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.ledger import kinds
from pks_kit.ledger.agreements import AgreementProgress, AgreementStage, agreements
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.sign import SignRequest, sign
from pks_kit.policy.signing_profile import load_profile, profile_names
from pks_kit.resources import signing_root
from support.scenario import Scenario, new_scenario
from support.signing_world import make_issued

PROFILES = [load_profile(signing_root(), name) for name in profile_names(signing_root())]


def told(scenario: Scenario) -> AgreementProgress:
    (one,) = agreements(scenario.events(), PROFILES)
    return one


def missing(one: AgreementProgress) -> list[tuple[str, str | None]]:
    return [(step.jenis, step.peran) for step in one.kurang]


def done(one: AgreementProgress) -> list[tuple[str, str | None]]:
    return [(step.jenis, step.peran) for step in one.selesai]


BPJS = [("tanda_tangan", "pihak_kesatu"), ("meterai", "pihak_kesatu")]
FASKES = [("tanda_tangan", "pihak_kedua"), ("meterai", "pihak_kedua")]
ARSIP = [("arsip", None)]


def of_method(method: str, sandbox, tmp_path) -> Scenario:
    return new_scenario(make_issued(tmp_path / method, profile=method), sandbox, tmp_path)


def test_elektronik_from_side_to_side(scenario: Scenario) -> None:
    scenario.run("pihak_kedua")  # not its turn
    assert (told(scenario).tahap, missing(told(scenario))) == (
        AgreementStage.TERBIT,
        [*BPJS, *FASKES, *ARSIP],
    )
    scenario.run("pihak_kesatu")
    assert told(scenario).tahap is AgreementStage.DITANDATANGANI_BPJS
    assert (done(told(scenario)), missing(told(scenario))) == (BPJS, [*FASKES, *ARSIP])
    scenario.run()
    one = told(scenario)
    assert one.tahap is AgreementStage.LENGKAP
    assert (done(one), missing(one)) == ([*BPJS, *FASKES], ARSIP)
    assert one.terhenti is None
    stamped = [
        event.isi["sn"] for event in scenario.events() if event.jenis == kinds.METERAI_TERBUBUH
    ]
    assert [step.sn for step in one.selesai if step.jenis == "meterai"] == stamped


@pytest.mark.parametrize(
    ("roles", "fault", "error", "stage", "left", "ended"),
    [
        (("pihak_kesatu",), "no_sale", SigningError, AgreementStage.DIKERJAKAN_BPJS,
         [BPJS[1], *FASKES, *ARSIP], "gagal"),
        (("pihak_kesatu",), "lost_sale", UnknownOutcomeError, AgreementStage.DIKERJAKAN_BPJS,
         [BPJS[1], *FASKES, *ARSIP], "tidak_pasti"),
        (("pihak_kedua",), "lost_stamp", UnknownOutcomeError, AgreementStage.DIKERJAKAN_FASKES,
         [FASKES[1], *ARSIP], "tidak_pasti"),
    ],
)  # fmt: skip
def test_a_meterai_that_fails(scenario, roles, fault, error, stage, left, ended) -> None:
    if roles != ("pihak_kesatu",):
        scenario.run("pihak_kesatu")
    scenario.distributor.faults = [fault]
    with pytest.raises(error) as caught:
        scenario.run(*roles)
    one = told(scenario)
    assert (one.tahap, missing(one)) == (stage, left)
    assert (one.terhenti.bagaimana, one.terhenti.kode) == (ended, caught.value.code)
    assert one.terhenti.langkah.endswith("_meterai")
    assert caught.value.code in one.terhenti.text.id
    scenario.run()
    assert (told(scenario).tahap, told(scenario).terhenti) == (AgreementStage.LENGKAP, None)


def test_a_file_that_was_finished_elsewhere(issued, sandbox, tmp_path) -> None:
    branch = new_scenario(issued, sandbox, tmp_path / "cabang", seed=1)
    branch.run("pihak_kesatu")
    clinic = new_scenario(issued, sandbox, tmp_path / "klinik", seed=2)
    clinic.run("pihak_kedua", pdf=branch.output)
    assert told(clinic).tahap is AgreementStage.LENGKAP
    branch.run("pihak_kesatu", pdf=clinic.output)
    for scenario in (branch, clinic):
        one = told(scenario)
        assert (one.tahap, done(one)) == (AgreementStage.LENGKAP, [*BPJS, *FASKES])
        assert missing(one) == ARSIP


def test_digital_goes_on_on_paper(sandbox, tmp_path) -> None:
    scenario = of_method("digital", sandbox, tmp_path)
    scenario.run("pihak_kedua")
    assert told(scenario).tahap is AgreementStage.TERBIT
    scenario.run()
    one = told(scenario)
    assert (one.tahap, one.metode) == (AgreementStage.DITANDATANGANI_BPJS, "digital")
    assert (done(one), missing(one)) == (BPJS, [("kertas", "pihak_kedua")])
    assert "PIHAK KEDUA" in one.kurang[0].text.en


def test_manual_is_all_on_paper(sandbox, tmp_path) -> None:
    scenario = of_method("manual", sandbox, tmp_path)
    scenario.run()
    one = told(scenario)
    assert (one.tahap, one.metode) == (AgreementStage.DI_ATAS_KERTAS, "manual")
    assert (done(one), missing(one)) == (
        [],
        [("kertas", "pihak_kesatu"), ("kertas", "pihak_kedua")],
    )


def test_a_ledger_knows_parties_and_numbers(scenario: Scenario) -> None:
    scenario.run("pihak_kesatu")
    receipt, one = scenario.issued.receipt, told(scenario)
    assert (one.nama_kesatu, one.nama_kedua) == (receipt.nama_kesatu, receipt.nama_kedua)
    assert (one.nomor_kesatu, one.nomor_kedua) == (receipt.nomor_kesatu, receipt.nomor_kedua)
    assert one.name == receipt.nama_kedua
    scenario.run()
    described = [event for event in scenario.events() if event.jenis == kinds.PERJANJIAN]
    assert len(described) == 1


def test_a_number_that_looks_like_a_nik_stops_nothing(issued, sandbox, tmp_path) -> None:
    changed = issued.receipt.model_copy(update={"nomor_kedua": "3276.0112.2023.0001"})
    scenario = new_scenario(issued, sandbox, tmp_path)
    from pks_kit.ledger.describe import describe_agreement

    with open_ledger(scenario.ledger_file) as ledger:
        describe_agreement(ledger, changed, PROFILES[0], waktu=scenario.clock())
    one = told(scenario)
    assert (one.nomor_kesatu, one.nomor_kedua) == (issued.receipt.nomor_kesatu, None)


def test_single_steps_write_down_purchases_alone(scenario: Scenario) -> None:
    tools = scenario.tools("pihak_kesatu")["pihak_kesatu"]
    common = {
        "receipt": scenario.issued.receipt_path,
        "peran": "pihak_kesatu",
        "clock": scenario.clock,
    }
    signed = sign(SignRequest(pdf=scenario.issued.path, signer=tools.signer,
                              timestamps=tools.timestamps, **common))  # fmt: skip
    with open_ledger(scenario.ledger_file) as ledger:
        sign(SignRequest(pdf=signed.file.content, meterai=tools.meterai, ledger=ledger, **common))
    one = told(scenario)
    assert (one.tahap, one.metode) == (AgreementStage.HANYA_METERAI, "elektronik")
    assert (done(one), missing(one)) == ([BPJS[1]], [("tidak_diketahui", None)])
    assert one.nama_kedua == scenario.issued.receipt.nama_kedua
