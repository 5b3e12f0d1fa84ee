"""Every operation and every role: who may ask, who is refused, and what others never learn.

The expectations stand here, not where the operations are declared. An operation that OpenAPI knows
and this table does not is a failure.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web import Portal, create_app
from pks_kit.web.scope import Area
from pks_kit.web.state import agreements, batches, files, forms, jobs
from pks_kit.web.state.batches import StoredBatch
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.forms import FormDraft
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import NewJob
from support.portal_server import CABANG, KEDEPUTIAN, in_thread, write_portal
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
ROLES = {
    "faskes": "faskes:9917U051",
    "cabang": f"cabang:{CABANG}",
    "kedeputian": f"kedeputian:{KEDEPUTIAN}",
    "pusat": "pusat",
}
MINE = Area(faskes="9917U051", cabang=CABANG, kedeputian=KEDEPUTIAN)
ALL, STAFF = {*ROLES}, {"cabang", "pusat"}
SIGNS, FILLS = {"faskes", "cabang", "pusat"}, {"faskes", "cabang", "pusat"}
OFFICE, APPROVES = {"pusat"}, {"cabang", "kedeputian", "pusat"}
EVERYBODY = {"nobody", *ALL}

MAY = {
    ("GET", "/kesehatan"): EVERYBODY,
    ("GET", "/metrik"): OFFICE,
    ("GET", "/skema/kontrak"): ALL,
    ("POST", "/periksa"): ALL,
    ("GET", "/buku-kerja"): ALL,
    ("POST", "/pratinjau"): ALL,
    ("POST", "/perjanjian"): STAFF,
    ("GET", "/perjanjian"): ALL,
    ("GET", "/ringkasan"): ALL,
    ("GET", "/perjanjian/{id}"): ALL,
    ("GET", "/perjanjian/{id}/berkas"): ALL,
    ("GET", "/perjanjian/{id}/buku"): ALL,
    ("GET", "/perjanjian/{id}/peristiwa"): ALL,
    ("POST", "/perjanjian/{id}/tanda-tangan"): SIGNS,
    ("POST", "/perjanjian/{id}/meterai"): SIGNS,
    ("POST", "/perjanjian/{id}/sesi"): SIGNS,
    ("POST", "/perjanjian/{id}/terima"): SIGNS,
    ("POST", "/perjanjian/{id}/arsip"): STAFF,
    ("POST", "/perjanjian/{id}/pengantar"): STAFF,
    ("POST", "/perjanjian/{id}/bukti"): STAFF,
    ("POST", "/perjanjian/{id}/surat/{jenis}"): STAFF,
    ("POST", "/perjanjian/{id}/perpanjangan"): STAFF,
    ("POST", "/perjanjian/{id}/kertas"): ALL,
    ("POST", "/perjanjian/{id}/kertas/putusan"): STAFF,
    ("GET", "/surat"): ALL,
    ("POST", "/berkas"): ALL,
    ("GET", "/berkas/{id}"): ALL,
    ("GET", "/berkas/{id}/isi"): ALL,
    ("GET", "/berkas/{id}/halaman/{halaman}.jpg"): ALL,
    ("GET", "/berkas/{id}/halaman/{halaman}/teks"): ALL,
    ("POST", "/verifikasi"): ALL,
    ("POST", "/perpanjangan"): STAFF,
    ("GET", "/perpanjangan"): ALL,
    ("POST", "/isian"): FILLS,
    ("GET", "/isian"): FILLS,
    ("GET", "/isian/{id}"): FILLS,
    ("PUT", "/isian/{id}"): FILLS,
    ("DELETE", "/isian/{id}"): FILLS,
    ("POST", "/batch"): STAFF,
    ("GET", "/batch"): ALL,
    ("GET", "/batch/{id}"): ALL,
    ("GET", "/batch/{id}/keadaan"): ALL,
    ("POST", "/batch/{id}/persetujuan"): APPROVES,
    ("POST", "/batch/{id}/penolakan"): APPROVES,
    ("POST", "/batch/{id}/penarikan"): STAFF,
    ("POST", "/batch/{id}/jalan"): STAFF,
    ("POST", "/batch/{id}/laporan"): ALL,
    ("POST", "/batch/{id}/surat"): STAFF,
    ("POST", "/batch/{id}/pengingat"): STAFF,
    ("POST", "/batch/{id}/jeda"): STAFF,
    ("POST", "/batch/{id}/ulangi"): STAFF,
    ("POST", "/batch/{id}/batalkan"): STAFF,
    ("POST", "/batch/{id}/terima"): STAFF,
    ("GET", "/pekerjaan"): ALL,
    ("GET", "/pekerjaan/{id}"): ALL,
    ("DELETE", "/pekerjaan/{id}"): ALL,
    ("GET", "/buku"): OFFICE,
    ("POST", "/buku/pemeriksaan"): OFFICE,
    ("POST", "/buku/ekspor"): OFFICE,
    ("GET", "/akses"): OFFICE,
    ("GET", "/kiriman"): OFFICE,
    ("POST", "/kiriman/{id}/ulangi"): OFFICE,
}
_KEYS = itertools.count()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    settings = write_portal(tmp_path_factory.mktemp("roles"), proses=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        return Portal.from_settings(settings, warms=False)


@pytest.fixture(scope="module")
def client(portal: Portal) -> Iterator[httpx.Client]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        with in_thread(create_app(portal)) as found:
            yield found


@pytest.fixture(scope="module")
def ids(portal: Portal, client: httpx.Client) -> dict[str, str]:
    """Put one of everything into the state, all of one facility, and return their ids."""
    now = system_clock()
    names = ("berkas", "isian", "batch", "pekerjaan")
    found = {name: new_id(now) for name in names} | {"perjanjian": "8VV537MHJJYS7ZK63PDT4A1SX4"}
    facts = {
        "nama": "Klinik Contoh", "nomor_kesatu": "1", "nomor_kedua": "2", "jenis": "tpmd",
        "cara_kontrak": "elektronik", "mulai": "2027-01-01", "selesai": "2027-12-31",
        "halaman": 1, "terbit": found["berkas"], "resi": found["berkas"], "data": found["berkas"],
    }  # fmt: skip
    file = StoredFile(
        id=found["berkas"], area=MINE, perjanjian=found["perjanjian"], asal="hasil", nama="a.pdf",
        media="application/pdf", sha256="0" * 64, ukuran=1, oleh="a", dibuat=now,
        buang=now + timedelta(days=1),
    )  # fmt: skip
    form = FormDraft(
        id=found["isian"], area=MINE, isi={}, versi=1, oleh="a", dibuat=now, diubah=now
    )
    job = NewJob(
        id=found["pekerjaan"], area=MINE, jenis="kalender", isi={"data": [], "jendela": "3m"},
        perjanjian="", oleh="a", kunci="peran", now=now,
    )  # fmt: skip
    with portal.state.write() as connection:
        agreements.put(connection, found["perjanjian"], MINE, facts, now)
        files.add(connection, file)
        forms.add(connection, form)
        batches.add(
            connection,
            StoredBatch(id=found["batch"], area=MINE, nama="b", oleh="a", dibuat=now),
            "b",
        )
        jobs.add(connection, job)
    return found


def asked(
    client: httpx.Client, method: str, path: str, scope: str, ids: dict[str, str] | None = None
) -> Any:
    """Ask an operation with a body that creates nothing."""
    group = path.split("/")[1]
    known = "msg_tidak_ada" if group == "kiriman" else (ids or {}).get(group, "0" * 26)
    where = path.replace("{id}", known).replace("{jenis}", "x").replace("{halaman}", "1")
    headers = {"Idempotency-Key": f"kunci-peran-{next(_KEYS)}", "If-Match": '"1"'}
    if scope != "nobody":
        headers |= {"X-Pks-Orang": scope, "X-Pks-Wilayah": scope}
    return client.request(method, where, headers=headers, content=b"")


def operations(client: httpx.Client) -> set[tuple[str, str]]:
    told = client.get("/openapi.json").json()
    return {(method.upper(), path) for path, item in told["paths"].items() for method in item}


def test_no_operation_is_without_its_roles(client: httpx.Client) -> None:
    assert operations(client) == set(MAY)


@pytest.mark.parametrize(("method", "path"), MAY, ids=lambda one: str(one))
def test_who_may_ask(client: httpx.Client, method: str, path: str) -> None:
    for role in ("nobody", *ROLES):
        answer = asked(client, method, path, ROLES.get(role, role))
        if role in MAY[method, path]:
            assert answer.status_code not in (401, 403), (role, answer.text)
            assert answer.status_code < 500, (role, answer.text)
        else:
            assert answer.status_code == (401 if role == "nobody" else 403), (role, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"), [one for one in MAY if "{id}" in one[1] and "kiriman" not in one[1]],
    ids=lambda one: str(one),
)  # fmt: skip
def test_what_belongs_to_others_is_like_what_does_not_exist(
    client: httpx.Client, ids: dict[str, str], method: str, path: str
) -> None:
    strangers = {
        "faskes": "faskes:0000X000",
        "cabang": "cabang:0902",
        "kedeputian": "kedeputian:99",
    }
    for role, scope in strangers.items():
        if role not in MAY[method, path]:
            continue
        there = asked(client, method, path, scope, ids)
        nowhere = asked(client, method, path, scope)
        assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content), role
        assert there.status_code >= 400


@pytest.mark.parametrize("path", [one for one in MAY if one[0] == "GET" and "{id}" in one[1]],
                         ids=lambda one: str(one[1]))  # fmt: skip
def test_the_owner_is_not_told_that_it_does_not_exist(
    client: httpx.Client, ids: dict[str, str], path: tuple[str, str]
) -> None:
    """Otherwise the test above would pass with an empty state."""
    for role, scope in ROLES.items():
        if role in MAY[path] and "kiriman" not in path[1]:
            answer = asked(client, *path, scope, ids)
            assert answer.status_code != 404 or answer.json()["code"] != "web.unknown", role


def test_lists_hold_what_is_within_reach(client: httpx.Client, ids: dict[str, str]) -> None:
    for path, group in (("/perjanjian", "perjanjian"), ("/isian", "isian"), ("/batch", "batch"),
                        ("/pekerjaan", "pekerjaan")):  # fmt: skip
        for role, scope in ROLES.items():
            if role in MAY["GET", path]:
                found = [one["id"] for one in asked(client, "GET", path, scope).json()["daftar"]]
                assert ids[group] in found, (path, role)
        for scope in ("faskes:0000X000", "cabang:0902", "faskes:0901", "cabang:9917U051"):
            if scope.split(":")[0] in MAY["GET", path]:
                assert asked(client, "GET", path, scope).json()["daftar"] == [], (path, scope)


def test_every_operation_that_creates_declares_its_key(client: httpx.Client) -> None:
    told = client.get("/openapi.json").json()
    without = {"/periksa", "/pratinjau"}  # nothing is kept that anybody finds again
    for method, path in MAY:
        if method == "POST" and path not in without:
            parameters = told["paths"][path]["post"]["parameters"]
            key = [one for one in parameters if one["name"] == "Idempotency-Key"]
            assert [(one["required"], one["in"]) for one in key] == [(True, "header")], path
    assert told["openapi"].startswith("3.1")


def test_two_scopes_reach_both(client: httpx.Client, ids: dict[str, str]) -> None:
    both = asked(client, "GET", "/perjanjian", "faskes:0000X000,cabang:0901")
    assert [one["id"] for one in both.json()["daftar"]] == [ids["perjanjian"]]


def test_a_facility_stops_only_what_it_ordered(
    portal: Portal, client: httpx.Client, ids: dict[str, str]
) -> None:
    del ids  # its state is there
    now = system_clock()

    def ordered(by: str) -> str:
        job = NewJob(
            id=new_id(now), area=MINE, jenis="tidak_dikenal", isi={}, perjanjian="", oleh=by,
            kunci=f"batal-{next(_KEYS)}", now=now,
        )  # fmt: skip
        with portal.state.write() as connection:
            return jobs.add(connection, job).id

    def stopped(job_id: str, scope: str) -> int:
        headers = {"X-Pks-Orang": scope, "X-Pks-Wilayah": scope}
        return client.delete(f"/pekerjaan/{job_id}", headers=headers).status_code

    theirs = ordered("cabang")
    assert stopped(theirs, ROLES["faskes"]) == 403
    assert stopped(theirs, ROLES["kedeputian"]) == 403
    assert stopped(theirs, "faskes:0000X000") == 404
    assert stopped(theirs, ROLES["cabang"]) == 200
    assert stopped(ordered(ROLES["faskes"]), ROLES["faskes"]) == 200


def test_settings_of_the_test_name_their_branch(portal: Portal, tmp_path: Path) -> None:
    facts = {"faskes": "x", "kantor_cabang": "tidak ada"}
    assert portal.area_of(facts) == Area(faskes="x")
