"""Values -> the summary beside an agreement: one or two pages that are no part of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pks_kit.render.cover.document import filled_template, finished, refuse_unprintable
from pks_kit.render.pdf.parts import render_part
from pks_kit.resources import templates_root

_FOLDER, _NAME = "pengantar", "ringkasan"


def render_summary(values: Mapping[str, Any]) -> bytes:
    """Return the summary as PDF, without title and other information.

    Raises:
        RenderError: ``render.pdf.unprintable`` for a character without a glyph, and whatever the
            layout refuses.
    """
    refuse_unprintable(values)
    css = (templates_root() / _FOLDER / f"{_NAME}.css").read_text(encoding="utf-8")
    return finished(render_part(filled_template(_NAME, values), css, _NAME))
