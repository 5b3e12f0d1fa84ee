"""SHA-256 of files that grow: what was digested once is not digested again.

A signing step needs the digest of the file before it, of what is signed, and of the file after it.
All begin with the same bytes, so one running digest serves them all. Bytes never change, so an
object that is the same is the same file.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

_MOST = 8


class RunningDigests:
    """Remembers the running digests of the last few files."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, tuple[bytes, _Hash]] = OrderedDict()

    def of(self, content: bytes) -> _Hash:
        """Return a running digest of a file, to be led on."""
        found = self._known.get(id(content))
        if found is None or found[0] is not content:
            return self._keep(content, hashlib.sha256(content))
        return found[1].copy()

    def after(self, before: bytes, content: bytes) -> _Hash:
        """Return a running digest of a file that begins with another one.

        Args:
            before: The other one.
            content: The file; that it begins so must be known.
        """
        running = self.of(before)
        running.update(memoryview(content)[len(before) :])
        return self._keep(content, running)

    def _keep(self, content: bytes, running: _Hash) -> _Hash:
        self._known[id(content)] = content, running.copy()
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return running


running_digests = RunningDigests()
"""Those of this process."""


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 (hexadecimal) of a file that is asked for again and again."""
    return running_digests.of(content).hexdigest()
