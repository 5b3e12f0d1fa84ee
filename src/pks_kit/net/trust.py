"""What TLS believes: the system's certificates or one file, never a variable of the environment.

``ssl.create_default_context`` would write session keys to ``SSLKEYLOGFILE`` and add the anchors of
``SSL_CERT_FILE`` and ``SSL_CERT_DIR``. Whoever can set a variable could read or replace what is
exchanged with a service that signs.
"""

from __future__ import annotations

import ssl
import sys
from functools import lru_cache
from pathlib import Path

from pks_kit.errors import InputError


@lru_cache(maxsize=16)
def tls_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Return a context for clients that checks certificate and name, TLS 1.2 at least.

    Args:
        ca_file: Certificates (PEM) that alone are trusted; None for those of the system.

    Raises:
        InputError: ``service.ca_file``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is None:
        _trust_system(context)
        return context
    try:
        context.load_verify_locations(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise InputError("service.ca_file", file=str(ca_file)) from error
    return context


def _trust_system(context: ssl.SSLContext) -> None:
    if sys.platform == "win32":
        for store in ("CA", "ROOT"):
            for der, encoding, purposes in ssl.enum_certificates(store):
                if encoding == "x509_asn" and _serves_tls(purposes):
                    context.load_verify_locations(cadata=der)
        return
    places = ssl.get_default_verify_paths()
    file, folder = Path(places.openssl_cafile), Path(places.openssl_capath)
    has_file, has_folder = file.is_file(), folder.is_dir() and any(folder.iterdir())
    if has_file or has_folder:
        context.load_verify_locations(
            cafile=file if has_file else None, capath=folder if has_folder else None
        )
        return
    # an interpreter that was built elsewhere knows no place of this system
    context.load_verify_locations(cafile=_certifi())


def system_anchors() -> Path:
    """Return one file with the certificates of the system, for libraries that take a file alone.

    Where the system keeps none in one file, the list that comes with httpx serves.
    """
    file = Path(ssl.get_default_verify_paths().openssl_cafile)
    return file if file.is_file() else Path(_certifi())


def _certifi() -> str:
    import certifi

    return certifi.where()


def _serves_tls(purposes: set[str] | bool) -> bool:
    return purposes is True or (
        isinstance(purposes, set) and ssl.Purpose.SERVER_AUTH.oid in purposes
    )
