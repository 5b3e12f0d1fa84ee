"""Questions about files from outside, and who answers them: never a process that holds keys.

A file of the other party, the answer of a gateway, the stamp of a distributor, a workbook: all may
be made to break whoever reads them. Each place that must know something of such a file asks a
:class:`Question`; it knows by itself how to find the answer, and :class:`Looks` decides where that
is done. The public verbs let a guarded child do it (``pipelines/inside``), which lives for the one
question; :data:`HERE` answers in this process, for tests and for a caller who is a guard itself.

What a child answers it may have been made to say. So whoever asks judges beforehand what needs no
parser (the beginning of the file, its growth), and keeps its own bytes afterwards.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, Protocol, TypeVar

Answer = TypeVar("Answer")

Files = tuple[bytes, ...]


class Question(ABC, Generic[Answer]):
    """What is asked of files; a frozen dataclass, since its fields travel as JSON.

    The answer travels as JSON too, so it is a class of facts, never an object of a parser.
    """

    __slots__ = ()

    @abstractmethod
    def answer(self, files: Files) -> Answer:
        """Open the files and find the answer.

        Raises:
            InputError: What is wrong with a file.
            SigningError: As above.
        """

    @classmethod
    def prepare(cls) -> None:
        """Load what the answer needs beyond what every child has.

        A child calls it before its limits hold and before a file is seen: some libraries set
        variables or start up in ways that are refused later.
        """


class Looks(Protocol):
    """Where questions about files from outside are answered."""

    def ask(self, question: Question[Answer], *files: bytes) -> Answer:
        """Return the answer.

        Raises:
            InputError: As the question says.
            SigningError: As the question says.
            NotLookedError: ``pdf.not_looked``: nobody could find out; nothing is said of the file.
        """
        ...


class LooksHere:
    """Answers in this process, without any guard."""

    __slots__ = ()

    def ask(self, question: Question[Answer], *files: bytes) -> Answer:
        """Return the answer."""
        return question.answer(files)


HERE = LooksHere()
