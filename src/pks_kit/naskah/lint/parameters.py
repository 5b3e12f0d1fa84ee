"""Names of parameters in templates: ``aturan.sanksi.teguran_maksimum`` must exist."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from jinja2 import nodes

from pks_kit.naskah.lint.findings import LintFinding

_ROOT = "aturan"


def parameter_names(tree: nodes.Node) -> Iterator[tuple[str, int]]:
    """Yield the full name and line of every parameter below a node, without ``aturan.``."""
    own = _name(tree)
    if own:
        yield own, tree.lineno
        return
    for child in tree.iter_child_nodes():
        yield from parameter_names(child)


def _name(node: nodes.Node) -> str:
    """Return ``sanksi.teguran_maksimum`` for a chain of attributes on ``aturan``, or nothing."""
    steps: list[str] = []
    while True:
        match node:
            case nodes.Getattr():
                steps.append(node.attr)
                node = node.node
            case nodes.Getitem(arg=nodes.Const(value=str(key))):
                steps.append(key)
                node = node.node
            case nodes.Name(name=name):
                return ".".join(reversed(steps)) if name == _ROOT else ""
            case _:
                return ""


def parameter_findings(
    file: str, tree: nodes.Template, known: Collection[str]
) -> Iterator[LintFinding]:
    """Yield a finding for each parameter that nobody defined.

    Args:
        file: Template file.
        tree: Syntax tree of the template.
        known: Full names of all parameters, for example ``sanksi.teguran_maksimum``.
    """
    for name, line in parameter_names(tree):
        # A group may be named (``for k in aturan.tarif_lab``), or a field of a value.
        group = any(other.startswith(f"{name}.") for other in known)
        below = any(name.startswith(f"{other}.") for other in known)
        if name in known or group or below:
            continue
        near = difflib.get_close_matches(name, sorted(known), n=3)
        yield LintFinding(
            file=file,
            line=line,
            code="lint.unknown_parameter",
            params={"name": f"{_ROOT}.{name}", "near": ", ".join(near) or "-"},
        )
