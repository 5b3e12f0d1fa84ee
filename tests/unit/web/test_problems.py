"""A problem over HTTP speaks HTTP: no class of the library, no advice for a command line."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from pks_kit.errors import InputProblemsError, PksKitError
from pks_kit.json_form import to_json
from pks_kit.messages import known_codes, lookup
from pks_kit.pipelines.draft import CheckRequest, check
from pks_kit.pipelines.error_form import error_form
from pks_kit.web.problems import Language, ProblemDetails, problem_details

NOT_OF_HTTP = re.compile(r"Request\.\w|(?<![\w-])(?<!curl )--[a-z]|docs/library|clock=|pathlib")
"""Of a command of curl the options may be told: it speaks HTTP."""


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_problem_of_any_code_speaks_of_classes_or_commands(language: Language) -> None:
    for code in sorted(known_codes()):
        message = lookup(code)
        form = {
            "code": code,
            "http_status": 422,
            "message": {"id": message.id, "en": message.en},
            "hint": to_json(message.hint) if message.hint else None,
            "problems": [{"code": code, "message": {"id": message.id, "en": message.en}}],
        }
        told = problem_details(form, language)
        assert not NOT_OF_HTTP.search(json.dumps(told, ensure_ascii=False)), code
        hint = told["hint"] or {"id": "", "en": ""}
        assert not re.search(r"pks-kit [a-z]", hint["id"] + hint["en"]), code


def test_advice_for_who_speaks_http_stays() -> None:
    error = PksKitError("web.multipart")
    told: dict[str, Any] = problem_details(to_json(error_form(error)), "en")
    assert "curl --data-binary @FILE" in told["hint"]["en"]


def test_words_for_http_belong_to_a_code() -> None:
    own = {code.removeprefix("http.") for code in known_codes() if code.startswith("http.")}
    assert own
    assert own <= known_codes()


def test_wrong_data_are_told_with_pointers_and_what_to_send() -> None:
    with pytest.raises(InputProblemsError) as raised:
        check(CheckRequest(source={"faskes": {}}))
    told = problem_details(to_json(error_form(raised.value)), "en")
    ProblemDetails.model_validate(told)
    assert told["title"].startswith("What was sent has mistakes")
    assert "GET /skema/kontrak" in told["hint"]["en"]
    assert {one["pointer"] for one in told["errors"]} >= {"/pihak_kesatu", "/faskes/kode"}


def test_the_name_of_a_field_stays() -> None:
    error = PksKitError("request.limit", field="DraftRequest.sebelumnya", largest=3)
    told: dict[str, Any] = problem_details(to_json(error_form(error)), "en")
    assert told["title"] == "The limit sebelumnya must be a number above 0 and at most 3."
    assert told["hint"] is None
