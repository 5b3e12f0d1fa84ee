"""``pks-kit template lint`` with several versions: all are read, and all that is found is told."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.errors import InputError
from pks_kit.naskah.lint.findings import LintFinding
from pks_kit.pipelines import template

LEVELS = {"a": "warning", "b": "error", "c": "warning"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Versions with one finding each, and those that were looked at."""
    seen: list[str] = []

    def lint(versi: str) -> tuple[LintFinding, ...]:
        seen.append(versi)
        if versi not in LEVELS:
            raise InputError("naskah.unknown_version", version=versi, versions="a, b, c")
        finding = LintFinding(file=f"{versi}.md", line=1, code="lint.digit", level=LEVELS[versi])
        return (finding,)

    monkeypatch.setattr(template, "lint", lint)
    return seen


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["template", "lint", *arguments, "--json"])


@pytest.mark.parametrize(
    ("versions", "strict", "exit_code"),
    [("a", [], 0), ("a c", [], 0), ("a b c", [], 12), ("b a", [], 12), ("a c", ["--strict"], 12)],
)
def test_what_is_found_in_each_version_counts(
    asked: list[str], versions: str, strict: list[str], exit_code: int
) -> None:
    done = run(*versions.split(), *strict)
    assert done.exit_code == exit_code, done.output
    told = [one["file"] for one in json.loads(done.stdout)["findings"]]
    assert told == [f"{one}.md" for one in versions.split()]
    assert asked == versions.split()


def test_a_version_named_twice_is_read_once(asked: list[str]) -> None:
    assert run("a", "c", "a").exit_code == 0
    assert asked == ["a", "c"]


def test_an_unknown_version_among_known_ones_is_an_error(asked: list[str]) -> None:
    done = run("a", "x")
    assert done.exit_code == 3, done.output
    assert json.loads(done.stdout)["error"]["code"] == "naskah.unknown_version"


def test_no_version_is_a_wrong_call(asked: list[str]) -> None:
    assert run().exit_code == 2
    assert asked == []
