"""Real Word numbering: shapes defined once in the blank file, one restarted list per Daftar."""

from __future__ import annotations

from dataclasses import dataclass, field

ABSTRACT = {
    "ayat": 10,
    "huruf": 11,
    "angka": 12,
    "huruf_kurung": 13,
    "angka_kurung": 14,
    "strip": 15,
    "judul_huruf": 16,
    "judul_romawi": 17,
    "judul_angka": 18,
}
"""Number shape -> abstractNumId in the blank Word file (``blank.py`` writes them)."""

PASAL_NUM = 1
LAMPIRAN_NUM = 2
_FIRST_NUM = 100


@dataclass(slots=True, kw_only=True)
class NumberingPlan:
    """Collects the list instances of one document.

    Attributes:
        instances: ``(numId, abstractNumId, level, start)`` in order of creation.
    """

    instances: list[tuple[int, int, int, int]] = field(default_factory=list)

    def restart(self, shape: str, level: int, start: int = 1) -> int:
        """Return a new numId that counts from ``start`` at ``level`` in that shape."""
        num_id = _FIRST_NUM + len(self.instances)
        self.instances.append((num_id, ABSTRACT[shape], level, start))
        return num_id

    def xml(self) -> str:
        """Return the ``w:num`` elements to append to the numbering part."""
        return "".join(
            f'<w:num w:numId="{num}"><w:abstractNumId w:val="{abstract}"/>'
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            "</w:num>"
            for num, abstract, level, start in self.instances
        )


_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def heading_shape(label: str, previous: str | None) -> str:
    """Return the numbering shape of a computed heading label such as ``A.``, ``I.`` or ``3.``.

    Args:
        label: The label as printed.
        previous: Shape of the heading before it on the same level; a letter such as ``I.`` or
            ``C.`` is read in the shape of its row, because alone it could be either.
    """
    mark = label.rstrip(".)")
    if mark.isdigit():
        return "judul_angka"
    if previous is not None:
        return previous
    return "judul_romawi" if mark == "I" else "judul_huruf"


def label_value(label: str, shape: str) -> int:
    """Return the number that a heading label stands for in its shape."""
    mark = label.rstrip(".)")
    if shape == "judul_angka":
        return int(mark)
    if shape == "judul_huruf":
        return ord(mark[0]) - ord("A") + 1
    total = 0
    for position, letter in enumerate(mark):
        value = _ROMAN[letter]
        following = _ROMAN[mark[position + 1]] if position + 1 < len(mark) else 0
        total += -value if value < following else value
    return total
