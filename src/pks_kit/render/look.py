"""What decides the look of the pages beside template and data."""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.domain.edition import LAYOUT
from pks_kit.render.pen_box import Sticker


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The version of the printed page, and the sizes it depends on.

    Attributes:
        sticker: Size of the adhesive meterai.
        layout: Version of the printed page; old issues are rendered with theirs.
    """

    sticker: Sticker
    layout: int = LAYOUT
