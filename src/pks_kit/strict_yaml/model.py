"""From text to a pydantic model, with the line of everything that the model refuses."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pks_kit.strict_yaml.nodes import YamlError, YamlNode, YamlProblem, line_of
from pks_kit.strict_yaml.reader import read_document
from pks_kit.strict_yaml.values import as_values

_M = TypeVar("_M", bound=BaseModel)


def load_model(model: type[_M], text: str) -> _M:
    """Read YAML into a strict model; an empty file is an empty mapping.

    Args:
        model: Pydantic model that forbids unknown keys.
        text: The file, already decoded.

    Raises:
        YamlError: With one problem when the text cannot be read (see :func:`read_document` and
            :func:`as_values`), or with all that the model refuses: ``input.model_refused`` with
            ``field`` and ``reason``, misspelt keys first.
    """
    top = read_document(text)
    try:
        return model.model_validate({} if top is None else as_values(top))
    except ValidationError as error:
        # A misspelt key is also a missing one; the misspelling is what the author can see.
        details = sorted(
            error.errors(include_url=False, include_input=False),
            key=lambda detail: detail["type"] != "extra_forbidden",
        )
        raise YamlError(*(_problem(top, one["loc"], one["msg"]) for one in details)) from None


def _problem(top: YamlNode | None, path: tuple[str | int, ...], reason: str) -> YamlProblem:
    field = ".".join(str(step) for step in path) or "-"
    line = 1 if top is None else line_of(top, path)
    return YamlProblem("input.model_refused", path, line, field=field, reason=reason)
