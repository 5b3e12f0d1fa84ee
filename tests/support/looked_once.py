"""A guarded child is asked once about the same bytes; a second time its answer is taken over.

What a child says depends on the question, the limits and the files alone. Sessions ask about each
file several times, and stories about signing go over the same files; that the guard itself works
has tests of its own, which do not use this.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from pks_kit.pipelines.inside import looks

_MOST = 512

_KNOWN: dict[tuple[str, ...], Any] = {}


def look_once(patch: pytest.MonkeyPatch) -> None:
    """Take over the answers of children that ended well; all others are asked again."""
    ask = looks.run_task_guarded

    def asked(job: Any, files: Any, *, pool: Any = None) -> Any:
        if pool is not None:  # a guard of the test's own
            return ask(job, files, pool=pool)
        key = (repr(job), *(hashlib.sha256(one).hexdigest() for one in files))
        if key in _KNOWN:
            return _KNOWN[key]
        answered, why = ask(job, files)
        if not why:
            if len(_KNOWN) >= _MOST:
                _KNOWN.clear()
            _KNOWN[key] = (answered, why)
        return answered, why

    patch.setattr(looks, "run_task_guarded", asked)
