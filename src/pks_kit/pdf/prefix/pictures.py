"""The pictures that our writers put into boxes: forms, images, fonts, and nothing that could run.

Every word in them must be known, and they lead to nothing but each other and the fonts of the
document, in a tree that ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from pks_kit.limits import MIB
from pks_kit.pdf.prefix.spelling import Name, NotOursError, Ref, Value
from pks_kit.pdf.prefix.updates import Written, weight

_PICTURE_KEYS = frozenset(
    ("/BBox", "/Resources", "/Type", "/Subtype", "/Filter", "/Length", "/Matrix", "/FormType",
     "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/ExtGState", "/Font", "/Pattern",
     "/Shading", "/XObject", "/ProcSet", "/CA", "/ca", "/Range", "/WhitePoint", "/BaseFont",
     "/DescendantFonts", "/Encoding", "/ToUnicode", "/CIDSystemInfo", "/Ordering", "/Registry",
     "/Supplement", "/CIDToGIDMap", "/DW", "/W", "/FontDescriptor", "/Ascent", "/CapHeight",
     "/Descent", "/Flags", "/FontBBox", "/FontFile2", "/FontFile3", "/FontName", "/ItalicAngle",
     "/StemV", "/Length1")
)  # fmt: skip
_MAPS = frozenset(("/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Shading", "/XObject"))
_MAP_NAME = re.compile(
    r"/(?:[A-Z]{6}|[a-z][0-9.]{1,8}|lab-d[0-9]{2}|F[0-9]{1,4}|Tampilan|ImgMeterai|BackgroundGS)"
)
_TYPES = frozenset(("/XObject", "/Font", "/FontDescriptor", "/ExtGState"))
_SUBTYPES = frozenset(
    ("/Form", "/Image", "/Type0", "/CIDFontType0", "/CIDFontType2", "/CIDFontType0C", "/OpenType")
)
_PARTS = {"/DeviceRGB": 3, "/DeviceGray": 1}
_MOST_DEPTH = 8
_MOST_STREAM, _MOST_PICTURE = 4 * MIB, 16 * MIB


def check_picture(objects: Mapping[int, Written], look: int | None, fonts: set[int]) -> int:
    """Return what the streams of a picture inflate to; all objects must belong to it.

    Args:
        objects: The objects.
        look: The one that is shown.
        fonts: Fonts of the document, which it may use.

    Raises:
        NotOursError: It holds or leads to anything else.
    """
    reached: set[int] = set()
    waiting = [(look, False, 0)] if look is not None else []
    visits = 0
    while waiting:
        number, is_map, depth = waiting.pop()
        if number in fonts and number not in objects and not is_map:
            continue
        visits += 1
        if number not in objects or depth > _MOST_DEPTH or visits > len(objects) * _MOST_DEPTH:
            raise NotOursError("picture")
        reached.add(number)
        led = _led_to(objects[number].value, is_map=is_map)
        waiting += [(one, leads_map, depth + 1) for one, leads_map in led]
    if reached != objects.keys():
        raise NotOursError("litter")
    if look is not None and objects[look].dictionary.get("/Subtype") != "/Form":
        raise NotOursError("picture")
    return sum(_inflated(one) for one in objects.values())


def _led_to(top: Value, *, is_map: bool) -> list[tuple[int, bool]]:
    """Return the references of a part of a picture, whose every word must be known.

    Args:
        top: The part.
        is_map: Whether it maps names of its own to resources.

    Returns:
        The numbers, each with whether it is such a map.
    """
    found: list[tuple[int, bool]] = []
    waiting: list[tuple[Value, bool]] = [(top, is_map)]
    while waiting:
        value, is_map = waiting.pop()
        if isinstance(value, Ref):
            found.append((value.number, is_map))
        elif isinstance(value, list):
            waiting += [(one, False) for one in value]
        elif isinstance(value, dict):
            for key, one in value.items():
                if not (_MAP_NAME.fullmatch(key) if is_map else key in _PICTURE_KEYS):
                    raise NotOursError("picture")
                waiting.append((one, key in _MAPS and not is_map))
            if not is_map:
                _check_kind(value)
    return found


def _check_kind(value: dict[str, Value]) -> None:
    if value.get("/Type", "/Font") not in _TYPES or value.get("/Subtype", "/Form") not in _SUBTYPES:
        raise NotOursError("picture")


def _inflated(one: Written) -> int:
    if one.data is None:
        return 0
    said = one.dictionary
    if "/Filter" not in said:
        return 0
    if said["/Filter"] != "/FlateDecode":
        raise NotOursError("filter")
    if said.get("/Subtype") != "/Image":
        return weight(one.data, _MOST_STREAM)
    sides = [said.get(key) for key in ("/Width", "/Height")]
    space = said.get("/ColorSpace")
    parts = _PARTS.get(space, 0) if isinstance(space, Name) else 0
    if (
        said.get("/BitsPerComponent") != 8
        or not parts
        or any(not isinstance(side, Decimal) for side in sides)
    ):
        raise NotOursError("picture")
    width, height = (int(side) for side in sides if isinstance(side, Decimal))
    if not 0 < width * height * parts <= _MOST_PICTURE:
        raise NotOursError("picture")
    if weight(one.data, _MOST_PICTURE) != width * height * parts:
        raise NotOursError("picture")
    return 0
