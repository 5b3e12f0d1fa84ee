"""Lint a version as the command does: without data, then with a sample."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pks_kit.errors import TemplateError
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.lint import LintFinding, lint_version, lint_with_data


def lint_fully(
    versi: str,
    *,
    templates_root: Path,
    parameter_names: Collection[str] | None = None,
    context: Mapping[str, Any] | None = None,
    jenis_faskes: str | None = None,
) -> tuple[LintFinding, ...]:
    """Return what both looks find, sorted; a manifest that is wrong is told by the first."""
    found = lint_version(versi, templates_root=templates_root, parameter_names=parameter_names)
    if context is None:
        return found
    with suppress(TemplateError):
        jenis = jenis_faskes or load_version(versi, templates_root).kinds()[0]
        found += lint_with_data(
            versi, templates_root=templates_root, jenis_faskes=jenis, context=context
        )
    once = {(one.file, one.line, one.code, str(one.params)): one for one in found}
    return tuple(sorted(once.values(), key=lambda one: (one.file, one.line)))
