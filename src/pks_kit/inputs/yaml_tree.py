"""Contract data as a tree of printable text: strict YAML, and the characters an agreement may hold.

Every scalar stays the text that was written (``strict_yaml``), normalised as it will be printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pks_kit.domain.aksara import find_unprintable, mask_digits, normalise, visible
from pks_kit.errors import DataPath, InputProblemsError, Problem
from pks_kit.messages import lookup
from pks_kit.strict_yaml.comments import dropped_behind, is_part_of_words
from pks_kit.strict_yaml.nodes import (
    YamlError,
    YamlMapping,
    YamlNode,
    YamlPath,
    YamlProblem,
    YamlScalar,
    YamlSequence,
)
from pks_kit.strict_yaml.reader import read_mapping

_REASONS = (
    ("mapping values are not allowed", "colon"),
    ("block sequence entries are not allowed", "start"),
    ("sequence entries are not allowed", "start"),
    ("mapping keys are not allowed", "start"),
    ("found character that cannot start any token", "start"),
    ("found character '", "start"),
    ("could not find expected ':'", "no_colon"),
    ("found unexpected end of stream", "open_quote"),
    ("found unknown escape character", "escape"),
    ("did not find expected ','", "flow"),
    ("expected ','", "flow"),
    ("did not find expected key", "behind"),
    ("did not find expected '-' indicator", "behind"),
    ("expected <block end>", "behind"),
)
"""What the two parsers say, and the words for people about it (``input.yaml.*``)."""

_PART = re.compile(r"([^.\[\]]+)|\[([0-9]{1,9})\]")

PLACEHOLDER = "ISI:"
"""A value that begins so was written by a program and waits for a person to fill it."""


def read_tree(
    text: str, source: str, is_free_text: Callable[[YamlPath], bool] = lambda _: True
) -> tuple[YamlMapping, list[Problem]]:
    """Read one YAML document.

    Args:
        text: The file, already decoded.
        source: Name of the file for the messages.
        is_free_text: Whether any words may stand at a path. A comment behind such a value without
            quotes may be part of what was meant; behind a date, a choice or quotes it is one,
            unless it looks like ``#12``.

    Returns:
        The top mapping and the problems that do not stop the reading: keys that stand twice,
        values cut short by a comma or by ``#``, and characters that cannot be printed.

    Raises:
        InputProblemsError: The text is no YAML, is too deep or too large, or uses what is refused.
    """
    found: list[YamlProblem] = []

    def printable(scalar: YamlScalar, path: YamlPath) -> None:
        dropped = dropped_behind(text, scalar)
        # «#12» is hardly ever a comment, whatever the value before it; quotes show an end
        is_open = scalar.text and not scalar.style and is_free_text(path)
        if is_part_of_words(dropped) or (dropped and is_open):
            shown = {"value": visible(scalar.text or "", 24), "rest": visible(dropped, 24)}
            found.append(YamlProblem("input.cut_at_hash", path, scalar.line, **shown))
        if scalar.text is None:
            return
        scalar.text = normalise(scalar.text)
        bad = find_unprintable(scalar.text)
        if bad is not None:
            is_break = bad.code_point in ("U+000A", "U+000D")
            found.append(
                YamlProblem(
                    "input.line_break" if is_break else "input.unprintable",
                    path,
                    scalar.line,
                    code_point=bad.code_point,
                    name=bad.name,
                    position=bad.position,
                )
            )

    try:
        return read_mapping(text, found=found, each=printable), [_problem(one) for one in found]
    except YamlError as error:
        problems = tuple(_problem(one) for one in (*found, *error.problems))
        raise InputProblemsError("input.problems", problems, file=source) from error


def _problem(found: YamlProblem) -> Problem:
    """Return a problem that may be shown: what stands in a contract may be personal."""
    params: dict[str, Any] = {
        name: mask_digits(visible(value)) if isinstance(value, str) else value
        for name, value in found.params.items()
    }
    if found.code == "input.yaml_syntax":
        said = str(found.params.get("reason", ""))
        known = next((key for start, key in _REASONS if said.startswith(start)), None)
        params |= {"reason": lookup(f"input.yaml.{known}")} if known else {}
    return Problem(found.code, format_path(found.path), found.line, **params)


def format_path(path: YamlPath) -> DataPath:
    """Return a path as people write it: ``tenaga_kesehatan[2].sip.nomor`` (rows count from 0)."""
    text = ""
    shown = tuple(
        part if isinstance(part, int) else mask_digits(visible(part, 40)) for part in path
    )
    for part in shown:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + part
    return DataPath(text, shown)


def parts_of(path: str) -> YamlPath:
    """Return the steps of a path such as ``tenaga_kesehatan[2].nik``."""
    return tuple(int(index) if index else key for key, index in _PART.findall(path))


def to_be_filled(top: YamlMapping) -> list[Problem]:
    """Return one problem for every value that still begins with :data:`PLACEHOLDER`."""
    found: list[Problem] = []

    def visit(node: YamlNode, path: YamlPath) -> None:
        if isinstance(node, YamlMapping):
            for key, value in node.entries.items():
                visit(value, (*path, key))
        elif isinstance(node, YamlSequence):
            for index, item in enumerate(node.items):
                visit(item, (*path, index))
        elif node.text is not None and node.text.strip().startswith(PLACEHOLDER):
            wanted = mask_digits(visible(node.text.strip().removeprefix(PLACEHOLDER).strip(), 120))
            found.append(Problem("input.to_be_filled", format_path(path), node.line, wanted=wanted))

    visit(top, ())
    return found
