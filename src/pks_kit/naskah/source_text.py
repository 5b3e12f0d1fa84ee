"""What a template file gives before and after Jinja: lines, printed values, positions.

Values printed by ``{{ ... }}`` never become part of the Markdown text. Each is put into a
`ValueStore` and the text gets a mark in its place: two private-use characters around the number
of the entry. Markdown sees an ordinary letter; the value itself is set in when the document tree
is built. So no value can be read as structure, whatever it holds, and no value can imitate a
mark, because values are not in the text that is searched for marks.

Line marks work alike: each line of template text carries the number of its source line through
Jinja, so that every later error names the line that the author wrote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial

from pks_kit.errors import TemplateError
from pks_kit.met import MetTwice
from pks_kit.naskah.tree import BlokTandaTangan

VALUE_MARK = re.compile("\ue000([0-9]+)\ue001")
_LINE_MARK = re.compile("\ue002([0-9]+)\ue003")
_BEFORE_WORDS = re.compile("(?:\ue002[0-9]+\ue003|[ \t])*")
RESERVED = re.compile("[\ue000-\uf8ff]")
"""Private-use characters: template text must not contain them."""


def value_mark(number: int) -> str:
    """Return the mark of a value by its number."""
    return f"\ue000{number}\ue001"


class TemplateFault(Exception):
    """A mistake found inside a template function or filter, before file and line are known.

    Args:
        code: Message code.
        params: Values for the message, without ``file`` and ``line``.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def at(self, file: str, line: int) -> TemplateError:
        """Return the error with its place."""
        return TemplateError(self.code, file=file, line=line, **self.params)


Printed = str | BlokTandaTangan


@dataclass(slots=True)
class ValueStore:
    """Values printed by one rendering of one template, in order, and what it has spent.

    Attributes:
        entries: The values.
        length: Letters of all of them.
        steps: Steps of loops so far.
    """

    entries: list[Printed] = field(default_factory=list)
    length: int = 0
    steps: int = 0

    def add(self, value: Printed) -> str:
        """Keep a value and return the mark that stands for it in the text."""
        self.entries.append(value)
        return value_mark(len(self.entries) - 1)

    def fill(self, text: str) -> str:
        """Return text with marks replaced by their words (for captions and labels).

        Raises:
            TemplateFault: ``naskah.signature_inline`` when a mark stands for a signature block.
        """
        return VALUE_MARK.sub(lambda mark: self._words(int(mark.group(1))), text)

    def _words(self, index: int) -> str:
        value = self.entries[index]
        if isinstance(value, BlokTandaTangan):
            raise TemplateFault("naskah.signature_inline")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """Markdown text made by Jinja.

    Attributes:
        file: Template file, relative to the templates folder, for messages.
        text: Markdown with value marks, one line each, without line marks.
        lines: Source line (from 1) of each line of ``text``.
        values: What the value marks stand for.
    """

    file: str
    text: str
    lines: tuple[int, ...]
    values: ValueStore

    def line_of(self, index: int) -> int:
        """Return the source line of line ``index`` (from 0) of the text."""
        if not self.lines:
            return 1
        return self.lines[min(max(index, 0), len(self.lines) - 1)]

    def fault(self, index: int, code: str, /, **params: object) -> TemplateError:
        """Return an error at line ``index`` (from 0) of the text."""
        return TemplateError(code, file=self.file, line=self.line_of(index), **params)


def mark_lines(text: str, first_line: int) -> str:
    """Put a line mark at the start of the text and after each newline in it."""
    return "\n".join(
        f"\ue002{number}\ue003{line}" for number, line in enumerate(text.split("\n"), first_line)
    )


def read_line_marks(file: str, marked: str, values: ValueStore) -> SourceText:
    """Take the line marks out of rendered text and remember what they said.

    Trailing spaces go too: in Markdown they would mean an invisible line break.
    """
    text, lines = _READ.get(marked, partial(_without_line_marks, marked))
    return SourceText(file=file, text=text, lines=lines, values=values)


_READ: MetTwice[str, tuple[str, tuple[int, ...]]] = MetTwice(600)
"""As many texts as there are parts that are kept (``open_parts``)."""


def _without_line_marks(marked: str) -> tuple[str, tuple[int, ...]]:
    lines: list[str] = []
    numbers: list[int] = []
    current = 1
    for line in marked.split("\n"):
        # A line may begin with marks of tags that printed nothing: the last one before its first
        # word is the line that the author wrote.
        opening = _BEFORE_WORDS.match(line)
        marks = _LINE_MARK.findall(opening.group() if opening else "")
        current = int(marks[-1]) if marks else current
        numbers.append(current)
        lines.append(_LINE_MARK.sub("", line).rstrip(" \t"))
    return "\n".join(lines), tuple(numbers)
