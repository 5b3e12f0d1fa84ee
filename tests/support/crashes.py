"""Kill a session at a counted point: before or after any write, any call, any signature."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pks_kit import files
from pks_kit.files import write_atomic
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.signing.step import sign_field as step


class Killed(BaseException):
    """The process is gone: nothing of Python may catch this and tidy up."""


class Clockwork:
    """Counts the points at which a process can die, and dies at the one asked for.

    Attributes:
        die_at: Number of the point, from 1; None to live and only count.
        points: Names of the points passed so far.
    """

    def __init__(self, die_at: int | None = None) -> None:
        self.die_at = die_at
        self.points: list[str] = []
        self.is_dead = False

    def point(self, name: str) -> None:
        if self.is_dead:
            raise Killed(name)
        self.points.append(name)
        if len(self.points) == self.die_at:
            self.is_dead = True
            raise Killed(name)

    def around(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            self.point(f"before {name}")
            result = act(*args, **more)
            self.point(f"after {name}")
            return result

        return call

    def around_create(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            self.point("before create")
            opened, path = act(*args, **more)
            try:
                self.point("after create")
            except Killed:
                opened.close()  # the system closes the files of a dead process
                raise
            return opened, path

        return call

    def around_async(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        async def call(*args: Any, **more: Any) -> Any:
            self.point(f"before {name}")
            result = await act(*args, **more)
            self.point(f"after {name}")
            return result

        return call

    @contextmanager
    def wound(self, distributor: Any):
        """Put the points into ledger, files, distributor and signer for one run."""
        with pytest.MonkeyPatch.context() as patch:
            append_many = self.around("ledger.append", SqlLedger.append_many)
            patch.setattr(SqlLedger, "append_many", append_many)
            patch.setattr(os, "fsync", self.around("fsync", os.fsync))
            patch.setattr(files, "_temporary", self.around_create(files._temporary))
            patch.setattr(Path, "replace", self.around("rename", Path.replace))
            patch.setattr(os, "link", self.around("rename", os.link))
            # a dead process removes no temporary file
            patch.setattr(Path, "unlink", self.around("unlink", Path.unlink))
            patch.setattr(
                distributor, "issue", self.around_async("issue", distributor.issue), raising=False
            )
            patch.setattr(
                distributor, "stamp", self.around_async("stamp", distributor.stamp), raising=False
            )
            patch.setattr(step, "sign_revision", self.around_own_signature())
            patch.setattr(step, "sign_field", self.around_async("sign", step.sign_field))
            yield self

    def around_own_signature(self):
        """Put points round a signature on a file that is known by its bytes.

        Those that ``sign_field`` makes have theirs already, and a distributor dies with nobody.
        """
        plain, longer = step.sign_revision, step.sign_field.__code__
        pointed = self.around_async("sign", plain)

        def call(*args, **named):
            made_by = plain if sys._getframe(1).f_code is longer else pointed
            return made_by(*args, **named)

        return call


assert write_atomic  # the points inside it are the file steps
