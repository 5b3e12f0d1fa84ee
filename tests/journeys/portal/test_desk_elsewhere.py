"""A facility signs at a provider of its own, and the agreement goes on with the file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from pks_kit.web import Portal, create_app
from support.branch import SETTINGS, facility, write_branch
from support.desk_visitor import Visitor, told
from support.portal_server import CABANG, Caller, in_thread, portal_settings
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
DATA = facility(1).model_dump(mode="json")
BRANCH, CLINIC = f"cabang:{CABANG}", f"faskes:{DATA['faskes']['kode']}"
SECOND = "  pihak_kedua: {penanda_tangan: klinik, meterai: uji}\n"
KEY = {"kunci": "kunci-yang-dibuat-sendiri"}
GO_ON = "Lanjutkan perjanjian dengan berkas ini"


@dataclass
class World:
    """A branch that has no key of the facility."""

    folder: Path
    address: str
    stack: ExitStack
    agreement: str = ""

    def come(self, name: str, scope: str) -> Visitor:
        visitor = Visitor(self.address, scope, name)
        self.stack.enter_context(visitor.http)
        return visitor

    def file(self) -> bytes:
        """The file that the agreement has reached."""
        officer = self.come("Agus Contoh", BRANCH)
        facts = officer.http.get(f"/perjanjian/{self.agreement}").json()
        return officer.http.get(f"/berkas/{facts['terkini']}/isi").content

    def elsewhere(self, given: Path, name: str, *more: str) -> Path:
        """Sign or stamp for the facility outside of the portal."""
        done = given.with_name(name)
        subprocess.run(
            [sys.executable, "-m", "pks_kit.cli.main", "sign", str(given), "--pihak", "kedua",
             *more, "--passphrase-env", "RAHASIA", "--receipt", str(self.folder / "resi.json"),
             "-o", str(done)],
            cwd=self.folder, check=True, capture_output=True,
        )  # fmt: skip
        return done


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("penyedia")
    assert SECOND in SETTINGS
    text = portal_settings(facility(1), proses=1).replace(SECOND, "")
    write_branch(folder, {"satu": facility(1)}, text)
    with pytest.MonkeyPatch.context() as patched, ExitStack() as stack:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = Portal.from_settings(folder / "pengaturan.yml", warms=False)
        client = stack.enter_context(in_thread(create_app(portal)))
        found = World(folder, str(client.base_url).rstrip("/"), stack)
        branch = Caller(found.come("Agus Contoh", BRANCH).http)
        one = branch.done(branch.post("/perjanjian", {"data": DATA}))["perjanjian"]
        facts = branch.get(f"/perjanjian/{one}").json()
        (folder / "resi.json").write_bytes(branch.get(f"/berkas/{facts['resi']}/isi").content)
        branch.done(branch.post(f"/perjanjian/{one}/sesi", {"pihak": ["pihak_kesatu"]}))
        found.agreement = one
        yield found


def handed_in(clinic: Visitor, world: World, content: bytes) -> str:
    """Upload a file for the agreement, and return the address of its verdict."""
    page = f"/meja/unggah?perjanjian={world.agreement}"
    sent = clinic.hidden(page) | {"perjanjian": world.agreement}
    files = [("berkas", ("kembali.pdf", content, "application/pdf"))]
    answer = clinic.http.post("/meja/unggah", data=sent, files=files)
    assert answer.status_code == 303, told(answer.text)
    job = str(answer.headers["location"])
    clinic.http.follow_redirects = True
    clinic.settled(job)
    clinic.http.follow_redirects = False
    return job.replace("/pekerjaan/", "/putusan/")


def take_over_by_api(clinic: Caller, stranger: Caller, world: World, content: bytes) -> None:
    """Let the agreement go on with a file as a program of the facility does."""
    terima = f"/perjanjian/{world.agreement}/terima"

    def judged(content: bytes, agreement: str | None) -> dict[str, str]:
        file = clinic.upload("kembali.pdf", content)
        body = {"berkas": file["id"], "perjanjian": agreement}
        job = clinic.done(clinic.post("/verifikasi", body))
        return {"verifikasi": job["id"]}

    same = clinic.post(terima, judged(world.file(), world.agreement))
    assert (same.status_code, same.json()["code"]) == (409, "web.not_taken_over")
    assert clinic.post(terima, {"verifikasi": world.agreement}).status_code == 404
    good = judged(content, world.agreement)
    assert stranger.post(terima, good).status_code == 404
    assert clinic.http.post(terima, json=good).status_code == 400  # a key is needed
    first, again = (clinic.post(terima, good, key="kunci-sekali-saja") for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    clinic.done(first)


@pytest.mark.sampled(of="desk days")
def test_what_a_facility_signed_elsewhere_is_taken_over(world: World, tmp_path: Path) -> None:
    clinic = world.come("Klinik Contoh", CLINIC)
    given = tmp_path / "terima.pdf"
    given.write_bytes(world.file())
    key = ("--p12", str(world.folder / "uji" / "pihak_kedua.p12"), "--tsa", "sandbox:uji")
    signed = world.elsewhere(given, "tanda-tangan.pdf", *key)

    own = clinic.get("/meja/faskes").text
    assert "tanda tangani di penyedia Anda" in told(own)
    assert f"/meja/unggah?perjanjian={world.agreement}" in own

    same = handed_in(clinic, world, given.read_bytes())
    assert GO_ON not in told(clinic.get(same).text)  # it is what the agreement has reached already
    assert clinic.send(f"{same}/teruskan", KEY, page=same).status_code == 404

    changed = bytearray(signed.read_bytes())
    changed[5000] ^= 1
    forged = handed_in(clinic, world, bytes(changed))
    assert GO_ON not in told(clinic.get(forged).text)
    assert clinic.send(f"{forged}/teruskan", KEY, page=forged).status_code == 404

    verdict = handed_in(clinic, world, signed.read_bytes())
    assert GO_ON in told(clinic.get(verdict).text)
    stranger = world.come("lain", "faskes:9917U999")
    assert stranger.send(f"{verdict}/teruskan", KEY, page="/meja/unggah").status_code == 404
    sent = clinic.hidden(verdict)
    first, again = (clinic.http.post(f"{verdict}/teruskan", data=sent) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    page = told(clinic.settled(first.headers["location"]))
    assert "Selesai" in page, page
    assert world.file() == signed.read_bytes()  # nothing was added to it
    text = told(clinic.get(f"/meja/perjanjian/{world.agreement}").text)
    assert text.count("Sudah") >= 3, text  # two of the branch, one of the facility
    assert GO_ON not in told(clinic.get(verdict).text)

    stamped = world.elsewhere(signed, "meterai.pdf", "--meterai", "sandbox:uji")
    take_over_by_api(Caller(clinic.http), Caller(stranger.http), world, stamped.read_bytes())
    assert world.file().startswith(stamped.read_bytes())
    steps = world.come("x", BRANCH).http.get(f"/perjanjian/{world.agreement}/buku").json()
    assert steps["agreements"][0]["state"] in ("LENGKAP", "DIARSIPKAN")
