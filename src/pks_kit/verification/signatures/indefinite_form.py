"""The other ways in which a container may be encoded: as Bouncy Castle and NSS write it.

Programs in Java (PDFBox, EU DSS, the stamp service of Peruri) and those on Mozilla's library
(LibreOffice, pdfsig) leave the length of the outermost levels open (X.690, 8.1.3.6) and close them
with two zero bytes; everything inside is DER. They do so at exactly the same levels every time, so
these are further canonical forms and no freedom: any other open length stays a flaw.
"""

from __future__ import annotations

_SEQUENCE, _CONTEXT_0, _OCTETS_IN_PARTS, _OCTETS = b"\x30", b"\xa0", b"\x24", b"\x04"
_MOST_IN_ONE_PART = 1000
"""Bytes after which Bouncy Castle begins another part of a string."""


def definite_form(encoded: bytes) -> bytes | None:
    """Return the same container with definite lengths; None when it is not of that form.

    The open levels are ContentInfo, its ``[0]``, SignedData, EncapsulatedContentInfo and the
    certificates; with content inside (a timestamp) also its ``[0]`` and the string in one part.
    Newer versions of Bouncy Castle (1.72) close EncapsulatedContentInfo where nothing is inside;
    NSS leaves that open and closes the certificates.

    Args:
        encoded: One container, without padding.
    """
    try:
        return _definite(encoded)
    except ValueError:
        return None


def _definite(encoded: bytes) -> bytes:
    kind, wrapped = _parts(_inside(encoded, _SEQUENCE))
    (data,) = _parts(_inside(wrapped, _CONTEXT_0))
    version, digests, content, certificates, signers = _parts(_inside(data, _SEQUENCE))
    is_closed = content[1:2] != b"\x80"
    of_type, *held = _parts(_empty_content(content) if is_closed else _inside(content, _SEQUENCE))
    is_from_nss = not is_closed and not held and certificates[1:2] != b"\x80"
    signed = [
        *(version, digests),
        _element(_SEQUENCE, of_type + b"".join(_string(one) for one in held)),
        certificates if is_from_nss else _element(_CONTEXT_0, _inside(certificates, _CONTEXT_0)),
        signers,
    ]
    return _element(_SEQUENCE, kind + _element(_CONTEXT_0, _element(_SEQUENCE, b"".join(signed))))


def _empty_content(content: bytes) -> bytes:
    """Return what EncapsulatedContentInfo holds in DER: the type alone.

    Raises:
        ValueError: It holds more, or in another form.
    """
    *_, header, body, _ = _parse(content, strict=True)
    if header[:1] != _SEQUENCE or _element(_SEQUENCE, body) != content or len(_parts(body)) != 1:
        raise ValueError("not the type alone")
    return bytes(body)


def _string(held: bytes) -> bytes:
    (divided,) = _parts(_inside(held, _CONTEXT_0))
    (part,) = _parts(_inside(divided, _OCTETS_IN_PARTS))
    *_, header, body, trailer = _parse(part)
    if header[:1] != _OCTETS or trailer or len(body) > _MOST_IN_ONE_PART:
        raise ValueError("not one part")
    return _element(_CONTEXT_0, part)


def _inside(element: bytes, tag: bytes) -> bytes:
    """Return what stands between an open length and its end.

    Raises:
        ValueError: It is another element, or one with a definite length.
    """
    *_, header, body, trailer = _parse(element, strict=True)
    if header != tag + b"\x80" or trailer != b"\0\0":
        raise ValueError("not of open length")
    return bytes(body)


def _parts(body: bytes) -> list[bytes]:
    found, position = [], 0
    while position < len(body):
        *_, header, inside, trailer = _parse(body[position:])
        size = len(header) + len(inside) + len(trailer)
        found.append(body[position : position + size])
        position += size
    return found


def _element(tag: bytes, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return tag + bytes([size]) + body
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes([0x80 | len(octets)]) + octets + body


def _parse(content: bytes, **how: bool) -> tuple[int, int, int, bytes, bytes, bytes]:
    from asn1crypto.parser import parse  # a file without signatures needs none of it

    found: tuple[int, int, int, bytes, bytes, bytes] = parse(content, **how)
    return found
