"""Where a certificate says that one may ask about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asn1crypto import x509


def names_address(certificate: x509.Certificate) -> bool:
    """Return whether a certificate names any place where to ask about it over http or https."""
    return bool(ocsp_urls(certificate) or crl_urls(certificate))


def ocsp_urls(certificate: x509.Certificate) -> list[str]:
    """Return the http and https addresses for OCSP."""
    from pyhanko_certvalidator.util import get_ocsp_urls

    return list(get_ocsp_urls(certificate))


def crl_urls(certificate: x509.Certificate) -> list[str]:
    """Return the http and https addresses of complete revocation lists."""
    from pyhanko_certvalidator.fetchers.common_utils import enumerate_delivery_point_urls

    return [
        url
        for point in certificate.crl_distribution_points
        for url in enumerate_delivery_point_urls(point)
    ]
