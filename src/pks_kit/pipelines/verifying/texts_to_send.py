"""What facilities are asked for after their scans were judged, ready to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pks_kit.messages import lookup
from pks_kit.pipelines.verifying.returned_agreement import ReturnedAgreement
from pks_kit.pipelines.verifying.returned_forms import TextToSend


def texts_to_send(
    judged: Sequence[ReturnedAgreement],
    today: date,
    until: date | None,
) -> tuple[TextToSend, ...]:
    """Return one dated text for each facility, in the order of the agreements.

    Args:
        judged: What was judged.
        today: The day of the texts.
        until: Day by which papers must come back; None when nobody knows one.
    """
    wanted: dict[str, list[ReturnedAgreement]] = {}
    for one in judged:
        if one.wanted:
            wanted.setdefault(one.shown_name, []).append(one)
    found = []
    for name, several in wanted.items():
        parts = [
            _said(
                "agreement", number=one.number or one.agreement_id, what=one.wanted
            )
            for one in several
        ]  # fmt: skip
        if until is not None:
            parts.append(_said("until" if until >= today else "overdue", day=until))
        parts.append(_said("end"))
        if sender := several[0].sender:
            parts.append(_said("sender", sender=sender))
        text = "\n".join((_said("head", name=name, day=today), *parts))
        found.append(TextToSend(name=name, text=text))
    return tuple(found)


def _said(part: str, /, **params: object) -> str:
    return lookup(f"returned.send.{part}").fill(params).id
