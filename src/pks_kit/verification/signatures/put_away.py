"""Later changes of a file of somebody else, where a writer lists unused objects as free.

iText does so with every second signature. pyHanko refuses any freed object; one that nothing in the
file leads to, neither before nor after, cannot be seen in either state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, StandardDiffPolicy
from pyhanko.sign.diff_analysis.policy_api import ModificationLevel
from pyhanko.sign.diff_analysis.rules_api import ReferenceUpdate, WhitelistRule

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.file.page_tree_mark import marks

if TYPE_CHECKING:
    from pyhanko.pdf_utils.generic import Reference
    from pyhanko.pdf_utils.reader import HistoricalResolver
    from pyhanko.sign.diff_analysis import DiffResult


class PutAwayRule(WhitelistRule):
    """Explains objects that a revision lists as free and that nothing leads to."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterator[ReferenceUpdate]:
        """Yield them."""
        yield from map(ReferenceUpdate, litter(old, new))


class MarkRule(WhitelistRule):
    """Explains the mark of iText in the root of the page tree."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterator[ReferenceUpdate]:
        """Yield that root."""
        yield from marks(old, new)


class ExtensionsRule(WhitelistRule):
    """Explains new objects among the extensions that the catalog declares (PDFBox makes them)."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterator[ReferenceUpdate]:
        """Yield them; nothing draws what stands there."""
        if "/Extensions" not in new.root:
            return
        declared = new.collect_dependencies(new.root.raw_get("/Extensions"))
        yield from (ReferenceUpdate(one) for one in declared if old.is_ref_unassignable(one))


class ForeignPolicy(StandardDiffPolicy):
    """pyHanko's own analysis, which lets unused objects be put away and knows iText and PDFBox."""

    def __init__(self) -> None:
        usual: Any = DEFAULT_DIFF_POLICY
        ours = [
            rule.as_qualified(ModificationLevel.LTA_UPDATES)
            for rule in (PutAwayRule(), MarkRule(), ExtensionsRule())
        ]
        super().__init__([*usual.global_rules, *ours], usual.form_rule)

    def apply(
        self, old: HistoricalResolver, new: HistoricalResolver, *more: Any, **named: Any
    ) -> DiffResult:
        """Analyse one revision; any other freed object is refused as ever."""
        self.reject_object_freeing = set(_freed(new)) != set(litter(old, new))
        return super().apply(old, new, *more, **named)


def litter(old: HistoricalResolver, new: HistoricalResolver) -> list[Reference]:
    """Return the objects that a revision frees and that neither state leads to."""
    freed = _freed(new)
    if not freed:
        return []
    # by number: the generation of a free entry is often wrong
    reached = guarded(lambda: {one.idnum for state in (old, new) for one in _reached(state)})
    if isinstance(reached, ParserFailure):
        return []  # the new state leads to what is there no more
    return [one for one in freed if one.idnum not in reached]


def _freed(state: HistoricalResolver) -> list[Reference]:
    return list(state.refs_freed_in_revision())  # type: ignore[no-untyped-call]


def _reached(state: HistoricalResolver) -> Iterable[Reference]:
    found: Iterable[Reference] = state.collect_dependencies(state.trailer_view)
    return found
