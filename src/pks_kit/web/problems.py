"""Errors as problem details (RFC 9457): our codes as stable types, pointers and lines beside.

``type`` is a name that never changes and does not depend on where the router is mounted. ``detail``
is in the language that the client prefers; ``message`` and ``hint`` hold both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import HTTPConnection
from starlette.responses import Response

from pks_kit.errors import PksKitError, Problem, UsageError
from pks_kit.json_form import to_json
from pks_kit.pipelines.error_form import error_form
from pks_kit.web.words_of_http import in_words_of_http

TYPE = "urn:pks-kit:masalah:"
"""What the type of every problem begins with; the code follows."""

MEDIA = "application/problem+json"
_RETRY_SECONDS = {409: 2, 503: 30, 504: 60}
_WAITS = frozenset({"web.key_running", "store.busy"})
Language = Literal["id", "en"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TwoLanguages(_Form):
    """One text in Indonesian and English."""

    id: str
    en: str


class ProblemError(_Form):
    """One thing that is wrong.

    ``pointer`` is its place in the data as a JSON pointer, ``line`` its line in the file, ``place``
    its cell in a workbook; what is not known is null.
    """

    code: str
    pointer: str | None
    line: int | None
    place: str | None
    level: str | None
    detail: str
    message: TwoLanguages


class ProblemDetails(_Form):
    """A problem as RFC 9457 describes it."""

    type: Annotated[str, Field(pattern=f"^{TYPE}")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    code: str
    message: TwoLanguages
    hint: TwoLanguages | None
    errors: list[ProblemError]


@dataclass(frozen=True, slots=True)
class ProblemResponse:
    """Makes answers out of errors for one client.

    Attributes:
        language: Language of ``detail``.
    """

    language: Language

    def of(self, error: PksKitError) -> Response:
        """Return the answer that tells an error."""
        return self.of_form(to_json(error_form(error)))

    def of_form(self, form: Mapping[str, Any]) -> Response:
        """Return the answer that tells an error as ``error_form`` shows it."""
        status, code = int(form["http_status"]), str(form["code"])
        headers = {"Content-Language": self.language, "Cache-Control": "no-store"}
        if status in (503, 504) or code in _WAITS:
            headers["Retry-After"] = str(_RETRY_SECONDS[status])
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        body = json.dumps(problem_details(form, self.language), ensure_ascii=False)
        return Response(body, status, headers, media_type=MEDIA)

    def of_validation(self, error: RequestValidationError) -> Response:
        """Return the answer that tells what is wrong with parameters or a body."""
        problems = [_validation_problem(one) for one in error.errors()]
        form = to_json(error_form(UsageError("web.bad_request")))
        status = 422 if any(one["loc"][:1] == ("body",) for one in error.errors()) else 400
        return self.of_form({**form, "http_status": status, "problems": problems})


def problem_details(form: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return the problem details of an error as ``error_form`` shows it."""
    form = in_words_of_http(form)
    message = form["message"]
    entries = [*(form.get("problems") or ()), *(form.get("findings") or ())]
    hint = form.get("hint")
    return {
        "type": TYPE + form["code"],
        "title": message["en"],
        "status": form["http_status"],
        "detail": message[language],
        "code": form["code"],
        "message": message,
        "hint": hint if hint and hint["id"] else None,
        "errors": [_entry(one, language) for one in entries],
    }


def language_of(asked: HTTPConnection) -> Language:
    """Return the language that a client prefers; Indonesian unless English is named first."""
    for part in asked.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("en"):
            return "en"
        if tag.startswith(("id", "in")):
            return "id"
    return "id"


def _entry(one: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return {
        "code": one["code"],
        "pointer": one.get("pointer"),
        "line": one.get("line"),
        "place": one.get("place") or None,
        "level": one.get("level"),
        "detail": one["message"][language],
        "message": {name: one["message"][name] for name in ("id", "en")},
    }


def _validation_problem(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a problem of our own for what the framework found; its text may repeat values."""
    where: Sequence[str | int] = one["loc"]
    pointer = "".join(f"/{str(p).replace('~', '~0').replace('/', '~1')}" for p in where[1:])
    kind = str(one["type"])
    code = "web.value_missing" if kind == "missing" else "web.value_refused"
    problem = Problem(code, str(where[-1] if where else ""), None, part=str(where[0]), kind=kind)
    text = problem.text
    return {
        "code": code,
        "pointer": pointer if where[:1] == ("body",) else None,
        "line": None,
        "place": f"{where[0]}: {where[-1]}" if where[:1] != ("body",) else None,
        "message": {"id": text.id, "en": text.en},
    }
