"""What lint found: where, what, how bad, in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pks_kit.errors import PksKitError
from pks_kit.json_types import HIDDEN, Code, shown
from pks_kit.messages import BothLanguages, Message, lookup

LintLevel = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One finding.

    Attributes:
        file: Template file relative to the templates folder.
        line: Line in that file, from 1.
        code: ``lint.*``, or the code of the engine's error.
        level: ``error`` must be mended before use; ``warning`` deserves a look.
        params: Values for the message.
    """

    file: str
    line: int
    code: Code
    level: LintLevel = "error"
    params: Annotated[dict[str, Any], HIDDEN] = field(default_factory=dict)

    @property
    def text(self) -> Message:
        """Return message and hint in both languages."""
        return lookup(self.code).fill({**self.params, "file": self.file, "line": self.line})

    @shown()
    def message(self) -> Message:
        """What is wrong, in both languages."""
        return self.text

    @shown()
    def hint(self) -> BothLanguages:
        """What to do about it."""
        return self.text.hint


def finding_of(error: PksKitError, file: str) -> LintFinding:
    """Return an error of the engine as a finding; ``file`` is used when the error names none."""
    params = dict(error.params)
    place = str(params.pop("file", file))
    line = int(str(params.pop("line", 1)))
    return LintFinding(file=place, line=line, code=error.code, params=params)
