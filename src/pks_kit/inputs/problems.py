"""Turn the errors of the model into problems that a branch officer can act on."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ValidationError

from pks_kit.domain.aksara import mask_digits, visible
from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import Problem
from pks_kit.inputs.date_advice import date_advice
from pks_kit.inputs.expected import expectation, whole_example
from pks_kit.inputs.json_schema import known_keys, schema_at
from pks_kit.inputs.yaml_tree import format_path
from pks_kit.messages import Message
from pks_kit.messages.nearest import asked_for
from pks_kit.strict_yaml.nodes import YamlMapping, line_of

MAXIMUM_PROBLEMS = 100

_KEY = "[key]"
_KIND = "jenis"
_AMOUNT = re.compile(r"[-+0-9.,]{1,12}")

_DATE = re.compile(
    r"(?:00|19|20|21|25)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}(?:[T ][0-9:.]{4,12}Z?)?"
    r"|[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:19|20|21)[0-9]{2}(?:[T ][0-9:.]{4,12})?"
    r"|[0-9]{1,2}[.:][0-9]{2}(?: ?(?:-|–|s\.?d\.?) ?[0-9]{1,2}[.:][0-9]{2})?(?: ?WI(?:B|TA?))?"
)
"""A date, a time or a span of times, as people write them."""
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]{1,15})?[eE]\+?[0-9]{1,3}")
"""What spreadsheet programs make of a long number."""
_CODES = {
    "missing": "input.missing_field",
    "model_type": "input.expected_mapping",
    "tuple_type": "input.expected_list",
    "string_type": "input.expected_text",
    "string_pattern_mismatch": "input.bad_format",
    "string_too_long": "input.too_long",
    "string_too_short": "input.empty_value",
    "too_short": "input.too_few",
    "too_long": "input.too_many",
    "literal_error": "input.not_a_choice",
    "greater_than_equal": "input.out_of_range",
    "less_than_equal": "input.out_of_range",
    "bad_date": "input.bad_date",
    "bad_time": "input.bad_time",
    "bad_yes_no": "input.bad_yes_no",
    "bad_whole": "input.bad_whole",
    "bad_decimal": "input.bad_decimal",
}


def masked(value: object) -> str:
    """Return a value that is safe to show; of long numbers (NIK, phone) only two digits.

    A date, also an impossible one, is no secret and must be seen to be mended.
    """
    text = visible(str(value), 40)
    return text if _DATE.fullmatch(text) else mask_digits(text)


def collect(
    error: ValidationError,
    top: YamlMapping,
    found: list[Problem],
    model: type[BaseModel] = Kontrak,
    data: object = None,
) -> tuple[Problem, ...]:
    """Return all problems in the order of the file.

    Args:
        error: What the model refused.
        top: The tree, for line numbers.
        found: Problems already known; a place that has one gets no second one.
        model: What the file should hold.
        data: The whole data as read, where a key of them decides what else is known.
    """
    seen = {problem.path for problem in found}
    problems = list(found)
    for detail in error.errors(include_url=False):
        if len(problems) > 10 * MAXIMUM_PROBLEMS:
            break
        if _is_long_enough(detail):
            continue
        problem = _problem(detail, top, _Place(detail["loc"], model, data))
        if problem.path not in seen:
            problems.append(problem)
    return shorten(problems)


def _is_long_enough(detail: Any) -> bool:
    """Return whether a list is only called too short because its items are wrong, which is told."""
    given = detail["input"]
    return (
        detail["type"] == "too_short"
        and isinstance(given, list | tuple)
        and len(given) >= detail["ctx"]["min_length"]
    )


def shorten(problems: list[Problem]) -> tuple[Problem, ...]:
    """Return the problems by line, at most :data:`MAXIMUM_PROBLEMS`; the last then says so."""
    ordered = sorted(problems, key=lambda problem: problem.line or 0)
    if len(ordered) <= MAXIMUM_PROBLEMS:
        return tuple(ordered)
    more = Problem("input.more_problems", "", None, shown=MAXIMUM_PROBLEMS)
    return (*ordered[:MAXIMUM_PROBLEMS], more)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a file, and what is known of it."""

    path: tuple[str | int, ...]
    model: type[BaseModel]
    data: object

    def expectation(self) -> Message:
        return expectation(self.path, self.model, self.data)

    def schema(self) -> dict[str, Any]:
        return schema_at(self.path, self.model, self.data)

    def known_keys(self) -> tuple[str, ...]:
        return known_keys(self.path, self.model, self.data)


