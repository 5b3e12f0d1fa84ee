"""Answers over HTTP advise nothing that only a command line can do."""

import json

from pks_kit.web.words_of_http import answer_in_words_of_http


def _answered(**texts: object) -> dict[str, object]:
    told: dict[str, object] = json.loads(answer_in_words_of_http(json.dumps(texts).encode()))
    return told


def test_a_sentence_that_names_a_command_is_left_out() -> None:
    hint = {"id": "Tanyakan. Daftar: pks-kit law list.", "en": "Ask. Values: pks-kit law list."}
    told = _answered(findings=[{"code": "x", "hint": hint}], hasil={"pasal": [{"hint": hint}]})
    left = {"id": "Tanyakan.", "en": "Ask."}
    assert told == {"findings": [{"code": "x", "hint": left}], "hasil": {"pasal": [{"hint": left}]}}


def test_of_a_hint_nothing_may_be_left_and_of_a_message_something_is() -> None:
    only = {"id": "Jalankan pks-kit verify.", "en": "Run pks-kit verify."}
    assert _answered(hint=only, message=only) == {"hint": {"id": "", "en": ""}, "message": only}


def test_what_people_wrote_stays_as_it_is() -> None:
    texts = {"nama": "pks-kit verify", "isi": {"id": "pks-kit sign", "en": "x", "nomor": "1"}}
    assert _answered(**texts) == texts


def test_an_answer_without_commands_keeps_its_bytes() -> None:
    content = b'{ "a" : 1 }'
    assert answer_in_words_of_http(content) is content
