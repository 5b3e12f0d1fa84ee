"""Pages over HTTP: who sees what, what guards them, and that nothing typed is lost."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pks_kit.domain.sebutan import nama_faskes
from pks_kit.inputs.workbook import parse_book
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web import Portal, create_app
from pks_kit.web.pages.agreement_acts import POINTS
from pks_kit.web.pages.groups import pages
from pks_kit.web.pages.static_files import static_name
from pks_kit.web.scope import Area
from pks_kit.web.state import agreements
from support.branch import facility
from support.desk_visitor import Visitor
from support.portal_server import CABANG, PATIENCE, in_thread, write_portal
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
ROLES = {"faskes": "faskes:9917U051", "cabang": f"cabang:{CABANG}", "kedeputian": "kedeputian:04",
         "pusat": "pusat"}  # fmt: skip
ALL, STAFF = {*ROLES}, {"cabang", "pusat"}
APPROVES = {"cabang", "kedeputian", "pusat"}
SIGNS, EVERYBODY = {"faskes", "cabang", "pusat"}, {"nobody", *ALL}
MAY = {
    ("GET", "/meja"): ALL,
    ("GET", "/meja/faskes"): ALL,
    ("GET", "/meja/perjanjian/{id}"): ALL,
    ("GET", "/meja/perjanjian/{id}/lembar"): ALL,
    ("GET", "/meja/perjanjian/{id}/perubahan"): ALL,
    ("GET", "/meja/perjanjian/{id}/tanda-tangan"): SIGNS,
    ("POST", "/meja/perjanjian/{id}/tanda-tangan"): SIGNS,
    ("POST", "/meja/perjanjian/{id}/arsip"): STAFF,
    ("POST", "/meja/perjanjian/{id}/bukti"): STAFF,
    ("POST", "/meja/perjanjian/{id}/pengantar"): STAFF,
    ("POST", "/meja/perjanjian/{id}/perpanjangan"): STAFF,
    ("GET", "/meja/perjanjian/{id}/setuju"): SIGNS,
    ("POST", "/meja/perjanjian/{id}/setuju"): SIGNS,
    ("GET", "/meja/berkas/{id}/halaman/{halaman}.jpg"): ALL,
    ("GET", "/meja/pratinjau/{id}"): ALL,
    ("GET", "/meja/isian"): SIGNS,
    ("GET", "/meja/isian/baru"): SIGNS,
    ("POST", "/meja/isian"): SIGNS,
    ("GET", "/meja/isian/{id}"): SIGNS,
    ("POST", "/meja/isian/{id}/pratinjau"): ALL,
    ("POST", "/meja/isian/{id}/terbitkan"): STAFF,
    ("POST", "/meja/isian/{id}/buang"): SIGNS,
    ("GET", "/meja/isian/{id}/{bagian}"): SIGNS,
    ("POST", "/meja/isian/{id}/{bagian}"): SIGNS,
    ("POST", "/meja/isian/{id}/{bagian}/periksa"): SIGNS,
    ("GET", "/meja/unggah"): ALL,
    ("POST", "/meja/unggah"): ALL,
    ("GET", "/meja/putusan/{id}"): ALL,
    ("POST", "/meja/putusan/{id}/teruskan"): SIGNS,
    ("GET", "/meja/tumpukan"): SIGNS,
    ("GET", "/meja/tumpukan/setuju"): SIGNS,
    ("POST", "/meja/tumpukan/setuju"): SIGNS,
    ("GET", "/meja/tumpukan/hasil/{id}"): SIGNS,
    ("GET", "/meja/tumpukan/{id}/halaman/{nomor}"): SIGNS,
    ("GET", "/meja/perjanjian/{id}/kertas"): STAFF,
    ("POST", "/meja/perjanjian/{id}/kertas"): STAFF,
    ("GET", "/meja/tinjauan/{id}"): STAFF,
    ("POST", "/meja/tinjauan/{id}"): STAFF,
    ("GET", "/meja/tinjauan/{id}/putusan"): STAFF,
    ("GET", "/meja/tinjauan/{id}/gambar/{gambar}.jpg"): STAFF,
    ("GET", "/meja/buku-kerja/{isi}.xlsx"): ALL,
    ("GET", "/meja/batch"): ALL,
    ("POST", "/meja/batch"): STAFF,
    ("GET", "/meja/batch/{id}"): ALL,
    ("POST", "/meja/batch/{id}/jalan"): STAFF,
    ("POST", "/meja/batch/{id}/tarik"): STAFF,
    ("POST", "/meja/batch/{id}/buang"): STAFF,
    ("POST", "/meja/batch/{id}/surat"): STAFF,
    ("POST", "/meja/batch/{id}/jeda"): STAFF,
    ("POST", "/meja/batch/{id}/ulangi"): STAFF,
    ("POST", "/meja/batch/{id}/batalkan"): STAFF,
    ("GET", "/meja/batch/{id}/rencana"): ALL,
    ("GET", "/meja/batch/{id}/baris"): ALL,
    ("GET", "/meja/batch/{id}/contoh/{baris}"): ALL,
    ("GET", "/meja/batch/{id}/contoh/{baris}/{halaman}.jpg"): ALL,
    ("POST", "/meja/batch/{id}/setujui"): APPROVES,
    ("GET", "/meja/batch/{id}/hasil"): ALL,
    ("GET", "/meja/batch/{id}/unduh/{isi}.zip"): ALL,
    ("POST", "/meja/batch/{id}/laporan"): ALL,
    ("GET", "/meja/batch/{id}/kembali"): ALL,
    ("POST", "/meja/batch/{id}/kembali"): STAFF,
    ("POST", "/meja/batch/{id}/kembali/sisihkan"): STAFF,
    ("POST", "/meja/batch/{id}/pengingat"): STAFF,
    ("GET", "/meja/batch/{id}/surat/{nomor}.txt"): ALL,
    ("GET", "/meja/surat"): STAFF,
    ("GET", "/meja/perjanjian/{id}/surat"): STAFF,
    ("GET", "/meja/perjanjian/{id}/surat/{jenis}"): STAFF,
    ("POST", "/meja/perjanjian/{id}/surat/{jenis}"): STAFF,
    ("POST", "/meja/perjanjian/{id}/surat/{jenis}/baris"): STAFF,
    ("GET", "/meja/kalender"): ALL,
    ("GET", "/meja/kalender/{bulan}"): ALL,
    ("GET", "/meja/ringkasan"): ALL,
    ("GET", "/meja/pekerjaan"): ALL,
    ("GET", "/meja/pekerjaan/{id}"): ALL,
    ("POST", "/meja/pekerjaan/{id}/batal"): ALL,
    ("GET", "/meja/orang"): EVERYBODY,  # there is none where a proxy tells who comes
    ("POST", "/meja/orang"): EVERYBODY,
    ("POST", "/meja/orang/ganti"): EVERYBODY,
    ("GET", "/meja/statis/{nama}"): EVERYBODY,
    ("POST", "/meja/bahasa"): EVERYBODY,
    ("GET", "/meja/{lain:path}"): EVERYBODY,
}
_KEYS = itertools.count()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    settings = write_portal(tmp_path_factory.mktemp("pages"), proses=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        return Portal.from_settings(settings, warms=False)


@pytest.fixture(scope="module")
def address(portal: Portal) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        with in_thread(create_app(portal)) as found:
            yield str(found.base_url)


@pytest.fixture
def coming(address: str) -> Iterator[Callable[..., Visitor]]:
    """Return what lets somebody come; all leave at the end."""
    with ExitStack() as stack:

        def come(scope: str, name: str = "") -> Visitor:
            visitor = Visitor(address, scope, name)
            stack.enter_context(visitor.http)
            return visitor

        yield come


@pytest.fixture
def officer(coming: Callable[..., Visitor]) -> Visitor:
    return coming(ROLES["cabang"])


def begun(visitor: Visitor) -> str:
    answer = visitor.send(
        "/meja/isian", {"jenis": "tpmd", "cara": "elektronik"}, page="/meja/isian/baru"
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def fill(portal: Portal, count: int, area: Area, name: str) -> None:
    facts = {
        "jenis": "tpmd",
        "cara_kontrak": "elektronik",
        "mulai": "2027-01-01",
        "selesai": "2027-12-31",
        "halaman": 1,
        "nomor_kedua": "2",
        **dict.fromkeys(("terbit", "resi", "data"), "0" * 26),
    }
    with portal.state.write() as connection:
        for number in range(count):
            agreements.put(
                connection,
                f"{area.cabang}{number:022d}",
                area,
                facts
                | {
                    "nama": f"{name} {number:03d}",
                    "nomor_kesatu": f"K{number}",
                    "nomor_kedua": "2",
                },
                system_clock(),
            )


def test_no_page_is_without_its_roles() -> None:
    assert {(one.method, one.path) for one in pages()} == set(MAY)


def test_a_batch_begins_with_a_workbook_of_the_page(officer: Visitor) -> None:
    page = officer.get("/meja/batch").text
    for name, words, facilities in (
        ("kosong", "Unduh buku kerja kosong", False),
        ("contoh", "Unduh contoh terisi", True),
    ):
        assert f'href="/meja/buku-kerja/{name}.xlsx" download>{words}' in page
        given = officer.get(f"/meja/buku-kerja/{name}.xlsx")
        assert f"buku-kerja-{name}.xlsx" in given.headers["content-disposition"]
        found = parse_book(given.content, f"{name}.xlsx").facilities
        assert bool(found) is facilities
        api = officer.get(f"/buku-kerja?contoh={str(facilities).lower()}")
        assert api.content == given.content
    assert officer.get("/meja/buku-kerja/lain.xlsx").status_code == 404


@pytest.mark.parametrize(("method", "path"), MAY, ids=str)
def test_who_may_see_a_page(coming: Callable[..., Visitor], method: str, path: str) -> None:
    where = path.replace("{id}", "0" * 26).replace("{halaman}", "1").replace("{bagian}", "faskes")
    where = (
        where.replace("{nama}", "x")
        .replace("{jenis}", "teguran")
        .replace("{lain:path}", "tidak/ada")
        .replace("{isi}", "semua")
    )
    for role in ("nobody", *ROLES):
        visitor = coming(ROLES.get(role, ""))
        hidden = visitor.hidden("/meja/xx") | {"kunci": f"kunci-halaman-{next(_KEYS)}"}
        answer = visitor.http.request(method, where, data=hidden if method == "POST" else None)
        if role in MAY[method, path]:
            assert answer.status_code not in (401, 403), (role, answer.text)
            assert answer.status_code < 500, (role, answer.text)
        else:
            assert answer.status_code == (401 if role == "nobody" else 403), (role, answer.text)
            assert answer.headers["content-type"].startswith("text/html")
            assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/meja",
        "/meja/faskes",
        "/meja/isian/baru",
        "/meja/unggah",
        "/meja/xx",
        "/meja/pekerjaan",
        "/meja/batch",
        "/meja/tumpukan",
        "/meja/surat",
        "/meja/kalender",
        "/meja/ringkasan",
    ],
)
def test_every_page_is_under_the_strict_policy(officer: Visitor, path: str) -> None:
    answer = officer.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["cache-control"] == "private, no-store"
    for name in ("x-content-type-options", "x-frame-options", "referrer-policy"):
        assert answer.headers[name]
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert all("src=" in one for one in re.findall("<script[^>]*>", answer.text))
    cookies = answer.headers.get_list("set-cookie")
    assert all("HttpOnly" in one and "SameSite=Strict" in one for one in cookies)


def test_files_of_browsers_are_kept_for_long(coming: Callable[..., Visitor]) -> None:
    answer = coming("").get(f"/meja/statis/{static_name('desk.css')}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    ("headers", "fields"),
    [({"Sec-Fetch-Site": "cross-site"}, {}), ({"Sec-Fetch-Site": "same-site"}, {}),
     ({}, {"tanda": "0" * 40}), ({}, {"tanda": ""})],
)  # fmt: skip
def test_a_form_of_another_page_changes_nothing(
    officer: Visitor, headers: dict[str, str], fields: dict[str, str]
) -> None:
    before = officer.get("/meja/isian").text.count("/meja/isian/0")
    sent = {"jenis": "tpmd", "cara": "manual", **fields}
    answer = officer.send("/meja/isian", sent, page="/meja/isian/baru", headers=headers)
    assert answer.status_code == 403
    assert officer.get("/meja/isian").text.count("/meja/isian/0") == before


def test_the_token_of_one_person_is_none_for_another(
    coming: Callable[..., Visitor], officer: Visitor
) -> None:
    other = coming(ROLES["cabang"], name="orang lain")
    other.get("/meja")
    other.http.cookies = officer.http.cookies
    hidden = officer.hidden("/meja/isian/baru")
    assert other.http.post("/meja/isian", data=hidden).status_code == 403


def test_a_form_that_is_sent_twice_is_done_once(officer: Visitor) -> None:
    sent = officer.hidden("/meja/isian/baru") | {"jenis": "tpmd", "cara": "manual"}
    first, again = (officer.http.post("/meja/isian", data=sent) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    changed = officer.http.post("/meja/isian", data=sent | {"cara": "digital"})
    assert changed.status_code == 409
    assert "<h1>" in changed.text


def test_what_is_typed_survives_a_reload_and_is_checked_at_once(officer: Visitor) -> None:
    form = begun(officer)
    page = f"{form}/pihak_2"
    typed = {"pihak_kedua.nama_faskes": "dr. Rekaan", "pihak_kedua.email": "salah"}
    told = officer.send(f"{page}/periksa", typed, page=page, headers={"HX-Request": "true"})
    assert told.status_code == 200
    assert "<html" not in told.text
    assert 'id="f-pihak_kedua-email-salah" class="wrong" hx-swap-oob="true"><span' in told.text
    assert 'id="versi" value="2"' in told.text
    shown = officer.get(page).text
    assert 'name="pihak_kedua.email" value="salah"' in shown
    assert 'name="pihak_kedua.nama_faskes" value="dr. Rekaan"' in shown
    assert 'aria-invalid="true"' in shown


def test_a_term_that_ends_before_it_begins_is_told_while_all_else_is_empty(
    officer: Visitor,
) -> None:
    form = begun(officer)
    page = f"{form}/perjanjian"
    typed = {"jangka_waktu.tanggal_mulai": "1-1-2027", "jangka_waktu.tanggal_selesai": "31-12-2026"}
    live = officer.send(f"{page}/periksa", typed, page=page, headers={"HX-Request": "true"})
    assert "Tidak ada temuan" not in live.text
    assert 'href="#f-jangka_waktu-tanggal_selesai"' in live.text
    officer.send(page, {**typed, "aksi": "simpan"}, page=page)
    row = re.search(r'<li><div><a href="[^"]*/perjanjian".*?</li>', officer.get(form).text)
    assert row is not None
    assert "Lengkap" not in row[0]


def test_without_a_script_a_section_is_saved_and_leads_to_the_next(officer: Visitor) -> None:
    form = begun(officer)
    sent = {"faskes.kode": "9917U051", "aksi": "lanjut"}
    answer = officer.send(f"{form}/faskes", sent, page=f"{form}/faskes")
    assert answer.headers["location"] == f"{form}/rekening"
    assert 'value="9917U051"' in officer.get(f"{form}/faskes").text
    more = officer.send(f"{form}/tenaga", {"tenaga_kesehatan.0.nama": "dr. A",
                        "aksi": "tambah:tenaga_kesehatan"}, page=f"{form}/tenaga")  # fmt: skip
    shown = officer.get(more.headers["location"]).text
    assert 'name="tenaga_kesehatan.1.nama"' in shown
    gone = officer.send(
        f"{form}/tenaga", {"aksi": "hapus:tenaga_kesehatan:0"}, page=f"{form}/tenaga"
    )
    assert "dr. A" not in officer.get(gone.headers["location"]).text


def test_a_change_of_somebody_else_is_not_lost_and_neither_is_ones_own(officer: Visitor) -> None:
    form = begun(officer)
    page = f"{form}/pihak_2"
    old = officer.hidden(page)
    officer.send(page, {"pihak_kedua.up": "yang lain", "aksi": "simpan"}, page=page)
    answer = officer.http.post(page, data=old | {"pihak_kedua.up": "punya saya", "aksi": "simpan"})
    assert answer.status_code == 412
    assert 'value="punya saya"' in answer.text
    assert 'value="yang lain"' in officer.get(page).text
    live = officer.http.post(f"{page}/periksa", data=old, headers={"HX-Request": "true"})
    assert live.status_code == 412
    assert 'role="alert"' in live.text


def test_what_stands_in_the_way_of_an_issue_is_told_on_its_form(officer: Visitor) -> None:
    form = begun(officer)
    for act in ("pratinjau", "terbitkan"):
        answer = officer.send(f"{form}/{act}", {}, page=form)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert f'href="{form}/pihak_1"' in answer.text


def test_others_find_neither_form_nor_page_of_it(
    coming: Callable[..., Visitor], officer: Visitor
) -> None:
    form = begun(officer)
    stranger = coming("cabang:0902")
    for path in (form, f"{form}/faskes"):
        assert stranger.get(path).status_code == 404
    assert stranger.send(f"{form}/buang", {}).status_code == 404
    assert form not in stranger.get("/meja/isian").text
    assert officer.get(form).status_code == 200


def test_what_a_facility_fills_in_is_seen_by_the_branch_that_it_names(
    coming: Callable[..., Visitor], officer: Visitor
) -> None:
    theirs = coming(ROLES["faskes"])
    form = begun(theirs)
    assert officer.get(form).status_code == 404
    branch = facility(51).pihak_kesatu.kantor_cabang
    sent = {"pihak_kesatu.kantor_cabang": branch, "aksi": "simpan"}
    theirs.send(f"{form}/pihak_1", sent, page=f"{form}/pihak_1")
    assert officer.get(form).status_code == 200
    assert theirs.get(form).status_code == 200
    assert coming("cabang:0902").get(form).status_code == 404


def test_the_list_has_pages_of_fifty_a_search_and_an_order(
    portal: Portal, coming: Callable[..., Visitor], officer: Visitor
) -> None:
    fill(portal, 60, Area(faskes="9917U052", cabang=CABANG, kedeputian="04"), "Klinik Melati")
    fill(portal, 3, Area(faskes="9917U099", cabang="0902", kedeputian="04"), "Klinik Asing")
    first = officer.get("/meja").text
    assert first.count('<th scope="row">') == 50
    assert 'rel="next"' in first
    assert "Klinik Asing" not in first
    assert officer.get("/meja?halaman=2").text.count('<th scope="row">') == 10
    found = officer.get("/meja?cari=melati+007").text
    assert found.count('<th scope="row">') == 1
    falling = re.findall(r"Klinik Melati \d+", officer.get("/meja?urut=-nama").text)
    assert falling[0] == "Klinik Melati 059"
    assert falling == sorted(falling, reverse=True)
    nothing = officer.get("/meja?cari=tidak_ada%25").text
    assert 'class="empty"' in nothing
    assert officer.get("/meja?urut=isi;drop&halaman=x&tahap=LAIN").status_code == 200
    regional = coming("kedeputian:04").get("/meja?cari=Asing").text
    assert regional.count('<th scope="row">') == 3


def test_an_agreement_that_cannot_be_looked_up_hides_no_other(
    portal: Portal, coming: Callable[..., Visitor]
) -> None:
    fill(portal, 1, Area(faskes="9917U053", cabang="0903", kedeputian="04"), "Klinik Hilang")
    answer = coming("faskes:9917U053").get("/meja/faskes")
    assert answer.status_code == 200
    assert "Klinik Hilang 000" in answer.text
    assert "tidak dapat dilihat" in answer.text


def test_a_facility_has_its_own_first_page(coming: Callable[..., Visitor]) -> None:
    answer = coming(ROLES["faskes"]).get("/meja")
    assert (answer.status_code, answer.headers["location"]) == (303, "/meja/faskes")


def test_the_language_is_chosen_and_leads_back_here_alone(officer: Visitor) -> None:
    answer = officer.send("/meja/bahasa", {"bahasa": "en", "kembali": "/unggah"})
    assert answer.headers["location"] == "/meja/unggah"
    assert '<html lang="en">' in officer.get("/meja/unggah").text
    for away in ("//other.example", "https://other.example", "/\\other.example"):
        sent = officer.send("/meja/bahasa", {"bahasa": "id", "kembali": away})
        assert sent.headers["location"] == "/meja"


def test_errors_are_pages_in_both_languages(officer: Visitor) -> None:
    answer = officer.get("/meja/tidak/ada")
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text
    assert (
        officer.get("/meja/tidak/ada", **{"Accept-Language": "en"}).text.count("Page not found")
        == 2
    )


def test_too_large_a_form_is_refused_before_it_is_read(officer: Visitor) -> None:
    hidden = officer.hidden("/meja/isian/baru")
    at = {"Referer": f"{officer.http.base_url}/meja/isian/baru".replace("//meja", "/meja")}
    big = hidden | {"x": "y" * (5 << 20)}
    answer = officer.http.post("/meja/isian", data=big, headers=at)
    assert answer.status_code == 413
    assert 'class="button" href="/meja/isian/baru">Kembali ke isian' in answer.text


def test_an_upload_is_kept_checked_and_told(officer: Visitor) -> None:
    hidden = officer.hidden("/meja/unggah")
    assert "setiap berkas paling besar 50 MB, semuanya bersama paling besar 2.4 GB" in (
        officer.get("/meja/unggah").text
    )
    nothing = officer.http.post("/meja/unggah", data=hidden)
    assert nothing.status_code == 422
    files = [("berkas", ("..\\..\\a/b.pdf", b"%PDF-1.7 bukan", "application/pdf"))]
    answer = officer.http.post("/meja/unggah", data=officer.hidden("/meja/unggah"), files=files)
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"]
    ends = time.monotonic() + PATIENCE
    while (page := officer.get(where)).status_code == 200:
        assert time.monotonic() < ends, page.text
        time.sleep(0.1)
    told = officer.get(page.headers["location"])
    assert told.status_code == 200
    assert "Tidak lulus" in told.text
    assert "b.pdf" in told.text


def test_an_agreement_goes_from_form_to_signature_by_pages_alone(
    coming: Callable[..., Visitor], officer: Visitor, tmp_path: Path
) -> None:
    one = facility(51)
    made = officer.http.post(
        "/isian",
        json={"isi": one.model_dump(mode="json")},
        headers={"Idempotency-Key": "kunci-isian-1"},
    )
    form = f"/meja/isian/{made.json()['id']}"
    preview = officer.send(f"{form}/pratinjau", {}, page=form)
    assert preview.status_code == 303, preview.text
    sheets = officer.get(preview.headers["location"]).text
    picture = re.search(r'<img src="([^"]+)"', sheets)
    assert picture is not None
    jpeg = officer.get(picture[1])
    assert jpeg.content.startswith(b"\xff\xd8")
    assert officer.get(picture[1], **{"If-None-Match": jpeg.headers["etag"]}).status_code == 304
    job = officer.send(f"{form}/terbitkan", {}, page=form).headers["location"]
    page = _ended(officer, job)
    where = re.search(r'href="(/meja/perjanjian/[0-9A-Z]{26})"', page)
    assert where is not None
    shown = officer.get(where[1]).text
    assert nama_faskes(one) in shown
    assert not [nik for nik in _niks(one) if nik in shown]
    # what a job could not do is told on its page, with what to do: this consent comes too late
    consent = f"{where[1]}/setuju"
    clinic = coming("faskes:9917U051")
    assert officer.get(consent).status_code == 403
    some = clinic.send(consent, {"sarana_siap": "ya"}, page=consent)
    assert some.status_code == 422
    assert 'href="#f-bpjs_lebih_dahulu"' in some.text
    points = dict.fromkeys(POINTS, "ya") | {"nomor": "1/2026"}
    late = _ended(
        clinic, clinic.send(consent, points, page=consent).headers["location"], well=False
    )
    assert "sesudah perjanjian ditandatangani" in late
    sign = f"{where[1]}/tanda-tangan"
    asked = f"{sign}?pihak=pihak_kesatu"
    unread = officer.send(sign, {"pihak": "pihak_kesatu"}, page=asked)
    assert unread.status_code == 422
    sent = officer.send(sign, {"pihak": "pihak_kesatu", "dibaca": "ya"}, page=asked)
    _ended(officer, sent.headers["location"])
    assert "Bagas Rekaswara" in officer.get(where[1]).text
    assert officer.get(asked).text.count("Tidak ada yang dapat Anda tanda tangani") == 1
    fields = {"pihak": "pihak_kedua", "dibaca": "ya"}
    assert officer.send(sign, fields).status_code == 403  # without the key of a form
    keyed = fields | {"kunci": "kunci-pihak-lain"}
    other = officer.send(sign, keyed)
    assert other.status_code == 403
    assert "PIHAK KESATU" in other.text
    theirs = coming("faskes:9917U051")
    assert where[1] in theirs.get("/meja/faskes").text
    assert "pihak=pihak_kedua" in theirs.get("/meja/faskes").text


def _ended(visitor: Visitor, job: str, *, well: bool = True) -> str:
    ends = time.monotonic() + PATIENCE
    while "data-poll" in (text := visitor.get(job, **{"HX-Request": "true"}).text):
        assert time.monotonic() < ends, text
        time.sleep(0.1)
    assert ("notice-wrong" not in text) == well, text
    return text


def _niks(one: object) -> list[str]:
    return re.findall(r"[0-9]{16}", str(one))
