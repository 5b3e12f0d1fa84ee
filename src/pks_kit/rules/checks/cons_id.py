"""Check that the cons-id pact holds no secret: an agreement is copied, scanned and archived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pks_kit.domain.kontrak import ConsId
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, blocking

_RULE = "PKS FKTP 2024, Pasal Keamanan Data"
_NAMED_SECRET = re.compile(
    r"(?:secret|password|passwd|kata\s*sandi)[\s_a-z]{0,12}[:=]\s*\S{4}", re.IGNORECASE
)
_NAMED_KEY = re.compile(
    r"(?:user|cons|api|client)[\s_-]*(?:key|id)\s*[:=]\s*\S*[0-9]|token\s*[:=]\s*\S*[0-9]",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9+=_]{10,}")
_SHORTEST_HEX = 24


def check_cons_id(scope: CheckScope) -> Iterator[Finding]:
    """Yield a blocking finding for every value of the pact that looks like a secret."""
    if scope.kontrak.cons_id is None:
        return
    for path, value in _texts(scope.kontrak.cons_id):
        if looks_secret(value):
            yield blocking("cons_id.secret", f"cons_id.{path}", _RULE)


def _texts(cons_id: ConsId) -> Iterator[tuple[str, str]]:
    for index, tujuan in enumerate(cons_id.tujuan):
        yield f"tujuan[{index}]", tujuan
    yield "pic_ti", cons_id.pic_ti
    yield "pejabat_struktural.nama", cons_id.pejabat_struktural.nama
    yield "pejabat_struktural.jabatan", cons_id.pejabat_struktural.jabatan
    if cons_id.vendor:
        yield "vendor.nama", cons_id.vendor.nama
        yield "vendor.alamat", cons_id.vendor.alamat
        yield "vendor.nomor_kontrak", cons_id.vendor.nomor_kontrak


def looks_secret(text: str) -> bool:
    """Return whether a text names a secret with its value or holds a long random token.

    A token is random when small letters, capitals and digits change places often, or when it is a
    long run of hexadecimal digits with letters and digits mixed.
    """
    if any(pattern.search(text) for pattern in (_NAMED_SECRET, _NAMED_KEY, _UUID)):
        return True
    return any(_random(token) for token in _TOKEN.findall(text))


def _random(token: str) -> bool:
    letters = re.sub(r"[^A-Za-z0-9]", "", token)
    has_both = any(c.isdigit() for c in letters) and any(c.isalpha() for c in letters)
    if has_both and len(letters) >= _SHORTEST_HEX and re.fullmatch(r"[0-9A-Fa-f]+", letters):
        return True
    classes = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in letters]
    changes = sum(1 for one, other in pairwise(classes) if one != other)
    return has_both and changes >= max(5, len(letters) // 4)
