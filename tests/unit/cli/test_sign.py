"""The commands ``sign`` and ``sandbox init`` from key to finished file, as a person uses them."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.files import write_atomic
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.step.state import read_state
from support.schema_check import problems
from support.signing_world import SLUG, Issued, make_issued

pytestmark = pytest.mark.slow

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "skema"
SECRET = "Rahasia-tertanam-90817"


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Path:
    """The sandbox of the people of every issued agreement here; its keys take long to make."""
    folder = tmp_path_factory.mktemp("kunci")
    issued = make_issued(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("SANDI", SECRET)
        made = run("sandbox", "init", "uji", "--receipt", str(issued.receipt_path))
    assert made.exit_code == 0, made.output
    return folder / "uji"


@pytest.fixture
def desk(tmp_path, monkeypatch, keys) -> Issued:
    """A folder with an issued agreement and a sandbox, and the passphrase in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SANDI", SECRET)
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    shutil.copytree(keys, "uji")
    return make_issued(tmp_path)


def run(*arguments: str, passphrase: bool = True, **options):
    extra = ("--passphrase-env", "SANDI") if passphrase else ()
    result = CliRunner().invoke(main, [*arguments, *extra], **options)
    assert SECRET not in result.output
    assert "Traceback" not in result.output
    return result


def signing(source: str, output: str, *more: str, pihak: str = "kesatu"):
    return (
        "sign", source, "--pihak", pihak, "--p12", f"uji/pihak_{pihak}.p12",
        "--tsa", "sandbox:uji", "-o", output, *more,
    )  # fmt: skip


def stamping(source: str, output: str, *more: str, pihak: str = "kesatu"):
    return ("sign", source, "--pihak", pihak, "--meterai", "sandbox:uji", "-o", output, *more)


def test_the_whole_road(desk, caplog):
    caplog.set_level(logging.DEBUG)
    first = run(*signing(f"{SLUG}.pdf", "1.pdf", "--lokasi", "Kota Contoh", "--json"))
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    assert told["step"] == "p1_tanda_tangan"
    assert told["next"] == ["p1_meterai", "p2_tanda_tangan", "p2_meterai"]
    assert told["test"] is True
    assert run(*stamping("1.pdf", "2.pdf")).exit_code == 0
    assert run(*signing("2.pdf", "3.pdf", pihak="kedua")).exit_code == 0
    last = run(*stamping("3.pdf", "4.pdf", pihak="kedua"))
    assert "All steps of the profile are done." in last.stdout
    state = read_state(
        Path("4.pdf").read_bytes(), desk.receipt, load_profile(signing_root(), "elektronik")
    )
    assert len(state.filled) == 4
    assert SECRET not in caplog.text
    for path in Path().rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path


def test_the_picture_says_who_signed(desk):
    assert run(*signing(f"{SLUG}.pdf", "1.pdf")).exit_code == 0
    said = subprocess.run(
        ["pdftotext", "-layout", "1.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "Ratna Widyaningrum" in said
    assert "UJI" in said.upper()


def test_looks_of_the_box(desk, tmp_path):
    own = tmp_path / "kami.yml"
    own.write_text("jabatan: false\nalamat_verifikasi: https://verifikasi.contoh.example\n")
    for number, look in enumerate(("ringkas", str(own))):
        done = run(*signing(f"{SLUG}.pdf", f"{number}.pdf", "--tampilan", look))
        assert done.exit_code == 0, done.output
    unknown = run(*signing(f"{SLUG}.pdf", "x.pdf", "--tampilan", "mewah"))
    assert unknown.exit_code == 2
    assert "ringkas, tanda_tangan" in unknown.output
    own.write_text("alamat_verifikasi: http://verifikasi.contoh.example\n")
    refused = run(*signing(f"{SLUG}.pdf", "x.pdf", "--tampilan", str(own)))
    assert refused.exit_code == 3
    assert "https" in refused.output


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (signing(f"{SLUG}.pdf", "x.pdf", pihak="kedua"), 20, "p1_tanda_tangan first"),
        (stamping(f"{SLUG}.pdf", "x.pdf"), 20, "p1_tanda_tangan first"),
        (signing(f"{SLUG}.pdf", f"{SLUG}.pdf", "--force"), 2, "must not replace the input"),
        (signing("tidak-ada.pdf", "x.pdf"), 3, "does not exist"),
        (signing(f"{SLUG}.receipt.json", "x.pdf"), 3, "not a sound PDF"),
        (signing(f"{SLUG}.pdf", "x.pdf", "--tempat", "TTD_LAIN"), 2, "no place TTD_LAIN"),
        (signing(f"{SLUG}.pdf", "x.pdf", "--meterai", "sandbox:uji"), 2, "Choose one"),
        ((*stamping(f"{SLUG}.pdf", "x.pdf")[:4], "-o", "x.pdf"), 2, "Give one key"),
        (("sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--meterai", "peruri", "-o", "x.pdf"),
         2, "distributor"),
        (("sign", f"{SLUG}.pdf", "--meterai", "sandbox:uji", "-o", "x.pdf"), 2, "who signs"),
        (("sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--p12", "uji/pihak_kesatu.p12",
          "-o", "x.pdf"), 2, "without a timestamp nothing"),
        (("sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--p12", "uji/tsa.p12",
          "--tsa", "sandbox:uji", "-o", "x.pdf"), 20, "another purpose"),
        (("sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--p12", "uji/pihak_kedua.p12",
          "--tsa", "sandbox:uji", "-o", "x.pdf"), 20, "but this place is for"),
    ],
)  # fmt: skip
def test_refusals_say_why_and_write_nothing(desk, arguments, exit_code, words):
    before = desk.path.read_bytes()
    result = run(*arguments)
    assert result.exit_code == exit_code, result.output
    assert words in result.output
    assert not Path("x.pdf").exists()
    assert desk.path.read_bytes() == before


