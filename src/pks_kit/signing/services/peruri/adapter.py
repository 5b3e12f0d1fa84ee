"""``docSigningZ``: the request that stamps, and what its answer means (docs/sumber.md E2.3).

Both flows send the same fields. A code that the adapter gives before it asks Peruri for the
signature means that nothing was done; with every other one the serial number may be used up, and
only stamping again with the same number and bytes tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.net.transport import Answer
from pks_kit.signing.ports import StampJob
from pks_kit.signing.services.peruri.answers import safe_words, text_of
from pks_kit.signing.services.peruri.call import REFUSING

NOTHING_DONE = frozenset({"80", "81", "82", "83", "90", "91", "93", "94"})
"""Codes that the open adapter gives before it sends the hash to Peruri [X]."""

MAYBE_DONE = frozenset({"70", "92", "95", "96", "97"})
"""Codes that it gives during or after that, or anywhere (92)."""

DEFAULT_LOCATION = "JAKARTA"
"""``location`` is mandatory; the vendor's sample says this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StampPaths:
    """Source, result and picture as the adapter sees them."""

    src: str
    dest: str
    spesimen: str


REPEATED_TOKEN = "jwToken"  # noqa: S105 a name, not a token
"""Field of the body that repeats the token."""


def stamp_body(job: StampJob, paths: StampPaths, profile_name: str) -> dict[str, Any]:
    """Return the body of ``docSigningZ`` without the token; ``job.box`` is in whole points.

    ``certificatelevel`` is always ``NOT_CERTIFIED``: the other value would forbid every later
    signature.
    """
    left, bottom, right, top = (int(side) for side in job.box.rect)
    body: dict[str, Any] = {
        "certificatelevel": "NOT_CERTIFIED",
        "profileName": profile_name,
        "src": paths.src,
        "dest": paths.dest,
        "spesimenPath": paths.spesimen,
        "docpass": "",
        "reason": job.alasan or "-",
        "location": job.lokasi or DEFAULT_LOCATION,
        "refToken": job.meterai.sn,
        "visSignaturePage": job.box.page,
        "visLLX": left,
        "visLLY": bottom,
        "visURX": right,
        "visURY": top,
    }
    return body | {"retryFlag": "1"} if job.is_retry else body


def check_answer(reply: Answer, sn: str, *secrets: Secret) -> Mapping[str, Any]:
    """Return the answer when it says that the document was stamped.

    ``status`` is the text ``"True"`` or ``"False"``; HTTP 200 in both cases [X].

    Raises:
        SigningError: ``meterai.adapter.<code>`` for a refusal before anything was done.
        UnknownOutcomeError: ``meterai.adapter.<code>``, ``meterai.adapter.other`` or
            ``meterai.answer_unclear``: repeat with the same number and bytes.
    """
    answer = reply.json_object()
    if reply.status in REFUSING:
        words = safe_words((answer or {}).get("message", "-"), *secrets)
        raise SigningError(
            "meterai.refused", what="docSigningZ", code=f"HTTP {reply.status}", words=words
        )
    if answer is None or reply.status != 200:
        detail = f"HTTP {reply.status}"
        raise UnknownOutcomeError("meterai.answer_unclear", what="docSigningZ", detail=detail)
    status = str(answer.get("status", "")).casefold()
    code = text_of(answer, "errorCode")
    if status == "true" and code in ("00", "0"):
        return answer
    words = safe_words(answer.get("errorMessage", "-"), *secrets)
    if code in NOTHING_DONE and status != "true":
        raise SigningError(f"meterai.adapter.{code}", sn=sn, words=words)
    if code in MAYBE_DONE:
        raise UnknownOutcomeError(f"meterai.adapter.{code}", sn=sn, words=words)
    raise UnknownOutcomeError(
        "meterai.adapter.other", sn=sn, code=safe_words(code)[:12], words=words
    )
