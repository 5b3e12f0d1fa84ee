"""pks-kit serve: one command, an address that opens once, and an orderly end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.domain.kontrak import Kontrak
from pks_kit.files import NamedFile
from pks_kit.inputs.workbook import write_workbook
from pks_kit.pipelines.verify import VerifyRequest, VerifyResult, verify
from support.branch import facility
from support.desk_browser import browsers
from support.desk_visitor import Visitor, told
from support.local_desk import ended, started
from support.portal_server import PATIENCE, free_port

pytestmark = pytest.mark.slow
KEY = Path("meja-pks", "uji", "penerbit.p12")
BROWSER = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A desk that was opened a second time.

    Attributes:
        folder: Where its files lie.
        address: Opens it.
        client: A browser.
        keys: Test keys that the first time made.
    """

    folder: Path
    address: str
    client: httpx.Client
    keys: bytes


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("desk")
    process, _ = started(folder)
    keys = (folder / KEY).read_bytes()
    assert ended(process) == 0
    assert "ditutup" in (folder / "log").read_text()
    more = ("--port", str(free_port()), "--wilayah", "cabang:0901")
    process, address = started(folder, "--oleh", "Sari", *more)
    with httpx.Client(headers=BROWSER, timeout=PATIENCE) as client:
        yield Opened(folder, address, client, keys)
    assert ended(process) == 0
    assert "Traceback" not in (folder / "log").read_text()


def test_the_address_lets_one_browser_in(desk: Opened) -> None:
    folder, address, client = desk.folder, desk.address, desk.client
    assert address.startswith("http://127.0.0.1:")
    base = address.partition("/masuk")[0]
    assert client.get(f"{base}/meja").status_code == 401
    first = client.get(address)
    assert first.status_code == 303
    page = client.get(address, follow_redirects=True)  # again, with the cookie
    assert page.status_code == 200
    assert "Sari" in page.text
    assert "Kantor cabang 0901" in page.text
    assert "Meja setempat" not in page.text
    assert "Belum ada perjanjian" in page.text
    with httpx.Client(headers=BROWSER) as other:
        refused = other.get(address, follow_redirects=True)
        assert refused.status_code == 401
        assert "Buka alamat yang ditulis program" in told(refused.text), told(refused.text)[:900]
    assert client.get(f"{base}/openapi.json").status_code == 200
    assert client.get(f"{base}/meja", headers={"Host": "desk.example"}).status_code == 421
    settings = (folder / "meja-pks" / "pengaturan.yml").read_text()
    assert "SPESIMEN" in settings
    assert (folder / KEY).stat().st_mode & 0o077 == 0


def test_it_is_opened_again_with_the_same_keys(desk: Opened) -> None:
    assert (desk.folder / KEY).read_bytes() == desk.keys


def test_people_take_turns_without_a_script_on_a_narrow_window(
    desk: Opened, tmp_path: Path
) -> None:
    base = desk.address.partition("/masuk")[0]
    desk.client.get(desk.address)
    (cookie,) = (one for one in desk.client.cookies.jar if one.name == "pks_meja")
    with browsers(tmp_path) as chromium:
        for script, language in ((False, "id"), (True, "en")):
            with chromium.desk(
                Address(base), width=360, script=script, language=language
            ) as window:
                page = window.page
                page.context.add_cookies(
                    [{"name": cookie.name, "value": str(cookie.value), "url": base}]
                )
                window.open("/meja/batch")
                menu = page.locator("details.menu summary")
                menu.click()
                page.get_by_role("button", name=re.compile("Ganti orang|Change person")).click()
                assert page.url == f"{base}/meja/orang?kembali=%2Fbatch"
                assert page.locator("#f-nama").input_value() == ""
                if script:
                    assert window.barriers() == []
                assert window.overflow() == 0
                page.locator("#f-nama").fill("root")
                page.locator("main button").click()
                assert page.locator(".error-summary").is_visible()
                page.locator("#f-nama").fill("Rini Widuri")
                page.locator("#f-nama").press("Enter")
                page.wait_for_url(f"{base}/meja/batch")
                assert menu.inner_text() == "Menu: Rini Widuri"
                page.reload()
                assert menu.inner_text() == "Menu: Rini Widuri"
                assert [one for one in window.complaints if "422" not in one] == []


@dataclass(frozen=True, slots=True)
class Address:
    """Where a desk is served.

    Attributes:
        url: Its address.
    """

    url: str


