"""A batch from workbook to verified files: approved, killed, resumed, its book thrown away."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.domain.kontrak import Kontrak
from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batching.book import read_book
from pks_kit.pipelines.batching.folder import BatchFolder
from support.branch import SETTINGS, facility, write_branch
from support.processes import environment, wait_until
from support.shared_pages import taking_part
from support.signing_world import PASSPHRASE

_COMMAND = "from pks_kit.cli.main import main; main()"
SECRETS = {"RAHASIA": PASSPHRASE.decode(), "PKS_KIT_LANG": "en"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A branch: settings, keys, and a workbook with three clinics and one that cannot go on."""
    folder = tmp_path_factory.mktemp("cabang")
    clinics = {f"klinik-{number}": facility(number) for number in (1, 2, 3)}
    one = clinics["klinik-1"]
    broken = facility(4).model_dump(mode="json")
    broken["rekening"]["utama"]["atas_nama"] = "Orang Lain Sama Sekali"
    broken["pihak_kedua"]["nomor_pks"] = one.pihak_kedua.nomor_pks  # of another facility
    clinics["klinik-4"] = Kontrak.model_validate(broken)
    write_branch(folder, clinics)
    return folder


def pks_kit(*arguments: str | Path) -> Result:
    return CliRunner(env=SECRETS).invoke(main, ["batch", *map(str, arguments)])


