"""One way out of this machine: ``pks_kit.net``, where limits, secrecy and TLS rules are."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from support.own_sources import nodes_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "pks_kit"
ONLY_IN_NET = ("httpx", "httpcore", "ssl", "certifi")
NOWHERE = (
    "aiohttp",
    "requests",
    "urllib3",
    "urllib.request",
    "http.client",
    # parts of pyHanko that bring a client of their own
    "pyhanko.sign.signers.csc_signer",
    "pyhanko.sign.timestamps.aiohttp_client",
    "pyhanko.sign.timestamps.requests_client",
    "pyhanko.sign.timestamps.HTTPTimeStamper",
    "pyhanko_certvalidator.fetchers.aiohttp_fetchers",
    "pyhanko_certvalidator.fetchers.requests_fetchers",
)


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    """Return every module, and every name of a module, that a source imports, also inside."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{one.name}" for one in node.names}
    return found


def offends(name: str, forbidden: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in forbidden)


def offences(path: str, nodes: Iterable[ast.AST]) -> list[str]:
    forbidden = NOWHERE if path.startswith("net/") else NOWHERE + ONLY_IN_NET
    return [f"{path}: {name}" for name in sorted(imported(nodes)) if offends(name, forbidden)]


@pytest.mark.slow
def test_the_network_is_reached_through_net_alone() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        found += offences(path.relative_to(PACKAGE).as_posix(), nodes_of(path))
    assert found == []


def test_what_counts_as_an_offence() -> None:
    def offends(path: str, source: str) -> list[str]:
        return offences(path, ast.walk(ast.parse(source)))

    hidden = "def f():\n    if x:\n        from pyhanko.sign.timestamps import HTTPTimeStamper\n"
    assert offends("pki/a.py", hidden) == ["pki/a.py: pyhanko.sign.timestamps.HTTPTimeStamper"]
    assert offends("net/a.py", "import aiohttp.web") == ["net/a.py: aiohttp.web"]
    assert offends("pki/a.py", "import httpx, ssl") == ["pki/a.py: httpx", "pki/a.py: ssl"]
    assert offends("net/a.py", "import httpx") == []
    assert offends("pki/a.py", "import httpxyz\nfrom urllib.parse import quote") == []
