"""How words are printed, read from the boxes that WeasyPrint made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pks_kit.render.fonts import FACES
from pks_kit.render.pdf.flow.harfbuzz import UNITS, Features
from pks_kit.render.pdf.flow.inline import Type

_BOLD = 600
"""Weights from here on are printed with the bold face."""

_PLAIN: Mapping[str, object] = {
    "letter_spacing": "normal",
    "word_spacing": 0,
    "white_space": "normal",
    "text_transform": "none",
    "visibility": "visible",
    "hyphens": "none",
    "direction": "ltr",
    "vertical_align": "baseline",
    "font_language_override": "normal",
    "font_stretch": "normal",
    "position": "static",
    "float": "none",
    "font_variation_settings": "normal",
    "word_break": "normal",
    "overflow_wrap": "anywhere",
    "text_overflow": "clip",
}
"""What the setter takes for granted."""


class Unlike(Exception):
    """A leaf that is built in no way that patterns know."""


def line_types(box: Any, above: str) -> Iterator[tuple[str, Type]]:
    """Yield the types of the elements in a line, each below the names of those round it."""
    from weasyprint.formatting_structure import boxes

    words = [one for one in box.children if isinstance(one, boxes.TextBox)]
    yield above, _type(box, words[0] if words else None)
    for one in box.children:
        if isinstance(one, boxes.TextBox):
            continue
        if type(one) is not boxes.InlineBox:
            raise Unlike
        if one.element_tag == "br":
            yield f"{above}/br", _type(one, None)
        elif one.element_tag == one.element.tag:
            yield from line_types(one, f"{above}/{_name(one.element)}")
        else:
            raise Unlike


def _name(element: Any) -> str:
    names, style = element.get("class") or "", element.get("style") or ""
    if names.startswith("label w"):
        return f"{element.tag} label"
    if style:
        return f"{element.tag} {names}|{style}"
    return f"{element.tag} {names}" if names else str(element.tag)


def _type(box: Any, text: Any) -> Type:
    from weasyprint.formatting_structure import boxes
    from weasyprint.text.line_break import strut

    is_line = isinstance(box, boxes.LineBox)
    style = box.style if text is None else text.style
    for name, value in _PLAIN.items():
        if style[name] != value or (not is_line and box.style[name] != value):
            raise Unlike
    if style["lang"] != "id" or style["font_variant_ligatures"] != "none":
        raise Unlike
    height, above = strut(style)
    box_height, box_above = height, above
    padding = margin = 0.0
    if not is_line:
        box_height, box_above = strut(box.style)
        zero = (
            box.padding_left, box.margin_left, box.border_left_width, box.border_right_width,
            box.padding_top, box.padding_bottom, box.border_top_width, box.border_bottom_width,
        )  # fmt: skip
        if any(zero):
            raise Unlike
        padding, margin = float(box.padding_right), float(box.margin_right)
        names = box.element.get("class") or ""
        if names.startswith("label w"):
            margin /= int(names[len("label w") :])
    if text is not None:
        height = float(text.margin_height())
        above = float(text.baseline)
    underline: tuple[float, ...] = ()
    if style["text_decoration_line"] != "none":
        underline = _underline(style, text)
    red, green, blue = (float(one) for one in style["color"].to("srgb").coordinates)
    if style["color"].alpha != 1:
        raise Unlike
    return Type(
        face=face_of(style),
        units=int(style["font_size"] * UNITS),
        features=features_of(style),
        colour=(red, green, blue),
        above=float(above),
        below=float(height - above),
        box_above=float(box_above),
        box_below=float(box_height - box_above),
        padding=padding,
        margin=margin,
        underline=underline,
    )


def _underline(style: Any, text: Any) -> tuple[float, float]:
    from weasyprint.draw.color import get_color

    plain = (
        style["text_decoration_line"] == {"underline"}
        and style["text_decoration_style"] == "solid"
        and style["text_underline_offset"] == "auto"
        and get_color(style, "text_decoration_color") == style["color"]
    )
    if not plain or text is None:
        raise Unlike
    width = style["text_decoration_thickness"]
    if width in {"auto", "from-font"}:
        thickness = float(text.pango_layout.underline_thickness)
    elif width.unit == "px":
        thickness = float(width.value)
    else:
        raise Unlike
    return thickness / 2 - float(text.pango_layout.underline_position), thickness


def face_of(style: Any) -> str:
    """Return the PostScript name of the face of a computed style.

    Raises:
        Unlike: It is none of ours.
    """
    wanted = (
        style["font_family"][0],
        int(style["font_weight"]) >= _BOLD,
        style["font_style"] == "italic",
    )
    for face in FACES:
        if (face.family, face.bold, face.italic) == wanted:
            return face.postscript_name
    raise Unlike


def features_of(style: Any) -> Features:
    """Return the OpenType features of a computed style."""
    from weasyprint.text.fonts import font_features

    found = font_features(
        style["font_kerning"],
        style["font_variant_ligatures"],
        style["font_variant_position"],
        style["font_variant_caps"],
        style["font_variant_numeric"],
        style["font_variant_alternates"],
        style["font_variant_east_asian"],
        style["font_feature_settings"],
    )
    return ",".join(f"{tag} {int(value)}" for tag, value in found.items())
