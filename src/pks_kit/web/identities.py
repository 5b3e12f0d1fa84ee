"""The identity that settings name."""

from __future__ import annotations

from pks_kit.errors import UsageError
from pks_kit.settings.portal import OidcSettings
from pks_kit.web.identity import Identity, proxy
from pks_kit.web.oidc import claim_scopes, oidc
from pks_kit.web.portal import Portal


def identity_of(portal: Portal) -> Identity:
    """Return the identity of the settings of a portal.

    Raises:
        UsageError: ``web.no_identity``, ``web.bad_network``.
    """
    chosen = portal.settings.identitas
    if chosen is None:
        raise UsageError("web.no_identity")
    if isinstance(chosen, OidcSettings):
        return oidc(
            issuer=chosen.penerbit,
            audience=chosen.audiens,
            scope_from=claim_scopes(chosen.klaim),
            jwks_url=chosen.alamat_kunci,
            algorithms=chosen.algoritma,
            public_only=not chosen.alamat_pribadi,
        )
    return proxy(
        chosen.alamat,
        subject_header=chosen.tajuk_orang,
        name_header=chosen.tajuk_nama,
        scope_header=chosen.tajuk_wilayah,
    )