def _problem(detail: Any, top: YamlMapping, where: _Place) -> Problem:
    path = where.path
    if path and path[-1] == _KEY:  # pydantic's place for a key that is not right itself
        return _wrong_key(replace(where, path=path[:-1]), top)
    line = line_of(top, path)
    if detail["type"] == "extra_forbidden":
        return _unknown_key(where, line)
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return _no_kind(where, top)
    value = detail["input"]
    code = _CODES.get(detail["type"], "input.bad_value")
    if value is None and code != "input.missing_field":
        code = "input.empty_value"
    context = detail.get("ctx", {})
    field = visible(str(path[-1])) if path else ""
    params: dict[str, Any] = {"field": field, "expected": where.expectation()}
    if code == "input.too_long":
        params |= {"limit": context["max_length"], "length": len(value)}
    elif code in ("input.too_few", "input.too_many"):
        node = where.schema()
        limits = {"minimum": node.get("minItems", 0), "maximum": node.get("maxItems")}
        params |= {**limits, "given": len(value)}
    elif isinstance(value, str) and _SCIENTIFIC.fullmatch(value.strip()):
        return Problem("input.scientific", format_path(path), line, field=field, value=value)
    elif code in _SHOWING_VALUE and not isinstance(value, (dict, list, tuple)):
        params["value"] = _shown(value, where)
        params["meant"] = Message("", "")
        if code == "input.not_a_choice":
            params["meant"] = asked_for(str(value), where.schema().get("enum", ()))
        elif code == "input.bad_date":
            params["advice"] = date_advice(str(value))
        elif code == "input.bad_whole":
            params["example"] = whole_example(where.schema())
    elif code in _SHOWING_VALUE:
        code = "input.expected_text"
    return Problem(code, format_path(path), line, **params)


def _shown(value: object, where: _Place) -> str:
    """Return a value for its owner; a count or share is no secret and must be seen whole."""
    node = where.schema()
    plain = node.get("type") in ("integer", "number") and _AMOUNT.fullmatch(str(value))
    return visible(str(value), 40) if plain else masked(value)


_SHOWING_VALUE = frozenset(
    {
        "input.bad_date",
        "input.bad_time",
        "input.bad_yes_no",
        "input.bad_decimal",
        "input.bad_whole",
        "input.not_a_choice",
        "input.out_of_range",
    }
)


def _unknown_key(where: _Place, line: int) -> Problem:
    key, parent = str(where.path[-1]), replace(where, path=where.path[:-1])
    known = parent.known_keys()
    near = _nearest(key, known)
    place, shown = format_path(where.path), masked(key)
    if near:
        return Problem("input.unknown_key", place, line, key=shown, nearest=near)
    return Problem("input.unknown_key_far", place, line, key=shown, known=", ".join(known))


def _wrong_key(where: _Place, top: YamlMapping) -> Problem:
    """Return what is wrong with a key where only some names, or names of a form, may stand."""
    line = line_of(top, where.path)
    if replace(where, path=where.path[:-1]).known_keys():
        return _unknown_key(where, line)
    return Problem("input.bad_name", format_path(where.path), line, key=masked(where.path[-1]))


def _no_kind(where: _Place, top: YamlMapping) -> Problem:
    """Return that a part does not say, or says wrongly, of which kind it is."""
    kinds = schema_at((*where.path, _KIND), where.model).get("enum", ())
    given: object = where.data
    for part in where.path:
        given = given.get(part) if isinstance(given, dict) else None
    place = (*where.path, _KIND)
    known = ", ".join(kinds)
    if not isinstance(given, dict) or _KIND not in given:
        line = line_of(top, where.path)
        return Problem("input.no_kind", format_path(place), line, known=known)
    value, line = str(given[_KIND]), line_of(top, place)
    near = _nearest(value, kinds) or next((one for one in kinds if one.startswith(value)), "")
    if near:
        params = {"value": masked(value), "nearest": near, "known": known}
        return Problem("input.unknown_kind", format_path(place), line, **params)
    return Problem(
        "input.unknown_kind_far", format_path(place), line, value=masked(value), known=known
    )


def _nearest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word[:60].casefold(), known, n=1, cutoff=0.6)
    return near[0] if near else ""
