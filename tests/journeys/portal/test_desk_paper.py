"""Doubtful places of paper on the desk: read once, decided one by one, then the verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.ledger import kinds
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web import Portal, create_app
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import agreements, files, jobs
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.ids import new_id
from pks_kit.web.store import spool_bytes
from support import paper_samples
from support.batch_jobs import put_batch, put_ended
from support.desk_visitor import Visitor, told
from support.ledger_events import facts
from support.portal_server import CABANG, KEDEPUTIAN, in_thread, write_portal
from support.scanned_stack import scan
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
BRANCH = f"cabang:{CABANG}"
MINE = Area(faskes="9917U051", cabang=CABANG, kedeputian=KEDEPUTIAN)


@dataclass
class World:
    """A branch with an agreement on paper."""

    address: str
    agreement: str
    stack: ExitStack
    portal: Portal

    def come(self, name: str, scope: str = BRANCH) -> Visitor:
        visitor = Visitor(self.address, scope, name)
        self.stack.enter_context(visitor.http)
        return visitor


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = write_portal(tmp_path_factory.mktemp("kertas"), proses=1)
    with pytest.MonkeyPatch.context() as patched, ExitStack() as stack:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = Portal.from_settings(settings, warms=False)
        client = stack.enter_context(in_thread(create_app(portal)))
        yield World(str(client.base_url), issued_on_paper(portal), stack, portal)


def issued_on_paper(portal: Portal) -> str:
    """Put an agreement that was issued for paper into the state, and return its id."""
    issue, now = paper_samples.issue(), system_clock()
    agreement = issue.receipt.agreement_id
    contents = {"terbit": ("terbit.pdf", issue.pdf), "resi": ("terbit.receipt.json", receipt())}
    ids = {}
    with portal.state.write() as connection:
        for role, (name, content) in contents.items():
            spooled = spool_bytes(portal.folder, content)
            ids[role] = new_id(now)
            portal.blobs.take(ids[role], spooled.path)
            files.add(
                connection,
                StoredFile(
                    id=ids[role], area=MINE, perjanjian=agreement, asal="hasil", nama=name,
                    media="application/pdf", sha256=spooled.sha256, ukuran=spooled.size, oleh="a",
                    dibuat=now, buang=None,
                ),
            )  # fmt: skip
        facts = {
            "nama": "Laboratorium Rekaan", "nomor_kesatu": "1", "nomor_kedua": "2",
            "jenis": "tpmd", "cara_kontrak": "manual", "mulai": "2027-01-01",
            "selesai": "2027-12-31", "halaman": issue.receipt.pages, **ids, "data": ids["resi"],
        }  # fmt: skip
        agreements.put(connection, agreement, MINE, facts, now)
    return agreement


def receipt() -> bytes:
    return paper_samples.issue().receipt.to_json()


@pytest.fixture(scope="module")
def review(world: World) -> str:
    officer = world.come("Sari Rekaan")
    page = f"/meja/perjanjian/{world.agreement}/kertas"
    assert officer.send(page, {}, page=page).status_code == 422
    sent = [("pindaian", ("kembali.pdf", scan(), "application/pdf"))]
    answer = officer.http.post(page, data=officer.hidden(page), files=sent)
    assert answer.status_code == 303, told(answer.text)
    where = answer.headers["location"]
    officer.settled(where)
    return where


def test_each_thing_stands_beside_what_was_issued(world: World, review: str) -> None:
    officer = world.come("Sari Rekaan")
    text = officer.get(review).text
    words = told(text)
    assert "Seperti diterbitkan" in words
    assert "Pada pindaian" in words
    pictures = re.findall(r'<img[^>]* src="([^"]+)"', text)
    assert len(pictures) >= 2
    for one in pictures:
        assert officer.get(one).content.startswith(b"\xff\xd8")
    assert re.findall(r'data-key="(\w)"', text)[:2] == ["1", "2"]
    assert "<kbd>" in text
    assert " onclick" not in text
    whole = re.search(r"(\d+) dari (\d+), (\d+) belum diputuskan", words)
    assert whole is not None
    assert int(whole[2]) >= int(whole[3]) > 0


def test_a_scan_that_was_read_never_puts_a_page_inside_a_page(world: World, review: str) -> None:
    officer = world.come("Sari Rekaan")
    for page in (review, f"{review}?butir=1", f"{review}/putusan", "/meja/batch"):
        polled = officer.get(page, **{"HX-Request": "true"})
        assert (polled.status_code, polled.text) == (204, ""), page
        led = polled.headers["hx-redirect"]
        assert led == page
        assert "<html" in officer.get(led).text


def test_it_is_seen_and_decided_by_its_branch_alone(world: World, review: str) -> None:
    picture = f"{review}/gambar/1.jpg"
    stranger = world.come("lain", "cabang:0902")
    for path in (review, f"{review}/putusan", picture):
        assert stranger.get(path).status_code == 404
        assert world.come("klinik", "faskes:9917U051").get(path).status_code == 403
    sent = {"butir": "x", "putusan": "signed"}
    assert stranger.send(review, sent, page="/meja/batch").status_code == 404


def test_answers_are_kept_one_by_one_and_lead_to_the_verdict(world: World, review: str) -> None:
    officer = world.come("Sari Rekaan")
    before = left(officer, review)
    text = officer.get(review).text
    form = dict(re.findall(r'name="(butir|sidik|nomor)" value="([^"]*)"', text))
    wrong = officer.send(review, {**form, "putusan": "tidak_ada"}, page=review)
    assert wrong.status_code == 422
    assert left(officer, review) == before
    other = officer.send(review, {**form, "sidik": "0" * 64, **first(text)}, page=review)
    assert other.status_code == 422

    sent = officer.hidden(review) | {**form, **first(text), "alasan": "tampak jelas"}
    answers = [officer.http.post(review, data=sent) for _ in range(2)]
    assert {one.status_code for one in answers} == {303}
    assert left(officer, review) < before
    verdict = officer.get(f"{review}/putusan").text
    assert told(verdict).count("Sari Rekaan: ") == 1  # the same form twice is one decision
    second = decide_all(world, review)
    end = second.get(review)
    assert (end.status_code, end.headers["location"]) == (303, f"{review}/putusan")
    assert "belum diputuskan" not in told(second.get(f"{review}/putusan").text)
    assert second.get(f"{review}?butir=1").status_code == 200  # what was decided may be seen again


def verdict_on(world: World, file: tuple[str, bytes, str]) -> str:
    """Hand in a file at the agreement, and return the page of its verdict."""
    officer = world.come("Sari Rekaan")
    page = f"/meja/unggah?perjanjian={world.agreement}"
    sent = officer.hidden(page) | {"perjanjian": world.agreement}
    answer = officer.http.post("/meja/unggah", data=sent, files=[("berkas", file)])
    assert answer.status_code == 303
    officer.http.follow_redirects = True
    text = officer.settled(answer.headers["location"])
    officer.http.follow_redirects = False
    return text


def test_a_scan_handed_in_at_the_agreement_is_led_to_its_batch(
    world: World, review: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verdict on a scan offered to go on with a file that holds no signature, and no batch."""
    where = put_batch(world.portal, MINE)
    planned_with(world, where, monkeypatch)
    decide_all(world, review)
    text = verdict_on(world, ("lain.pdf", scan(), "application/pdf"))
    assert "Lanjutkan perjanjian dengan berkas ini" not in told(text)
    assert "Serahkan pindaian ini ke batch" in told(text)
    assert f'action="/meja/batch/{where}/kembali"' in text


