"""``template compile``: every kind and method, once; what was interrupted goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.naskah.catalogue import TemplateVersion, load_version
from pks_kit.pipelines import template_compile as module
from pks_kit.pipelines.drafting.compiling import Edition, editions
from pks_kit.pipelines.template_compile import CompiledEdition, TemplateCompileRequest
from pks_kit.resources import templates_root
from support.processes import environment

TEXT = "pks_penunjang_2024"

SHORT = slice(2, 3)
"""One lampiran instead of a whole agreement, which takes ten seconds and is compiled whole by
``test_light_starts``."""


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two short editions instead of nine whole ones."""
    whole = Edition.parts

    def few(version: TemplateVersion) -> Iterator[Edition]:
        yield from [one for one in editions(version) if one.cara_kontrak == "manual"][:2]

    monkeypatch.setattr(module, "editions", few)
    monkeypatch.setattr(
        Edition, "parts", lambda self: ((one[SHORT], two[SHORT]) for one, two in whole(self))
    )


def run(folder: Path | str, *arguments: str) -> Result:
    command = ["template", "compile", *arguments]
    return CliRunner().invoke(main, command, env={"PKS_KIT_CACHE": str(folder)})


def test_every_kind_and_method_of_a_text() -> None:
    version = load_version("pks_2024", templates_root())
    found = list(editions(version))
    assert {one.jenis for one in found} == set(version.kinds())
    assert len(found) == 3 * len(version.kinds())
    assert len({one.name for one in found}) == len(found)
    assert all(one.samples for one in found)


def test_without_a_version_all_that_have_no_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def none(version: TemplateVersion) -> Iterator[Edition]:
        asked.append(version.manifest.versi)
        yield from ()

    monkeypatch.setattr(module, "editions", none)
    module.template_compile(TemplateCompileRequest(folder=Path("simpanan")))
    assert asked == ["pks_2024", "pks_penunjang_2024"]


@pytest.mark.sampled(of="kept layouts")
@pytest.mark.slow
@pytest.mark.usefixtures("two")
def test_an_interrupted_run_goes_on_and_a_second_one_makes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "simpanan"

    class Interrupted(Exception):
        pass

    def stop(one: CompiledEdition) -> None:
        assert one.leaves > 50
        assert one.gaps > 20
        raise Interrupted

    with pytest.raises(Interrupted):
        module.template_compile(TemplateCompileRequest(folder=folder, versi=(TEXT,), progress=stop))
    done = run(folder, TEXT, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [one["kept"] for one in told["editions"]] == [True, False]
    assert [one["seconds"] > 0 for one in told["editions"]] == [False, True]
    before = sorted(path.read_bytes() for path in folder.glob("*.sqlite"))
    again = run(folder, TEXT)
    assert again.exit_code == 0
    assert "0 disiapkan, 2 sudah ada" in again.stdout
    assert again.stderr.count("sudah ada") == 2
    assert sorted(path.read_bytes() for path in folder.glob("*.sqlite")) == before
    names = {path.suffix for path in folder.iterdir()}
    assert names == {".sqlite", ".lock"}


def test_a_changed_text_is_compiled_again() -> None:
    one, other = (load_version(name, templates_root()) for name in ("pks_2023", "pks_2024"))
    contents = {next(editions(version)).content() for version in (one, other)}
    assert len(contents) == 2


@pytest.mark.parametrize(
    ("folder", "arguments", "code"),
    [
        ("", [TEXT], "template.compile.no_folder"),
        ("simpanan", ["addendum_rekening"], "draft.not_an_agreement"),
        ("simpanan", ["pks_1999"], "naskah.unknown_version"),
    ],
)
def test_what_cannot_be_compiled(folder: str, arguments: list[str], code: str) -> None:
    done = run(folder, *arguments, "--json")
    assert json.loads(done.stdout)["error"]["code"] == code


@pytest.mark.usefixtures("two")
def test_a_folder_of_everybody_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "bersama"
    folder.mkdir()
    folder.chmod(0o777)
    done = run(folder, TEXT)
    assert done.exit_code == 3
    assert "chmod go-w" in done.stderr
    assert list(folder.iterdir()) == []


PROGRAM = """
import sys
from pathlib import Path
from pks_kit.pipelines import template_compile as module
from pks_kit.pipelines.drafting.compiling import Edition
every, whole = module.editions, Edition.parts
module.editions = lambda version: list(every(version))[2:3]
Edition.parts = lambda self: ((one[2:3], two[2:3]) for one, two in whole(self))
request = module.TemplateCompileRequest(folder=Path(sys.argv[1]), versi=(sys.argv[2],))
print(module.template_compile(request).editions[0].leaves)
"""


@pytest.mark.sampled(of="kept layouts")
@pytest.mark.slow
def test_two_at_the_same_time_end_at_the_same(tmp_path: Path) -> None:
    from pks_kit.render.pdf.flow.store import Store

    folder = tmp_path / "simpanan"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), TEXT],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
        )
        for _ in range(2)
    ]  # fmt: skip
    told = [one.communicate() for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert told[0][0] == told[1][0]
    files = list(folder.glob("*.sqlite"))
    assert len(files) == 2  # leaves, and what Jinja makes of their templates
    assert all(Store(folder, one.stem).is_whole() for one in files)
