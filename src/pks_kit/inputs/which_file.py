"""What a file is that was given for another one: its name, and the command that takes it.

Contract data, addenda, letters, settings and receipts are all text with keys; somebody who gives
one for the other is told so once, rather than everything that it lacks.
"""

from __future__ import annotations

from typing import Literal

from pks_kit.errors import InputProblemsError, PksKitError, Problem
from pks_kit.inputs.text_file import NotTextError, decode_text
from pks_kit.inputs.yaml_tree import read_tree
from pks_kit.messages import lookup
from pks_kit.strict_yaml.nodes import YamlMapping

Role = Literal["agreement", "addendum", "letter", "settings", "receipt"]

ADDENDUM_MARK = "perjanjian_induk"
"""A key that every addendum has and nothing else."""
OTHER_ROLE = "input.other_role"
NO_DATA = "input.no_data_file"
"""Code of the problem that a file is another one than was asked for."""
_SETTINGS = frozenset({"buku", "folder_sesi", "waktu", "penanda_tangan", "meterai", "pihak"})
_RECEIPT = frozenset({"agreement_id", "places", "slug"})
_AGREEMENT = frozenset({"faskes", "pihak_kesatu", "pihak_kedua", "jangka_waktu"})


def role_of(tree: YamlMapping) -> Role | None:
    """Return what a file is by the keys at its top; None when they do not tell."""
    keys = set(tree.entries)
    if "faskes" in keys or len(keys & _AGREEMENT) > 1:
        return "agreement"
    if ADDENDUM_MARK in keys:
        return "addendum"
    about = tree.entries.get("perjanjian")
    if isinstance(about, YamlMapping) and "berkas" in about.entries:
        return "letter"
    if keys >= _RECEIPT:
        return "receipt"
    return "settings" if keys & _SETTINGS else None


def role_of_bytes(content: bytes) -> Role | None:
    """Return what a file is; None also when it is no text or no YAML."""
    try:
        tree, _ = read_tree(decode_text(content), "", lambda _: False)
    except (NotTextError, InputProblemsError):
        return None
    return role_of(tree)


def other_role(tree: YamlMapping, wanted: Role) -> Problem | None:
    """Return that a file is another one than is wanted; None when it may be the right one."""
    found = role_of(tree)
    return None if found is None or found == wanted else wrong_role(found, wanted)


def wrong_role(found: Role, wanted: Role | Literal["form"]) -> Problem:
    """Return that a file is another one than is wanted, and what takes it."""
    return Problem(
        OTHER_ROLE,
        "",
        None,
        found=lookup(f"input.role.{found}"),
        wanted=lookup(f"input.role.{wanted}"),
        use=lookup(f"input.role_use.{found}"),
    )


def is_another_file(error: PksKitError, name: str) -> bool:
    """Return whether all that is wrong is that a file is none of contract data.

    Args:
        error: Why it cannot be read.
        name: Its name; a file that is called YAML or workbook and is none is a broken one.
    """
    if error.code == "workbook.is.lock":
        return True
    codes = [problem.code for problem in getattr(error, "problems", ())]
    called_data = name.casefold().endswith((".yml", ".yaml", ".xlsx"))
    no_data = codes in (["input.other_file"], [NO_DATA])
    return codes == [OTHER_ROLE] or (no_data and not called_data)