def test_one_page_handed_in_at_the_agreement_is_told_as_one_file(
    world: World, review: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was «Tidak lulus» for lack of all other pages, and the facility was to be asked."""
    where = put_batch(world.portal, MINE)
    planned_with(world, where, monkeypatch)
    text = told(verdict_on(world, ("hlm-2.jpg", first_sheet(), "image/jpeg")))
    assert "Hanya berkas ini yang diperiksa" in text
    assert "Serahkan pindaian ini ke batch" in text
    assert "Tidak lulus" not in text
    assert "Minta faskes" not in text
    assert "Untuk faskes" not in text
    officer = world.come("Sari Rekaan")
    asked = told(officer.get(f"{review}?butir=1", **{"Accept-Language": "id"}).text)
    assert "Jawaban mesin:" in asked
    assert "wajib untuk «" in asked or "boleh kosong" in asked


def first_sheet() -> bytes:
    return paper_samples.scanned(paper_samples.printed(2))


def test_the_last_decision_tells_the_batch_by_itself(
    world: World, review: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = world.come("Sari Rekaan")
    page = f"/meja/perjanjian/{world.agreement}/kertas"
    decide_all(world, review)
    where = put_batch(world.portal, MINE)
    planned_with(world, where, monkeypatch)
    scans = re.findall(r'name="berkas" value="([^"]+)"', officer.get(f"{review}/putusan").text)
    assert scans, "a batch that waits is offered the scans of a review"
    text = officer.get(f"{review}?butir=1").text
    form = dict(re.findall(r'name="(butir|sidik|nomor)" value="([^"]*)"', text))
    sent = {**form, **first(text), "alasan": "tetap tampak jelas"}
    assert officer.send(review, sent, page=page).status_code in (303, 422)
    mine = Reach(frozenset({Scope("cabang", CABANG)}))
    with world.portal.state.read() as connection:
        (ordered,) = jobs.of_batch(connection, where, mine)
    assert [one["id"] for one in ordered.isi["pindaian"]] == scans


def planned_with(world: World, batch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch be found whose book waits for the agreement."""
    asked = world.portal.ask

    async def ask(kind: str, isi: dict[str, Any], **more: Any) -> Any:
        if kind == "batch_perjanjian":
            assert isi["perjanjian"] == world.agreement
            return SimpleNamespace(hasil={"batch": batch if batch in isi["batch"] else ""})
        return await asked(kind, isi, **more)

    monkeypatch.setattr(world.portal, "ask", ask)


def test_the_batch_is_told_of_the_decision_by_the_same_scans(world: World, review: str) -> None:
    officer, page = world.come("Sari Rekaan"), f"{review}/putusan"
    decide_all(world, review)
    assert "Batch belum mengetahui" not in told(officer.get(page).text)
    where = put_batch(world.portal, MINE)
    paper = {"agreement_id": world.agreement, "name": "x", "verdict": "needs_person"}
    judged = {"returned": {"agreements": [paper], "send_back": []}, "files": [], "not_back": []}
    put_ended(world.portal, MINE, where, "terima_batch", judged)
    text = officer.get(page).text
    assert "Batch belum mengetahui putusan ini" in told(text)
    scans = re.findall(r'name="berkas" value="([^"]+)"', text)
    assert len(scans) == 1
    to = f"/meja/batch/{where}/kembali"
    assert f'action="{to}"' in text
    for wrong in ("0" * 26, "../x"):
        assert officer.send(to, {"berkas": wrong}, page=page).status_code == 404
    assert officer.send(to, {"berkas": scans}, page=page).status_code == 303
    mine = Reach(frozenset({Scope("cabang", CABANG)}))
    with world.portal.state.read() as connection:
        known = jobs.of_batch(connection, where.rpartition("/")[2], mine)
    (ordered,) = [one for one in known if one.isi.get("pindaian")]
    assert [one["id"] for one in ordered.isi["pindaian"]] == scans
    done = judged | {"returned": {"agreements": [paper | {"verdict": "complete"}], "send_back": []}}
    put_ended(world.portal, MINE, where, "terima_batch", done)
    assert "Batch belum mengetahui" not in told(officer.get(page).text)


def decide_all(world: World, review: str) -> Visitor:
    """Answer what is still open, and return who did."""
    officer = world.come("Sari Rekaan")
    second = world.come("Dewi Rekaan")
    for _ in range(200):
        text = second.get(review, **{"Accept-Language": "id"}).text
        if 'name="butir"' not in text:
            break
        form = dict(re.findall(r'name="(butir|sidik|nomor)" value="([^"]*)"', text))
        decided = second.send(
            review, {**form, **first(text), "alasan": "tampak jelas"}, page=review
        )
        assert decided.status_code == 303, told(decided.text)
        if "perlu orang kedua" in told(second.get(f"{review}/putusan").text):
            officer.send(review, {**form, **first(text), "alasan": "sama"}, page=review)
    return second


def first(text: str) -> dict[str, str]:
    """Return the answer of the first button."""
    found = re.search(r'name="putusan" value="(\w+)" data-key="1"', text)
    assert found is not None
    return {"putusan": found[1]}


def left(visitor: Visitor, review: str) -> int:
    words = told(visitor.get(f"{review}/putusan").text)
    found = re.search(r"(\d+) tempat belum diputuskan", words)
    return int(found[1]) if found else 0


def test_whoever_comes_back_goes_on_there(world: World, review: str) -> None:
    officer = world.come("Sari Rekaan")
    page = f"/meja/perjanjian/{world.agreement}/kertas"
    assert review in officer.get(page).text
    assert "kembali.pdf" in officer.get(page).text  # the scan belongs to the agreement now
    nowhere = officer.get("/meja/tinjauan/" + "0" * 26)
    assert nowhere.status_code == 404


def put_mixed_scan(world: World) -> str:
    """Write down a scan of two agreements, which belongs to the other one; return its id."""
    now, other = system_clock(), new_id(system_clock())
    scan_id = new_id(now)
    spooled = spool_bytes(world.portal.folder, scan())
    world.portal.blobs.take(scan_id, spooled.path)
    with world.portal.state.write() as connection:
        files.add(
            connection,
            StoredFile(
                id=scan_id, area=MINE.of_staff(), perjanjian=other, asal="unggahan",
                nama="tumpukan.pdf", media="application/pdf", sha256=spooled.sha256,
                ukuran=spooled.size, oleh="a", dibuat=now, buang=None,
            ),
        )  # fmt: skip
    told_of = [
        {"agreement_id": agreement_id, "places": {}, "scans": [
            {"id": scan_id, "nama": "tumpukan.pdf", "bersama": True, "lembar": sheets}]}
        for agreement_id, sheets in ((other, [1, 3]), (world.agreement, [2, 5]))
    ]  # fmt: skip
    batch = put_batch(world.portal, MINE.of_staff())
    told_all = {"returned": {"agreements": told_of}}
    put_ended(world.portal, MINE.of_staff(), batch, "terima_batch", told_all)
    return scan_id


def test_the_scan_is_offered_first_once_paper_came_back(world: World, review: str) -> None:
    """The page offered the file without any signature as the agreement as it is now."""
    officer, page = world.come("Sari Rekaan"), f"/meja/perjanjian/{world.agreement}"
    assert review
    words = told(officer.get(page).text)
    assert "Berkas yang diterbitkan, belum ditandatangani (PDF)" in words
    assert "Pindaian yang kembali" not in words, "nothing was judged yet"
    issued = facts(kinds.TERBIT)
    came = facts(kinds.PAPER_RECEIVED, verdict="complete", scan_sha256="a" * 64, kit="1")
    described = facts(kinds.PERJANJIAN, metode="manual", profil="manual")
    with open_ledger(world.portal.folder.parent / "buku.sqlite") as ledger:
        for kind, what in (
            (kinds.TERBIT, issued), (kinds.PERJANJIAN, described), (kinds.PAPER_RECEIVED, came),
        ):  # fmt: skip
            ledger.append(world.agreement, kind, what, waktu=system_clock())
    mixed = put_mixed_scan(world)
    downloads = told(officer.get(page).text).partition("Unduhan")[2]
    scan_first, _, issued_then = downloads.partition("Berkas yang diterbitkan")
    assert scan_first.strip().startswith("Pindaian yang kembali")
    assert "kembali.pdf" in scan_first
    assert re.search(
        r"tumpukan\.pdf [^·]+ · [^·]+ · milik perjanjian ini: halaman pindaian 2, 5", scan_first
    )
    assert "halaman pindaian 1" not in scan_first, "that one is of the other agreement"
    assert officer.get(f"/berkas/{mixed}/isi").status_code == 200
    choice = officer.get(f"{page}/kertas").text
    assert mixed in choice
    assert "halaman pindaian 2, 5" in told(choice)
    assert "belum ditandatangani (PDF)" in issued_then
    kept = re.findall(r'name="berkas" value="[^"]+"[^>]*>', officer.get(f"{page}/kertas").text)
    assert kept
    assert all("checked" in one for one in kept)
