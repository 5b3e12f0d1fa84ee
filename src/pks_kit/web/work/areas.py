"""Whose an agreement is, by what its data say and the settings know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pks_kit.settings.portal import PortalSettings
from pks_kit.web.scope import Area


def area_of(settings: PortalSettings, facts: Mapping[str, Any]) -> Area:
    """Return whose an agreement is, by its facility and the town of its branch.

    Args:
        settings: They name the branches; one that they do not name is open to head office alone.
        facts: What ``facts_of`` tells of the contract data.
    """
    for code, branch in settings.cabang.items():
        if branch.nama == facts["kantor_cabang"]:
            return Area(faskes=facts["faskes"], cabang=code, kedeputian=branch.kedeputian)
    return Area(faskes=facts["faskes"])
