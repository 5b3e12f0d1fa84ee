"""No page advises a command, in either language and whichever message it comes from."""

from __future__ import annotations

import re

from pks_kit.messages import known_codes, lookup
from pks_kit.web.pages.at_desk import at_desk
from pks_kit.web.pages.rendering import environment

_OF_TEMPLATES = ("lint.", "naskah.", "rules.")
_OF_THE_COMMAND_LINE = {"help", "usage", "completion", "cli", "click", "http"}
_ADVISED = re.compile(
    r"(?<![\w-])--[a-z]|pks-kit |PIHAK_|\b[a-z]+\.[a-z]+_"
    r"|(?<![\w/.])(?!pks_|x86_64)[a-z]+[0-9]*(?:_[a-z0-9]+)+"
)
_OF_WHO_MANAGES = {
    "input.bad_name", "input.expect.kunci", "ledger.address_option", "addendum.not_a_template",
    "renew.book.head.key", "workbook.marked.head.key", "service.other_place", "service.plain",
    "service.tls", "service.without_tls", "settings.without_tls",
    "store.needs_folder", "store.needs_server_lock", "store.no_server",
    "trial.revocation.unseen", "web.no_identity", "web.other_host", "web.webhook_plain",
}  # fmt: skip
"""They speak of settings, of the program of others, or of a key as such."""


def test_a_command_becomes_what_to_do_at_the_desk() -> None:
    hint = lookup("text.older_than_term").hint_id
    assert at_desk(hint, "id").endswith("sudah terbit.")
    assert "pks-kit" not in at_desk(hint, "id")
    looked = lookup("batch_report.indeterminate")
    assert "Unggah berkas" in at_desk(looked.hint_id, "id")
    assert "Upload a file" in at_desk(looked.hint_en, "en")
    assert at_desk("Lihat dengan: pks-kit ledger show", "id").startswith("Minta pengelola")
    assert at_desk("Contoh: pks-kit init FOLDER.", "id").startswith("Minta pengelola")
    assert at_desk("Laporkan versi pks-kit.", "id") == "Laporkan versi PKS Kit."
    assert "alamat yang ditulis program" in at_desk("jalankan lagi pks-kit serve", "id")


def test_covering_letters_are_made_and_found_at_the_page_of_the_batch() -> None:
    for code in ("waits_where", "waits_letters"):
        waits = lookup(f"batch_report.{code}")
        for language, text in (("id", waits.id), ("en", waits.en)):
            told = at_desk(text, language)
            assert "folder" not in told
            assert "FOLDER" not in told
            assert "halaman batch" in told or "page of the batch" in told


def test_nobody_at_a_desk_is_sent_to_a_folder_of_the_batch() -> None:
    for code in ("batch_report.headline.pens", "batch_report.headline.returned",
                 "batch.received.incomplete"):  # fmt: skip
        one = lookup(code)
        for language, text in (("id", one.hint_id), ("en", one.hint_en)):
            assert "folder" in text, code
            told = at_desk(text, language)
            assert "folder" not in told, told
            assert "batch" in told
    assert at_desk("Simpan dalam folder Anda.", "id") == "Simpan dalam folder Anda."


def test_to_go_on_is_said_for_the_desk_alone() -> None:
    for code in ("batch.stopped", "batch.out_of_patience", "batch.interrupted"):
        one = lookup(code)
        assert at_desk(one.hint_id, "id").startswith("Mulai atau lanjutkan pelaksanaan"), code
        assert "perintah" not in at_desk(one.hint_id, "id")
        assert "command" not in at_desk(one.hint_en, "en")
    later = at_desk(lookup("batch.out_of_patience").hint_id, "id")
    assert later.endswith("halaman batch. Tidak ada yang hilang atau dibeli dua kali.")


