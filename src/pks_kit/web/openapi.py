"""The OpenAPI document as people read it: docstrings become descriptions, key by key."""

from __future__ import annotations

import inspect
from typing import Any

from pks_kit.json_schema import plain_words, words_of_attributes


def described(document: dict[str, Any]) -> dict[str, Any]:
    """Give each key the words that the docstring of its class has for it.

    The framework writes whole docstrings where only their first part belongs.

    Args:
        document: The document; it is changed.
    """
    for schema in document.get("components", {}).get("schemas", {}).values():
        text = inspect.cleandoc(schema.get("description", ""))
        for name, words in words_of_attributes(text):
            shown = schema.get("properties", {}).get(name)
            if shown is not None:
                shown.setdefault("description", words)
        if text:
            schema["description"] = plain_words(text.partition("\n\nAttributes:")[0])
    return document