def test_an_existing_output_is_kept_unless_forced(desk):
    Path("1.pdf").write_bytes(b"%PDF-1.7 kept")
    refused = run(*signing(f"{SLUG}.pdf", "1.pdf"))
    assert refused.exit_code == 2
    assert Path("1.pdf").read_bytes() == b"%PDF-1.7 kept"
    assert run(*signing(f"{SLUG}.pdf", "1.pdf", "--force")).exit_code == 0
    assert Path("1.pdf").read_bytes().startswith(desk.pdf)


@pytest.mark.parametrize(
    "output", ["uji/pihak_kesatu.p12", "uji/tsa.p12", "uji/root.pem", f"{SLUG}.receipt.json"]
)
def test_force_replaces_no_key_and_no_receipt(desk, output):
    before = Path(output).read_bytes()
    result = run(*signing(f"{SLUG}.pdf", output, "--force"))
    assert result.exit_code == 2, result.output
    assert Path(output).read_bytes() == before


def test_a_changed_byte_inside_the_receipt_of_the_file(desk, sample_of):
    inside = desk.pdf.index(b"/EmbeddedFile")
    start = desk.pdf.index(b"stream", inside) + 10
    codes = set()
    for place in sample_of(range(start, start + 200, 4), 12):
        changed = bytearray(desk.pdf)
        changed[place] ^= 1
        desk.path.write_bytes(changed)
        result = run(*signing(f"{SLUG}.pdf", "x.pdf", "--json"))
        assert result.exit_code in (3, 20), result.output
        codes.add(json.loads(result.stdout)["error"]["code"])
        assert not Path("x.pdf").exists()
    assert "pdf.unreadable" in codes


def test_sandbox_keys_are_never_readable_by_others(desk, monkeypatch):
    modes = []
    monkeypatch.setattr(Path, "replace", _noting_mode(modes, Path.replace))
    assert run("sandbox", "init", "lagi").exit_code == 0
    assert {mode for name, mode in modes if name.endswith(".p12")} == {0o600}


def _noting_mode(modes, replace):
    def noting(self, target):
        modes.append((str(target), self.stat().st_mode & 0o777))
        return replace(self, target)

    return noting


def test_the_receipt_must_be_there_and_must_be_the_right_one(desk, tmp_path):
    moved = tmp_path / "lain" / "tanda-terima.json"
    moved.parent.mkdir()
    desk.receipt_path.rename(moved)
    missing = run(*signing(f"{SLUG}.pdf", "x.pdf"))
    assert missing.exit_code == 20
    assert f"{SLUG}.receipt.json was not found" in missing.output
    assert run(*signing(f"{SLUG}.pdf", "1.pdf", "--receipt", str(moved))).exit_code == 0
    other = desk.receipt.model_copy(update={"agreement_id": "0" * 26})
    moved.write_bytes(other.to_json())
    wrong = run(*signing(f"{SLUG}.pdf", "x.pdf", "--receipt", str(moved)))
    assert wrong.exit_code == 20
    assert "another agreement" in wrong.output
    moved.write_bytes(b"[" * 100_000)
    assert run(*signing(f"{SLUG}.pdf", "x.pdf", "--receipt", str(moved))).exit_code == 3


def test_a_changed_file_is_refused(desk):
    changed = bytearray(desk.pdf)
    changed[desk.pdf.index(b"Helvetica")] ^= 1
    desk.path.write_bytes(changed)
    result = run(*signing(f"{SLUG}.pdf", "x.pdf"))
    assert result.exit_code == 20
    assert "changed since it was issued" in result.output


