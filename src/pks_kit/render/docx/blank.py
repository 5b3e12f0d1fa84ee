"""Build the blank Word file ``templates/pks_2024/naskah.docx``: styles, numbering, header, footer.

The file in the repository is the output of this module (a test compares them), so that a change
of style can be reviewed as text. Run ``python -m pks_kit.render.docx.blank OUT.docx``. A branch
that wants its own look may edit a copy in Word as long as the style ids stay.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

from pks_kit.render.docx.blank_parts import (
    CONTENT_TYPES,
    CORE,
    DOCUMENT,
    DOCUMENT_RELATIONS,
    HEADER,
    PACKAGE_RELATIONS,
    SETTINGS,
    footer_xml,
)
from pks_kit.render.docx.blank_styles import numbering_xml, styles_xml
from pks_kit.render.docx.pages import PAGES

_EPOCH = (1980, 1, 1, 0, 0, 0)


_COMMON_LEVEL = 6
"""Of zlib: the one that makes the file in the repository."""


def build_blank() -> bytes:
    """Return the blank Word file; the same bytes every time."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": PACKAGE_RELATIONS,
        "docProps/core.xml": CORE,
        "word/document.xml": DOCUMENT,
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
        "word/styles.xml": styles_xml(),
        "word/numbering.xml": numbering_xml(),
        "word/settings.xml": SETTINGS,
        "word/header1.xml": HEADER,
    } | {f"word/{page.footer_file}": footer_xml(page) for page in PAGES.values()}
    return pack({name: content.encode() for name, content in parts.items()}, _COMMON_LEVEL)


def pack(parts: dict[str, bytes], level: int) -> bytes:
    """Return a ZIP of parts with fixed times and no platform marks; level of zlib from 1 to 9."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content, compresslevel=level)
    return stream.getvalue()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(build_blank())
