"""Gateways of BSrE from the settings of a workplace."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING

from pks_kit.net.pace import pace_of
from pks_kit.net.provider import ProviderClient
from pks_kit.settings import model
from pks_kit.signing.services.bsre.placement import Tag
from pks_kit.signing.services.bsre.seal import BsreSeal
from pks_kit.signing.services.bsre.v1 import BsreV1
from pks_kit.signing.services.bsre.v2 import BsreV2

if TYPE_CHECKING:
    from pks_kit.domain.secret import Secret
    from pks_kit.settings.surroundings import Surroundings
    from pks_kit.signing.ports import PdfSigningService


def bsre(
    place: Surroundings,
    chosen: model.BsreV1Settings | model.BsreV2Settings | model.BsreSealSettings,
    part: str,
) -> PdfSigningService:
    """Return the gateway of one entry under ``penanda_tangan``.

    Args:
        place: Gives secrets and paths.
        chosen: The entry.
        part: Its place in the settings, which names its secrets.

    Raises:
        UsageError: ``service.url``, ``service.without_tls``, ``service.nik``,
            ``service.signer_or_two``, ``service.secret_or_two``: settings that cannot work.
    """
    door = ProviderClient(
        base_url=chosen.alamat,
        user=chosen.pengguna,
        password=place.secret(chosen.kata_sandi, f"{part}.kata_sandi"),
        ca_file=place.path(chosen.berkas_ca) if chosen.berkas_ca else None,
        may_go_plain=chosen.tanpa_tls,
        pace=pace_of(chosen),
    )
    is_uji = chosen.lingkungan == "uji"
    tag = Tag(text=chosen.tanda, may_be_long=chosen.tanda_panjang) if chosen.tanda else None
    if isinstance(chosen, model.BsreV1Settings):
        return BsreV1(
            door=door,
            nik=place.secret(chosen.nik, f"{part}.nik"),
            passphrase=place.secret(chosen.passphrase, f"{part}.passphrase"),
            signer_name=chosen.nama_penanda_tangan,
            is_uji=is_uji,
            origin=chosen.titik_asal or "bawah",
            size_means=chosen.ukuran,
            sends_picture=chosen.gambar,
            tag=tag,
        )
    if isinstance(chosen, model.BsreSealSettings):
        return BsreSeal(
            door=door,
            id_subscriber=chosen.id_pelanggan,
            activation=_code(place, chosen.totp, f"{part}.totp"),
            signer_name=chosen.nama_penanda_tangan,
            is_uji=is_uji,
            origin=chosen.titik_asal or "atas",
            tag=tag,
            tag_name=chosen.nama_tag,
        )
    return BsreV2(
        door=door,
        nik=place.secret(chosen.nik, f"{part}.nik") if chosen.nik else None,
        surel=place.secret(chosen.surel, f"{part}.surel") if chosen.surel else None,
        passphrase=(
            place.secret(chosen.passphrase, f"{part}.passphrase") if chosen.passphrase else None
        ),
        totp=_code(place, chosen.totp, f"{part}.totp") if chosen.totp else None,
        requests_totp=chosen.minta_totp,
        signer_name=chosen.nama_penanda_tangan,
        is_uji=is_uji,
        origin=chosen.titik_asal or "atas",
        tag=tag,
        tag_name=chosen.nama_tag,
        status_path=chosen.jalur_status,
    )


def _code(place: Surroundings, origin: str, name: str) -> Callable[[], Secret]:
    """Return what asks for a one-time code; a person is asked anew for every signature."""
    numbers = count(1)

    def code() -> Secret:
        number = next(numbers)
        return place.secret(origin, name if number == 1 else f"{name} {number}")

    return code
