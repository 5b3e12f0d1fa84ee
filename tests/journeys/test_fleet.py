"""A batch on two machines: PostgreSQL holds ledger, book and queue, a server keeps revisions."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.domain.secret import Secret
from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from support.branch import SETTINGS, facility, write_branch
from support.object_server import BUCKET, object_server, place_at
from support.postgres import Server
from support.processes import environment
from support.schema_check import follows
from support.shared_pages import taking_part
from support.signing_world import PASSPHRASE

_COMMAND = "from pks_kit.cli.main import main; main()"
ROWS = 2


@pytest.fixture
def variables(server: Server) -> dict[str, str]:
    return {
        "RAHASIA": PASSPHRASE.decode(),
        "SANDI_BUKU": server.password,
        "KUNCI_OBJEK": "akun",
        "RAHASIA_OBJEK": "Rahasia-objek-1",
        "PKS_KIT_LANG": "en",
    }


@pytest.fixture
def objects() -> Iterator[str]:
    with object_server() as address:
        place_at(address)
        yield address


@pytest.mark.slow
@pytest.mark.sampled(of="nights")
def test_two_machines_bring_a_plan_to_its_end(
    server: Server, variables: dict[str, str], objects: str, tmp_path: Path
) -> None:
    url = server.url(server.new_database())
    settings = SETTINGS.replace(
        "buku: buku.sqlite", f"buku: {url}\nkata_sandi_buku: env:SANDI_BUKU"
    )
    settings = settings.replace("folder_sesi: sesi", f"folder_sesi: s3://{BUCKET}/malam") + (
        f"objek: {{alamat: '{objects}', kunci: 'env:KUNCI_OBJEK', rahasia: 'env:RAHASIA_OBJEK'}}\n"
    )
    write_branch(tmp_path, {f"klinik-{one}": facility(one) for one in range(1, ROWS + 1)}, settings)
    folder = tmp_path / "r"

    def pks_kit(*arguments: str | Path) -> Result:
        return CliRunner(env=variables).invoke(main, ["batch", *map(str, arguments)])

    def told(schema: str, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
        done = pks_kit(*arguments, "--json")
        assert done.exit_code == code, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        assert follows(found, schema) == []
        return found

    assert pks_kit(
        "plan", tmp_path / "faskes.xlsx", "-o", folder, "--oleh", "Sari Contohwati",
        "--settings", tmp_path / "pengaturan.yml",
    ).exit_code == 0  # fmt: skip
    early = told("error", "worker", folder, code=2)
    assert "not put into the queue" in str(early)
    unapproved = told("error", "enqueue", folder, code=2)
    assert "not approved" in str(unapproved)
    assert pks_kit("approve", folder, "--oleh", "Budi Rekaan").exit_code == 0
    put = told("batch-enqueue", "enqueue", folder)
    assert (put["rows"], put["done"]) == (ROWS, 0)
    command = [sys.executable, "-c", _COMMAND, "batch", "worker", str(folder), "--jobs", "1"]
    machines = [
        subprocess.Popen(
            [*command, "--json"],
            env=taking_part({**environment(), **variables}),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ends = [json.loads(one.communicate(timeout=600)[0]) for one in machines]
    assert [follows(one, "batch-worker") for one in ends] == [[], []]
    assert [one.returncode for one in machines] == [0, 0]
    assert sum(one["tried"] for one in ends) == ROWS
    status = told("batch-status", "status", folder)
    assert status["approved_by"] == ["Budi Rekaan"]
    assert status["states"] == {"done": ROWS}
    assert {one["verdict"] for one in status["rows"]} == {"passed"}
    assert len(status["runs"]) == 2
    reported = told("batch-report", "report", folder)
    assert reported["states"] == {"done": ROWS}
    with open_ledger(url, password=Secret(server.password)) as ledger:
        events = ledger.events()
        assert ledger.verify().intact
    numbers = [one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBIT]
    assert len(numbers) == len(set(numbers)) == 2 * ROWS
    assert set(
        Counter(one.perjanjian for one in events if one.jenis == kinds.SELESAI).values()
    ) == {1}
    # nothing of a session lies in a folder of this machine, and no secret anywhere
    assert not (tmp_path / "malam").exists()
    written = [one for one in tmp_path.rglob("*") if one.is_file() and one.stat().st_size < 1 << 20]
    assert not any(b"Rahasia-objek-1" in one.read_bytes() for one in written)
    # putting it into the queue again finds nothing to do, and a machine ends at once
    again = told("batch-enqueue", "enqueue", folder)
    assert (again["rows"], again["done"]) == (0, ROWS)
    idle = told("batch-worker", "worker", folder, "--jobs", "1")
    assert idle["tried"] == 0


def test_a_ledger_of_one_machine_is_no_place_for_a_fleet(tmp_path: Path) -> None:
    write_branch(tmp_path, {"klinik-1": facility(1)})
    runner = CliRunner(env={"RAHASIA": PASSPHRASE.decode(), "PKS_KIT_LANG": "en"})
    folder = str(tmp_path / "r")
    given = [str(tmp_path / "faskes.xlsx"), "-o", folder, "--oleh", "Sari"]
    settings = ["--settings", str(tmp_path / "pengaturan.yml")]
    assert runner.invoke(main, ["batch", "plan", *given, *settings]).exit_code == 0
    refused = runner.invoke(main, ["batch", "enqueue", folder])
    assert refused.exit_code == 2
    assert "need a PostgreSQL ledger" in refused.stderr
