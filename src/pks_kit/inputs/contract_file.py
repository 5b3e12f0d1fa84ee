"""Read one contract file into the model, or report all its problems at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pks_kit.domain.adendum import Adendum
from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import InputProblemsError, Problem
from pks_kit.files import read_limited
from pks_kit.inputs.json_schema import is_free_text
from pks_kit.inputs.problems import collect, shorten
from pks_kit.inputs.text_file import NotTextError, decode_text
from pks_kit.inputs.which_file import NO_DATA, Role, other_role
from pks_kit.inputs.yaml_tree import read_tree, to_be_filled
from pks_kit.strict_yaml.nodes import YamlMapping, line_of
from pks_kit.strict_yaml.values import as_text

MAXIMUM_BYTES = 1_000_000

_PART = re.compile(r"([^.\[\]]+)|\[([0-9]{1,9})\]")
_TOLD_BETTER = ("input.other_file", "input.other_role", "input.too_large")
"""What says already which file it is, or that nobody read it."""
_SUFFIX = re.compile(r"\.[0-9A-Za-z]{1,8}")
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedKontrak:
    """A contract together with the file it came from.

    Attributes:
        kontrak: The data, checked for shape (not yet for sense, see ``rules.checks``).
        source: Name of the file, for messages.
        source_bytes: The file as it was read.
        tree: Returns its text with line numbers; called when somebody asks for a line.
    """

    kontrak: Kontrak
    source: str
    source_bytes: bytes = field(repr=False)
    tree: Callable[[], YamlMapping] = field(repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the file in hexadecimal."""
        return hashlib.sha256(self.source_bytes).hexdigest()

    def line_of(self, path: str) -> int:
        """Return the line of a finding's path such as ``jadwal.praktik[3].tenaga``."""
        return line_of(self.tree(), path_parts(path))


def load_kontrak(path: Path) -> LoadedKontrak:
    """Read a contract file of at most one megabyte.

    Raises:
        InputError: ``file.not_found`` and its kin.
        InputProblemsError: ``input.problems`` with everything that is wrong in the file.
    """
    return parse_kontrak(read_limited(path, MAXIMUM_BYTES), path.name)


def parse_kontrak(content: bytes, source: str) -> LoadedKontrak:
    """Read contract data from bytes.

    Args:
        content: YAML in UTF-8.
        source: Name of the file, for messages.

    Raises:
        InputProblemsError: ``input.problems`` with everything that is wrong in the file.
    """
    kontrak, tree = parse_model(Kontrak, content, source)
    return LoadedKontrak(kontrak=kontrak, source=source, source_bytes=content, tree=lambda: tree)


def parse_model(model: type[_Model], content: bytes, source: str) -> tuple[_Model, YamlMapping]:
    """Read any input model from bytes, with the same limits and the same kind of problems.

    Args:
        model: What the file should hold, for example ``Kontrak``.
        content: YAML in UTF-8.
        source: Name of the file, for messages.

    Returns:
        The data, and the tree of the file for line numbers.

    Raises:
        InputProblemsError: ``input.problems`` with everything that is wrong in the file, places
            that still wait for a value (``ISI: ...``) among it; ``input.wrong_file`` when it is
            another file, for example settings.
    """
    try:
        return _parsed(model, content, source)
    except InputProblemsError as error:
        # of a text of another kind, what is wrong inside it tells nobody anything
        told_better = any(one.code in _TOLD_BETTER for one in error.problems)
        broken = any(not one.path for one in error.problems)
        if _is_of_another_kind(source) and broken and not told_better:
            told = (Problem(NO_DATA, "", None),)
            raise InputProblemsError("input.problems", told, file=source) from None
        raise


def _is_of_another_kind(source: str) -> bool:
    """Return whether the name of a file says that it is no YAML."""
    suffix = PurePath(source).suffix
    return _SUFFIX.fullmatch(suffix) is not None and suffix.lower() not in (".yml", ".yaml")


def _parsed(model: type[_Model], content: bytes, source: str) -> tuple[_Model, YamlMapping]:
    if len(content) > MAXIMUM_BYTES:
        problem = Problem("input.too_large", "", None, limit=MAXIMUM_BYTES)
        raise InputProblemsError("input.problems", (problem,), file=source)
    text = _decode(content, source)
    tree, problems = read_tree(text, source, lambda path: is_free_text(path, model))
    problems += to_be_filled(tree)
    try:
        loaded = model.model_validate(as_text(tree))
    except ValidationError as error:
        other = other_role(tree, _role(model))
        if other is not None:
            raise InputProblemsError("input.wrong_file", (other,), file=source) from None
        found = collect(error, tree, problems, model)
        raise InputProblemsError("input.problems", found, file=source) from None
    if problems:
        raise InputProblemsError("input.problems", shorten(problems), file=source)
    return loaded, tree


def unfinished_data(content: bytes, source: str) -> dict[str, object]:
    """Return contract data as text, finished or not: places that wait for a value among it.

    Args:
        content: YAML in UTF-8.
        source: Name of the file, for messages.

    Raises:
        InputProblemsError: ``input.problems`` when it is no text with keys.
    """
    if len(content) > MAXIMUM_BYTES:
        problem = Problem("input.too_large", "", None, limit=MAXIMUM_BYTES)
        raise InputProblemsError("input.problems", (problem,), file=source)
    tree, _ = read_tree(_decode(content, source), source, lambda path: is_free_text(path, Kontrak))
    data: dict[str, object] = as_text(tree)
    return data


def _role(model: type[BaseModel]) -> Role:
    if issubclass(model, Kontrak):
        return "agreement"
    return "addendum" if issubclass(model, Adendum) else "letter"


def path_parts(path: str) -> tuple[str | int, ...]:
    """Return the keys and row numbers of a path such as ``jadwal.praktik[3].tenaga``."""
    return tuple(int(index) if index else key for key, index in _PART.findall(path))


def _decode(content: bytes, source: str) -> str:
    try:
        return decode_text(content)
    except NotTextError as error:
        raise InputProblemsError("input.problems", (error.problem,), file=source) from None
