"""Editions of templates in a folder: which are kept, and one more of them, by one process alone."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.errors import InputError
from pks_kit.file_locks import lock_alone
from pks_kit.files import make_folder
from pks_kit.messages.os_reason import told_by_system
from pks_kit.pipelines.drafting.kept_text import keep_text, text_is_kept

if TYPE_CHECKING:
    from pks_kit.pipelines.drafting.compiling import Edition
    from pks_kit.render.pdf.flow.compiling import Compiler, Counted

_ASKED_EVERY = 0.2
"""Seconds between two looks whether another process is through with an edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEdition:
    """An edition that is kept now.

    Attributes:
        counted: How much is kept for it.
        seconds: Processor seconds; 0 for one that was kept already.
        was_kept: Whether it was kept already.
    """

    counted: Counted
    seconds: float
    was_kept: bool


class KeptEditions:
    """The editions in one folder.

    Args:
        folder: Folder of the user alone; made when something is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compilers: dict[str, Compiler] = {}

    def is_kept(self, edition: Edition) -> bool:
        """Return whether an edition is kept as its files are now.

        Raises:
            UsageError: ``template.compile.no_libraries``.
            InputError: As :meth:`compile`.
            TemplateError: A file of the template is missing.
        """
        compiler = self._compiler(edition)
        return compiler.kept_as(edition.name, edition.content()) is not None

    def compile(self, edition: Edition) -> KeptEdition:
        """Lay an edition out and keep it, unless it is kept; wait for whoever does so now.

        Raises:
            InputError: ``file.unwritable``, ``template.compile.foreign_folder``.
            UsageError: ``template.compile.no_libraries``.
            TemplateError: The template is wrong.
        """
        begun = time.process_time()
        compiler, content = self._compiler(edition), edition.content()
        counted = compiler.kept_as(edition.name, content)
        if counted is not None and text_is_kept(self._folder, edition):
            return KeptEdition(counted=counted, seconds=0.0, was_kept=True)
        with self._alone(edition, content):
            keep_text(self._folder, edition)  # by one process alone, like the pages
            # whoever had the lock may have kept it
            counted = compiler.kept_as(edition.name, content)
            if counted is not None:
                return KeptEdition(counted=counted, seconds=0.0, was_kept=True)
            for sources, others in edition.parts():
                compiler.add(sources, others)
            counted = compiler.keep(edition.name, content)
        seconds = round(time.process_time() - begun, 2)
        return KeptEdition(counted=counted, seconds=seconds, was_kept=False)

    def _compiler(self, edition: Edition) -> Compiler:
        from pks_kit.render.pdf.flow.compiling import Compiler

        css = edition.css()
        if css not in self._compilers:
            self._compilers[css] = Compiler(css, self._folder)
        return self._compilers[css]

    @contextmanager
    def _alone(self, edition: Edition, content: str) -> Iterator[None]:
        """Keep others from the same edition; the lock ends with the process.

        Raises:
            InputError: ``file.unwritable``, ``template.compile.foreign_folder``.
        """
        from pks_kit.render.pdf.flow.store import is_own_folder

        named = hashlib.sha256(f"{edition.name}\n{content}".encode()).hexdigest()[:32]
        path = self._folder / f"edisi-{named}.lock"
        try:
            make_folder(self._folder, private=True)
            if not is_own_folder(self._folder):
                raise InputError("template.compile.foreign_folder", folder=str(self._folder))
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise InputError("file.unwritable", file=str(path), **told_by_system(error)) from error
        try:
            _wait(handle)
            yield
        finally:
            os.close(handle)


def _wait(handle: int) -> None:
    while True:
        try:
            lock_alone(handle)
        except BlockingIOError:
            time.sleep(_ASKED_EVERY)
        except InputError:
            return  # a system without such locks: two would do the same work, and end at the same
        else:
            return
