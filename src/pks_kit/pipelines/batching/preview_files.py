"""Writes the preview of a plan into the folder of its batch: pages of the sample first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pks_kit.json_form import to_wire
from pks_kit.pipelines.batching.advice import page_with_folder
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.batching.plan import ReadPlan
from pks_kit.pipelines.batching.preview import preview_html
from pks_kit.pipelines.batching.preview_book import PreviewBook
from pks_kit.pipelines.batching.sample import LIST, Sampled, SampleList, sampled
from pks_kit.settings.model import SigningSettings

PAGE, BOOK = "pratinjau.html", "pratinjau.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewing:
    """How to make a preview.

    Attributes:
        sample: How many agreements are drafted and shown page by page; each costs seconds.
        language: ``id`` or ``en``.
        settings: Settings of signing; None when nothing will be signed.
        compiled: Folder with compiled templates; None reads nothing.
    """

    sample: int
    language: str
    settings: SigningSettings | None
    compiled: Path | None


def write_preview(found: ReadPlan, folder: BatchFolder, wanted: Previewing) -> tuple[Sampled, ...]:
    """Write page, workbook and pictures, and return what was chosen for the sample.

    Pictures of one agreement are written before the next is drafted, so that a large sample takes
    little memory.

    Raises:
        InputError: ``file.unwritable``.
    """
    chosen = []
    for one, files in sampled(found, folder, wanted.sample, wanted.settings, wanted.compiled):
        keep({folder.path / name: content for name, content in files.items()})
        chosen.append(one)
    if wanted.sample:
        keep({folder.path / LIST: to_wire(SampleList(agreements=tuple(chosen)))})
    page = preview_html(found, chosen, wanted.language)
    keep(
        {
            folder.path / PAGE: page_with_folder(page, folder.path),
            folder.path / BOOK: PreviewBook(found, wanted.language).content(),
        }
    )
    return tuple(chosen)
