"""How old the words and rules are that an agreement would be made of, told before they are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pks_kit.domain.kontrak import Kontrak
from pks_kit.naskah.catalogue import list_versions, load_version
from pks_kit.naskah.manifest import VersionManifest
from pks_kit.resources import templates_root
from pks_kit.rules.checks.scope import DATA
from pks_kit.rules.findings import Finding, warning
from pks_kit.rules.law.parameters import load_parameters

_OURS = "susunan"
"""Certainty of limits that we set ourselves: there is no source to compare them with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAge:
    """The newest text of one kind of agreement.

    Attributes:
        version: Its id.
        year: Year for which it was written: of the first day on which it may be used.
        checked: Since when every rule that has a source was compared with it.
    """

    version: str
    year: int
    checked: date


def check_text_age(kontrak: Kontrak) -> Iterator[Finding]:
    """Yield a warning when the agreement starts in a later year than that of its text."""
    start = kontrak.jangka_waktu.tanggal_mulai
    used = load_version(kontrak.versi_templat, templates_root()).manifest
    if start.year <= used.berlaku.mulai.year:
        return
    newest = newest_text(kontrak.faskes.jenis, start)
    yield warning(
        "text.older_than_term",
        "versi_templat",
        DATA,
        version=used.versi,
        year=used.berlaku.mulai.year,
        start=start,
        newest=newest.version,
        newest_year=newest.year,
        checked=newest.checked,
    )


def newest_text(jenis: str, start: date) -> TextAge:
    """Return the newest text that is here for a kind of facility and a first day."""
    root = templates_root()
    usable = [
        version.manifest
        for version in (load_version(name, root) for name in list_versions(root))
        if jenis in version.kinds() and may_be_used(version.manifest, start)
    ]
    newest = max(usable, key=lambda manifest: (manifest.berlaku.mulai, manifest.versi))
    return _age(newest)


def newest_texts() -> tuple[TextAge, ...]:
    """Return the newest text of each kind of agreement, the oldest first."""
    root = templates_root()
    manifests = [
        version.manifest
        for version in (load_version(name, root) for name in list_versions(root))
        if version.manifest.naskah == "perjanjian" and version.manifest.berlaku.selesai is None
    ]
    return tuple(sorted(map(_age, manifests), key=lambda one: (one.year, one.version)))


def may_be_used(manifest: VersionManifest, start: date) -> bool:
    """Return whether an agreement that starts on a day may be made of a version."""
    first, last = manifest.berlaku.mulai, manifest.berlaku.selesai
    is_open = last is None or start <= last
    return manifest.naskah == "perjanjian" and first <= start and is_open


def _age(manifest: VersionManifest) -> TextAge:
    # what nobody compared yet has no day; `law stale` lists it
    days = [one.terakhir_diperiksa for one in load_parameters() if one.kepastian != _OURS]
    checked = min(day for day in days if day is not None)
    return TextAge(version=manifest.versi, year=manifest.berlaku.mulai.year, checked=checked)
