"""Features of a version in templates: ``{% if fitur.sibling %}`` is decided by the manifest.

A feature is a constant of the version. Lint therefore follows only the branch that the version
has; the other branch is looked at when the version that has it is linted. A version that lacks a
lampiran can so leave out every clause that refers to it, and lint proves that none was forgotten.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from jinja2 import nodes

from pks_kit.naskah.lint.findings import LintFinding

_ROOT = "fitur"


def feature_name(node: nodes.Node) -> str:
    """Return ``sibling`` for ``fitur.sibling``, or nothing for another expression."""
    if isinstance(node, nodes.Getattr) and _is_root(node.node):
        return node.attr
    if isinstance(node, nodes.Getitem) and _is_root(node.node):
        key = node.arg
        return str(key.value) if isinstance(key, nodes.Const) else ""
    return ""


def decide(test: nodes.Node, fitur: Mapping[str, bool]) -> bool | None:
    """Return what a condition is in this version, or None when data decides it.

    Args:
        test: Condition of an ``if``.
        fitur: Features of the version; an unknown one counts as absent.
    """
    if name := feature_name(test):
        return fitur.get(name, False)
    match test:
        case nodes.Not(node=inner):
            inner_value = decide(inner, fitur)
            return None if inner_value is None else not inner_value
        case nodes.And(left=left, right=right):
            values = (decide(left, fitur), decide(right, fitur))
            return False if False in values else None if None in values else True
        case nodes.Or(left=left, right=right):
            values = (decide(left, fitur), decide(right, fitur))
            return True if True in values else None if None in values else False
    return None


def branches(node: nodes.If, fitur: Mapping[str, bool]) -> list[list[nodes.Node]]:
    """Return the branches that this version can take; at least one, which may be empty."""
    found: list[list[nodes.Node]] = []
    for test, body in ((node.test, node.body), *((one.test, one.body) for one in node.elif_)):
        decided = decide(test, fitur)
        if decided is not False:
            found.append(body)
        if decided:
            return found
    return [*found, node.else_]


def feature_findings(
    file: str, tree: nodes.Template, fitur: Mapping[str, bool]
) -> Iterator[LintFinding]:
    """Yield a finding for each feature that the manifest does not list."""
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        name = feature_name(node)
        if name and name not in fitur:
            near = difflib.get_close_matches(name, sorted(fitur), n=3)
            yield LintFinding(
                file=file,
                line=node.lineno,
                code="lint.unknown_feature",
                params={"name": name, "near": ", ".join(near) or "-"},
            )


def _is_root(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == _ROOT
