"""Turn the errors of the model into problems that a branch officer can act on."""

from __future__ import annotations

import difflib
import re
from typing import Any

from pydantic import BaseModel, ValidationError

from pks_kit.domain.aksara import mask_digits, visible
from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import Problem
from pks_kit.inputs.expected import expectation
from pks_kit.inputs.json_schema import known_keys, schema_at
from pks_kit.inputs.yaml_tree import format_path
from pks_kit.strict_yaml.nodes import YamlMapping, line_of

MAXIMUM_PROBLEMS = 100

_DATE = re.compile(
    r"(?:19|20|21)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}"
    r"|[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:19|20|21)[0-9]{2}"
)
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
) -> tuple[Problem, ...]:
    """Return all problems in the order of the file.

    Args:
        error: What the model refused.
        top: The tree, for line numbers.
        found: Problems already known; a place that has one gets no second one.
        model: What the file should hold.
    """
    seen = {problem.path for problem in found}
    problems = list(found)
    for detail in error.errors(include_url=False):
        if len(problems) > 10 * MAXIMUM_PROBLEMS:
            break
        problem = _problem(detail, top, model)
        if problem.path not in seen:
            problems.append(problem)
    return shorten(problems)


def shorten(problems: list[Problem]) -> tuple[Problem, ...]:
    """Return the problems by line, at most :data:`MAXIMUM_PROBLEMS`; the last then says so."""
    ordered = sorted(problems, key=lambda problem: problem.line or 0)
    if len(ordered) <= MAXIMUM_PROBLEMS:
        return tuple(ordered)
    more = Problem("input.more_problems", "", None, shown=MAXIMUM_PROBLEMS)
    return (*ordered[:MAXIMUM_PROBLEMS], more)


def _problem(detail: Any, top: YamlMapping, model: type[BaseModel]) -> Problem:
    path: tuple[str | int, ...] = detail["loc"]
    line = line_of(top, path)
    if detail["type"] == "extra_forbidden":
        return _unknown_key(path, line, model)
    value = detail["input"]
    code = _CODES.get(detail["type"], "input.bad_value")
    if value is None and code != "input.missing_field":
        code = "input.empty_value"
    context = detail.get("ctx", {})
    field = visible(str(path[-1])) if path else ""
    params: dict[str, Any] = {"field": field, "expected": expectation(path, model)}
    if code == "input.too_long":
        params |= {"limit": context["max_length"], "length": len(value)}
    elif code in ("input.too_few", "input.too_many"):
        node = schema_at(path, model)
        limits = {"minimum": node.get("minItems", 0), "maximum": node.get("maxItems")}
        params |= {**limits, "given": len(value)}
    elif code in _SHOWING_VALUE and not isinstance(value, (dict, list, tuple)):
        params["value"] = masked(value)
    elif code in _SHOWING_VALUE:
        code = "input.expected_text"
    return Problem(code, format_path(path), line, **params)


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


def _unknown_key(path: tuple[str | int, ...], line: int, model: type[BaseModel]) -> Problem:
    key = str(path[-1])
    known = known_keys(path[:-1], model)
    near = difflib.get_close_matches(key[:60].casefold(), known, n=1, cutoff=0.6)
    place, shown = format_path(path), masked(key)
    if near:
        return Problem("input.unknown_key", place, line, key=shown, nearest=near[0])
    return Problem("input.unknown_key_far", place, line, key=shown, known=", ".join(known))
