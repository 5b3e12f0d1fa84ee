"""Files of the first version stay readable, valid and continuable: see ``v1/README.md``.

Everything is done with the commands, as somebody would who kept the files. What is asked for is
what must never change: hashes, verdicts and their checks, chains of ledgers, steps still to do.
Words, layouts, further keys and further checks may come.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import lzma
import shutil
import sqlite3
import tarfile
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from golden.frozen import frozen
from pks_kit.cli.main import main

HERE = Path(__file__).parent / "v1"
MANIFEST = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
EXPECTED = MANIFEST["expected"]
ENV = {"RAHASIA": "kata-sandi-uji-baru", "PKS_KIT_LANG": "en", "PKS_KIT_VERIFY_SECONDS": "120"}
DAY = {"elektronik": "2023-12-23", "digital": "2023-12-23", "manual": "2023-12-28",
       "addendum": "2024-06-20"}  # fmt: skip
"""The day after the golden files were made: what is left is done with keys that are new then."""
PUBLIC = ("root.pem", "root.crl", "issuing.crl")
METHODS = ("elektronik", "digital", "manual", "addendum")
NOW = "2024-01-01T08:00:00+07:00"


def run(folder: Path, moment: str, *arguments: object) -> Result:
    """Run a command in a folder at a time."""
    with contextlib.chdir(folder), frozen(moment):
        done = CliRunner(env=ENV).invoke(main, [str(one) for one in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def answer(folder: Path, moment: str, *arguments: object, codes: tuple[int, ...] = (0,)) -> Any:
    """Return the JSON of a command that ends as expected."""
    done = run(folder, moment, *arguments, "--json")
    assert done.exit_code in codes, done.output
    return json.loads(done.stdout)


def kept(old: Any, new: Any, where: str = "") -> list[str]:
    """Return where something of ``old`` is missing or different in ``new``; more is allowed."""
    if isinstance(old, dict) and isinstance(new, dict):
        missing = [f"{where}.{key} is gone" for key in old if key not in new]
        return missing + [
            one for key in old if key in new for one in kept(old[key], new[key], f"{where}.{key}")
        ]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [one for number, (a, b) in pairs for one in kept(a, b, f"{where}[{number}]")]
    return [] if _moment(old) == _moment(new) else [f"{where}: {old!r} became {new!r}"]


def _moment(value: Any) -> Any:
    """Return the moment of a time: the zone in which it is told may change."""
    if isinstance(value, str) and "T" in value and value[:4].isdigit():
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(value)
    return value


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files, unpacked; tests must not change them."""
    target = tmp_path_factory.mktemp("golden")
    for area in MANIFEST["archives"]:
        content = lzma.decompress((HERE / f"{area}.tar.xz").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            tar.extractall(target / area, filter="data")
    return target


@pytest.fixture(scope="module")
def new_keys(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A new sandbox for the people of the receipts; the old keys were thrown away."""
    made = {}
    for area in ("elektronik", "addendum"):
        folder = tmp_path_factory.mktemp("kunci")
        receipt = golden / area / EXPECTED[area]["receipt"]
        done = run(folder, f"{DAY[area]}T08:00:00+07:00", "sandbox", "init", "uji",
                   "--receipt", receipt, "--passphrase-env", "RAHASIA")  # fmt: skip
        assert done.exit_code == 0, done.output
        made[area] = folder / "uji"
    return made | {"digital": made["elektronik"], "manual": made["elektronik"]}


@pytest.fixture
def desk(golden: Path, new_keys: dict[str, Path], tmp_path: Path):
    """Make a folder to work in: golden files that are needed, public files, new keys."""

    def make(area: str, *needed: str) -> Path:
        folder = tmp_path / area
        for name in ("terbit", "otoritas", *needed):
            source = golden / area / name
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        shutil.copytree(new_keys[area], folder / "uji")
        return folder

    return make


TRUST = ("--trust", "otoritas/root.pem", "--trust", "uji/root.pem")


# --- the files --------------------------------------------------------------------------------


@pytest.mark.parametrize("area", sorted(MANIFEST["archives"]))
def test_every_file_is_as_it_was(area: str, golden: Path) -> None:
    listed = MANIFEST["archives"][area]
    packed = (HERE / f"{area}.tar.xz").read_bytes()
    assert hashlib.sha256(packed).hexdigest() == listed["sha256"]
    found = {
        path.relative_to(golden / area).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (golden / area).rglob("*")
        if path.is_file()
    }
    assert found == {name: one["sha256"] for name, one in listed["files"].items()}


@pytest.mark.parametrize("area", METHODS)
def test_receipts_tell_the_same(area: str, golden: Path) -> None:
    expected = EXPECTED[area]
    receipt = json.loads((golden / area / expected["receipt"]).read_text(encoding="utf-8"))
    issued = (golden / area / expected["issued"]).read_bytes()
    facts = expected["receipt_facts"]
    assert hashlib.sha256(issued).hexdigest() == facts["sha256"] == receipt["issued"]["sha256"]
    assert len(issued) == facts["size"]
    assert [place["name"] for place in receipt["places"]] == facts["places"]
    stem = Path(expected["issued"]).stem
    assert zipfile.is_zipfile(golden / area / "terbit" / f"{stem}.docx")
    assert (golden / area / "terbit" / f"{stem}.txt").read_text(encoding="utf-8").strip()


# --- verification -----------------------------------------------------------------------------


LEFT_OUT = {"elektronik": (0, 1, 2, 4, 7, 8), "digital": (0,)}
"""Records whose like is tested on another file already; left out to save half a minute."""
RECORDS = [
    pytest.param(area, one, id=f"{area}-{number}-{Path(one['file']).stem[:12]}")
    for area in METHODS
    for number, one in enumerate(EXPECTED[area]["verify"])
    if number not in LEFT_OUT.get(area, ())
]


@pytest.mark.parametrize(("area", "record"), RECORDS)
def test_the_same_verdict_and_the_same_checks(
    area: str, record: dict[str, Any], golden: Path
) -> None:
    folder = golden / area
    is_rerendered = "--rerender" in record["options"]
    codes = (0, 30, 31) if is_rerendered else (record["exit_code"],)
    report = answer(
        folder, record["clock"], "verify", record["file"], *record["options"], codes=codes
    )
    checks = [(one["code"], one["reason"], one["status"]) for one in report["checks"]]
    expected = [tuple(one) for one in record["checks"]]
    if is_rerendered:  # a later text or renderer may give other bytes; what could be read stays so
        read = ("render.data", "read", "passed")
        assert read in checks or read not in expected
        assert any(one[0] == "render.data" for one in checks)
        checks = [one for one in checks if not one[0].startswith("render.")]
        expected = [one for one in expected if not one[0].startswith("render.")]
    else:
        assert report["verdict"] == record["verdict"]
    assert not Counter(expected) - Counter(checks)
    further = Counter(checks) - Counter(expected)
    assert {status for _, _, status in further} <= {"passed"}
    assert report["agreement_id"] == record["agreement_id"]
    assert report["file"]["pages"] == record["pages"]
    assert [one["kind"] for one in report["revisions"]] == record["revisions"]
    names = ("field", "kind", "signer", "time", "intact", "trusted")
    assert [[one[name] for name in names] for one in report["signatures"]] == record["signatures"]
    if record["report"]:
        before = json.loads((folder / record["report"]).read_text(encoding="utf-8"))
        assert not set(before) - set(report)
        assert kept(before["file"], report["file"]) == []
        assert kept(before["signatures"], report["signatures"]) == []


def test_a_golden_file_with_one_changed_byte_is_refused(golden: Path, tmp_path: Path) -> None:
    record = next(one for one in EXPECTED["addendum"]["verify"] if one["verdict"] == "passed")
    shutil.copytree(golden / "addendum", tmp_path / "addendum")
    path = tmp_path / "addendum" / record["file"]
    content = bytearray(path.read_bytes())
    content[content.index(b"stream") + 200] ^= 1
    path.write_bytes(content)
    report = answer(
        path.parents[1], record["clock"], "verify", record["file"], *record["options"], codes=(30,)
    )
    assert report["verdict"] == "failed"


# --- half-signed files are finished -----------------------------------------------------------


def _sign(
    folder: Path, area: str, hour: int, pdf: str, out: str, *arguments: object
) -> dict[str, Any]:
    moment = f"{DAY[area]}T{hour:02}:00:00+07:00"
    done = answer(folder, moment, "sign", pdf, *arguments, "--receipt",
                  EXPECTED[area]["receipt"], "--passphrase-env", "RAHASIA", "-o", out)  # fmt: skip
    assert done["time"].startswith(DAY[area]), "the clock of the test was not used"
    return done


def _party(party: str) -> tuple[object, ...]:
    return ("--pihak", party, "--p12", f"uji/pihak_{party}.p12", "--tsa", "sandbox:uji")


def _stamp(party: str) -> tuple[object, ...]:
    return ("--pihak", party, "--meterai", "sandbox:uji")


STEPS = {
    "p1_meterai": _stamp("kesatu"),
    "p2_tanda_tangan": _party("kedua"),
    "p2_meterai": _stamp("kedua"),
}


def _step(area: str, name: str) -> dict[str, Any]:
    return next(one for one in EXPECTED[area]["steps"] if one["file"] == f"langkah/{name}.pdf")


@pytest.mark.parametrize(
    ("area", "name", "verdict"),
    [
        ("elektronik", "3-jejaring", "passed"),
        ("digital", "1-ttd", "indeterminate"),
        ("addendum", "1-ttd", "passed"),
    ],
)
def test_a_half_signed_file_is_finished_with_sign(area, name, verdict, desk, golden) -> None:
    start = _step(area, name)
    folder = desk(area, start["file"])
    current, waiting = start["file"], list(start["next"])
    before = json.loads(
        (golden / area / start["file"]).with_suffix(".sign.json").read_text(encoding="utf-8")
    )
    for hour, step in enumerate(start["next"], 8):
        waiting.pop(0)
        done = _sign(folder, area, hour, current, f"{step}.pdf", *STEPS[step])
        assert done["step"] == step
        assert done["next"] == waiting
        assert not set(before) - set(done)
        current = f"{step}.pdf"
    assert (folder / current).read_bytes().startswith((folder / start["file"]).read_bytes())
    report = answer(folder, f"{DAY[area]}T12:00:00+07:00", "verify", current, "--issued",
                    EXPECTED[area]["issued"], "--receipt", EXPECTED[area]["receipt"], *TRUST,
                    codes=(0, 31))  # fmt: skip
    assert report["verdict"] == verdict
    assert all(one["trusted"] for one in report["signatures"])


def test_a_step_out_of_turn_is_still_refused(desk) -> None:
    start = _step("addendum", "1-ttd")
    folder = desk("addendum", start["file"])
    done = run(folder, "2024-06-20T09:00:00+07:00", "sign", start["file"], *_party("kedua"),
               "--receipt", EXPECTED["addendum"]["receipt"], "--passphrase-env", "RAHASIA",
               "-o", "x.pdf")  # fmt: skip
    assert done.exit_code == 20
    assert not (folder / "x.pdf").exists()


def test_finished_and_archived_files_are_archived_further(desk, golden) -> None:
    """The finished file gets its first archive, the archived one is prolonged."""
    folder = desk("addendum", "langkah")
    crls = [word for name in PUBLIC[1:] for word in ("--crl", f"otoritas/{name}")]
    for name in ("4-meterai", "5-arsip"):
        out = f"{name}-lagi.pdf"
        done = answer(folder, f"{DAY['addendum']}T09:00:00+07:00", "extend",
                      f"langkah/{name}.pdf", "--tsa", "sandbox:uji", *TRUST, *crls, "--receipt",
                      EXPECTED["addendum"]["receipt"], "--offline", "--passphrase-env", "RAHASIA",
                      "-o", out)  # fmt: skip
        before = (folder / "langkah" / f"{name}.pdf").read_bytes()
        assert (folder / out).read_bytes().startswith(before)
    first = json.loads((golden / "addendum/langkah/5-arsip.extend.json").read_text())
    assert not set(first) - set(done)
    assert done["previous_until"] == first["until"]
    report = answer(folder, f"{DAY['addendum']}T12:00:00+07:00", "verify", out, "--issued",
                    EXPECTED["addendum"]["issued"], "--receipt", EXPECTED["addendum"]["receipt"],
                    *TRUST)  # fmt: skip
    assert report["verdict"] == "passed"


# --- sessions ---------------------------------------------------------------------------------


SESSIONS = [
    pytest.param(area, one, id=f"{area}-{one['folder']}")
    for area in METHODS
    for one in EXPECTED[area].get("sessions", ())
    # the first one of elektronik is the beginning of the second; that of digital is tested
    if (area, one["folder"]) != ("elektronik", "sesi-1-tanpa-meterai")
]


def _serials(ledger: Path) -> list[str]:
    return [one["sn"] for one in _shown(ledger)["purchases"] if one["sn"]]


def _shown(ledger: Path) -> Any:
    return answer(ledger.parent, NOW, "ledger", "show", "--ledger",
                  ledger.name, "--price", "10000")  # fmt: skip


def _migrated(ledger: Path) -> Path:
    """Bring a ledger up to date; today there is nothing to do."""
    answer(ledger.parent, NOW, "ledger", "migrate", "--ledger", ledger.name)
    return ledger


@pytest.mark.parametrize(("area", "session"), SESSIONS)
def test_a_session_goes_on_from_where_it_was(area, session, desk) -> None:
    name, waiting = session["folder"], session["waiting"]
    folder = desk(area, name)
    place = folder / name
    shutil.copytree(folder / "uji", place / "uji")
    shutil.copytree(folder / "otoritas", place / "otoritas")
    ledger = _migrated(place / "buku.sqlite")
    bought = _serials(ledger)
    stored = {path: path.read_bytes() for path in (place / "sesi").rglob("*.pdf")}
    before = (place / "hasil.pdf").read_bytes() if (place / "hasil.pdf").exists() else b""
    done = answer(folder, f"{DAY[area]}T09:00:00+07:00", "sign-all", session["issued"],
                  "--settings", place / "pengaturan.yml", "-o", place / "hasil.pdf")  # fmt: skip
    after = (place / "hasil.pdf").read_bytes()
    archives = ["arsip"] if area == "elektronik" and waiting else []
    assert [one["step"] for one in done["done"]] == [*waiting, *archives]
    assert done["waiting"] == []
    assert done["sha256"] == hashlib.sha256(after).hexdigest()
    assert after.startswith(before)
    if not waiting:
        assert after == before
    assert all(path.read_bytes() == content for path, content in stored.items())
    # a meterai that was bought before the kill is used, not bought again
    stamps = {"elektronik": 2, "digital": 1, "manual": 0}[area]
    assert _serials(ledger)[: len(bought)] == bought
    shown = _shown(ledger)
    assert shown["sums"]["bought"] == shown["sums"]["stamped"] == stamps
    assert answer(place, NOW, "ledger", "verify", "--ledger",
                  ledger.name)["intact"]  # fmt: skip
    (told,) = shown["agreements"]
    finished = {"elektronik": "DIARSIPKAN", "digital": "DITANDATANGANI_BPJS"}
    assert told["state"] == finished.get(area, "DI_ATAS_KERTAS")
    assert told["names"]["pihak_kedua"]  # written down when an old session goes on
    if waiting:
        report = answer(folder, f"{DAY[area]}T12:00:00+07:00", "verify", place / "hasil.pdf",
                        "--ledger", ledger, "--sessions", place / "sesi", *TRUST,
                        codes=(0, 31))  # fmt: skip
        assert report["verdict"] == ("passed" if area == "elektronik" else "indeterminate")


# --- ledgers ----------------------------------------------------------------------------------


LEDGERS = [
    pytest.param(area, one, id=f"{area}-{Path(one['file']).parent}")
    for area in METHODS
    for one in EXPECTED[area].get("ledgers", ())
]


@pytest.mark.parametrize(("area", "book"), LEDGERS)
def test_a_ledger_is_whole_and_tells_the_same(area, book, golden, tmp_path) -> None:
    ledger = Path(shutil.copy(golden / area / book["file"], tmp_path / "buku.sqlite"))
    _migrated(ledger)
    head = f"{book['head']['nomor']}:{book['head']['hash']}"
    checked = answer(tmp_path, NOW, "ledger", "verify", "--ledger", ledger.name, "--head", head)
    assert checked["intact"] is True
    assert checked["count"] == book["count"]
    shown = _shown(ledger)
    # version 1 answered METODE_BELUM_DIPILIH whatever was done
    agreements = [{key: one[key] for key in one if key != "state"} for one in book["agreements"]]
    assert kept(agreements, shown["agreements"]) == []
    for name in ("purchases", "sums", "head"):
        assert kept(book[name], shown[name], name) == []
    done = answer(tmp_path, NOW, "ledger", "export", "--ledger", ledger.name, "-o", "x.jsonl")
    assert (done["count"], done["head"]) == (book["count"], book["head"])
    before = (golden / area / book["export"]).read_text(encoding="utf-8").splitlines()
    after = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(one) for one in after] == [json.loads(one) for one in before]


BPJS_SIGNS, BPJS_STAMPS = ("tanda_tangan", "pihak_kesatu"), ("meterai", "pihak_kesatu")
OPEN = ("tidak_diketahui", None)
BEGUN = ("DIKERJAKAN_BPJS", None, [BPJS_STAMPS, OPEN])
STATES = {
    # without an event that names the method only the steps can tell it, or leave it open
    ("elektronik", "sesi-1-tanpa-meterai"): BEGUN,
    ("elektronik", "sesi-2-terputus-sesudah-membeli"): BEGUN,
    ("elektronik", "buku-lepas"): BEGUN,
    ("elektronik", "sesi-3-pihak-kesatu"): ("DITANDATANGANI_BPJS", None, [OPEN]),
    ("elektronik", "sesi-4-selesai"): ("DIARSIPKAN", "elektronik", []),
    ("digital", "sesi-1-tanpa-meterai"): BEGUN,
    ("digital", "sesi-2-selesai"): (
        "DITANDATANGANI_BPJS", "digital", [("kertas", "pihak_kedua")],
    ),
    ("manual", "sesi-1-selesai"): (
        "DI_ATAS_KERTAS", "manual", [("kertas", "pihak_kesatu"), ("kertas", "pihak_kedua")],
    ),
}  # fmt: skip
"""Ledger -> state, method, what is missing."""


@pytest.mark.parametrize(("area", "book"), LEDGERS)
def test_an_old_ledger_tells_the_true_state(area, book, golden, tmp_path) -> None:
    ledger = Path(shutil.copy(golden / area / book["file"], tmp_path / "buku.sqlite"))
    (one,) = _shown(_migrated(ledger))["agreements"]
    missing = [(each["kind"], each["role"]) for each in one["missing"]]
    expected = STATES[area, Path(book["file"]).parent.name]
    assert (one["state"], one["method"], missing) == expected
    assert one["names"] == {"pihak_kesatu": None, "pihak_kedua": None}


@pytest.mark.parametrize(("area", "book"), LEDGERS)
def test_an_export_is_checked_without_a_database(area, book, golden) -> None:
    head = f"{book['head']['nomor']}:{book['head']['hash']}"
    exported = golden / area / book["export"]
    checked = answer(golden, NOW, "ledger", "verify", "--export", exported, "--head", head)
    assert checked["intact"] is True
    assert checked["count"] == book["count"]


def test_an_altered_ledger_is_found(golden, tmp_path) -> None:
    book = EXPECTED["elektronik"]["ledgers"][-1]
    ledger = Path(shutil.copy(golden / "elektronik" / book["file"], tmp_path / "buku.sqlite"))
    with contextlib.closing(sqlite3.connect(ledger)) as database, database:
        triggers = database.execute("select name from sqlite_master where type='trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f'drop trigger "{name}"')
        table = database.execute(
            "select m.name from sqlite_master m, pragma_table_info(m.name) c "
            "where m.type='table' and c.name='waktu'"
        ).fetchone()[0]
        database.execute(f'update "{table}" set waktu = replace(waktu, "2023", "2024")')  # noqa: S608
    checked = answer(tmp_path, NOW, "ledger", "verify", "--ledger", ledger.name, codes=(40,))
    assert checked["intact"] is False


# --- data, workbook, CSV ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "name"),
    [("elektronik", "kontrak.yml"), ("digital", "kontrak.yml"), ("manual", "kontrak.yml"),
     ("addendum", "klinik-pratama-rawat-inap.yml"), ("data", "dari-formulir.yml")],
)  # fmt: skip
def test_contract_data_is_read_without_problems(area, name, golden) -> None:
    answer(golden / area, "2023-12-23T08:00:00+07:00", "check", name)


def test_data_of_an_addendum_is_read(golden, tmp_path) -> None:
    done = answer(golden / "addendum", "2024-06-20T08:00:00+07:00", "addendum", "addendum.yml",
                  "--format", "txt", "-o", tmp_path / "keluaran")  # fmt: skip
    before = json.loads((golden / "addendum/terbit/draft.json").read_text(encoding="utf-8"))
    assert done["agreement_id"] == before["agreement_id"]
    assert not set(before) - set(done)


def test_data_is_renewed_as_before(golden, tmp_path) -> None:
    folder = golden / "data"
    answer(folder, "2024-10-01T08:00:00+07:00", "renew", "kontrak.yml", "--mulai", "2025-01-01",
           "--selesai", "2025-12-31", "-o", tmp_path / "x.yml")  # fmt: skip
    before = yaml.safe_load((folder / "perpanjangan.yml").read_text(encoding="utf-8"))
    after = yaml.safe_load((tmp_path / "x.yml").read_text(encoding="utf-8"))
    assert kept(before["faskes"], after["faskes"]) == []
    assert kept(before["jangka_waktu"], after["jangka_waktu"]) == []
    # an old renewal still waits for the same answers of a person, and for nothing else
    done = answer(folder, "2024-10-01T08:00:00+07:00", "check", "perpanjangan.yml", codes=(3,))
    problems = json.loads((folder / "perpanjangan.check.json").read_text(encoding="utf-8"))
    paths = [{one["path"] for one in each["error"]["problems"]} for each in (problems, done)]
    assert paths[0] == paths[1]


def test_a_workbook_is_read(golden) -> None:
    done = answer(golden / "data", NOW, "check", "buku-contoh.xlsx")
    found = [[one["key"], one["name"], len(one["problems"])] for one in done["facilities"]]
    assert found == EXPECTED["data"]["workbook_facilities"]


def test_an_empty_workbook_is_still_a_workbook(golden) -> None:
    done = answer(golden / "data", NOW, "check", "buku-kosong.xlsx", codes=(3,))
    assert done["facilities"] == []
    assert [one["code"] for one in done["problems"]] == ["workbook.no_facility"]


def test_forms_are_read_and_written(golden, tmp_path) -> None:
    folder = golden / "data"
    for form in ("formulir-hfis.csv", "formulir-hfis-dari-buku.csv"):
        out = tmp_path / f"{form}.yml"
        done = run(folder, NOW, "workbook", "csv-in", form, "--base", "kontrak.yml", "-o", out)
        assert done.exit_code == 0, done.output
        before = yaml.safe_load((folder / "dari-formulir.yml").read_text(encoding="utf-8"))
        assert kept(before, yaml.safe_load(out.read_text(encoding="utf-8"))) == []
    out = tmp_path / "x.csv"
    key = EXPECTED["data"]["csv_key"]
    done = run(folder, NOW, "workbook", "csv-out", "buku-contoh.xlsx", out, "--kunci", key)
    assert done.exit_code == 0, done.output
    back = tmp_path / "kembali.yml"
    done = run(folder, NOW, "workbook", "csv-in", out, "--base", "kontrak.yml", "-o", back)
    assert done.exit_code == 0, done.output
    assert kept(before, yaml.safe_load(back.read_text(encoding="utf-8"))) == []
