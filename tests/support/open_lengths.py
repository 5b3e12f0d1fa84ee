"""Containers as Bouncy Castle writes them: outer levels with open lengths (tests only)."""

from __future__ import annotations

from asn1crypto import cms
from asn1crypto.parser import parse

from support import tamper

LEVELS = ("info", "wrapped", "data", "content", "certificates")


def opened(encoded: bytes, levels: tuple[str, ...] = LEVELS) -> bytes:
    """Return a DER container with some of its levels open; with content, its string as well."""
    info = cms.ContentInfo.load(encoded)
    data = info["content"]
    content = data["encap_content_info"]

    def level(name: str, tag: int, body: bytes) -> bytes:
        return _open(tag, body) if name in levels else _closed(tag, body)

    held = b""
    if content["content"].native is not None:
        text = bytes(content["content"].contents)
        held = (
            _open(0xA0, _open(0x24, _closed(0x04, text)))
            if "content" in levels
            else _closed(0xA0, _closed(0x04, text))
        )
    certificates = b"".join(one.dump() for one in data["certificates"])
    signed = b"".join(
        (
            data["version"].dump(),
            data["digest_algorithms"].dump(),
            level("content", 0x30, content["content_type"].dump() + held),
            level("certificates", 0xA0, certificates),
            data["signer_infos"].dump(),
        )
    )
    inside = level("wrapped", 0xA0, level("data", 0x30, signed))
    return level("info", 0x30, info["content_type"].dump() + inside)


def _open(tag: int, body: bytes) -> bytes:
    return bytes([tag, 0x80]) + body + b"\0\0"


def _closed(tag: int, body: bytes) -> bytes:
    size = len(body)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    head = bytes([size]) if size < 0x80 else bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + head + body


def with_open_lengths(content: bytes, levels: tuple[str, ...] = LEVELS) -> bytes:
    """Return a PDF whose last container is encoded anew, in the same place."""
    begin, end = tamper.containers(content)[-1]
    written = content[begin:end]
    padded = bytes.fromhex(written.strip(b"<>").decode())
    *_, header, body, _ = parse(padded)
    again = opened(padded[: len(header) + len(body)], levels)
    digits = again.hex().encode()
    room = len(written.strip(b"<>"))
    assert len(digits) <= room
    filled = digits + b"0" * (room - len(digits))
    return content[:begin] + written.replace(written.strip(b"<>"), filled) + content[end:]
