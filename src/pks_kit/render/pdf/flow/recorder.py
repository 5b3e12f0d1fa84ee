"""What WeasyPrint draws, taken as marks with the exact places that it computed.

A page can be painted on any stream that has the methods of WeasyPrint's own. The one here keeps
what is drawn instead of writing it, so nothing is rounded yet and no font is embedded. These
methods are not part of the documented interface; ``tests/contract/test_weasyprint_boxes.py`` fails
when they change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pks_kit.errors import RenderError
from pks_kit.render.fonts import Face, face_by_layout_name
from pks_kit.render.pdf.flow.marks import Area, Colour, Frame, Line, Mark, Rect, Words
from pks_kit.render.pdf.flow.unknown import StepAside
from pks_kit.render.pdf.laid import Glyphs

_IDLE = re.compile(r"<>|(?<=>)-?0(?=<)")
_JOINT = "><"


def painted(pages: list[Any], fonts: dict[Any, Any]) -> Iterator[tuple[Mark, ...]]:
    """Yield the marks of each page of a laid-out document.

    Args:
        pages: Pages of a WeasyPrint document.
        fonts: Its fonts so far; those that pages use are added.

    Raises:
        StepAside: For anything but the four kinds of marks.
        RenderError: ``render.pdf.foreign_font`` for a font that is not ours.
    """
    kind = _recorder()
    for page in pages:
        recorder = kind(fonts)
        page.paint(recorder, 1)
        yield tuple(recorder.marks)


def glyph_texts(fonts: dict[Any, Any]) -> Glyphs:
    """Return the text behind every glyph that was drawn with these fonts.

    Raises:
        RenderError: ``render.pdf.foreign_font``.
    """
    texts: Glyphs = {}
    for font in fonts.values():
        known = texts.setdefault(face_of(font), {})
        for glyph, text in font.to_unicode.items():
            known[glyph] = plain_text(text)
    return texts


def plain_text(text: str) -> str:
    """Return the text behind a glyph: two spaces share one, and a reader wants the ordinary one."""
    return text.replace("\u00a0", " ")


def face_of(font: Any) -> Face:
    """Return the face behind a font of WeasyPrint.

    Raises:
        RenderError: ``render.pdf.foreign_font`` when it is not one of ours.
    """
    name = font.name.decode("ascii").partition("+")[2]
    face = face_by_layout_name(name)
    if face is None:
        raise RenderError("render.pdf.foreign_font", font=name)
    return face


@lru_cache(maxsize=1)
def _recorder() -> type[Any]:
    from weasyprint.pdf.stream import Stream

    class Recorder(Stream):  # type: ignore[misc]
        """Keeps marks; whatever a page of ours never draws is refused."""

        def __init__(self, fonts: dict[Any, Any]) -> None:
            resources: dict[str, Any] = {
                "ExtGState": {},
                "XObject": {},
                "Pattern": {},
                "Shading": {},
            }
            super().__init__(fonts, (0, 0, 0, 0), resources, {}, None, {}, None)
            self.marks: list[Mark] = []
            self._state: tuple[Colour, Colour, float, Rect | None] = (
                (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 1.0, None,
            )  # fmt: skip
            self._states: list[tuple[Colour, Colour, float, Rect | None]] = []
            self._path: list[tuple[float, ...]] = []
            self._place = (0.0, 0.0)
            self._face: Face | None = None
            self._size = ""

        def push_state(self) -> None:
            self._states.append(self._state)

        def pop_state(self) -> None:
            self._state = self._states.pop()

        def transform(
            self, a: float = 1, b: float = 0, c: float = 0, d: float = 1, e: float = 0, f: float = 0
        ) -> None:
            if (a, b, c, d, e, f) != (1, 0, 0, 1, 0, 0):
                raise _unknown("cm")

        def set_color(self, color: Any, stroke: bool = False) -> None:
            *_, alpha = color
            if alpha != 1:
                raise _unknown("gs")
            red, green, blue = (float(one) for one in color.to("srgb").coordinates)
            now = red, green, blue
            fill, line, width, clip = self._state
            self._state = (fill, now, width, clip) if stroke else (now, line, width, clip)

        def set_line_width(self, width: float) -> None:
            fill, line, _, clip = self._state
            self._state = fill, line, width, clip

        def rectangle(self, x: float, y: float, width: float, height: float) -> None:
            self._path.append((x, y, width, height))

        def move_to(self, x: float, y: float) -> None:
            self._path.append((x, y))

        def line_to(self, x: float, y: float) -> None:
            self._path.append((x, y))

        def clip(self, even_odd: bool = False) -> None:
            # An ordinary clip is as large as what is filled in it; a border's is not.
            if even_odd:
                fill, line, width, _ = self._state
                self._state = fill, line, width, _upright(self._path)

        def end(self) -> None:
            self._path.clear()

        def fill(self, even_odd: bool = False) -> None:
            fill, _, _, clip = self._state
            shape = [len(one) for one in self._path]
            if not even_odd and shape == [4]:
                self.marks.append(Area(*_rect(self._path[0]), fill))
            elif even_odd and shape == [4, 4]:
                inner, outer = _rect(self._path[0]), _rect(self._path[1])
                self.marks.append(Frame(inner, outer, fill, clip))
            else:
                raise _unknown("f")
            self._path.clear()

        def stroke(self) -> None:
            if [len(one) for one in self._path] != [2, 2]:
                raise _unknown("S")
            (x, y), (to_x, to_y) = self._path
            _, line, width, _ = self._state
            self.marks.append(Line(x, y, to_x, to_y, width, line))
            self._path.clear()

        def begin_text(self) -> None:
            pass

        def end_text(self) -> None:
            pass

        def set_text_matrix(
            self, a: float, b: float, c: float, d: float, e: float, f: float
        ) -> None:
            if (a, b, c, d) != (1, 0, 0, -1):
                raise _unknown("Tm")
            self._place = e, f

        def set_font_size(self, font: str, size: float) -> None:
            self._face = next(face_of(one) for one in self._fonts.values() if one.hash == font)
            self._size = f"{size:f}".rstrip("0").rstrip(".")

        def show_text(self, text: str) -> None:
            if self._face is None or self._place is None:
                raise _unknown("TJ")
            self.marks.append(
                Words(
                    *self._place,
                    self._face.postscript_name,
                    self._size,
                    self._state[0],
                    plain_glyphs(text),
                )
            )

        def _refused(self, *_args: Any, **_options: Any) -> None:
            raise _unknown("?")

        curve_to = curve_start_to = curve_end_to = set_dash = set_text_rise = _refused
        draw_x_object = inline_image = paint_shading = set_state = _refused
        fill_and_stroke = fill_stroke_and_close = stroke_and_close = close = _refused

    return Recorder


def _unknown(operator: str) -> StepAside:
    return StepAside(f"operator {operator}")


def plain_glyphs(pieces: str) -> str:
    """Return glyphs and distances without those that say nothing."""
    return _IDLE.sub("", pieces).replace(_JOINT, "")


def _rect(operands: tuple[float, ...]) -> Rect:
    x, y, width, height = operands
    return x, y, width, height


def _upright(path: list[tuple[float, ...]]) -> Rect:
    """Return the rectangle that a path of four points is.

    Raises:
        StepAside: For any other path.
    """
    if [len(one) for one in path] != [2] * 4:
        raise _unknown("W*")
    across, down = sorted({one[0] for one in path}), sorted({one[1] for one in path})
    if len(across) != 2 or len(down) != 2:
        raise _unknown("W*")
    return across[0], down[0], across[1] - across[0], down[1] - down[0]
