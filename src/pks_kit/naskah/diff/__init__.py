"""Compare two agreements clause by clause: what is same, reworded, moved, new, gone."""

from pks_kit.naskah.diff.compare import compare
from pks_kit.naskah.diff.result import ClauseChange, PartChange, VersionDiff

__all__ = ["ClauseChange", "PartChange", "VersionDiff", "compare"]
