"""The whole road of one agreement over HTTP, as a portal's backend goes it; both back ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pks_kit import resources
from pks_kit.pipelines.requests.clock import system_clock
from support.branch import facility
from support.ledger_places import Place
from support.portal_server import CABANG, Caller, PortalServer, running_portal, write_portal
from support.sample_years import moved, year_of

pytestmark = pytest.mark.slow
DATA = facility(1).model_dump(mode="json")
KODE = DATA["faskes"]["kode"]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    settings = write_portal(tmp_path_factory.mktemp("portal"))
    with running_portal(settings) as server:
        yield server


@pytest.fixture(scope="module")
def branch(portal: PortalServer) -> Caller:
    return portal.client(f"cabang:{CABANG}", name="Agus Contoh")


@pytest.fixture(scope="module")
def issued(branch: Caller) -> dict[str, Any]:
    job = branch.done(branch.post("/perjanjian", {"data": DATA, "format": ["docx"]}))
    found: dict[str, Any] = branch.get(f"/perjanjian/{job['perjanjian']}").json()
    return found


def test_what_is_wrong_is_told_with_pointers_before_anything_begins(branch: Caller) -> None:
    wrong = {**DATA, "jangka_waktu": {**DATA["jangka_waktu"], "tanggal_selesai": "2026-13-01"}}
    told = branch.post("/perjanjian", {"data": wrong})
    assert told.status_code == 422
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert problem["type"] == "urn:pks-kit:masalah:input.problems"
    assert problem["errors"][0]["pointer"] == "/jangka_waktu/tanggal_selesai"
    text = yaml.safe_dump(wrong, allow_unicode=True, sort_keys=False)
    file = branch.upload("salah.yml", text.encode())
    lines = branch.post("/periksa", {"berkas": file["id"]}).json()["errors"]
    found = text.splitlines()[lines[0]["line"] - 1]
    assert "2026-13-01" in found
    late = {
        **DATA,
        "jangka_waktu": {"tanggal_mulai": "2027-01-01", "tanggal_selesai": "2026-12-31"},
    }
    blocked = branch.post("/perjanjian", {"data": late}).json()
    assert blocked["code"] == "draft.blocked"
    assert any(one["level"] == "blocking" and one["pointer"] for one in blocked["errors"])


def test_findings_advise_what_can_be_done_without_a_command_line(branch: Caller) -> None:
    sample = resources.samples_root() / "klinik-pratama-rawat-inap.yml"
    text = moved(sample.read_text(encoding="utf-8"), 2027 - year_of(sample.read_text("utf-8")))
    asked = {"berkas": branch.upload("tua.yml", text.encode())["id"]}
    checked = branch.post("/periksa", asked)
    findings = checked.json()["findings"]
    old = next(one for one in findings if one["code"] == "text.older_than_term")
    assert old["hint"]["en"].startswith("Ask the regional office")
    assert all(old["hint"].values())
    job = branch.done(branch.post("/perjanjian", asked))
    assert "text.older_than_term" in json.dumps(job)
    for told in (checked.text, branch.post("/pratinjau", asked).text, json.dumps(job)):
        assert "pks-kit law" not in told


def test_an_agreement_goes_from_data_to_a_verdict(
    portal: PortalServer, branch: Caller, issued: dict[str, Any]
) -> None:
    where = f"/perjanjian/{issued['id']}"
    roles = {
        one["nama"].rsplit(".", 1)[-1] for one in branch.get(f"{where}/berkas").json()["daftar"]
    }
    assert roles == {"pdf", "docx", "json", "yml"}
    assert issued["tahap"] is None
    first = branch.done(branch.post(f"{where}/sesi", {"pihak": ["pihak_kesatu"]}))
    assert [one["step"] for one in first["hasil"]["done"]] == ["p1_tanda_tangan", "p1_meterai"]

    clinic = portal.client(f"faskes:{KODE}", name="klinik")
    refused = clinic.post(f"{where}/sesi", {"pihak": ["pihak_kesatu"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "web.other_party")
    signed = clinic.done(clinic.post(f"{where}/tanda-tangan", {"pihak": ["pihak_kedua"]}))
    assert [one["step"] for one in signed["hasil"]["done"]] == ["p2_tanda_tangan"]
    stamped = clinic.done(clinic.post(f"{where}/meterai", {"pihak": ["pihak_kedua"]}))
    assert [one["step"] for one in stamped["hasil"]["done"]] == ["p2_meterai"]
    ended = branch.done(branch.post(f"{where}/sesi", {"pihak": ["pihak_kesatu"]}))
    assert ended["hasil"]["archived"] is True

    now = clinic.get(where).json()
    content = clinic.get(f"/berkas/{now['terkini']}/isi")
    assert content.headers["content-disposition"].startswith("attachment")
    back = clinic.upload("kembali.pdf", content.content)
    judged = clinic.done(
        clinic.post("/verifikasi", {"berkas": back["id"], "perjanjian": issued["id"]})
    )
    assert judged["hasil"]["verdict"] == "passed"
    assert {one["peran"] for one in judged["berkas"]} == {"laporan_id", "laporan_en"}
    # what the clinic handed in for an agreement is seen by whoever sees the agreement
    assert branch.get(f"/berkas/{back['id']}").json()["perjanjian"] == issued["id"]
    proof = branch.done(branch.post(f"{where}/bukti", {}))
    assert proof["berkas"][0]["nama"].endswith(".zip")

    book = branch.get(f"{where}/buku").json()["agreements"][0]
    assert book["state"] == "DIARSIPKAN"
    first = branch.get(f"{where}/peristiwa", params={"batas": 2}).json()
    numbers = [one["nomor"] for one in first["daftar"]]
    assert len(numbers) == 2
    assert numbers == sorted(numbers, reverse=True)
    after = {"setelah": first["berikutnya"], "batas": 200}
    rest = branch.get(f"{where}/peristiwa", params=after).json()
    assert rest["berikutnya"] is None
    assert len(rest["daftar"]) + 2 == book["events"]
    assert rest["daftar"][0]["nomor"] < numbers[-1]
    assert rest["daftar"][-1]["peristiwa"]["id"]
    assert branch.get("/perjanjian", params={"tahap": "DIARSIPKAN"}).json()["daftar"][0]["id"]
    assert branch.get("/ringkasan").json()["tahap"]["DIARSIPKAN"] == 1


def test_pages_are_pictures_with_their_words(branch: Caller, issued: dict[str, Any]) -> None:
    picture = branch.get(f"/berkas/{issued['terbit']}/halaman/1.jpg")
    assert picture.content.startswith(b"\xff\xd8\xff")
    again = branch.get(
        f"/berkas/{issued['terbit']}/halaman/1.jpg",
        headers={"If-None-Match": picture.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    words = branch.get(f"/berkas/{issued['terbit']}/halaman/1/teks").json()
    assert words["pages"] == issued["halaman"]
    assert words["text"].startswith("PERJANJIAN KERJA SAMA")
    assert DATA["pihak_kesatu"]["nomor_pks"] in words["text"]
    beyond = branch.get(f"/berkas/{issued['terbit']}/halaman/9999.jpg")
    assert (beyond.status_code, beyond.json()["code"]) == (404, "web.no_page")


def test_the_same_key_is_the_same_agreement(branch: Caller) -> None:
    first = branch.post("/perjanjian", {"data": DATA}, key="kunci-yang-sama")
    second = branch.post("/perjanjian", {"data": DATA}, key="kunci-yang-sama")
    assert second.headers["idempotent-replayed"] == "true"
    assert (second.status_code, second.json()) == (202, first.json())
    other = branch.post("/perjanjian", {"data": DATA, "format": ["text"]}, key="kunci-yang-sama")
    assert (other.status_code, other.json()["code"]) == (409, "web.key_reused")
    branch.done(first)
    named = branch.get("/perjanjian", params={"cari": DATA["pihak_kedua"]["nama_faskes"]}).json()
    assert len(named["daftar"]) == 1  # the same data, the same agreement
    missing = branch.http.post("/perjanjian", json={"data": DATA})
    assert missing.status_code in (400, 422)


def test_letters_cover_and_the_next_term(branch: Caller, issued: dict[str, Any]) -> None:
    where = f"/perjanjian/{issued['id']}"
    late = branch.post(f"{where}/pengantar", {"batas_waktu": "2999-01-04"})
    assert (late.status_code, late.json()["code"]) == (400, "cover.deadline_after_term")
    year = system_clock().year + 1
    sample = resources.samples_root() / "klinik-pratama-rawat-inap.yml"
    text = moved(sample.read_text(encoding="utf-8"), year - year_of(sample.read_text("utf-8")))
    file = branch.upload("mendatang.yml", text.encode())
    job = branch.done(branch.post("/perjanjian", {"berkas": file["id"]}))
    coming = f"/perjanjian/{job['perjanjian']}/pengantar"
    over = branch.post(coming, {"batas_waktu": "2020-01-01"})
    assert (over.status_code, over.json()["code"]) == (422, "value.deadline_over")
    covered = branch.done(branch.post(coming, {"batas_waktu": f"{year}-01-29"}))
    assert covered["berkas"][0]["media"] == "application/pdf"
    kinds = branch.get("/surat").json()["letters"]
    assert len(kinds) > 3
    renewed = branch.done(
        branch.post(f"{where}/perpanjangan", {"mulai": "2028-01-01", "selesai": "2028-12-31"})
    )
    assert renewed["berkas"][0]["nama"].endswith(".yml")
    ends = branch.get("/perpanjangan", params={"jendela": "36m"}).json()
    assert any(one["facility_code"] == KODE for one in ends["renewals"])


def test_nobody_else_learns_that_it_exists(portal: PortalServer, issued: dict[str, Any]) -> None:
    strangers = [
        portal.client("faskes:0000X000"),
        portal.client("cabang:0902"),
        portal.client("kedeputian:99"),
    ]
    for other in strangers:
        assert other.get("/perjanjian").json()["daftar"] == []
        for path in (
            "/perjanjian/{}",
            "/perjanjian/{}/berkas",
            "/perjanjian/{}/buku",
            "/perjanjian/{}/peristiwa",
        ):
            there = other.get(path.format(issued["id"]))
            nowhere = other.get(path.format("0" * 26))
            assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
            assert there.status_code == 404


def test_a_workbook_becomes_a_batch(portal: PortalServer, branch: Caller) -> None:
    book = (portal.log.parent / "faskes.xlsx").read_bytes()
    file = branch.upload("faskes.xlsx", book)
    plan = branch.done(
        branch.post("/batch", {"nama": "Desember", "sumber": [file["id"]], "contoh": 0})
    )
    batch_id = plan["hasil"]["folder"]
    approve = {"rencana": plan["hasil"]["plan"]}
    own = branch.post(f"/batch/{batch_id}/persetujuan", approve)
    assert own.json()["code"] == "batch.same_person"
    stranger = portal.client("kedeputian:99", name="Dewi Lestari")
    assert stranger.post(f"/batch/{batch_id}/persetujuan", approve).status_code == 404
    head = portal.client("kedeputian:04", name="Rini Widuri")
    wrong = head.ended(head.post(f"/batch/{batch_id}/persetujuan", {"rencana": "0" * 64}))
    assert wrong["masalah"]["code"] == "web.other_plan"
    head.done(head.post(f"/batch/{batch_id}/persetujuan", approve))
    ran = branch.done(branch.post(f"/batch/{batch_id}/jalan", {"sampai": "drafted"}))
    assert ran["hasil"]["status"]["states"] == {"done": 1}
    state = branch.get(f"/batch/{batch_id}/keadaan").json()
    assert state["states"] == {"done": 1}
    report = branch.done(branch.post(f"/batch/{batch_id}/laporan", {}))
    assert {one["peran"] for one in report["berkas"]} == {"halaman", "buku_kerja"}


def test_a_batch_of_another_branch_is_refused(portal: PortalServer) -> None:
    other = portal.client("cabang:0902", name="lain")
    file = other.upload("faskes.xlsx", (portal.log.parent / "faskes.xlsx").read_bytes())
    job = other.ended(other.post("/batch", {"nama": "x", "sumber": [file["id"]], "contoh": 0}))
    assert (job["keadaan"], job["masalah"]["code"]) == ("gagal", "web.other_area")


def test_head_office_sees_who_saw(
    portal: PortalServer, branch: Caller, issued: dict[str, Any]
) -> None:
    facility = portal.client(f"faskes:{KODE}", name="klinik")
    assert facility.get(f"/perjanjian/{issued['id']}").status_code == 200
    stranger = portal.client("cabang:0902", name="lain")
    assert stranger.get(f"/perjanjian/{issued['id']}").status_code == 404
    office = portal.client("pusat", name="pusat")
    seen = office.get("/akses", params={"sasaran": issued["id"]}).json()["daftar"]
    assert {"Agus Contoh", "klinik"} <= {one["subjek"] for one in seen}
    assert any(one["status"] == 404 for one in seen)  # those who looked in vain too
    if not office.get("/buku").json()["agreements"]:  # no other test here signed anything
        branch.done(branch.post(f"/perjanjian/{issued['id']}/sesi", {"pihak": ["pihak_kesatu"]}))
    assert office.get("/buku").json()["agreements"]
    chain = office.done(office.post("/buku/pemeriksaan", {}))
    assert chain["hasil"]["intact"] is True
    figures = office.get("/metrik").text
    assert 'pks_jobs_ended_total{kind="perjanjian",state="selesai"}' in figures


@pytest.mark.sampled(of="hard days")
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)  # the others: beside a file
def test_a_server_beside_a_ledger_on_a_server(tmp_path: Path, place: Place) -> None:
    assert place.password is not None
    settings = write_portal(tmp_path)
    text = settings.read_text().replace(
        "buku: buku.sqlite", f'buku: "{place.address}"\nkata_sandi_buku: "env:SANDI"'
    )
    settings.write_text(text)
    with running_portal(settings, secrets={"SANDI": place.password.reveal()}) as server:
        caller = server.client("pusat")
        job = caller.done(caller.post("/perjanjian", {"data": DATA}))
        where = f"/perjanjian/{job['perjanjian']}"
        caller.done(caller.post(f"{where}/sesi", {"pihak": ["pihak_kesatu"]}))
        assert caller.get(where).json()["tahap"] == "DITANDATANGANI_BPJS"
    assert place.tamper("select count(*) from pks_portal.pks_portal_perjanjian") == [(1,)]


@pytest.mark.parametrize(
    ("path", "body", "code", "kind"),
    [
        (
            "/isian",
            b'{"isi": {"faskes": {"kode": "\\ud800"}}}',
            "web.bad_request",
            "lone_surrogate",
        ),
        ("/periksa", b"{}", "web.bad_request", "data_or_berkas"),
        ("/periksa", b"[" * 100_000, "web.bad_json", ""),
        ("/periksa", b'{"data": {"a": "\xff"}}', "web.bad_json", ""),
        ("/batch", b'{"nama": "a\\u0000b", "sumber": []}', "web.bad_request", "pattern"),
    ],
)
def test_a_body_that_nothing_can_hold_is_refused_and_named(
    branch: Caller, path: str, body: bytes, code: str, kind: str
) -> None:
    told = branch.post(path, headers={"Content-Type": "application/json"}, content=body)
    assert told.status_code in (400, 422)
    assert (told.json()["code"], kind in told.text) == (code, True)


def test_a_file_sent_as_a_form_is_refused_and_no_part_of_it_kept(branch: Caller) -> None:
    told = branch.post("/berkas?nama=a.pdf", files={"file": b"%PDF-1.7"})
    assert (told.status_code, told.json()["code"]) == (415, "web.multipart")
    assert "--data-binary" in told.json()["hint"]["en"]


def test_a_key_that_stands_twice_is_none(branch: Caller) -> None:
    keys = [("Idempotency-Key", f"kunci-ganda-{number}") for number in (1, 2)]
    told = branch.http.post("/berkas?nama=a.pdf", headers=keys, content=b"x")
    assert (told.status_code, told.json()["code"]) == (400, "web.key_missing")


def test_a_name_that_turns_its_letters_round_is_saved_as_it_is_seen(branch: Caller) -> None:
    file = branch.upload("surat\u202efdp.exe", b"x")
    saved = branch.get(f"/berkas/{file['id']}/isi").headers["content-disposition"]
    assert "%E2%80%AE" not in saved
    assert "U%2B202E" in saved
