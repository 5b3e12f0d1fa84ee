"""Whose certificate signs a batch: one that fits nobody is refused before anything is drafted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.nama_orang import compare_names
from pks_kit.domain.tanda_tangan import PIHAK_TAMPIL
from pks_kit.errors import InputError, SigningError
from pks_kit.messages import lookup
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.row import loaded_row
from pks_kit.pipelines.batching.workshop import Stage
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.settings.model import SigningSettings


def refuse_strangers(
    settings: SigningSettings,
    names: Mapping[str, str],
    rows: Sequence[PlannedRow],
    folder: BatchFolder,
    until: Stage,
) -> None:
    """Refuse a certificate that fits no agreement of those that its owner is to sign.

    One that fits some of them is left to each agreement. A name that the settings accept counts,
    unless the finished file is judged here: that judgement takes no wholly different name.

    Args:
        settings: Who signs with what.
        names: Name in the certificate of each key or service, as far as it is known.
        rows: The agreements that are run.
        folder: Where their data stand.
        until: How far they are brought.

    Raises:
        SigningError: ``batch.other_person``.
    """
    for role, party in settings.pihak.items():
        name = names.get(party.penanda_tangan or "", "")
        printed = ""
        for profile, printed in _printed(rows, str(role), folder) if name else ():
            found = compare_names(name, printed)
            accepted = party.nama_diterima == name and (
                found.outcome == "unsure" or not _judged(settings, profile, until)
            )
            if found.outcome == "same" or accepted:
                break
        else:
            if printed:
                why = lookup(f"person.why.{compare_names(name, printed).reason}")
                raise SigningError(
                    "batch.other_person",
                    party=PIHAK_TAMPIL[role],
                    certificate=name,
                    printed=printed,
                    why=why,
                )


def _printed(
    rows: Sequence[PlannedRow], role: str, folder: BatchFolder
) -> Iterator[tuple[str, str]]:
    """Yield method and printed name of what one party signs electronically."""
    signed = {
        profile
        for profile in {one.cara_kontrak for one in rows}
        if any(
            step.jenis == "tanda_tangan" and step.peran == role
            for step in load_profile(signing_root(), profile).langkah
        )
    }
    for one in rows:
        if one.cara_kontrak not in signed:
            continue
        try:
            kontrak = loaded_row(folder, one).kontrak
        except InputError:
            continue  # its row says so when its turn comes; the others go on
        yield one.cara_kontrak, _signer(kontrak, role)


def _signer(kontrak: Kontrak, role: str) -> str:
    if role == "pihak_kesatu":
        return kontrak.pihak_kesatu.nama_kepala_cabang
    return kontrak.pihak_kedua.nama_penandatangan


def _judged(settings: SigningSettings, profile: str, until: Stage) -> bool:
    """Return whether a run judges the finished file: every party signs here, electronically."""
    wanted = {step.peran for step in load_profile(signing_root(), profile).langkah}
    known = {str(role) for role in settings.pihak}
    return until in ("verified", "sent") and profile == "elektronik" and wanted <= known
