"""What the report of a batch says of an agreement that went on all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pks_kit.pipelines.batching.next_step import ROADS_DIFFER
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED
from pks_kit.pipelines.batching.returns import RECEIVED

if TYPE_CHECKING:
    from pks_kit.pipelines.batching.summary import RowStatus


def reworded(reword: Callable[[str, str], str], language: str, text: str) -> str:
    """Return a text as it is said otherwise in a language.

    Args:
        reword: Says it otherwise.
        language: ``id`` or ``en``.
        text: The text.
    """
    return reword(text, language)


def remark_on(one: RowStatus) -> str:
    """Return the code of what a person should know although an agreement went on; may be empty."""
    if one.state == "with_other" and one.code.startswith((RECEIVED, LETTER_REFUSED)):
        return one.code
    if one.note:
        return "batch_report.pages_differ" if one.note == ROADS_DIFFER else one.note
    return "batch_report.indeterminate" if one.verdict == "indeterminate" else ""
