"""``pks-kit template lint``: mistakes that authors of templates make, found before any contract."""

from __future__ import annotations

from pks_kit.naskah.lint.findings import LintFinding
from pks_kit.naskah.lint.version import lint_letter, lint_version, lint_with_data

__all__ = ["LintFinding", "lint_letter", "lint_version", "lint_with_data"]
