"""Pictures from outside are whole or broken, and the same in every process."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image


def open_picture(content: bytes, formats: Sequence[str]) -> Image.Image:
    """Open a picture; one that is torn cannot be loaded.

    WeasyPrint has Pillow fill torn pictures with grey, in the whole process that imports it; then
    half a scan would count as a whole one.

    Args:
        content: The file.
        formats: Names that Pillow gives to the formats that may be opened.

    Raises:
        PIL.UnidentifiedImageError: No picture of these formats.
        PIL.Image.DecompressionBombError: Too many pixels.
        OSError: It is broken.
        ValueError: It is broken.
    """
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return Image.open(io.BytesIO(content), formats=list(formats))
