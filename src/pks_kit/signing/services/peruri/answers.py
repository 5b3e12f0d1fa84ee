"""Read answers of Peruri without trusting them; nothing secret passes into a message.

Answers of the backend say ``statusCode`` ``"00"`` for success [C]; the quota says
``result.status`` instead [C]. A refusal carries ``message`` and often ``result.err`` [C].
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError
from pks_kit.foreign import Looks
from pks_kit.net.secrecy import said
from pks_kit.signing.step.appearance import MeteraiPicture

OK = "00"
IMAGE_LIMIT = 1 << 20
"""Largest picture of a meterai in bytes; delivered ones have about 10 thousand (esign 2.5)."""

_TOKEN = re.compile(r"eyJ[\w-]+(?:\.[\w-]+)*|(?i:bearer)\s+\S+")
_DATA_URL = re.compile(r"data:image/[a-z.+-]+;base64,", re.IGNORECASE)
_FILE_NAME = re.compile(r"[\w.\-]{1,200}\.(?:png|jpe?g)", re.IGNORECASE)


def safe_words(text: object, *secrets: Secret) -> str:
    """Return words of a service, fit for a message: short, one line, no secret, no NIK or NPWP."""
    words = _TOKEN.sub("***", " ".join(str(text).split()))
    return said(words, secrets) or "-"


def parsed(body: bytes) -> Mapping[str, Any] | None:
    """Return the JSON object of an answer, or None when it is something else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def is_ok(answer: Mapping[str, Any]) -> bool:
    """Return whether an answer of the backend says that all is well."""
    return answer.get("statusCode") == OK


def says_no(answer: Mapping[str, Any]) -> bool:
    """Return whether an answer of the backend refuses with a code."""
    return bool(text_of(answer, "statusCode")) and not is_ok(answer)


def refusal_of(answer: Mapping[str, Any], *secrets: Secret) -> tuple[str, str]:
    """Return code and words of an answer that says no."""
    result = answer.get("result")
    detail = result.get("err") if isinstance(result, dict) else result
    said = answer.get("message") if not isinstance(detail, str) else detail
    return safe_words(answer.get("statusCode", "?"))[:12], safe_words(said or "-", *secrets)


def result_of(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``result``, empty when it is not an object."""
    found = answer.get("result")
    return found if isinstance(found, dict) else {}


def rows_of(answer: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """Return ``result.data`` (or ``result``) as rows; None when that is not a list of objects."""
    result = answer.get("result")
    rows = result.get("data") if isinstance(result, dict) else result
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return rows


def text_of(row: Mapping[str, Any], *names: str) -> str:
    """Return the first text or number among some keys, stripped; empty when there is none."""
    for name in names:
        found = row.get(name)
        if isinstance(found, str | int) and not isinstance(found, bool) and str(found).strip():
            return str(found).strip()
    return ""


def picture_of(result: Mapping[str, Any], looks: Looks) -> bytes | None:
    """Return the picture in an answer, judged by its bytes; None when there is none.

    It comes as base64 in ``image``, or in ``filenameQR`` [conflicting sources, esign 2.3], with or
    without ``data:`` before it.

    Raises:
        SigningError: ``meterai.image`` when it is no square PNG or JPEG of reasonable size.
    """
    for name in ("image", "filenameQR"):
        found = result.get(name)
        if not isinstance(found, str) or not found.strip():
            continue
        if name == "filenameQR" and server_file_of(result):
            continue
        content = decoded(found)
        if content is None:
            raise SigningError("meterai.image")
        return checked_picture(content, looks)
    return None


def server_file_of(result: Mapping[str, Any]) -> str:
    """Return ``filenameQR`` when it names a file on the server (cloud flow), else empty."""
    found = result.get("filenameQR")
    name = found.strip().rpartition("/")[2] if isinstance(found, str) else ""
    return name if _FILE_NAME.fullmatch(name) else ""


def decoded(text: str) -> bytes | None:
    """Return base64 text as bytes, with or without ``data:`` before it; None when it is not."""
    bare = "".join(_DATA_URL.sub("", text.strip(), count=1).split())
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def checked_picture(content: bytes, looks: Looks) -> bytes:
    """Return a picture after making sure that it is one.

    Args:
        content: The picture.
        looks: Where it is decoded.

    Raises:
        SigningError: ``meterai.image``.
        NotLookedError: ``pdf.not_looked``.
    """
    if not 0 < len(content) <= IMAGE_LIMIT:
        raise SigningError("meterai.image")
    looks.ask(MeteraiPicture(), content)
    return content


def suffix_of(picture: bytes) -> str:
    """Return ``.png`` or ``.jpg``: what a checked picture is, whatever it was called."""
    return ".png" if picture.startswith(b"\x89PNG") else ".jpg"
