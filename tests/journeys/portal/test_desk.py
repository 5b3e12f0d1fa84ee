"""pks-kit serve: one command, an address that opens once, and an orderly end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from support.local_desk import ended, started
from support.portal_server import PATIENCE, free_port

pytestmark = pytest.mark.slow
BROWSER = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, httpx.Client]]:
    folder = tmp_path_factory.mktemp("desk")
    process, address = started(folder, "--oleh", "Sari")
    with httpx.Client(headers=BROWSER, timeout=PATIENCE) as client:
        yield folder, address, client
    assert ended(process) == 0
    assert "Traceback" not in (folder / "log").read_text()


def test_the_address_lets_one_browser_in(desk: tuple[Path, str, httpx.Client]) -> None:
    folder, address, client = desk
    assert address.startswith("http://127.0.0.1:")
    base = address.partition("/masuk")[0]
    assert client.get(f"{base}/meja").status_code == 401
    first = client.get(address)
    assert first.status_code == 303
    page = client.get(address, follow_redirects=True)  # again, with the cookie
    assert page.status_code == 200
    assert "Sari" in page.text
    assert "Belum ada perjanjian" in page.text
    with httpx.Client(headers=BROWSER) as other:
        refused = other.get(address, follow_redirects=True)
        assert refused.status_code == 401
        assert "pks-kit serve" in refused.text
    assert client.get(f"{base}/openapi.json").status_code == 200
    assert client.get(f"{base}/meja", headers={"Host": "desk.example"}).status_code == 421
    settings = (folder / "meja-pks" / "pengaturan.yml").read_text()
    assert "SPESIMEN" in settings
    assert (folder / "meja-pks" / "uji" / "pihak_kesatu.p12").stat().st_mode & 0o077 == 0


def test_it_is_opened_again_with_the_same_keys(tmp_path: Path) -> None:
    process, _ = started(tmp_path)
    keys = (tmp_path / "meja-pks" / "uji" / "pihak_kedua.p12").read_bytes()
    assert ended(process) == 0
    process, _ = started(tmp_path, "--port", str(free_port()), "--wilayah", "cabang:0901")
    assert ended(process) == 0
    assert (tmp_path / "meja-pks" / "uji" / "pihak_kedua.p12").read_bytes() == keys
    assert "ditutup" in (tmp_path / "log").read_text()


def served(folder: Path, patch: pytest.MonkeyPatch, *more: str) -> Result:
    """Run a command that ends before anything is served."""
    patch.chdir(folder)
    return CliRunner(env={"PKS_KIT_LANG": "id"}).invoke(main, ["serve", "--no-browser", *more])


@pytest.mark.parametrize(
    ("more", "told"),
    [(["--wilayah", "cabang"], "bukan peran"), (["--settings", "tidak-ada.yml"], "tidak-ada.yml")],
)
def test_what_cannot_be_served_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], told: str
) -> None:
    run = served(tmp_path, monkeypatch, *more)
    assert run.exit_code in (2, 3)
    assert told in run.stderr
    assert "Traceback" not in run.stderr


def test_a_port_that_is_taken_is_told(
    desk: tuple[Path, str, httpx.Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = re.search(r":(\d+)/", desk[1])
    assert taken is not None
    run = served(tmp_path, monkeypatch, "--port", taken[1])
    assert run.exit_code == 2
    assert "sudah dipakai" in run.stderr
