"""Which addresses lead to the world, and which to the network next door."""

from __future__ import annotations

import asyncio
import socket

import pytest

from pks_kit.net.addresses import is_public, public_addresses

NEAR = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.1", "224.0.0.1", "255.255.255.255", "198.51.100.1",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
    # IPv6 that ends at an IPv4 address
    "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "192.88.99.1", "168.63.129.16", "3fff::1",
    "2002:7f00:1::", "2002:a9fe:a9fe::", "2002:808:808::1", "2001:0:7f00:1::1",
]  # fmt: skip
FAR = ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", NEAR)
def test_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", FAR)
def test_public(address):
    assert is_public(address)


def resolved(monkeypatch, *found: str) -> tuple[str, ...]:
    def lookup(_host, port, *_more, **_named):
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port))
            for one in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asyncio.run(public_addresses("crl.contoh.test", 80))


def test_addresses_of_a_name_in_its_order_each_once(monkeypatch):
    assert resolved(monkeypatch, "8.8.8.8", "2606:4700::1111", "8.8.8.8") == (
        "8.8.8.8",
        "2606:4700::1111",
    )


@pytest.mark.parametrize("order", [("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8")])
def test_one_near_address_spoils_the_name(monkeypatch, order):
    assert resolved(monkeypatch, *order) == ()


def test_ways_to_write_loopback():
    """The resolver reads old forms too; what it makes of them is looked at."""
    for written in ("2130706433", "0x7f000001", "0177.0.0.1", "127.1"):
        assert asyncio.run(public_addresses(written, 80)) == ()
