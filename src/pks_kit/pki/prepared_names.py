"""Compare names in certificates once for each pair of spellings, not for each pair of objects.

RFC 5280 compares names after a preparation (RFC 4518) that takes a hundred microseconds for each
part. A validation compares the same dozen names hundreds of times, each time in objects made anew,
which is two fifths of its work. The answer depends on the bytes of the names alone; what raises is
asked again each time, and raises again.
"""

from __future__ import annotations

from typing import Any

MOST_NAMES = 1024
"""Names, and pairs of names, that are remembered; then all are forgotten."""

_MOST_BYTES = 1024
"""Longest name that is remembered."""


def prepare_names_once() -> None:
    """Let asn1crypto remember compared names in this process from now on."""
    from asn1crypto.x509 import RDNSequence

    kind: Any = RDNSequence
    if hasattr(kind, "remembers"):
        return
    usual_equal, usual_form = kind.__eq__, kind.hashable.fget
    equal: dict[tuple[bytes, bytes], bool] = {}
    forms: dict[bytes, Any] = {}

    def is_equal(self: Any, other: Any) -> bool:
        if type(self) is not kind or type(other) is not kind:
            return bool(usual_equal(self, other))
        both = self.contents, other.contents
        found = equal.get(both)
        if found is None:
            found = bool(usual_equal(self, other))
            if len(both[0]) + len(both[1]) <= 2 * _MOST_BYTES:
                _keep(equal, both, found)
        return found

    def hashable(self: Any) -> Any:
        one = self.contents
        found = forms.get(one)
        if found is None:
            found = usual_form(self)
            if len(one) <= _MOST_BYTES:
                _keep(forms, one, found)
        return found

    kind.__eq__ = is_equal
    kind.hashable = property(hashable)
    kind.remembers = True


def _keep(known: dict[Any, Any], key: object, found: object) -> None:
    if len(known) >= MOST_NAMES:
        known.clear()
    known[key] = found
