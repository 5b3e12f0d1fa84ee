"""Attribute blocks of templates: ``{: #label .class key=value key="two words" }``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pks_kit.naskah.source_text import TemplateFault

OPENING = re.compile(r'\{:(?P<body>(?:"[^"\n]*"|[^"{}\n])*)\}[ \t]*')
_PIECE = re.compile(
    r'#(?P<label>[^\s#"=]+)|\.(?P<class>[^\s."=]+)|(?P<key>[a-z]+)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))'
)
_LABEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """What one attribute block says."""

    label: str | None = None
    classes: frozenset[str] = frozenset()
    values: tuple[tuple[str, str], ...] = ()

    def get(self, key: str) -> str:
        """Return the value of a key, or an empty string."""
        return dict(self.values).get(key, "")

    def allow(self, what: str, *, label: bool, classes: str, keys: str) -> None:
        """Refuse everything that means nothing here.

        Args:
            what: Where the block stands, for the message.
            label: Whether a label may stand here.
            classes: Allowed classes, separated by spaces.
            keys: Allowed keys, separated by spaces.

        Raises:
            TemplateFault: ``naskah.attribute_unknown`` naming what is allowed.
        """
        wrong = [f".{name}" for name in sorted(self.classes - set(classes.split()))]
        wrong += [f"{key}=" for key, _ in self.values if key not in keys.split()]
        wrong += [f"#{self.label}"] if self.label and not label else []
        if wrong:
            allowed = ["#label"] if label else []
            allowed += [f".{name}" for name in classes.split()]
            allowed += [f"{key}=" for key in keys.split()]
            raise TemplateFault(
                "naskah.attribute_unknown", name=wrong[0], place=what, known=" ".join(allowed)
            )

    def one_of(self, *classes: str) -> str | None:
        """Return which of some classes is set; two at once contradict each other.

        Raises:
            TemplateFault: ``naskah.attribute_conflict``.
        """
        found = [name for name in classes if name in self.classes]
        if len(found) > 1:
            raise TemplateFault("naskah.attribute_conflict", one=found[0], other=found[1])
        return found[0] if found else None


def parse_attributes(body: str, fill: Callable[[str], str]) -> Attributes:
    """Read the text between ``{:`` and ``}``.

    Args:
        body: The text; printed values are still marks, so they cannot end a block or add to it.
        fill: Replaces marks by their words inside one value.

    Raises:
        TemplateFault: ``naskah.attribute_syntax`` or ``naskah.label_syntax``.
    """
    label: str | None = None
    classes: set[str] = set()
    values: dict[str, str] = {}
    rest = body.strip()
    while rest:
        piece = _PIECE.match(rest)
        end = piece.end() if piece else 0
        if piece is None or (end < len(rest) and not rest[end].isspace()):
            raise TemplateFault("naskah.attribute_syntax", text=fill(rest)[:60])
        rest = rest[end:].lstrip()
        if piece["label"]:
            if label is not None:
                raise TemplateFault("naskah.attribute_conflict", one=label, other=piece["label"])
            label = fill(piece["label"])
            if not _LABEL.fullmatch(label):
                raise TemplateFault("naskah.label_syntax", label=label[:60])
        elif piece["class"]:
            classes.add(piece["class"])
        else:
            if piece["key"] in values:
                raise TemplateFault("naskah.attribute_conflict", one=piece["key"], other="×2")
            quoted = piece["quoted"]
            values[piece["key"]] = fill(quoted if quoted is not None else piece["bare"])
    return Attributes(label=label, classes=frozenset(classes), values=tuple(values.items()))
