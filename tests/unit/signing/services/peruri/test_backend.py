"""Login and backend: each fault gives the right error, and nothing is read as "not bought"."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pks_kit.errors import UnknownOutcomeError
from pks_kit.signing.ports import MeteraiOrder
from pks_kit.signing.services.peruri.backend import PeruriBackend
from pks_kit.signing.services.peruri.login import PeruriLogin, token_end
from support.peruri_world import (
    NIK,
    NPWP,
    account,
    backend,
    hosts,
    lokal,
    order,
    refusal,
    run,
)

DOCUMENT = b"%PDF-1.7 contoh"
ORDER: MeteraiOrder = order(DOCUMENT)


# --- login -------------------------------------------------------------------------------------


def test_a_token_is_used_until_shortly_before_its_end(peruri):
    peruri.token_seconds = 600
    times = [datetime.now(UTC)]
    own = backend(peruri, lambda: times[-1])
    first = run(own.login.token())
    times.append(times[0] + timedelta(minutes=7))
    assert run(own.login.token()) == first
    times.append(times[0] + timedelta(minutes=9))
    assert run(own.login.token()) != first
    assert peruri.book.count("login") == 2


def test_a_token_without_an_end(peruri):
    peruri.has_token_end = False
    times = [datetime.now(UTC)]
    own = backend(peruri, lambda: times[-1])
    run(own.login.token())
    times.append(times[0] + timedelta(minutes=9))
    run(own.login.token())
    assert peruri.book.count("login") == 2


def test_a_wrong_password(peruri):
    own = backend(peruri)
    peruri.password = "lain"
    error = refusal(lambda: run(own.check_ready()))
    assert error.code == "meterai.login_refused"
    assert "***" in str(error)


def test_a_token_that_ends_in_the_middle_of_a_run(peruri):
    own = backend(peruri)
    run(own.check_ready())
    peruri.expire_tokens()
    bought = run(own.buy(ORDER))
    assert run(own.state(bought.sn)) == "unused"
    assert peruri.book.count("login") == 2
    assert peruri.book.money == 10_000


@pytest.mark.parametrize("fault", ["401", "refused:jwt expired"])
def test_a_token_that_is_refused_in_words_or_by_status(peruri, fault):
    own = backend(peruri)
    run(own.check_ready())
    peruri.fault("stampv2", fault)
    run(own.buy(ORDER))
    assert peruri.book.money == 10_000
    peruri.fault("stampv2", fault, fault)
    assert refusal(lambda: run(own.buy(ORDER))).code == "meterai.token_refused"
    assert peruri.book.money == 10_000


def test_a_wrong_clock(peruri):
    own = backend(peruri, lambda: datetime.now(UTC) + timedelta(days=2))
    assert refusal(lambda: run(own.login.token())).code == "meterai.clock"


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c", "a.e30.c", "a.eyJleHAiOiJ4In0.c", "a.eyJleHAiOjFlNDB9.c", "...."]
)
def test_ends_of_tokens_that_make_no_sense(token):
    assert token_end(token) is None


@pytest.mark.parametrize(
    ("fault", "code"), [("500", "service.silent"), ("html", "meterai.answer_unclear")]
)
def test_a_login_that_fails(peruri, fault, code):
    peruri.fault("login", fault)
    own = backend(peruri)
    assert refusal(lambda: run(own.login.token())).code == code


# --- before buying -----------------------------------------------------------------------------


def test_nobody_listens(peruri):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{listener.getsockname()[1]}"
    login = PeruriLogin(
        replace(hosts(peruri), backend=closed), account(), lambda: datetime.now(UTC)
    )
    error = refusal(lambda: run(PeruriBackend(login).check_ready()))
    assert error.code == "service.unreachable"
    assert not isinstance(error, UnknownOutcomeError)


def test_the_document_type_is_looked_up_by_its_name_and_kept(peruri):
    own = backend(peruri)
    found = run(own.jenis_dokumen())
    assert (found.kode, found.nama) == ("3", "Surat Perjanjian")
    run(own.jenis_dokumen())
    assert peruri.book.count("jenisdoc") == 1


def test_a_document_type_that_is_not_there(peruri):
    peruri.jenis = (("9", "Akta Notaris"),)
    error = refusal(lambda: run(backend(peruri).check_ready()))
    assert error.code == "meterai.jenisdoc_unknown"
    assert "Akta Notaris" in error.text.hint_en


def test_a_document_type_with_two_codes(peruri):
    peruri.jenis = (("3", "Surat Perjanjian"), ("5", "SURAT PERJANJIAN"))
    error = refusal(lambda: run(backend(peruri).check_ready()))
    assert error.code == "meterai.jenisdoc_ambiguous"


@pytest.mark.parametrize("jenis", ["pos", "pemungut"])
def test_quota_of_both_kinds_of_account(peruri, jenis):
    own = backend(peruri, jenis=jenis, id_pemungut="77", nilai_dokumen="10000")
    quota = run(own.quota())
    assert (quota.saldo, quota.belum_dibubuhkan) == (5, 0)
    peruri.quota = 0
    assert refusal(lambda: run(own.check_ready())).code == "meterai.quota_empty"
    assert peruri.book.money == 0


def test_a_quota_that_tells_no_number(peruri):
    peruri.fault("saldo", "no_number")
    assert refusal(lambda: run(backend(peruri).check_ready())).code == "meterai.answer_unclear"


# --- buying ------------------------------------------------------------------------------------


def test_what_is_sent(peruri):
    own = backend(peruri, nilai_dokumen="0")
    run(own.buy(ORDER))
    run(own.buy(order(DOCUMENT, key="X-2", peran="pihak_kedua")))
    run(own.buy(order(DOCUMENT, key="X-3", peran="jejaring")))
    first, second, third = (one.body for one in peruri.book.sold)
    assert first["namafile"] == f"pks-kit-{ORDER.key}.pdf"
    assert first["nodoc"] == ORDER.document_number
    assert first["tgldoc"] == ORDER.document_date.isoformat()
    assert (first["isUpload"], first["snOnly"], first["nilaidoc"]) == (False, False, "0")
    assert (first["namejidentitas"], first["noidentitas"]) == ("NPWP", NPWP)
    assert (second["namejidentitas"], second["noidentitas"]) == ("KTP", NIK)
    assert "noidentitas" not in third


@pytest.mark.parametrize("fault", ["ok", "data_url", "filename_holds_base64", "real_png"])
def test_pictures_however_they_come(peruri, fault):
    peruri.fault("stampv2", fault)
    picture = run(backend(peruri).buy(ORDER)).picture
    assert picture.startswith(b"\x89PNG" if fault == "real_png" else b"\xff\xd8")


@pytest.mark.parametrize("fault", ["no_image", "bad_image", "oblong_image"])
@pytest.mark.parametrize("again", ["ok", "raw"])
def test_a_picture_that_is_missing_is_asked_for_again(peruri, fault, again):
    peruri.fault("stampv2", fault)
    peruri.fault("qrimage", again)
    bought = run(backend(peruri).buy(ORDER))
    assert bought.picture == peruri.images[bought.sn]
    assert peruri.book.money == 10_000


@pytest.mark.parametrize("again", ["500", "html", "other_sn", "404", "lost_before"])
def test_bought_but_without_a_picture(peruri, again):
    own = backend(peruri)
    peruri.fault("stampv2", "no_image")
    peruri.fault("qrimage", again)
    error = refusal(lambda: run(own.buy(ORDER)))
    assert isinstance(error, UnknownOutcomeError)
    assert error.code == "meterai.bought_without_image"
    assert error.params["sn"] == peruri.book.sold[0].sn
    assert run(own.find(ORDER)).sn == peruri.book.sold[0].sn
    assert peruri.book.money == 10_000


@pytest.mark.parametrize("fault", ["no_sn", "bad_sn", "500", "html", "lost_after", "lost_before"])
def test_purchases_of_which_nobody_knows(peruri, fault):
    peruri.fault("stampv2", fault)
    error = refusal(lambda: run(backend(peruri).buy(ORDER)))
    assert isinstance(error, UnknownOutcomeError)
    assert peruri.book.count("stampv2") == 1


def test_a_slow_purchase(peruri):
    own = backend(peruri, batas_detik=0.3)
    peruri.fault("stampv2", "slow")
    error = refusal(lambda: run(own.buy(ORDER)))
    assert error.code == "service.no_answer"
    assert isinstance(error, UnknownOutcomeError)
    assert run(own.find(ORDER)).sn == peruri.book.sold[0].sn


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("refused:kesalahan X", "meterai.refused"),
        (f"refused:NIK {NIK} ditolak", "meterai.refused"),
        ("refused:Saldo tidak mencukupi", "meterai.quota_empty"),
        ("404", "meterai.refused"),
    ],
)
def test_purchases_that_were_refused(peruri, fault, code):
    peruri.fault("stampv2", fault)
    error = refusal(lambda: run(backend(peruri).buy(ORDER)))
    assert error.code == code
    assert not isinstance(error, UnknownOutcomeError)
    assert peruri.book.money == 0


# --- what was bought before --------------------------------------------------------------------


def test_states(peruri):
    own = backend(peruri)
    bought = run(own.buy(ORDER))
    assert run(own.state(bought.sn)) == "unused"
    peruri.book.sold[0].status = "STAMP"
    assert run(own.state(bought.sn)) == "stamped"
    assert run(own.state("X" * 22)) == "unknown"
    peruri.fault("status", "odd")
    assert refusal(lambda: run(own.state(bought.sn))).code == "meterai.answer_unclear"


def test_nothing_was_bought(peruri):
    assert run(backend(peruri).find(ORDER)) is None


@pytest.mark.slow
def test_a_lost_purchase_is_found_among_many(peruri):
    own = backend(peruri)
    peruri.quota = 20
    for number in range(5):
        run(own.buy(order(DOCUMENT, key=f"{ORDER.key}{number}")))
    peruri.fault("stampv2", "lost_after")
    refusal(lambda: run(own.buy(ORDER)))
    lost = peruri.book.sold[-1]
    found = run(own.find(ORDER))
    assert (found.sn, found.picture) == (lost.sn, peruri.images[lost.sn])
    assert run(own.find(order(DOCUMENT, key="LAIN"))) is None


def test_a_purchase_that_was_delivered_twice_shows_both_numbers(peruri):
    own = backend(peruri)
    peruri.fault("stampv2", "double")
    run(own.buy(ORDER))
    assert run(own.unused(ORDER)) == tuple(sorted(one.sn for one in peruri.book.sold))
    assert run(own.find(ORDER)).sn == min(one.sn for one in peruri.book.sold)


def test_a_number_of_this_order_that_is_used_up(peruri):
    own = backend(peruri)
    run(own.buy(ORDER))
    peruri.book.sold[0].status = "STAMP"
    error = refusal(lambda: run(own.find(ORDER)))
    assert error.code == "meterai.already_stamped"
    assert isinstance(error, UnknownOutcomeError)


@pytest.mark.parametrize("fault", ["unnamed", "renamed", "short", "not_a_list"])
def test_lists_that_cannot_tell(peruri, fault):
    own = backend(peruri)
    peruri.fault("stampv2", "lost_after")
    refusal(lambda: run(own.buy(ORDER)))
    peruri.fault("list", *[fault] * 4)
    error = refusal(lambda: run(own.find(ORDER)))
    assert isinstance(error, UnknownOutcomeError)
    assert error.code == "meterai.list_unclear"


def test_a_list_without_numbers(peruri):
    own = backend(peruri)
    run(own.buy(ORDER))
    peruri.fault("list", "no_sn")
    assert refusal(lambda: run(own.find(ORDER))).code == "meterai.list_unclear"


def test_an_account_that_others_use_too(peruri):
    run(backend(peruri).buy(ORDER))
    peruri.book.sold[0].file = "faktur-12.pdf"
    assert refusal(lambda: run(backend(peruri).find(ORDER))).code == "meterai.list_unclear"
    assert run(backend(peruri, akun_bersama=True).find(ORDER)) is None


@pytest.mark.parametrize("fault", ["500", "lost_before", "refused:apa"])
def test_a_list_that_cannot_be_had(peruri, fault):
    peruri.fault("list", fault)
    error = refusal(lambda: run(backend(peruri).find(ORDER)))
    assert not isinstance(error, UnknownOutcomeError)


def test_the_name_of_a_provider_tells_where_and_no_more(peruri):
    assert re.fullmatch(r"peruri-lokal 127\.0\.0\.1 akun-[0-9a-f]{8}", lokal(peruri).name)
