"""Sends what is in the outbox, signed as Standard Webhooks asks.

A message is signed with the key of its receiver and, while keys are being changed, with the one
before too; it is sent by the one HTTP client, which follows no redirect and, unless the settings
allow it, connects to public addresses alone, to the very ones that it looked at.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING

from standardwebhooks import Webhook

from pks_kit.errors import UsageError
from pks_kit.net.plain import is_plain
from pks_kit.net.transport import Limits, Request, TransportError, exchange
from pks_kit.web.state import outbox
from pks_kit.web.state.outbox import Delivery

if TYPE_CHECKING:
    from pks_kit.settings.portal import WebhookSettings
    from pks_kit.web.portal import Portal

DELIVER_SECONDS = 1.0
_AT_ONCE = 8
_LIMITS = Limits(answer_bytes=64 * 1024, whole_seconds=15.0)
_GONE = 410
_LEAST_BYTES = 24


class Deliverer:
    """Sends deliveries that are due.

    Args:
        portal: The portal; its webhooks' keys are read now.

    Raises:
        UsageError: ``web.no_secret``, ``web.bad_webhook_key``, ``web.webhook_plain``.
    """

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._keys = {
            name: _keys(portal, name, receiver)
            for name, receiver in portal.settings.webhook.items()
        }

    async def once(self) -> None:
        """Send everything that is due.

        Raises:
            LedgerError: ``web.state_unavailable``.
        """
        if not self._keys:
            return
        while True:
            due = [
                found
                for _ in range(_AT_ONCE)
                if (found := await self._portal.write(outbox.take, self._portal.now()))
            ]
            if not due:
                return
            await asyncio.gather(*map(self._send, due))

    async def _send(self, delivery: Delivery) -> None:
        portal = self._portal
        receiver = portal.settings.webhook.get(delivery.webhook)
        if receiver is None:  # it was taken out of the settings
            await portal.write(outbox.failed, delivery, "no receiver", portal.now(), for_good=True)
            return
        try:
            answer = await exchange(self._request(delivery, receiver, portal.now()), _LIMITS)
        except TransportError as error:
            taken, told, gone = False, error.code, False
        else:
            taken, gone = 200 <= answer.status < 300, answer.status == _GONE
            told = f"HTTP {answer.status}"
        if taken:
            await portal.write(outbox.sent, delivery, told)
        else:
            await portal.write(outbox.failed, delivery, told, portal.now(), for_good=gone)
        portal.metrics.delivered("taken" if taken else "refused")

    def _request(self, delivery: Delivery, receiver: WebhookSettings, now: datetime) -> Request:
        signatures = [
            key.sign(msg_id=delivery.id, timestamp=now, data=delivery.isi)
            for key in self._keys[delivery.webhook]
        ]
        return Request(
            method="POST",
            url=receiver.alamat,
            headers={
                "Content-Type": "application/json",
                "webhook-id": delivery.id,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": " ".join(signatures),
            },
            content={"content": delivery.isi.encode()},
            public_only=not receiver.alamat_pribadi,
        )


def _keys(portal: Portal, name: str, receiver: WebhookSettings) -> tuple[Webhook, ...]:
    if is_plain(receiver.alamat) and not receiver.alamat_pribadi:
        raise UsageError("web.webhook_plain", name=name)
    found = []
    for origin in (receiver.rahasia, receiver.rahasia_lama):
        if origin is None:
            continue
        kind, _, text = portal.secret(origin, name).reveal().partition("_")
        try:
            content = base64.b64decode(text, validate=True)
        except binascii.Error:
            content = b""
        if kind != "whsec" or len(content) < _LEAST_BYTES:
            raise UsageError("web.bad_webhook_key", name=name)
        found.append(Webhook(content))
    return tuple(found)