def test_no_message_but_help_keeps_a_command() -> None:
    kept = set()
    for code in known_codes():
        if code.partition(".")[0] not in _OF_THE_COMMAND_LINE:
            one = lookup(code)
            for tongue, text in (
                ("id", one.id), ("en", one.en), ("id", one.hint_id), ("en", one.hint_en)
            ):  # fmt: skip
                if _ADVISED.search(re.sub(r"\{\w+\}", "X", at_desk(text, tongue))):
                    kept.add(code)
    assert {one for one in kept if not one.startswith(_OF_TEMPLATES)} == _OF_WHO_MANAGES


def test_a_file_that_the_ledger_does_not_know_is_told_without_an_option() -> None:
    one = lookup("check.issued.ledger.not_found")
    assert at_desk(one.hint_id, "id") == (
        "Serahkan di meja kerja yang menerbitkan perjanjian itu; "
        "meja ini tidak menyimpan berkas terbitnya."
    )
    assert at_desk("Alasan: salah --perbaiki lagi", "id") == "Alasan: salah --perbaiki lagi"


def test_keys_and_places_have_the_words_of_the_form() -> None:
    assert at_desk("Nilai pihak_kesatu.nomor_pks, hlm. 1", "id") == (
        "Nilai «Nomor PKS BPJS Kesehatan», hlm. 1"
    )
    assert at_desk("Belum ada di TTD_PIHAK_KESATU.", "id").endswith(
        "di tempat tanda tangan PIHAK KESATU."
    )
    assert at_desk("Pada tempat TTD_PIHAK_KEDUA lain.", "id") == (
        "Pada tempat tanda tangan PIHAK KEDUA lain."
    )
    assert at_desk("Not at METERAI_PIHAK_KEDUA.", "en").endswith(
        "the place for the meterai of PIHAK KEDUA."
    )
    assert at_desk("Nilai tenaga_kesehatan[1].nama, hlm. 3", "id") == (
        "Nilai «Tenaga: Nama» (baris 2), hlm. 3"
    )
    assert at_desk("Isian «nama_penandatangan» belum ada.", "id") == (
        "Isian «Nama Penandatanganan» belum ada."
    )
    for left in ("pihak_kesatu.nomor_pks", "berkas faskes_kode.pdf ada", "a faskes.kode@b.id c"):
        assert at_desk(left, "id") == left


def test_whatever_a_page_shows_goes_that_way() -> None:
    page = environment().from_string("{{ hint }} {{ 'pks-kit verify' }}")
    told = page.render(language="en", hint="Ask. Try pks-kit batch retry FOLDER.")
    assert "pks-kit" not in told
    assert told.startswith("Ask. Tick this agreement")


def test_a_photo_may_be_no_agreement_at_all() -> None:
    for code in ("check.paper.issued.no_code",):
        one = lookup(code)
        told = at_desk(one.hint_id, "id")
        assert told.startswith("Mungkin ini foto atau dokumen lain, bukan perjanjian.")
        assert told.endswith("terbaca.")
    advice = lookup("desk.batch.outcome_advice.unsorted")
    assert "foto atau dokumen lain" in advice.id
    assert "photo or another document" in advice.en


def test_no_page_tells_where_something_lies_on_the_server() -> None:
    """A batch without a plan named the folder of the portal with all of its path."""
    for language in ("id", "en"):
        told = lookup("batch.no_plan").fill({"folder": "/srv/pks kit/batch/01JC"})
        shown = at_desk(told.in_language(language), language)
        assert "/srv" not in shown
        assert "01JC" not in shown
    assert at_desk("Di «/srv/x/01JC» tidak ada rencana.", "id") == (
        "Batch ini belum mempunyai rencana."
    )
    assert at_desk("«/srv/pks kit/buku.sqlite» tidak terbaca.", "id") == (
        "«buku.sqlite» tidak terbaca."
    )
    assert at_desk(r"«C:\pks kit\buku.sqlite» tidak terbaca.", "id") == (
        "«buku.sqlite» tidak terbaca."
    )
    assert at_desk("Klinik «A/B Sehat» dan «1/2».", "id") == "Klinik «A/B Sehat» dan «1/2»."
