"""The doors: command line, JSON, HTML page, library call."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyhanko.sign.fields import SigFieldSpec

from pks_kit.cli.verify import verify_command, visible
from pks_kit.json_form import to_json
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.pki.material import EncodedMaterial
from pks_kit.verification.report.verdict import read_report
from support import signed_files, tamper
from support.judging import LATER, job, judge
from support.proving import SampleOf
from support.schema_check import problems

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[3] / "docs" / "skema" / "verify.schema.json").read_text(
        encoding="utf-8"
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    start, *_, done = signed_files.signed_steps()
    (tmp_path / "issued.pdf").write_bytes(start)
    (tmp_path / "done.pdf").write_bytes(done)
    (tmp_path / "receipt.json").write_bytes(signed_files.receipt_beside(start).to_json())
    (tmp_path / "root.pem").write_bytes(signed_files.world().root.pem)
    (tmp_path / "forged.pdf").write_bytes(tamper.appended(done, tamper.changed_content))
    return tmp_path


def _run(folder: Path, *arguments: str) -> Result:
    shown = [str(folder / one) if re.search(r"\.(pdf|pem|json|html)$", one) else one
             for one in arguments]  # fmt: skip
    return CliRunner().invoke(verify_command, shown, env={"PKS_KIT_LANG": "id", "COLUMNS": "160"})


@pytest.mark.slow
def test_exit_codes(folder: Path) -> None:
    good = ("done.pdf", "--issued", "issued.pdf", "--trust", "root.pem")
    assert _run(folder, *good).exit_code == 0
    assert _run(folder, "forged.pdf", *good[1:]).exit_code == 30
    assert _run(folder, "done.pdf", "--issued", "issued.pdf").exit_code == 31
    assert _run(folder, "absent.pdf").exit_code == 3
    assert _run(folder, "done.pdf", "--trust", "receipt.json").exit_code == 3
    assert _run(folder, "done.pdf", "--receipt", "root.pem").exit_code == 3


def test_first_line_says_that_it_is_a_test(folder: Path) -> None:
    shown = _run(folder, "done.pdf", "--issued", "issued.pdf", "--trust", "root.pem").stdout
    assert shown.splitlines()[0].startswith("UJI – bukan tanda tangan yang mengikat")
    assert "utuh terhadap berkas terbit" in shown


def test_words_are_never_a_bare_valid(folder: Path) -> None:
    shown = _run(folder, "done.pdf", "--trust", "root.pem", "--all").stdout
    assert not re.search(r"\b(valid|sah)\b", shown, re.IGNORECASE)
    assert "tidak diketahui" in shown


@pytest.mark.parametrize("name", ["done.pdf", "forged.pdf", "root.pem", "issued.pdf"])
def test_json_follows_the_published_schema(folder: Path, name: str) -> None:
    result = _run(folder, name, "--receipt", "receipt.json", "--json")
    shown = json.loads(result.stdout)
    assert problems(shown, SCHEMA, SCHEMA) == []
    assert shown["verdict"] == {0: "passed", 30: "failed", 31: "indeterminate"}[result.exit_code]


def test_schema_checker_can_say_no() -> None:
    shown = to_json(judge(signed_files.signed_steps()[-1]))
    shown["checks"][0]["status"] = "valid"
    shown["extra"] = 1
    del shown["file"]["size"]
    assert len(problems(shown, SCHEMA, SCHEMA)) == 3


def test_json_error(folder: Path) -> None:
    shown = json.loads(_run(folder, "absent.pdf", "--json").stdout)
    assert shown["error"]["code"] == "file.not_found"
    assert shown["error"]["message"]["id"]


def test_report_survives_the_way_between_processes() -> None:
    report = judge(signed_files.signed_steps()[-1], issued=signed_files.issued())
    assert read_report(json.dumps(to_json(report))) == report


def test_verdict_that_does_not_follow_from_the_checks_is_not_taken() -> None:
    shown = to_json(judge(signed_files.issued()))
    shown["verdict"] = "passed"
    with pytest.raises(ValueError, match="verdict"):
        read_report(json.dumps(shown))


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _page(folder: Path, *arguments: str) -> str:
    _run(folder, *arguments, "--html", "report.html")
    return (folder / "report.html").read_text(encoding="utf-8")


def test_html_is_self_contained_and_accessible(folder: Path) -> None:
    page = _page(folder, "done.pdf", "--issued", "issued.pdf", "--trust", "root.pem")
    outline = _Outline()
    outline.feed(page)
    names = [tag for tag, _ in outline.tags]
    assert ("html", {"lang": "id"}) in outline.tags
    assert names.count("h1") == 1
    assert names.count("caption") == names.count("table") >= 5
    assert not {"script", "link", "iframe", "object", "form"} & set(names)
    pictures = [attrs for tag, attrs in outline.tags if tag == "img"]
    assert len(pictures) == 5  # the page, and each of its four boxes
    assert all((attrs["src"] or "").startswith("data:image/png;base64,") for attrs in pictures)
    assert all(attrs["alt"] for attrs in pictures)
    assert all("scope" in attrs for tag, attrs in outline.tags if tag == "th")
    assert not re.search(r"(https?:)?//", re.sub(r"base64,[^\"]+", "", page))
    assert not any(name.startswith("on") for _, attrs in outline.tags for name in attrs)
    assert page.index("UJI – bukan tanda tangan") < page.index("<h1>")


def test_html_escapes_what_the_file_says(folder: Path) -> None:
    evil = signed_files._certificate(
        signed_files.name("<script>alert(1)</script>", "x"), signed_files.world().root
    )
    content = signed_files.sign(signed_files.issued(), "TTD_PIHAK_KESATU", evil)
    (folder / "evil.pdf").write_bytes(content)
    page = _page(folder, "evil.pdf", "--trust", "root.pem")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_terminal_gets_no_control_characters(folder: Path) -> None:
    assert visible("a\x1b[31mb\rc\u202ed") == "a‹U+001B›[31mb‹U+000D›c‹U+202E›d"
    evil = signed_files._certificate(
        signed_files.name("Ratna\x1b]0;x\x07", "x"), signed_files.world().root
    )
    (folder / "evil.pdf").write_bytes(
        signed_files.sign(signed_files.issued(), "TTD_PIHAK_KESATU", evil)
    )
    assert "\x1b]0" not in _run(folder, "evil.pdf", "--all").output
    assert "\x07" not in _run(folder, "evil.pdf", "--all").output


NAME = "Ratna\u202e\x9b31m\u200b\nSidik: LULUS \x1b]0;x"
SEEN = "Ratna‹U+202E›‹U+009B›31m‹U+200B›‹U+000A›Sidik: LULUS ‹U+001B›]0;x"


@pytest.fixture
def named(folder: Path) -> Path:
    """A file in which field and certificate have names that hide, steer and make lines."""
    odd = signed_files._certificate(signed_files.name(NAME, "x"), signed_files.world().root)
    box = SigFieldSpec(sig_field_name=NAME, on_page=0, box=(300, 700, 420, 760))
    (folder / "named.pdf").write_bytes(
        signed_files.sign(signed_files.signed_steps()[-1], NAME, odd, new_field=box)
    )
    return folder


@pytest.mark.slow
def test_names_of_others_hide_and_forge_nothing(named: Path) -> None:
    told = _run(named, "named.pdf", "--all", "--trust", "root.pem").output
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", told)
    words = re.sub(r"[\s│]+", "", told)
    assert words.count(re.sub(r"\s+", "", SEEN)) >= 3  # field and signer of the table, a check
    assert not re.search(r"^\W*Sidik", told, re.MULTILINE)

    shown = _run(named, "named.pdf", "--json").stdout
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", shown)
    signature = json.loads(shown)["signatures"][-1]
    assert (signature["field"], signature["signer"]) == (NAME, NAME)
    assert read_report(shown).signatures[-1].field == NAME

    page = _page(named, "named.pdf")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", page)
    assert page.count(SEEN) >= 3


@pytest.mark.slow
def test_a_name_of_a_million_letters_is_cut_and_tells_its_length(folder: Path) -> None:
    names = ["A" * 1_000_000, "A" * 999_999 + "B"]
    content = signed_files.signed_steps()[-1]
    for number, name in enumerate(names):
        box = SigFieldSpec(sig_field_name=name, on_page=number, box=(300, 700, 420, 760))
        content = signed_files.sign(content, name, signed_files.world().kepala, new_field=box)
    (folder / "long.pdf").write_bytes(content)
    shown = _run(folder, "long.pdf", "--json").stdout
    assert len(shown) < 150_000
    fields = [one["field"] for one in json.loads(shown)["signatures"][-2:]]
    assert all(re.fullmatch(r"A{200}…‹1000000 #[0-9a-f]{8}›", field) for field in fields)
    assert len(set(fields)) == 2
    assert len(_page(folder, "long.pdf")) < 400_000


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="other systems have no such file names")
def test_a_file_name_that_is_no_text_breaks_no_output(folder: Path, sample_of: SampleOf) -> None:
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/lapor\xff\x1b\n.pdf"))
    shutil.copy(folder / "done.pdf", odd)
    ways: list[list[str]] = [[], ["--json"], ["--html", str(odd.with_suffix(".html"))]]
    for arguments in sample_of(ways, 1, seed="a name that is no text"):
        done = subprocess.run(
            [sys.executable, "-m", "pks_kit.cli.main", "verify", str(odd), *arguments],
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 31, done.stderr
        told = (done.stdout + done.stderr).decode("utf-8")
        assert not re.search("[\x00-\x09\x0b-\x1f]", told)
    missing = subprocess.run(
        [sys.executable, "-m", "pks_kit.cli.main", "verify", f"{odd}x", "--json"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert "lapor‹U+DCFF›" in json.loads(missing.stdout.decode("utf-8"))["error"]["message"]["id"]


def test_a_page_in_a_folder_that_is_not_there_is_refused(folder: Path) -> None:
    result = _run(folder, "done.pdf", "--html", "tidak/ada.html", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["error"]["code"] == "file.no_folder"
    assert not (folder / "tidak").exists()


def test_markup_in_names_is_not_taken_for_colours(folder: Path) -> None:
    odd = signed_files._certificate(
        signed_files.name("[bold]Ratna[/bold]", "x"), signed_files.world().root
    )
    (folder / "odd.pdf").write_bytes(
        signed_files.sign(signed_files.issued(), "TTD_PIHAK_KESATU", odd)
    )
    assert "[bold]Ratna[/bold]" in _run(folder, "odd.pdf", "--all").output


def test_library_call_inside_a_running_loop(folder: Path) -> None:
    request = VerifyRequest(
        pdf=folder / "done.pdf",
        clock=lambda: LATER,
        issued=folder / "issued.pdf",
        trust=(folder / "root.pem",),
        isolated=False,
    )

    async def inside() -> str:
        return verify(request).report.verdict

    assert asyncio.run(inside()) == "passed"


def test_too_large_file_is_a_verdict(folder: Path) -> None:
    from pks_kit.verification.limits import Limits

    request = VerifyRequest(
        pdf=folder / "done.pdf", clock=lambda: LATER, limits=Limits(file_bytes=100)
    )
    report = verify(request).report
    assert [(c.code, c.reason) for c in report.checks] == [("file.size", "too_large")]


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is not installed")
def test_pdfsig_has_the_same_opinion_about_intact_signatures(folder: Path) -> None:
    shown = subprocess.run(
        ["pdfsig", "-nocert", str(folder / "done.pdf")], capture_output=True, text=True, check=False
    ).stdout
    ours = judge(signed_files.signed_steps()[-1])
    assert shown.count("Signature is Valid.") == sum(bool(s.intact) for s in ours.signatures) == 4
    spoiled = tamper.replaced_byte(signed_files.signed_steps()[-1], 700)
    (folder / "spoiled.pdf").write_bytes(spoiled)
    shown = subprocess.run(
        ["pdfsig", "-nocert", str(folder / "spoiled.pdf")],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert "Signature is Valid." not in shown
    assert not any(s.intact for s in judge(spoiled).signatures)


def test_job_reaches_the_child_unchanged() -> None:
    from pks_kit.pipelines.verifying.policies import policy_in_force
    from pks_kit.verification.isolation.protocol import examination_from, examination_job
    from pks_kit.verification.isolation.wire import open_nameless, read_job, write_job

    start, *_, done = signed_files.signed_steps()
    task = job(done, issued=start, receipt=signed_files.receipt_beside(start))
    fetched = EncodedMaterial(ocsps=(b"a", b"bb"), crls=(b"ccc",))
    task = replace(task, policy=policy_in_force("pks_bidan", LATER.date()), fetched=fetched)
    with open_nameless() as handed:
        write_job(handed, *examination_job(task, 90))
        there, files = read_job(handed)
    assert there.examination is not None
    assert examination_from(there.examination, there.limits, files) == task
    assert there.examination.picture_dpi == 90


@pytest.mark.parametrize("target", ["done.pdf", "issued.pdf", "receipt.json", "root.pem"])
def test_report_never_replaces_what_was_judged(folder: Path, target: str) -> None:
    before = (folder / target).read_bytes()
    given = ("--issued", "issued.pdf", "--receipt", "receipt.json", "--trust", "root.pem")
    result = _run(folder, "done.pdf", *given, "--html", target, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["code"] == "file.over_input"
    assert (folder / target).read_bytes() == before


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ((), "returned.no_scans"),
        (("done.pdf", "--issued"), "returned.no_issues"),
        (("done.pdf", "--trust"), "file.not_regular"),
    ],
)
def test_empty_folders_are_bad_input(folder: Path, option: tuple[str, ...], code: str) -> None:
    (folder / "map.pdf").mkdir()
    result = _run(folder, *option, "map.pdf", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["error"]["code"] == code


def test_public_name_stays_a_function_after_its_package_is_imported(folder: Path) -> None:
    import pks_kit

    request = VerifyRequest(pdf=folder / "root.pem", clock=lambda: LATER, isolated=False)
    assert [pks_kit.verify(request).verdict for _ in range(2)] == ["failed", "failed"]
