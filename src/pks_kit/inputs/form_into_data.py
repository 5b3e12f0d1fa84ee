"""Put the values of a form into contract data: comments and everything else stay."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pks_kit.domain.aksara import normalise
from pks_kit.errors import InputProblemsError, Problem
from pks_kit.inputs.contract_file import parse_kontrak, path_parts
from pks_kit.inputs.csv_values import spoilt
from pks_kit.inputs.form_places import make_places, scalars
from pks_kit.inputs.hfis_csv import FormEntry, holds_date
from pks_kit.inputs.problems import masked, shorten
from pks_kit.inputs.text_file import NotTextError, decode_text
from pks_kit.inputs.which_file import other_role
from pks_kit.inputs.yaml_tree import read_tree
from pks_kit.strict_yaml.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedValue:
    """A value that a form changed.

    Attributes:
        path: Place in the contract data.
        old: The value before; empty when there was none.
        new: The value now, dates as ISO.
    """

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatedData:
    """Contract data with the values of a form.

    Attributes:
        content: The YAML, unchanged but for the values.
        changed: What is another value now, in the order of the form.
        remaining: Problems of the data elsewhere, to be mended by a person.
    """

    content: bytes
    changed: tuple[ChangedValue, ...]
    remaining: tuple[Problem, ...]


def apply_form(
    entries: tuple[FormEntry, ...], form: str, base: bytes, base_name: str
) -> UpdatedData:
    """Put the values of a form into contract data; comments and everything else stay.

    Args:
        entries: The values.
        form: Name of the CSV, for messages.
        base: Contract data as YAML; it may still have problems elsewhere.
        base_name: Its name, for messages.

    Raises:
        InputProblemsError: ``input.problems`` when the YAML cannot be read, ``form.problems`` when
            a value of the form is refused or the data has no place for it.
    """
    text = _decoded(base, base_name)
    root, _ = read_tree(text, base_name)
    other = other_role(root, "agreement")
    if other is not None:
        raise InputProblemsError("input.wrong_file", (other,), file=base_name)
    problems: list[Problem] = []
    edits: list[tuple[int, int, str]] = []
    changed: list[ChangedValue] = []
    missing = [one for one in entries if _node_at(root, one.path) is None]
    made = make_places(text, root, [(one.path, one.text) for one in missing], _written)
    for entry in entries:
        node = _node_at(root, entry.path)
        if not isinstance(node, YamlScalar):
            if node is not None or entry.path in made.refused:
                problems.append(Problem("form.no_place", entry.path, entry.line, base=base_name))
            changed.append(ChangedValue(path=entry.path, old="", new=entry.text))
        elif node.text != entry.text:
            old = node.text or ""
            fault = "" if holds_date(entry.path) else spoilt(old, entry.text)
            if fault:
                problems.append(Problem(fault, entry.path, entry.line, value=masked(entry.text)))
            edits.append(_edit(node, entry.text))
            changed.append(ChangedValue(path=entry.path, old=old, new=entry.text))
    for start, end, value in sorted([*edits, *made.edits], reverse=True):
        text = text[:start] + value + text[end:]
    content = text.encode()
    problems += _misplaced(root, text, base_name, [] if problems else entries)
    remaining, refused = _judged(content, base_name, entries)
    if problems or refused:
        raise InputProblemsError("form.problems", shorten([*problems, *refused]), file=form)
    return UpdatedData(content=content, changed=tuple(changed), remaining=remaining)


def _misplaced(
    root: YamlMapping, text: str, base_name: str, entries: Sequence[FormEntry]
) -> list[Problem]:
    """Return the values that do not stand where they belong, or moved others; none should."""
    if not entries:
        return []
    wanted = dict(scalars(root)) | {
        path_parts(one.path): json.dumps(normalise(one.text)) for one in entries
    }
    try:
        found = dict(scalars(read_tree(text, base_name)[0]))
    except InputProblemsError:
        found = {}
    if found == wanted:
        return []
    lost = [one for one in entries if found.get(path_parts(one.path)) is None]
    return [Problem("form.no_place", one.path, one.line, base=base_name) for one in lost or entries]


def _judged(
    content: bytes, base_name: str, entries: tuple[FormEntry, ...]
) -> tuple[tuple[Problem, ...], list[Problem]]:
    """Return the problems of the new data: those elsewhere, and those of the form's own values."""
    lines = {entry.path: entry.line for entry in entries}
    try:
        parse_kontrak(content, base_name)
    except InputProblemsError as error:
        elsewhere = tuple(one for one in error.problems if one.path not in lines)
        own = [
            Problem(one.code, one.path, lines[one.path], **one.params)
            for one in error.problems
            if one.path in lines
        ]
        return elsewhere, own
    return (), []


def _decoded(base: bytes, base_name: str) -> str:
    try:
        return decode_text(base)
    except NotTextError as error:
        raise InputProblemsError("input.problems", (error.problem,), file=base_name) from None


def _node_at(root: YamlMapping, path: str) -> YamlNode | None:
    here: YamlNode | None = root
    for part in path_parts(path):
        if isinstance(part, int):
            rows = here.items if isinstance(here, YamlSequence) else ()
            here = rows[part] if part < len(rows) else None
        else:
            here = here.entries.get(part) if isinstance(here, YamlMapping) else None
    return here


def _written(text: str) -> str:
    return text if _ISO_DATE.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _edit(node: YamlScalar, text: str) -> tuple[int, int, str]:
    """Return where in the YAML a value stands, and what shall stand there."""
    value = _written(text)
    if node.start == node.end:  # nothing was written after the colon
        return node.start, node.end, f" {value}"
    return node.start, node.end, f"{value}\n" if node.style in ("|", ">") else value
