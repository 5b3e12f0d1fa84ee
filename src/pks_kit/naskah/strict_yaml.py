"""Small YAML files of ours (manifest, front matter): safe, no key twice, errors with a line."""

from __future__ import annotations

from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pks_kit.errors import TemplateError

_M = TypeVar("_M", bound=BaseModel)
_Path = tuple[str | int, ...]


def load_model(model: type[_M], text: str, *, file: str, first_line: int = 1) -> _M:
    """Read YAML into a strict model.

    Args:
        model: Pydantic model that forbids unknown keys.
        text: YAML text.
        file: Name for messages, relative to the templates folder.
        first_line: Line of the file on which ``text`` begins.

    Raises:
        TemplateError: ``naskah.yaml`` or ``naskah.field`` with file and line.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        lines = _lines(root, file, first_line)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark is not None else 0)
        reason = getattr(error, "problem", None) or type(error).__name__
        raise TemplateError("naskah.yaml", file=file, line=line, reason=reason) from error
    except (ValueError, RecursionError) as error:  # for example the date 2024-13-45
        reason = str(error)
        raise TemplateError("naskah.yaml", file=file, line=first_line, reason=reason) from error
    try:
        return model.model_validate({} if content is None else content)
    except ValidationError as error:
        # A misspelt key is also a missing one; the misspelling is what the author can see.
        problems = error.errors(include_url=False)
        problem = next((p for p in problems if p["type"] == "extra_forbidden"), problems[0])
        path: _Path = problem["loc"]
        raise TemplateError(
            "naskah.field",
            file=file,
            line=_nearest(lines, path, first_line),
            field=".".join(str(step) for step in path) or "-",
            reason=problem["msg"],
        ) from error


def _nearest(lines: dict[_Path, int], path: _Path, fallback: int) -> int:
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return fallback


def _lines(root: yaml.Node | None, file: str, first_line: int) -> dict[_Path, int]:
    """Return the line of every key and list item; aliases and repeated keys are errors."""
    found: dict[_Path, int] = {}
    seen: set[int] = set()

    def visit(node: yaml.Node, path: _Path) -> None:
        line = first_line + node.start_mark.line
        if id(node) in seen:
            raise TemplateError("naskah.yaml", file=file, line=line, reason="alias")
        seen.add(id(node))
        found.setdefault(path, line)
        if isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                visit(child, (*path, index))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                key_path = (*path, key.value if isinstance(key, yaml.ScalarNode) else "?")
                if key_path in found:
                    key_line = first_line + key.start_mark.line
                    reason = f"«{key_path[-1]}» ×2"
                    raise TemplateError("naskah.yaml", file=file, line=key_line, reason=reason)
                found[key_path] = first_line + key.start_mark.line
                visit(value, key_path)

    if root is not None:
        visit(root, ())
    return found
