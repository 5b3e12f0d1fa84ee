"""Make the preview of a plan again: by whoever approves it, in another language, of more pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pks_kit.json_types import Count, Sha256, Text
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.preview_files import BOOK, PAGE, Previewing, write_preview
from pks_kit.pipelines.batching.summary import PARTLY
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.settings.model import SigningSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPreviewRequest(Request):
    """Which plan to show.

    Attributes:
        folder: Folder of the batch.
        sample: How many agreements are drafted, with pictures of their pages; each costs seconds.
        language: Language of the preview.
        settings: Settings of signing; None when nothing will be signed.
        compiled: Folder with compiled templates for the sample; None reads nothing.
    """

    folder: Path
    sample: int = 3
    language: Literal["id", "en"] = "id"
    settings: SigningSettings | None = None
    compiled: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPreviewed:
    """A preview that was written; exit code 50 when an agreement of the sample fails.

    Attributes:
        plan: Hash of the plan.
        preview: The page.
        workbook: The workbook.
        sampled: PDFs that were drafted.
        sample_failed: Agreements of the sample that could not be drafted; the preview says why.
    """

    plan: Sha256
    preview: Text
    workbook: Text
    sampled: tuple[Text, ...]
    sample_failed: Count

    @property
    def exit_code(self) -> int:
        """Return 0, or 50 when an agreement of the sample could not be drafted."""
        return PARTLY if self.sample_failed else 0


@verb
def batch_preview(request: BatchPreviewRequest) -> BatchPreviewed:
    """Write the preview of a plan from the plan and its data alone, over one that stands there.

    So whoever approves need not believe a page that the maker of the plan could have changed.

    Raises:
        UsageError: ``batch.no_plan``, ``request.type``.
        InputError: The plan is not the one that was made; ``file.unwritable``.
    """
    folder = BatchFolder(request.folder)
    found = folder.plan()
    wanted = Previewing(
        sample=request.sample,
        language=request.language,
        settings=request.settings,
        compiled=request.compiled,
    )
    chosen = write_preview(found, folder, wanted)
    return BatchPreviewed(
        plan=found.id,
        preview=str(folder.path / PAGE),
        workbook=str(folder.path / BOOK),
        sampled=tuple(str(folder.path / one.pdf) for one in chosen if one.pdf),
        sample_failed=sum(one.problem is not None for one in chosen),
    )


batch_preview_async = in_background(batch_preview)
