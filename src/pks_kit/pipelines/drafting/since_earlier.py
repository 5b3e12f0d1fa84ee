"""What an agreement says otherwise than the earlier one of the same facility."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import PksKitError
from pks_kit.pipelines.drafting.summary import SummarySource, differences
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.rules.law.parameters import load_parameters


def since_earlier(
    kontrak: Kontrak, earlier: Kontrak, as_of: date | None = None
) -> tuple[Mapping[str, Any], ...] | None:
    """Return what differs, in the words of the summary: ``apa``, ``dulu``, ``kini``.

    Args:
        kontrak: The agreement.
        earlier: The one before.
        as_of: Date of the rules; None takes the start of the term.

    Returns:
        The differences; None where amounts of that year are not known any more.
    """
    try:
        now = _source(kontrak, as_of or kontrak.jangka_waktu.tanggal_mulai)
        then = _source(earlier, earlier.jangka_waktu.tanggal_mulai)
    except PksKitError:
        return None
    return tuple(differences(replace(now, before=then)))


def _source(kontrak: Kontrak, as_of: date) -> SummarySource:
    values = build_context(kontrak, load_parameters().resolve_all(as_of))
    return SummarySource(kontrak=kontrak, values=values)