@contextmanager
def sitting(folder: Path) -> Iterator[Visitor]:
    """Start a desk that asks who sits at it, and let a browser in."""
    process, address = started(folder)
    try:
        with (found := Visitor(address.partition("/masuk")[0], "")).http:
            found.http.headers["Accept"] = "text/html"
            assert found.get(address).status_code == 303
            yield found
    finally:
        assert ended(process) == 0


def other_people() -> Kontrak:
    """Return a clinic of another head of branch, whose leader is another one too."""
    one = facility(2)
    first = one.pihak_kesatu.model_copy(update={"nama_kepala_cabang": "Wira Rekaan, S.E."})
    second = one.pihak_kedua.model_copy(update={"nama_penandatangan": "dr. Bulan Umpama"})
    return one.model_copy(update={"pihak_kesatu": first, "pihak_kedua": second})


@pytest.mark.sampled(of="nights")
def test_a_batch_of_two_heads_of_branch_is_signed_with_test_keys(tmp_path: Path) -> None:
    book = write_workbook({"a": facility(1), "b": other_people()})
    with sitting(tmp_path) as head:
        assert head.get("/meja").headers["location"].startswith("/meja/orang")
        head.send("/meja/orang", {"nama": "Agus Contoh"}, page="/meja/orang")
        role = head.get("/meja").text  # nobody named an area, and nobody sits at head office
        assert "Meja setempat — semua wilayah" in role
        assert "Kantor pusat" not in role
        sent = head.hidden("/meja/batch") | {"nama": "Desember"}
        files = [("buku", ("faskes.xlsx", book, "application/octet-stream"))]
        page = head.http.post("/meja/batch", data=sent, files=files).headers["location"]
        shown = head.settled(page)
        assert "Mode latihan." in shown
        words = told(shown)
        assert "2 perjanjian: 2 dapat disusun" in words
        assert "Ia menekan «Ganti orang», memasukkan namanya sendiri" in words
        assert "percaya pada nama yang diketik" in words
        _next_person(head, page, "agus  contoh, S.E.")  # the same person, spelled otherwise
        assert 'name="pilihan"' not in head.get(f"{page}/rencana").text
        _next_person(head, page, "Rini Widuri")
        assert "1 rencana menunggu persetujuan Anda" in told(head.get("/meja").text)
        plan = re.search(r'name="rencana" value="([0-9a-f]{64})"',
                         head.get(f"{page}/rencana").text)  # fmt: skip
        assert plan is not None
        head.send(f"{page}/setujui", {"rencana": plan[1], "pilihan": "semua"}, page=page)
        head.settled(page)
        head.send(f"{page}/jalan", {"sampai": "verified"}, page=page)
        head.settled(page)
        done = head.get(f"{page}/hasil").text
        assert "Perlu tindakan" not in told(done)
        ids = set(re.findall("/meja/perjanjian/([0-9A-Z]{26})", done))
        judged = [_judged(head, one, tmp_path / "meja-pks" / "uji" / "root.pem") for one in ids]
    assert [one.verdict for one in judged] == ["passed", "passed"]
    assert all(one.report.test_authority for one in judged)
    assert all("otoritas uji" in one.page("id").content.decode() for one in judged)
    names = {each.signer for one in judged for each in one.report.signatures}
    assert names >= {"Wira Rekaan", "Bulan Umpama"}


def _next_person(desk: Visitor, page: str, name: str) -> None:
    """Let the next person sit down, as the page of a batch says, and come back to its plan."""
    approval = f"{page}/rencana#setujui"
    back = {"kembali": approval.removeprefix("/meja")}
    asks = desk.send("/meja/orang/ganti", back, page=page).headers["location"]
    came = desk.send("/meja/orang", {**back, "nama": name}, page=asks)
    assert came.headers["location"] == approval


def _judged(head: Visitor, agreement: str, root: Path) -> VerifyResult:
    facts = head.get(f"/perjanjian/{agreement}").json()
    final, issued = (
        NamedFile(f"{name}.pdf", head.get(f"/berkas/{facts[name]}/isi").content)
        for name in ("terkini", "terbit")
    )
    receipt = NamedFile("resi.json", head.get(f"/berkas/{facts['resi']}/isi").content)
    return verify(VerifyRequest(pdf=final, issued=issued, receipt=receipt, trust=[root]))


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
    desk: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = re.search(r":(\d+)/", desk.address)
    assert taken is not None
    run = served(tmp_path, monkeypatch, "--port", taken[1])
    assert run.exit_code == 2
    assert "sudah dipakai" in run.stderr
