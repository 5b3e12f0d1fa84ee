"""The YAML of template files (manifest, front matter): what is wrong is an error of a template."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from pks_kit.errors import TemplateError
from pks_kit.messages.yaml_reason import yaml_reason
from pks_kit.strict_yaml.model import load_model
from pks_kit.strict_yaml.nodes import YamlError

_M = TypeVar("_M", bound=BaseModel)


def load_template_model(model: type[_M], text: str, *, file: str, first_line: int = 1) -> _M:
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
        return load_model(model, text)
    except YamlError as error:
        problem = error.first
        line = first_line - 1 + problem.line
        if problem.code == "input.model_refused":
            raise TemplateError("naskah.field", file=file, line=line, **problem.params) from error
        reason = yaml_reason(problem)
        raise TemplateError("naskah.yaml", file=file, line=line, reason=reason) from error
