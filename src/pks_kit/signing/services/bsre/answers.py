"""What the answers of the BSrE Esign Client Service mean (docs/sumber.md E1.6).

Every status and code that is publicly known has words of its own that say what to do. Codes that
nobody published are shown as they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.net.secrecy import said
from pks_kit.net.transport import Answer

READY_CODE = 1111
"""Version 1: the user may sign."""

READY_STATUS = "ISSUE"
"""Version 2: the only status that may sign."""

STATUSES: Mapping[str, str] = {
    "EXPIRED": "service.status.expired",
    "RENEW": "service.status.renew",
    "WAITING_FOR_VERIFICATION": "service.status.waiting",
    "NEW": "service.status.new",
    "NO_CERTIFICATE": "service.no_certificate",
    "NOT_REGISTERED": "service.not_registered",
    "SUSPEND": "service.status.suspend",
    "REVOKE": "service.status.revoke",
}

CODES: Mapping[int, str] = {
    2011: "service.not_registered",
    2021: "service.no_certificate",
    2031: "service.passphrase_wrong",
    4014: "service.nik_missing",
    4015: "service.request_wrong",
    4024: "service.nik_registered",
    4044: "service.already_fetched",
}

_WORDS = (
    ("passphrase anda salah", "service.passphrase_wrong"),
    ("invalidpdfexception", "service.pdf_refused"),
    ("rebuild failed", "service.pdf_refused"),
    ("tidak terdaftar", "service.not_registered"),
)
"""Texts seen without a code, in lower case."""


def check_status(
    answer: Answer, service: str, secrets: Iterable[Secret | None], *, by_code: bool
) -> None:
    """Refuse unless the answer to the status question says that the signer may sign.

    Args:
        answer: Answer to the question.
        service: Name for messages.
        secrets: What was sent.
        by_code: Version 1, where code 1111 says so; else status ``ISSUE`` does.

    Raises:
        SigningError: A code of ``STATUSES`` or ``CODES``, ``service.status.unknown``, or what
            :func:`nothing_done` makes of it.
    """
    content = answer.json_object()
    if answer.status != 200 or content is None:
        raise nothing_done(answer, service, secrets)
    code, status = _code(content), str(content.get("status") or "").strip().upper()
    if status in STATUSES:
        raise SigningError(STATUSES[status], service=service)
    if by_code and code == READY_CODE and status in ("", READY_STATUS):
        return
    if not by_code and status == READY_STATUS:
        return
    if code is not None and code in CODES:
        raise SigningError(CODES[code], service=service, text=_text(content, secrets))
    raise SigningError(
        "service.status.unknown",
        service=service,
        status=said(status or code, secrets),
        text=_text(content, secrets),
    )


def refusal(answer: Answer, service: str, secrets: Iterable[Secret | None]) -> SigningError:
    """Return the error for an answer that is not the success that was hoped for.

    Args:
        answer: The answer.
        service: Name for messages.
        secrets: What was sent and must not come back in a message.

    Returns:
        ``SigningError`` when the service refused; ``UnknownOutcomeError`` with
        ``service.bad_answer`` when it said HTTP 200 without a sense that we know.
    """
    secrets = tuple(secrets)
    content = answer.json_object() or {}
    if answer.status in (401, 403):
        return SigningError("service.login", service=service, status=answer.status)
    code, text = _code(content), _text(content, secrets)
    if code is not None and code in CODES:
        return SigningError(CODES[code], service=service, text=text)
    for words, known in _WORDS:
        if words in text.lower():
            return SigningError(known, service=service, text=text)
    if answer.status in (404, 405) and code is None:
        return SigningError("service.wrong_path", service=service, status=answer.status)
    if answer.status == 200 and "error" not in content and code is None:
        return UnknownOutcomeError("service.bad_answer", service=service)
    return SigningError(
        "service.refused", service=service, code=code or f"HTTP {answer.status}", text=text or "-"
    )


def nothing_done(answer: Answer, service: str, secrets: Iterable[Secret | None]) -> SigningError:
    """Return the error for a mere question or preparation that did not succeed.

    Args:
        answer: The answer.
        service: Name for messages.
        secrets: What was sent and must not come back in a message.

    Returns:
        As :func:`refusal`, but ``service.not_prepared`` for an answer without sense: nothing was
        signed by it, whatever it means.
    """
    error = refusal(answer, service, secrets)
    if isinstance(error, UnknownOutcomeError):
        return SigningError("service.not_prepared", service=service)
    return error


def _code(content: Mapping[str, Any]) -> int | None:
    """Return the business code; services write it as a number or as text."""
    code = str(content.get("status_code", "")).strip()
    return int(code) if code.isascii() and code.isdigit() and len(code) < 7 else None


def _text(content: Mapping[str, Any], secrets: Iterable[Secret | None]) -> str:
    return said(content.get("error") or content.get("message") or "", secrets)
