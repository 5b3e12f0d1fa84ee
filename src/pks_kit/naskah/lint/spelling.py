"""Names with one spelling, proper names, and wording that would grant what is forbidden.

The names stand in ``istilah.yml`` of the templates folder, where an editor adds to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pks_kit.naskah.lint.findings import LintFinding
from pks_kit.naskah.lint.passages import passages
from pks_kit.naskah.parsed import ParsedPart
from pks_kit.naskah.template_yaml import load_template_model

NAMES_FILE = "istilah.yml"

_LICENCE = re.compile(
    r"pelanggaran (?:\S+ ){0,8}?dibatasi|dibatasi (?:\S+ ){0,8}?pelanggaran"
    r"|batas paling banyak (?:\S+ ){0,4}?pelanggaran|paling banyak (?:\S+ ){0,4}?kali pelanggaran",
    re.IGNORECASE,
)
"""«pelanggaran dibatasi paling banyak 3 kali» allows three; «dalam hal telah terjadi» does not."""


class Names(BaseModel):
    """What ``istilah.yml`` holds.

    Attributes:
        nama_diri: Capitalised words that need no definition.
        ejaan: Spellings that are not used, each with the one that is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    nama_diri: tuple[str, ...] = ()
    ejaan: dict[str, str] = {}


def read_names(templates_root: Path) -> Names:
    """Return the names of a templates folder; none when it has no such file.

    Raises:
        TemplateError: The file is not such a list.
    """
    path = templates_root / NAMES_FILE
    if not path.is_file():
        return Names()
    return load_template_model(Names, path.read_text(encoding="utf-8"), file=NAMES_FILE)


def spelling_findings(parsed: ParsedPart, names: Names) -> Iterator[LintFinding]:
    """Yield names in another spelling than the agreed one, and licences for violations."""
    file = parsed.part.file
    for passage in passages(parsed):
        for wrong, right in names.ejaan.items():
            if re.search(rf"\b{re.escape(wrong)}\b", passage.text):
                yield LintFinding(
                    file=file,
                    line=passage.line,
                    code="lint.spelling",
                    params={"word": wrong, "right": right},
                )
        if licence := _LICENCE.search(passage.text):
            yield LintFinding(
                file=file, line=passage.line, code="lint.licence", params={"word": licence[0]}
            )
