"""No page advises a command, in either language and whichever message it comes from."""

from __future__ import annotations

import re

from pks_kit.messages import known_codes, lookup
from pks_kit.web.pages.at_desk import at_desk
from pks_kit.web.pages.rendering import environment

_OF_THE_COMMAND_LINE = {"help", "usage", "completion"}
_ADVISED = re.compile("pks-kit (?!serve)[a-z]+ (?:[A-Z]{4}|--)")


def test_a_command_becomes_what_to_do_at_the_desk() -> None:
    hint = lookup("text.older_than_term").hint_id
    assert at_desk(hint, "id").endswith("sudah terbit.")
    assert "pks-kit" not in at_desk(hint, "id")
    looked = lookup("batch_report.indeterminate")
    assert "Unggah berkas" in at_desk(looked.hint_id, "id")
    assert "Upload a file" in at_desk(looked.hint_en, "en")
    assert at_desk("Lihat dengan: pks-kit ledger show", "id").startswith("Minta pengelola")
    assert at_desk("Contoh: pks-kit init FOLDER.", "id").startswith("Minta pengelola")
    for left in ("Laporkan versi pks-kit.", "jalankan lagi pks-kit serve", "Dibuat oleh pks-kit"):
        assert at_desk(left, "id") == left


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
            for tongue, text in (("id", one.id), ("id", one.hint_id), ("en", one.hint_en)):
                if _ADVISED.search(at_desk(text, tongue)):
                    kept.add(code)
    assert kept == set()


def test_whatever_a_page_shows_goes_that_way() -> None:
    page = environment().from_string("{{ hint }} {{ 'pks-kit verify' }}")
    told = page.render(language="en", hint="Ask. Try pks-kit batch retry FOLDER.")
    assert "pks-kit" not in told
    assert told.startswith("Ask. Tick this agreement")
