"""``pks-kit check|draft`` on good, odd and hostile data: clear errors or exact printing."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.errors import InputError
from pks_kit.files import write_together
from pks_kit.inputs.settings_file import load_settings

NAME = "nama_faskes: "


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def changed(text: str, key: str, value: str) -> str:
    """Return the data with the first line of ``key`` given another value."""
    lines = text.splitlines()
    index = next(i for i, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
    indent = lines[index][: len(lines[index]) - len(lines[index].lstrip())]
    lines[index] = f"{indent}{key}: {value}"
    return "\n".join(lines) + "\n"


def without(text: str, key: str) -> str:
    lines = text.splitlines()
    index = next(i for i, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
    return "\n".join(lines[:index] + lines[index + 1 :]) + "\n"


BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "missing field": (lambda text: without(text, "nama_kepala_cabang"), "nama_kepala_cabang"),
    "wrong date": (
        lambda text: changed(text, "tanggal_mulai", "31 Desember 2023"),
        "jangka_waktu.tanggal_mulai",
    ),
    "impossible date": (
        lambda text: changed(text, "tanggal_selesai", "2024-02-30"),
        "jangka_waktu.tanggal_selesai",
    ),
    "unknown key": (
        lambda text: text.replace("kantor_cabang:", "kantor_cabnag:", 1),
        "kantor_cabang",
    ),
    "wrong kind": (lambda text: text.replace("klinik_pratama", "klinik_utama", 1), "faskes.jenis"),
    "kode faskes": (lambda text: changed(text, "kode", "12AB"), "faskes.kode"),
    "too long": (lambda text: changed(text, "nama_faskes", "X" * 5000), "nama_faskes"),
    "right to left": (lambda text: changed(text, "nama_faskes", "Klinik שלום"), "U+05E9"),
    "override": (lambda text: changed(text, "nama_faskes", '"Klinik \\u202E A"'), "U+202E"),
    "zero width": (lambda text: changed(text, "nama_faskes", '"Kli\\u200Bnik"'), "U+200B"),
    "null character": (lambda text: changed(text, "nama_faskes", '"Kli\\0nik"'), "U+0000"),
    "line break": (lambda text: changed(text, "nama_faskes", '"Klinik\\nA"'), "nama_faskes"),
    "empty": (lambda text: changed(text, "nama_faskes", '""'), "nama_faskes"),
    "list": (lambda text: changed(text, "nama_faskes", "[a, b]"), "nama_faskes"),
    "duplicate key": (lambda text: text + "cara_kontrak: elektronik\n", "cara_kontrak"),
    "yaml bomb": (
        lambda text: "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n" + text,
        "baris 1",
    ),
    "python tag": (
        lambda text: changed(text, "nama_faskes", "!!python/object/apply:os.system ['id']"),
        "Tag YAML",
    ),
    "deep": (lambda _text: "[" * 5000, "baris"),
    "not yaml": (lambda _text: "{: : :", "baris"),
    "scalar": (lambda _text: "halo", "baris"),
    "nothing": (lambda _text: "", "kontrak.yml"),
    "unknown version": (lambda text: changed(text, "versi_templat", "pks_1999"), "pks_1999"),
    "path as version": (lambda text: changed(text, "versi_templat", "../../etc"), "versi_templat"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("command", ["check", "draft"])
def test_broken_data_gives_a_clear_error(
    name: str, command: str, sample_text: str, tmp_path: Path
) -> None:
    change, expected = BROKEN[name]
    data = tmp_path / "kontrak.yml"
    data.write_text(change(sample_text), encoding="utf-8")
    output = tmp_path / "keluaran"
    arguments = ["-o", output] if command == "draft" else []
    result = run(command, data, *arguments)
    assert result.exit_code == 3, result.output
    assert expected in result.output
    assert "Traceback" not in result.output
    assert not output.exists()


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    data = tmp_path / "kontrak.yml"
    data.write_bytes(b"\xff\xfe\x00\x01" * 50)
    result = run("check", data)
    assert result.exit_code == 3
    assert "UTF-8" in result.output


@pytest.mark.parametrize("name", ["tidak-ada.yml", "."])
def test_missing_file_and_folder_are_refused(name: str, tmp_path: Path) -> None:
    assert run("draft", tmp_path / name).exit_code == 3


AWKWARD = [
    "Klinik {{ 7*7 }} {% raw %}",
    "Klinik <script>alert(1)</script> & Rekan",
    "Klinik | Pipa || Ganda",
    "Klinik *Bintang* _Garis_ `Kode` ~~x~~",
    "Klinik {: #kewajiban .tengah }",
    "Klinik ](pasal:sanksi) [x]",
    "Klinik ../../etc/passwd",
    "Klinik \\\\ \\n C:\\con",
    "Klinik # - 1. > + !",
    "Klinik Ñandú Šťastný Ðong «B» – ½",
]


def as_printed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.slow
@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_print_exactly(name: str, sample_text: str, tmp_path: Path) -> None:
    data = tmp_path / "kontrak.yml"
    data.write_text(changed(sample_text, "nama_faskes", f"'{name}'"), encoding="utf-8")
    result = run("draft", data, "-o", tmp_path / "keluaran", "--format", "txt")
    assert result.exit_code == 0, result.output
    (written,) = (tmp_path / "keluaran").iterdir()
    assert written.parent == tmp_path / "keluaran"
    tail = as_printed(name).removeprefix("Klinik ")
    assert as_printed(written.read_text(encoding="utf-8")).count(tail) >= 5


def test_all_problems_come_at_once_with_lines(sample_text: str, tmp_path: Path) -> None:
    text = changed(changed(sample_text, "tanggal_mulai", "besok"), "kode", "salah")
    text = text.replace("kantor_cabang:", "kantor_cabnag:", 1)
    data = tmp_path / "kontrak.yml"
    data.write_text(text, encoding="utf-8")
    result = run("check", data, "--json")
    assert result.exit_code == 3
    error = json.loads(result.stdout)["error"]
    paths = {problem["path"]: problem["line"] for problem in error["problems"]}
    lines = text.splitlines()
    for path, fragment in {
        "jangka_waktu.tanggal_mulai": "besok",
        "faskes.kode": "salah",
        "pihak_kesatu.kantor_cabnag": "kantor_cabnag",
    }.items():
        assert fragment in lines[paths[path] - 1]
    unknown = next(one for one in error["problems"] if one["path"].endswith("cabnag"))
    assert "kantor_cabang" in json.dumps(unknown)


def test_personal_numbers_are_not_in_errors(sample_text: str, tmp_path: Path) -> None:
    data = tmp_path / "kontrak.yml"
    data.write_text(changed(sample_text, "nik", '"99123456789012345"'), encoding="utf-8")
    result = run("check", data)
    assert result.exit_code == 3
    assert "99123456789012345" not in result.output


def test_blocking_findings_stop_the_draft(sample_text: str, tmp_path: Path) -> None:
    data = tmp_path / "kontrak.yml"
    text = changed(sample_text, "tanggal_selesai", "2023-12-31")
    data.write_text(text, encoding="utf-8")
    output = tmp_path / "keluaran"
    result = run("draft", data, "-o", output)
    assert result.exit_code == 10
    assert "jangka_waktu" in result.output
    assert not output.exists()
    shown = run("check", data, "--json")
    assert shown.exit_code == 10
    assert any(one["level"] == "blocking" for one in json.loads(shown.stdout)["findings"])


def test_no_rule_for_that_date(sample_path: Path, tmp_path: Path) -> None:
    result = run("draft", sample_path, "-o", tmp_path / "x", "--as-of", "1999-01-01")
    assert result.exit_code == 11


@pytest.mark.slow
def test_a_file_that_differs_is_not_replaced(sample_path: Path, tmp_path: Path) -> None:
    first = run("draft", sample_path, "-o", tmp_path, "--format", "txt", "--json")
    assert first.exit_code == 0
    written = Path(json.loads(first.stdout)["files"]["txt"])
    assert run("draft", sample_path, "-o", tmp_path, "--format", "txt").exit_code == 0
    written.write_text("lain", encoding="utf-8")
    assert run("draft", sample_path, "-o", tmp_path, "--format", "txt").exit_code == 2
    assert written.read_text(encoding="utf-8") == "lain"
    assert run("draft", sample_path, "-o", tmp_path, "--format", "txt", "--force").exit_code == 0


def test_unknown_format_and_english(
    sample_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    result = run("draft", sample_path, "-o", tmp_path, "--format", "odt")
    assert result.exit_code == 2
    assert "Unknown format" in result.output


def test_init_gives_data_that_checks(tmp_path: Path) -> None:
    assert run("init", tmp_path / "data").exit_code == 0
    found = sorted((tmp_path / "data").glob("*.yml"))
    others = ("addendum-", "pengaturan")
    contracts = [path for path in found if not path.name.startswith(others)]
    assert contracts
    assert load_settings(tmp_path / "data" / "pengaturan.yml").pihak
    assert [path.name for path in contracts if run("check", path).exit_code != 0] == []
    assert run("init", tmp_path / "data").exit_code == 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_result_replaces_nothing_but_a_file(sample_path: Path, tmp_path: Path, kind: str) -> None:
    first = run("draft", sample_path, "-o", tmp_path, "--format", "txt", "--json")
    target = Path(json.loads(first.stdout)["files"]["txt"])
    target.unlink()
    target.mkdir() if kind == "folder" else os.mkfifo(target)
    result = run("draft", sample_path, "-o", tmp_path, "--format", "txt", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["error"]["code"] == "file.not_regular"
    assert list(tmp_path.iterdir()) == [target]
    if kind == "folder":
        assert (
            run("draft", sample_path, "-o", tmp_path, "--format", "txt", "--force").exit_code == 3
        )
        assert list(tmp_path.iterdir()) == [target]


def test_files_that_belong_together_are_written_together(tmp_path: Path) -> None:
    blocked = tmp_path / "b"
    blocked.write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(InputError):
        write_together({tmp_path / "a": b"1", blocked / "c": b"2"})
    assert list(tmp_path.iterdir()) == [blocked]


def test_an_impossible_date_is_shown_and_a_nik_never(sample_text: str, tmp_path: Path) -> None:
    data = tmp_path / "kontrak.yml"
    for wrong in ("2024-02-30", "31-12-2024"):
        data.write_text(changed(sample_text, "tanggal_selesai", wrong), encoding="utf-8")
        assert f"«{wrong}»" in run("check", data).stderr
    nik = "9901015203850001"
    for line in (f"    {nik}: x", f"    {nik}: x\n    {nik}: y", f"    hp: 'ISI: {nik}'"):
        broken = sample_text.replace("    profesi: dokter\n", f"    profesi: dokter\n{line}\n", 1)
        data.write_text(broken, encoding="utf-8")
        for shown in (run("check", data), run("check", data, "--json")):
            assert shown.exit_code == 3
            assert nik not in shown.output


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder that takes no file")
@pytest.mark.parametrize("command", ["draft", "addendum"])
def test_a_folder_that_takes_no_file_is_refused_before_the_work(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object) -> None:
        raise AssertionError("worked first")

    monkeypatch.setattr("pks_kit.pipelines.draft.draft", work)
    monkeypatch.setattr("pks_kit.pipelines.addendum.addendum", work)
    result = run(command, tmp_path / "none.yml", "-o", "/proc/tidak-ada")
    assert result.exit_code == 3
    assert "/proc/tidak-ada" in result.output


def test_a_folder_that_is_not_there_yet_is_no_reason(tmp_path: Path) -> None:
    from pks_kit.files import check_folder

    check_folder(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
