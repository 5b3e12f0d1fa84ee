"""What was sent, and what services say, must not carry secrets into messages and logs."""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote, quote_plus

from pks_kit.domain.secret import Secret

_LONG_NUMBER = re.compile(r"\d(?:[ .\-]?\d){8,}")
_inside: ContextVar[bool] = ContextVar("pks_kit_exchange", default=False)


def said(text: object, secrets: Iterable[Secret | None] = ()) -> str:
    """Return words of a provider so that they may be shown: short, one line, nothing secret.

    Args:
        text: What the provider said.
        secrets: What was sent and must not come back in a message, in whatever way it was quoted.
    """
    shown = str(text)
    for secret in secrets:
        if secret is not None:
            for writing in _writings(secret.reveal()):
                shown = shown.replace(writing, "***")
    shown = _LONG_NUMBER.sub("***", shown)
    return "".join(letter if letter.isprintable() else " " for letter in shown)[:200].strip()


def _writings(secret: str) -> list[str]:
    """Return how a provider may write a secret back, the longest first."""
    quoted = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        html.escape(secret),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
    }
    return sorted(quoted - {""}, key=len, reverse=True)


@contextmanager
def no_log_lines() -> Iterator[None]:
    """Drop the log lines of httpx and httpcore inside the block.

    They hold addresses (version 1 of BSrE puts the NIK there, timestamp services an account key)
    and headers of answers.
    """
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def _is_not_ours(_record: logging.LogRecord) -> bool:
    return not _inside.get()


# a filter does not reach the loggers below its own
for _name in (
    "httpx",
    *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy")),
):
    logging.getLogger(_name).addFilter(_is_not_ours)
