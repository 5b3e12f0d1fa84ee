"""What an officer does at the desk, in a real browser: by keyboard, by dropping, without a script.

``test_engines.py`` goes the main paths in three engines.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from playwright.sync_api import Route, expect

from support.branch import facility
from support.desk_browser import PATIENCE, Browsers, Desk, browsers
from support.portal_server import CABANG, Caller, PortalServer, running_portal, write_portal

pytestmark = pytest.mark.slow
DATA = facility(1).model_dump(mode="json")
ROLE = f"cabang:{CABANG}"
_DROP = """(field, file) => {
    const bytes = Uint8Array.from(atob(file.content), one => one.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], file.name, {type: "application/pdf"}));
    for (const name of ["dragenter", "dragover", "drop"]) {
        field.dispatchEvent(new DragEvent(name, {bubbles: true, dataTransfer: carried}));
    }
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    with running_portal(write_portal(tmp_path_factory.mktemp("meja"))) as found:
        yield found


@pytest.fixture(scope="module")
def branch(server: PortalServer) -> Caller:
    return server.client(ROLE, name="petugas")


@pytest.fixture(scope="module")
def issued(branch: Caller, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Issue an agreement and lay its file where a person would have it."""
    text = yaml.safe_dump(DATA, allow_unicode=True, sort_keys=False)
    data = branch.upload("data.yml", text.encode())
    one = branch.done(branch.post("/perjanjian", {"berkas": data["id"]}))["perjanjian"]
    facts: dict[str, Any] = branch.get(f"/perjanjian/{one}").json()
    file = tmp_path_factory.mktemp("unduhan") / "kembali.pdf"
    file.write_bytes(branch.get(f"/berkas/{facts['terbit']}/isi").content)
    return facts | {"file": file}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    with browsers(tmp_path_factory.mktemp("peramban")) as found:
        yield found


@pytest.fixture
def form(branch: Caller) -> str:
    """Return the address of a form with the data of a facility."""
    answer = branch.post("/isian", {"isi": DATA})
    assert answer.status_code == 201, answer.text
    return f"/meja/isian/{answer.json()['id']}"


@pytest.fixture
def desk(server: PortalServer, chromium: Browsers) -> Iterator[Desk]:
    with chromium.desk(server, ROLE) as found:
        yield found
        assert found.complaints == []


@pytest.fixture
def plain(server: PortalServer, chromium: Browsers) -> Iterator[Desk]:
    """Return a window in which no script runs."""
    with chromium.desk(server, ROLE, script=False) as found:
        yield found


def test_a_draft_is_looked_at_and_issued(desk: Desk, form: str) -> None:
    desk.open(form)
    desk.page.get_by_role("button", name="Pratinjau").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Pratinjau draf")
    picture = desk.page.locator("main img").first
    expect(picture).to_be_visible()
    desk.page.wait_for_function("() => document.querySelector('main img').naturalWidth > 300")
    assert picture.get_attribute("alt")
    expect(desk.page.locator("main")).to_contain_text("PERJANJIAN KERJA SAMA")
    desk.open(form)
    desk.page.get_by_role("button", name=re.compile("Terbitkan")).click()
    desk.page.wait_for_url(re.compile("/meja/pekerjaan/"), timeout=PATIENCE)
    desk.page.locator("main a[href*='/meja/perjanjian/']").first.click(timeout=PATIENCE)
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Klinik Pratama Contoh 1")


def judged(desk: Desk) -> None:
    """Wait for the verdict about the issued file, which nobody has signed yet."""
    desk.page.wait_for_url(re.compile("/meja/putusan/"), timeout=PATIENCE)
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("kembali.pdf")
    expect(desk.page.locator("main")).to_contain_text("tempat tanda tangan PIHAK KESATU")
    expect(desk.page.locator("main")).not_to_contain_text("--issued")


def test_a_file_is_dropped_and_judged(desk: Desk, issued: dict[str, Any]) -> None:
    desk.open(f"/meja/unggah?perjanjian={issued['id']}")
    content = base64.b64encode(issued["file"].read_bytes()).decode()
    field = desk.page.locator(".drop").first
    field.evaluate(_DROP, {"name": "kembali.pdf", "content": content})
    expect(desk.page.locator(".drop")).to_contain_text("kembali.pdf")
    desk.page.get_by_role("button", name="Unggah dan periksa").click()
    judged(desk)


def test_whoever_types_on_while_the_first_answer_is_awaited_loses_nothing(
    desk: Desk, form: str
) -> None:
    held: list[Route] = []
    answers: list[int] = []

    def hold_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    desk.page.route("**/periksa", hold_first)
    desk.page.on("response", lambda one: one.url.endswith("periksa") and answers.append(one.status))
    desk.open(f"{form}/perjanjian")
    typed = {"Tanggal mulai": "2 Januari 2024", "Tanggal selesai": "30 Desember 2024"}
    for label, day in typed.items():
        desk.page.get_by_label(label).first.fill(day)
        desk.page.get_by_label(label).first.press("Tab")
        desk.page.wait_for_timeout(200)  # longer than typing is waited for
    held[0].continue_()
    for _ in range(100):
        if len(answers) == len(typed):
            break
        desk.page.wait_for_timeout(100)
    assert answers == [200, 200]
    expect(desk.page.locator("main")).not_to_contain_text("diubah orang lain")
    desk.open(f"{form}/perjanjian")
    for label, day in typed.items():
        expect(desk.page.get_by_label(label).first).to_have_value(day)


def test_a_draft_is_issued_without_a_script(plain: Desk, form: str) -> None:
    for day, wrong in (("32 Desember 2024", 1), ("31 Desember 2024", 0)):
        plain.open(f"{form}/perjanjian")
        plain.page.get_by_label("Tanggal selesai").first.fill(day)
        plain.page.get_by_role("button", name="Simpan", exact=True).click()
        plain.open(f"{form}/perjanjian")
        expect(plain.page.get_by_label("Tanggal selesai").first).to_have_value(day)
        expect(plain.page.locator(".field-wrong")).to_have_count(wrong)
    plain.open(form)
    plain.page.get_by_role("button", name="Terbitkan").click()
    for _ in range(120):
        if plain.page.locator("main a[href*='/meja/perjanjian/']").count():
            break
        plain.page.wait_for_timeout(500)
        plain.page.reload()
    plain.page.locator("main a[href*='/meja/perjanjian/']").first.click()
    expect(plain.page.get_by_role("heading", level=1)).to_contain_text("Klinik Pratama Contoh 1")


def test_an_agreement_is_found_by_keyboard_alone(desk: Desk, issued: dict[str, Any]) -> None:
    desk.open("/meja")
    desk.page.keyboard.press("Tab")
    expect(desk.page.locator(":focus")).to_have_attribute("href", "#isi")
    desk.page.keyboard.press("Enter")
    for _ in range(20):
        desk.page.keyboard.press("Tab")
        if desk.page.locator(":focus").evaluate("one => one.matches('input:not([type=hidden])')"):
            break
    desk.page.keyboard.type(issued["nomor_kesatu"])
    desk.page.keyboard.press("Enter")
    link = desk.page.get_by_role("link", name="Klinik Pratama Contoh 1").first
    expect(link).to_be_visible()
    for _ in range(40):
        desk.page.keyboard.press("Tab")
        if desk.page.locator(":focus").inner_text() == "Klinik Pratama Contoh 1":
            break
    outline = desk.page.locator(":focus").evaluate("one => getComputedStyle(one).outlineStyle")
    shadow = desk.page.locator(":focus").evaluate("one => getComputedStyle(one).boxShadow")
    assert outline != "none" or shadow != "none"
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Klinik Pratama Contoh 1")


def test_what_is_downloaded_is_what_was_issued(desk: Desk, issued: dict[str, Any]) -> None:
    desk.open(f"/meja/perjanjian/{issued['id']}")
    link = desk.page.get_by_role("link", name=re.compile("PDF")).first
    # the names that a proxy would add are not sent with downloads of the window itself
    answer = desk.page.context.request.get(f"{desk.origin}{link.get_attribute('href')}")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.body() == issued["file"].read_bytes()
