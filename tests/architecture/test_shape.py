"""Tests about the code itself: sizes, words for every code, a fast import, a clean tree."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

import pks_kit
from pks_kit.messages import known_codes, lookup
from support.own_sources import nodes_of

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
ERROR_NAMES = {
    "PksKitError",
    "UsageError",
    "InputError",
    "InputProblemsError",
    "Problem",
    "FindingsError",
    "NotInForceError",
    "TemplateError",
    "RenderError",
    "SigningError",
    "LedgerError",
    "VerificationError",
}
HEAVY = (
    "weasyprint",
    "pyhanko",
    "docxtpl",
    "pikepdf",
    "pypdfium2",
    "cryptography",
    "pydantic",
    "sqlalchemy",
)


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_modules_stay_small() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert [f"{path.relative_to(ROOT)}: {size}" for path, size in sizes.items() if size > 400] == []


def test_median_module_is_short() -> None:
    sizes = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES)
    assert sizes[len(sizes) // 2] <= 200


def codes_raised() -> dict[str, str]:
    """Return every literal code given to one of our errors, with the place."""
    found: dict[str, str] = {}
    for path in SOURCES:
        for node in nodes_of(path):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in ERROR_NAMES and isinstance(first, ast.Constant):
                found[str(first.value)] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def test_every_code_has_words() -> None:
    raised = codes_raised()
    assert len(raised) > 30
    assert {code: place for code, place in raised.items() if code not in known_codes()} == {}


def placeholders(text: str, tongue: str) -> set[str]:
    """Return the names; ``who_id`` and ``who_en`` are one thing in two languages."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return {name.removesuffix(f"_{tongue}") for name in names}


def says_the_same(code: str) -> bool:
    message = lookup(code)
    return (
        bool(message.id.strip() and message.en.strip())
        and placeholders(message.id, "id") == placeholders(message.en, "en")
        and bool(message.hint_id) == bool(message.hint_en)
    )


def test_both_languages_say_the_same_things() -> None:
    assert [code for code in sorted(known_codes()) if not says_the_same(code)] == []


def test_public_names_can_be_imported() -> None:
    for name in pks_kit.__all__:
        assert getattr(pks_kit, name) is not None


@pytest.mark.parametrize("arguments", [["-c", "import pks_kit"], ["-m", "pks_kit.cli.main", "-h"]])
def test_start_loads_nothing_heavy(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[-1].strip() for line in run.stderr.splitlines() if "|" in line}
    assert not [name for name in HEAVY if name in loaded]


def test_no_key_and_no_registry_address_in_the_tree() -> None:
    forbidden = re.compile(
        r"BEGIN (?:RSA |EC |ENCRYPTED )?PRIVATE " + "KEY"
        r"|(?:index-" + r"url|registry)[\" ]*[=: ]+\"?https?://"
        r"|https?://[^ \"]+\.(?:whl|tgz)",
    )
    hits = []
    for path in tracked_files():
        if path.suffix in {".p12", ".pfx", ".key", ".jks"} or path.name == "uv.lock":
            hits.append(str(path))
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        hits.extend(f"{path}: {match.group()}" for match in forbidden.finditer(text))
    assert hits == []
