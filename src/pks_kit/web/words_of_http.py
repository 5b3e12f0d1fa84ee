"""What the library says, said for whoever asks over HTTP: no class, no option, no command.

Errors are told as problems (:mod:`pks_kit.web.problems`). Findings and verdicts in answers advise
too, and a portal shows that to its people, who have no command line: a sentence that names a
command is left out there. The pages of the desk say what to press instead
(:mod:`pks_kit.web.pages.at_desk`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pks_kit.json_form import to_json
from pks_kit.messages import known_codes, lookup

_OF_CLASS = re.compile(r"\b[A-Z][A-Za-z]*Request\.(\w+)")
_OPTION = re.compile(r"(?<![\w-])--([a-z][\w-]*)")
_ADVICE_FOR_OTHERS = re.compile(
    r"pks-kit [a-z{]|(?<![\w-])(?<!curl )--[a-z]|docs/|TMPDIR"
    r"|[A-Za-z]Request\b|pathlib|clock=|replace=True"
    r"|\b(perintah|command|jalankan lagi|run it again)\b"
)
_COMMAND = re.compile(r"\bpks-kit [a-z]")
SENTENCES = re.compile(r"(?<=[.!?;]) +")
"""Where one sentence of our own ends and the next begins."""


def in_words_of_http(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return an error whose words fit an answer over HTTP.

    Whoever asks knows no class of the library and has no command line. So a code may have words of
    its own for HTTP (``http.`` and the code, in the catalogue); otherwise names of classes and
    dashes of options are taken out, and advice that is for somebody else is left out.
    """
    own = f"http.{form['code']}"
    hint = form.get("hint")
    if own in known_codes():
        told = lookup(own)
        hint = to_json(told.hint) if told.hint else None
        message = {"id": told.id, "en": told.en}
    else:
        message = _plain(form["message"])
        if hint and any(_ADVICE_FOR_OTHERS.search(hint[name]) for name in ("id", "en")):
            hint = None
    return {
        **form,
        "message": message,
        "hint": hint,
        **{
            name: [{**one, "message": _plain(one["message"])} for one in form.get(name) or ()]
            for name in ("problems", "findings")
        },
    }


def _plain(texts: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _OPTION.sub(r"\1", _OF_CLASS.sub(_field_of, texts[name])) for name in ("id", "en")
    }


def _field_of(found: re.Match[str]) -> str:
    return "data" if found[1] in ("source", "sources") else found[1]


def answer_in_words_of_http(content: bytes) -> bytes:
    """Return the JSON of an answer in which no text in two languages names a command.

    Only texts of our own are looked at, which stand in both languages (``{"id": ..., "en": ...}``).
    Of a hint may nothing be left, and it is then empty; what else consists of such a sentence alone
    stays as it is.
    """
    if b"pks-kit " not in content:  # nearly all answers
        return content
    return json.dumps(_reworded(json.loads(content)), ensure_ascii=False).encode()


def _reworded(value: Any, key: str = "") -> Any:
    if isinstance(value, list):
        return [_reworded(one, key) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"id", "en"} and all(isinstance(one, str) for one in value.values()):
        left = {name: _without_commands(text) for name, text in value.items()}
        return left if all(left.values()) or key == "hint" else value
    return {name: _reworded(one, name) for name, one in value.items()}


def _without_commands(text: str) -> str:
    return " ".join(one for one in SENTENCES.split(text) if not _COMMAND.search(one))
