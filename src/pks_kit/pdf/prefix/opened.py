"""The revisions of ours in a file that parsers opened, and what they mean to pyHanko's comparison.

pyHanko compares two states of a document by walking through all of it, for every pair. Where the
grammar knows every byte of what was appended, and nothing in the beginning leads to what was
replaced but the places that were looked at, the answer is known without the walk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.prefix import OwnRevision, own_revisions
from pks_kit.pdf.prefix.base import base_of
from pks_kit.pdf.prefix.spelling import NotOursError
from pks_kit.pdf.prefix.updates import first_revision

if TYPE_CHECKING:
    from pyhanko.sign.diff_analysis import DiffPolicy

    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.pdf.prefix.base import Base


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnUpdates:
    """All revisions behind the first one, each as one of ours.

    Attributes:
        base: What is known of the first one.
        revisions: From revision 1 on.
    """

    base: Base
    revisions: tuple[OwnRevision, ...]

    def revision(self, number: int) -> OwnRevision | None:
        """Return a revision by its number; None for the first one, and where there is none."""
        return self.revisions[number - 1] if 0 < number <= len(self.revisions) else None

    def policy(self, otherwise: DiffPolicy | None = None) -> DiffPolicy:
        """Return what answers pyHanko's question about later changes from what is known.

        Args:
            otherwise: Answers where a signature asks for more than usual; None: pyHanko's own.
        """
        return _policy(self.revisions, otherwise)


def own_updates(opened: OpenedFile, start: int | None) -> OwnUpdates | None:
    """Return the revisions of a file when all behind the beginning are ours; None otherwise.

    Args:
        opened: The file.
        start: Where the beginning ends; None: its first revision.
    """
    found = guarded(lambda: _own(opened, start))
    return None if isinstance(found, ParserFailure) else found


def _own(opened: OpenedFile, start: int | None) -> OwnUpdates:
    content = opened.content
    end = first_revision(content) if start is None else start
    beginning = content[:end]
    pdf = opened.pdf if end == len(content) else open_with_qpdf(beginning)
    base = base_of(pdf, beginning)
    revisions, state = own_revisions(content, end, base)
    if state.store is not None:
        state.store.check_pieces()
    if opened.reader.xrefs.total_revisions != len(revisions) + 1:
        raise NotOursError("revisions")
    return OwnUpdates(base=base, revisions=revisions)


def _policy(revisions: tuple[OwnRevision, ...], otherwise: DiffPolicy | None) -> DiffPolicy:
    from pyhanko.sign.diff_analysis import (
        DEFAULT_DIFF_POLICY,
        DiffPolicy,
        DiffResult,
        ModificationLevel,
    )

    levels = {
        "form_filling": ModificationLevel.FORM_FILLING,
        "lta_updates": ModificationLevel.LTA_UPDATES,
    }

    class KnownPolicy(DiffPolicy):
        """Tells what is known; a signature that forbids changes is judged by pyHanko."""

        def apply(self, *args: Any, **kwargs: Any) -> Any:
            return (otherwise or DEFAULT_DIFF_POLICY).apply(*args, **kwargs)

        def review_file(
            self,
            reader: Any,
            base_revision: Any,
            field_mdp_spec: Any = None,
            doc_mdp: Any = None,
        ) -> Any:
            if field_mdp_spec is not None or doc_mdp is not None:
                usual = otherwise or DEFAULT_DIFF_POLICY
                return usual.review_file(reader, base_revision, field_mdp_spec, doc_mdp)
            later = revisions[int(base_revision) :]
            level = max((levels[one.level] for one in later), default=ModificationLevel.NONE)
            return DiffResult(level, {one.signature.field for one in later if one.signature})

    return KnownPolicy()
