"""What the quick road does not know; whoever meets it takes the plain one."""

from __future__ import annotations


class StepAside(Exception):
    """The quick road ends here: a mark, box or break that only the layout engine can make."""
