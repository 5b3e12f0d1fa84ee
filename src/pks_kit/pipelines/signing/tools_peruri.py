"""Distributors of Peruri from the settings of a workplace."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pks_kit.net.pace import pace_of
from pks_kit.settings import model
from pks_kit.signing.services.peruri.backend import PeruriBackend
from pks_kit.signing.services.peruri.cloud import PeruriCloud
from pks_kit.signing.services.peruri.login import PeruriLogin
from pks_kit.signing.services.peruri.on_premise import PeruriOnPremise
from pks_kit.signing.services.peruri.options import (
    PRODUKSI,
    STAGING,
    AdapterSettings,
    PeruriAccount,
    PeruriHosts,
    PeruriOptions,
    Terutang,
)

if TYPE_CHECKING:
    from pks_kit.settings.surroundings import Surroundings
    from pks_kit.signing.ports import MeteraiProvider


def peruri(
    place: Surroundings,
    chosen: model.PeruriOnPremiseSettings | model.PeruriCloudSettings,
    part: str,
) -> MeteraiProvider:
    """Return the distributor of one entry under ``meterai``.

    Args:
        place: Gives secrets, paths and the clock.
        chosen: The entry.
        part: Its place in the settings, which names its secrets.

    Raises:
        UsageError: ``meterai.mixed_hosts``, ``meterai.url``, ``meterai.account_incomplete``,
            ``meterai.container_folder``, ``service.without_tls``.
    """
    login = PeruriLogin(_hosts(chosen), _account(place, chosen, part), place.clock, pace_of(chosen))
    backend = PeruriBackend(login, _options(chosen))
    if isinstance(chosen, model.PeruriCloudSettings):
        return PeruriCloud(backend=backend, batas_detik=chosen.batas_detik)
    adapter = AdapterSettings(
        url=chosen.adapter,
        env=chosen.env_adapter,
        folder=place.path(chosen.folder_bersama),
        folder_kontainer=chosen.folder_kontainer,
        profile_name=chosen.profil,
        batas_detik=chosen.batas_detik,
        may_go_plain=chosen.tanpa_tls,
    )
    return PeruriOnPremise(backend=backend, adapter=adapter)


def _hosts(chosen: model.PeruriOnPremiseSettings | model.PeruriCloudSettings) -> PeruriHosts:
    usual = PRODUKSI if chosen.lingkungan == "produksi" else STAGING
    own = chosen.alamat
    return replace(
        usual,
        backend=own.masuk or usual.backend,
        stampv2=own.meterai or usual.stampv2,
        upload=own.unggah or usual.upload,
        stampservice=own.bubuh or usual.stampservice,
        may_go_plain=chosen.tanpa_tls,
    )


def _account(
    place: Surroundings,
    chosen: model.PeruriOnPremiseSettings | model.PeruriCloudSettings,
    part: str,
) -> PeruriAccount:
    return PeruriAccount(
        user=chosen.pengguna,
        password=place.secret(chosen.kata_sandi, f"{part}.kata_sandi"),
        jenis=chosen.akun,
        id_pemungut=chosen.id_pemungut,
        nama_jenisdoc=chosen.jenis_dokumen,
        nilai_dokumen=chosen.nilai_dokumen,
        akun_bersama=chosen.akun_bersama,
        terutang=tuple(
            Terutang(
                peran=role,
                jenis=owing.jenis,
                nomor=place.secret(owing.nomor, f"{part}.terutang.{role}.nomor"),
            )
            for role, owing in chosen.terutang.items()
        ),
    )


def _options(chosen: model.PeruriOnPremiseSettings | model.PeruriCloudSettings) -> PeruriOptions:
    usual = PeruriOptions(saldo_pos=chosen.cara_saldo, batas_detik=chosen.batas_detik)
    return usual if chosen.jalur_gambar is None else replace(usual, gambar=chosen.jalur_gambar)