def test_a_wrong_passphrase_is_not_repeated(desk, monkeypatch):
    planted = "salah-tertanam-4471"
    monkeypatch.setenv("SANDI", planted)
    result = run(*signing(f"{SLUG}.pdf", "x.pdf", "--json"))
    assert result.exit_code == 20
    assert json.loads(result.stdout)["error"]["code"] == "key.locked"
    assert planted not in result.output


def test_a_passphrase_given_as_the_name_of_a_variable_is_not_shown(desk):
    arguments = signing(f"{SLUG}.pdf", "x.pdf", "--passphrase-env", "bukan-nama-55102")
    result = run(*arguments, passphrase=False)
    assert result.exit_code == 2
    assert "bukan-nama-55102" not in result.output


def test_the_passphrase_comes_by_prompt_or_descriptor(desk):
    typed = run(*signing(f"{SLUG}.pdf", "1.pdf"), passphrase=False, input=f"{SECRET}\n")
    assert typed.exit_code == 0, typed.output
    reading, writing = os.pipe()
    os.write(writing, f"{SECRET}\n".encode())
    os.close(writing)
    by_number = run(*stamping("1.pdf", "2.pdf", "--passphrase-fd", str(reading)), passphrase=False)
    assert by_number.exit_code == 0, by_number.output
    both = run(*stamping("2.pdf", "3.pdf", "--passphrase-fd", "0"))
    assert both.exit_code == 2


