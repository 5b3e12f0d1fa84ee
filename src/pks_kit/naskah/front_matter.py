"""The head of a template file: title, provenance, orientation, and a note for reviewers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pks_kit.errors import TemplateError
from pks_kit.naskah.template_yaml import load_template_model

_FENCE = "---"


class FrontMatter(BaseModel):
    """Keys between the two ``---`` lines.

    Attributes:
        judul: Title as the agreement prints it; empty for pembukaan and penutup.
        judul_lain: Title for an agreement of another name, with ``Perjanjian`` where that name
            comes; empty: ``judul`` serves.
        sumber: Default provenance of the clauses of the file, a word of the manifest.
        orientasi: Page orientation; ``mendatar`` (landscape) for lampiran only. ``menurut_isi`` is
            landscape where the text holds a table; without one, as where a form does not concern
            the kind of facility, it is upright and shares its page with the lampiran after it.
        catatan: Free text for reviewers, never printed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    judul: str = ""
    judul_lain: str = ""
    sumber: str = ""
    orientasi: Literal["tegak", "mendatar", "menurut_isi"] = "tegak"
    catatan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFile:
    """A template file taken apart.

    Attributes:
        file: Name relative to the templates folder.
        head: Front matter.
        body: Text below the front matter, with empty lines in place of the head so that line
            numbers are those of the file.
    """

    file: str
    head: FrontMatter
    body: str


@lru_cache(maxsize=512)
def read_template_file(file: str, text: str) -> TemplateFile:
    """Split a template file into head and body.

    Args:
        file: Name relative to the templates folder, for messages.
        text: Whole content of the file.

    Raises:
        TemplateError: ``naskah.no_front_matter``, ``naskah.yaml`` or ``naskah.field``.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() != _FENCE:
        raise TemplateError("naskah.no_front_matter", file=file, line=1)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            yaml = "\n".join(lines[1:number])
            head = load_template_model(FrontMatter, yaml, file=file, first_line=2)
            body = "\n" * (number + 1) + "\n".join(lines[number + 1 :])
            return TemplateFile(file=file, head=head, body=body)
    raise TemplateError("naskah.no_front_matter", file=file, line=1)
