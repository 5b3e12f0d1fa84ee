"""Words for what the YAML reader found, to stand inside the sentence of an error."""

from __future__ import annotations

from pks_kit.messages import Message, lookup
from pks_kit.strict_yaml.nodes import YamlProblem


def yaml_reason(problem: YamlProblem) -> Message:
    """Return what is wrong, without the full stop: the sentence around it has its own."""
    words = lookup(problem.code).fill(problem.params)
    return Message(words.id.removesuffix("."), words.en.removesuffix("."))


def yaml_reason_with_line(problem: YamlProblem) -> Message:
    """Return line and what is wrong there, for errors that name only the file."""
    return lookup("input.at_line").fill({"line": problem.line, "reason": yaml_reason(problem)})