@pytest.fixture(scope="module")
def planned(place: Path) -> dict[str, object]:
    done = pks_kit(
        "plan", place / "faskes.xlsx", "-o", place / "r", "--oleh", "Sari Contohwati",
        "--settings", place / "pengaturan.yml", "--json",
    )  # fmt: skip
    assert done.exit_code in (0, 50), done.output
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.sampled(of="nights")
def test_from_workbook_to_verified_through_a_kill(place: Path, planned: dict[str, object]) -> None:
    folder = BatchFolder(place / "r")
    rows = int(str(planned["rows"]))
    ready = int(str(planned["ready"]))
    assert rows == 4
    # nothing is signed before somebody else approved exactly this plan
    refused = pks_kit("run", folder.path)
    assert refused.exit_code == 2
    assert "not approved" in refused.stderr
    same = pks_kit("approve", folder.path, "--oleh", "sari contohwati")
    assert same.exit_code == 2
    assert "somebody else" in same.stderr
    assert pks_kit("approve", folder.path, "--oleh", "Budi Rekaan").exit_code == 0
    # killed without warning as soon as something is done
    with subprocess.Popen(
        [sys.executable, "-c", _COMMAND, "batch", "run", str(folder.path), "--jobs", "1"],
        env=taking_part({**environment(), **SECRETS}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:

        def something_is_done() -> bool:
            known, _ = read_book(folder.book, str(planned["plan"]), rows)
            states = {one.state for one in known.values()}
            return process.poll() is not None or {"done", "working"} <= states

        wait_until(something_is_done, 300)
        assert process.poll() is None, "it ended before it could be killed"
        os.kill(process.pid, signal.SIGKILL)
    before, _ = read_book(folder.book, str(planned["plan"]), rows)
    # nothing runs any more, and that is what people are told
    seen = json.loads(pks_kit("status", folder.path, "--json").stdout)
    assert not seen["at_work"]
    assert "working" not in seen["states"]
    assert seen["states"]["interrupted"] == 1
    assert seen["runs"][-1]["state"] == "cut_off"
    said = pks_kit("status", folder.path)
    assert "the same command goes on" in said.stdout
    assert sum(one.state == "done" for one in before.values()) < ready
    # the same command goes on
    done = pks_kit("run", folder.path, "--jobs", "1", "--json")
    result = json.loads(done.stdout)
    states = result["status"]["states"]
    assert states.get("done") == ready, done.stdout
    assert sum(states.values()) == rows
    assert result["tried"] <= ready - sum(one.state == "done" for one in before.values())
    verdicts = {one["verdict"] for one in result["status"]["rows"] if one["state"] == "done"}
    assert verdicts == {"passed"}
    bought_once(place, ready)
    # the book may be thrown away; nothing is done again
    for old in folder.path.glob("buku-jalan*"):
        old.unlink()
    rebuilt = pks_kit("rebuild", folder.path, "--json")
    assert json.loads(rebuilt.stdout)["states"]["done"] == ready
    again = json.loads(pks_kit("run", folder.path, "--jobs", "1", "--json").stdout)
    assert again["status"]["states"] == states
    bought_once(place, ready)
    harmed_files_stand_again(folder)
    bought_once(place, ready)
    a_second_plan_tells_what_was_signed(place, ready)


def a_second_plan_tells_what_was_signed(place: Path, ready: int) -> None:
    """Another batch of the same workbook is told of each agreement that the ledger knows."""
    pks_kit(
        "plan", place / "faskes.xlsx", "-o", place / "kedua", "--oleh", "Sari Contohwati",
        "--settings", place / "pengaturan.yml", "--sample", "0",
    )  # fmt: skip
    rows = BatchFolder(place / "kedua").plan().plan.rows
    told = [[each for each in one.said if each.code == "batch.row_signed"] for one in rows]
    assert [len(one) for one in told] == [1] * ready + [0] * (len(rows) - ready)
    assert {each.level for one in told for each in one} == {"warning"}
    assert all(one.is_ready for one in rows[:ready])


def harmed_files_stand_again(folder: BatchFolder) -> None:
    """What was deleted or changed after the night is told, and made again with the same bytes."""
    finals = sorted(folder.finished.glob("*.pdf"))
    drafts = sorted(folder.drafts.glob("*/*.pdf"))
    before = {one: one.read_bytes() for one in (*finals, *drafts)}
    assert json.loads(pks_kit("status", folder.path, "--json").stdout)["files_gone"] == 0
    finals[0].unlink()
    finals[1].write_bytes(before[finals[1]][:-1] + b"x")
    next(one for one in drafts if one.name == finals[2].name).unlink()
    seen = pks_kit("status", folder.path, "--json")
    assert seen.exit_code == 50
    told = json.loads(seen.stdout)
    assert (told["files_gone"], told["files_changed"]) == (2, 1)
    assert "gone: 2 agreements; changed: 1 agreements" in pks_kit("status", folder.path).stdout
    # a run that goes less far leaves signed files alone
    assert json.loads(pks_kit("run", folder.path, "--until", "drafted", "--json").stdout)[
        "remade"
    ] == 1  # fmt: skip
    ran = pks_kit("run", folder.path, "--jobs", "1")
    assert "Files of 2 agreements" in ran.stdout
    assert {one: one.read_bytes() for one in before} == before
    last = json.loads(pks_kit("status", folder.path, "--json").stdout)
    assert (last["files_gone"], last["files_changed"]) == (0, 0)
    assert {one["verdict"] for one in last["rows"] if one["state"] == "done"} == {"passed"}
    # what stands nowhere any more is told as lost, and never signed or bought again
    (row,) = [one for one in last["rows"] if one["file"] == finals[0].name]
    shutil.rmtree(folder.path.parent / "sesi" / row["agreement_id"])
    finals[0].unlink()
    lost = json.loads(pks_kit("run", folder.path, "--jobs", "1", "--json").stdout)
    (row,) = [one for one in lost["status"]["rows"] if one["number"] == row["number"]]
    assert (row["state"], row["code"]) == ("failed", "store.lost")


def bought_once(place: Path, ready: int) -> None:
    """Every agreement has two meterai, none is bought twice, each agreement ends once."""
    with open_ledger(place / "buku.sqlite") as ledger:
        events = ledger.events()
        assert ledger.verify().intact
    numbers = [one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBIT]
    assert len(numbers) == len(set(numbers)) == 2 * ready
    stamped = Counter(one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBUBUH)
    assert stamped == Counter(numbers)
    ends = Counter(one.perjanjian for one in events if one.jenis == kinds.SELESAI)
    assert set(ends.values()) == {1}
    assert len(ends) == ready


def test_a_changed_plan_is_not_run(place: Path, planned: dict[str, object], tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    for one in (place / "r").iterdir():
        if one.is_file():
            (folder / one.name).write_bytes(one.read_bytes())
    plan = next(folder.glob("rencana-*.json"))
    plan.write_bytes(
        plan.read_bytes().replace(b"Klinik Pratama Contoh 2", b"Klinik Pratama Contoh 7")
    )
    done = pks_kit("status", folder)
    assert done.exit_code == 3
    assert plan.name in done.stderr
    assert planned["plan"] is not None


def test_other_settings_than_those_of_the_plan_are_refused(
    place: Path, planned: dict[str, object], tmp_path: Path
) -> None:
    other = place / "lain.yml"
    other.write_text(SETTINGS + "# another\n")
    pks_kit("approve", place / "r", "--oleh", "Budi Rekaan")
    done = pks_kit("run", place / "r", "--settings", other)
    assert done.exit_code == 3
    assert "not those that were approved" in done.stderr
    assert planned is not None


def test_a_wrong_passphrase_stops_before_any_row(place: Path, planned: dict[str, object]) -> None:
    pks_kit("approve", place / "r", "--oleh", "Budi Rekaan")
    wrong = CliRunner(env={**SECRETS, "RAHASIA": "salah-sekali-ini"})
    done = wrong.invoke(main, ["batch", "run", str(place / "r")])
    assert done.exit_code == 20
    assert "salah-sekali-ini" not in done.output
    assert planned is not None


def test_an_agreement_that_is_left_out_is_not_approved(
    place: Path, planned: dict[str, object]
) -> None:
    done = pks_kit(
        "approve", place / "r", "--oleh", "Citra Rekaan", "--except", "klinik-2", "--json"
    )
    assert done.exit_code == 0, done.output
    approved = json.loads(done.stdout)
    assert approved["rows"] == int(str(planned["ready"])) - 1
    nobody = pks_kit("approve", place / "r", "--oleh", "Citra Rekaan", "--except", "klinik-9")
    assert nobody.exit_code == 2
    with open_ledger(place / "buku.sqlite") as ledger:
        (event,) = [
            one
            for one in ledger.events(jenis=kinds.RENCANA_DISETUJUI)
            if one.isi["oleh"] == "Citra Rekaan"
        ]
    assert event.isi["kecuali"] == "2"