def test_pem_files_sign_as_well(desk):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    content = Path("uji/pihak_kesatu.p12").read_bytes()
    key, certificate, chain = pkcs12.load_key_and_certificates(content, SECRET.encode())
    locked = serialization.BestAvailableEncryption(SECRET.encode())
    pem = serialization.Encoding.PEM
    written = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, locked)
    write_atomic(Path("k.pem"), written)
    Path("c.pem").write_bytes(certificate.public_bytes(pem))
    Path("r.pem").write_bytes(b"".join(one.public_bytes(pem) for one in chain))
    result = run(
        "sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--pem-key", "k.pem", "--pem-cert", "c.pem",
        "--pem-chain", "r.pem", "--tsa", "sandbox:uji", "-o", "1.pdf", "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["notes"] == []
    alone = run(
        "sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--pem-key", "k.pem", "--pem-cert", "c.pem",
        "--tsa", "sandbox:uji", "-o", "alone.pdf", "--json",
    )  # fmt: skip
    assert [one["code"] for one in json.loads(alone.stdout)["notes"]] == ["chain_missing"]
    Path("k.pem").chmod(0o640)
    refused = run(
        "sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--pem-key", "k.pem", "--pem-cert", "c.pem",
        "--tsa", "sandbox:uji", "-o", "2.pdf", "--json",
    )  # fmt: skip
    assert json.loads(refused.stdout)["error"]["code"] == "file.secret_open"


@pytest.mark.parametrize("file", ["uji/pihak_kesatu.p12", "uji/tsa.p12"])
def test_a_key_file_that_others_may_open_signs_nothing(desk, file):
    Path(file).chmod(0o666)
    result = run(*signing(f"{SLUG}.pdf", "1.pdf", "--json"))
    Path(file).chmod(0o600)
    assert result.exit_code == 3, result.output
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "file.secret_open"
    assert f"chmod 600 {file}" in error["hint"]["en"]
    assert not Path("1.pdf").exists()


def test_another_spelling_of_a_name_needs_a_word_of_the_caller(desk):
    made = run("sandbox", "init", "uji2", "--kesatu", "Kepala Lama")
    assert made.exit_code == 0
    arguments = (
        "sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--p12", "uji2/pihak_kesatu.p12",
        "--tsa", "sandbox:uji", "-o", "1.pdf",
    )  # fmt: skip
    assert run(*arguments).exit_code == 20
    assert run(*arguments, "--nama-sertifikat", "Orang Lain").exit_code == 20
    assert run(*arguments, "--nama-sertifikat", "Kepala Lama").exit_code == 0


def test_a_name_with_signs_that_no_font_has_is_told_before_that_it_differs(desk):
    printed = json.loads(desk.receipt_path.read_text())["places"][0]["nama"]
    assert run("sandbox", "init", "uji2", "--kesatu", f"{printed} 陳").exit_code == 0
    arguments = (
        "sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--p12", "uji2/pihak_kesatu.p12",
        "--tsa", "sandbox:uji", "-o", "1.pdf", "--json",
    )  # fmt: skip

    def refused(*more: str) -> str:
        result = run(*arguments, *more)
        assert result.exit_code == 20, result.output
        return json.loads(result.stdout)["error"]["code"]

    assert refused() == "signing.name_not_drawable"
    assert refused("--tampilan", "ringkas") == "signing.name_differs"


def test_help_does_not_load_the_signing_libraries():
    probe = (
        "import sys; from pks_kit.cli import sign; "
        "sys.exit(any(name in sys.modules for name in ('pyhanko', 'pikepdf', 'cryptography')))"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_json_of_each_kind_of_step_follows_the_published_schema(desk):
    signed = run(*signing(f"{SLUG}.pdf", "1.pdf", "--json"))
    stamped = run(*stamping("1.pdf", "2.pdf", "--json"))
    refused = run(*stamping("1.pdf", "3.pdf", "--receipt", "uji/root.pem", "--json"))
    for result, name in ((signed, "sign"), (stamped, "sign"), (refused, "error")):
        assert problems(json.loads(result.stdout), _schema(name), _schema(name)) == []
    assert json.loads(stamped.stdout)["sn"]
    assert len(problems(json.loads(refused.stdout), _schema("sign"), {})) > 5


def _schema(name):
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("output", "exit_code", "code"),
    [
        ("lingkar", 3, "file.unwritable"),
        ("lingkar/1.pdf", 3, "file.unwritable"),
        (f"{'a' * 300}.pdf", 3, "file.unwritable"),
        ("/proc/1.pdf", 3, "file.unwritable"),
        ("tidak-ada/1.pdf", 3, "file.no_folder"),
        ("uji", 2, "sign.exists"),
        (f"{SLUG}.pdf", 2, "file.over_input"),
        (f"uji/../{SLUG}.receipt.json", 2, "file.over_input"),
    ],
)
def test_outputs_that_cannot_be(desk, output, exit_code, code):
    Path("lingkar").symlink_to("lingkar")
    receipt = ("--receipt", f"{SLUG}.receipt.json")
    result = run(*signing(f"{SLUG}.pdf", output, *receipt, "--json"))
    assert result.exit_code == exit_code, result.output
    assert json.loads(result.stdout)["error"]["code"] == code
    assert desk.path.read_bytes() == desk.pdf
    assert not [path for path in Path().rglob(".*") if path.is_file()]


@pytest.mark.parametrize("option", ["--p12", "--receipt", "FILE"])
def test_a_folder_is_bad_input_and_not_bad_usage(desk, option):
    arguments = list(signing(f"{SLUG}.pdf", "x.pdf"))
    if option == "--p12":
        arguments[arguments.index("--p12") + 1] = "uji"
    elif option == "--receipt":
        arguments += ["--receipt", "uji"]
    else:
        arguments[1] = "uji"
    result = run(*arguments, "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["error"]["code"] == "file.not_regular"


def test_without_terminal_or_passphrase_the_way_out_is_told(desk):
    result = run(*signing(f"{SLUG}.pdf", "x.pdf", "--json"), passphrase=False, input="")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["code"] == "passphrase.no_terminal"
    huge = run(*signing(f"{SLUG}.pdf", "x.pdf", "--passphrase-fd", "9" * 20), passphrase=False)
    assert huge.exit_code == 2
    assert not Path("x.pdf").exists()


def test_a_sandbox_replaces_no_file_that_is_there(desk):
    Path("kunci").mkdir()
    Path("kunci/pihak_kesatu.p12").write_bytes(b"kept")
    result = run("sandbox", "init", "kunci")
    assert result.exit_code == 2
    assert Path("kunci/pihak_kesatu.p12").read_bytes() == b"kept"
    assert len(list(Path("kunci").iterdir())) == 1


def test_control_characters_of_a_certificate_do_not_reach_the_terminal(desk):
    run("sandbox", "init", "uji3", "--kesatu", "Kepala\x1b[2J Lama")
    result = run(
        "sign", f"{SLUG}.pdf", "--pihak", "kesatu", "--p12", "uji3/pihak_kesatu.p12",
        "--tsa", "sandbox:uji", "-o", "x.pdf",
    )  # fmt: skip
    assert result.exit_code == 20
    assert "\x1b" not in result.output
    assert "[2J" in result.output


def test_inside_a_running_loop_the_caller_is_told_to_await(desk):
    import asyncio
    from datetime import UTC, datetime

    import pks_kit

    request = pks_kit.SignRequest(
        pdf=desk.path, clock=lambda: datetime.now(UTC), peran="pihak_kesatu"
    )

    async def inside():
        return pks_kit.sign(request)

    with pytest.raises(pks_kit.UsageError) as caught:
        asyncio.run(inside())
    assert caught.value.code == "sign.running_loop"
    with pytest.raises(pks_kit.UsageError) as awaited:
        asyncio.run(pks_kit.sign_async(request))
    assert awaited.value.code == "sign.key_or_meterai"
