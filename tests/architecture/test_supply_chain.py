"""What is fetched is pinned by hash and a wheel; what is installed on the system is told first."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PINNED = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SCRIPT = ROOT / ".ci" / "system-packages"


def pins(path: Path) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_requirements_are_wheels_with_hashes_and_name_no_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    assert lines[0] == "--only-binary :all:"
    entries = re.split(r"\n(?=[A-Za-z0-9])", "\n".join(lines[1:]))
    assert len(entries) == len(pins(path)) > (0 if path.stem == "bench" else 5)
    for entry in entries:
        assert re.fullmatch(
            r"[A-Za-z0-9._-]+==\S+(?: ; .*)?(?: \\\n +--hash=sha256:[0-9a-f]{64})+", entry
        ), entry[:80]
    assert "://" not in text


def test_everything_that_builds_the_wheel_is_pinned() -> None:
    """Also what the builder itself needs, so that nothing is fetched when isolation is off."""
    known = pins(ROOT / "requirements" / "build.txt")
    waiting = [*PROJECT["build-system"]["requires"], "editables"]
    seen: set[str] = set()
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        outside = requirement.marker is not None and not requirement.marker.evaluate({"extra": ""})
        if outside or name in seen:
            continue
        seen.add(name)
        assert requirement.specifier.contains(known[name]), name
        waiting += metadata.requires(name) or []
    assert "hatchling" in seen


def test_the_tools_of_the_makefile_are_pinned() -> None:
    dev = pins(ROOT / "requirements" / "dev.txt")
    assert {"uv", "cyclonedx-python-lib", "ruff", "mypy"} <= set(dev)
    runtime = pins(ROOT / "requirements" / "runtime.txt")
    assert {name: dev[name] for name in runtime} == runtime


def test_nothing_else_is_fetched_by_the_makefile() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    install = next(line for line in text.splitlines() if line.startswith("INSTALL :="))
    assert "--only-binary :all:" in install
    assert "--require-hashes" in install
    commands = [line for line in text.splitlines() if "pip install" in line and line != install]
    assert commands
    for line in commands:  # the project itself, from this folder
        assert line.endswith("--no-deps --no-build-isolation -e ."), line
    assert text.count("$(BIN)/$(INSTALL) -r requirements/") == 4
    assert not re.search(r"pip (?:wheel|download)|pipx|curl|wget|uv (?:sync|run|tool)", text)


def bill(folder: Path, seed: str) -> bytes:
    target = folder / f"{seed}.json"
    subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "requirements" / "sbom.py"), str(target)],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}, check=True,
    )  # fmt: skip
    return target.read_bytes()


@pytest.mark.slow
def test_the_bill_of_materials_is_whole_valid_and_the_same_each_time(tmp_path: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    content = bill(tmp_path, "1")
    assert content == bill(tmp_path, "4")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(content.decode()) is None
    shown: dict[str, Any] = json.loads(content)
    parts = {one["name"]: one for one in shown["components"]}
    known = pins(ROOT / "requirements" / "runtime.txt")
    assert {canonicalize_name(name): one["version"] for name, one in parts.items()} == known
    assert all(one["externalReferences"] and one["licenses"] for one in parts.values())
    edges = {one["ref"]: set(one.get("dependsOn", ())) for one in shown["dependencies"]}
    root = shown["metadata"]["component"]["bom-ref"]
    reached, waiting = set(), [root]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += edges[here]
    assert reached == {root, *(one["bom-ref"] for one in parts.values())}
    assert not {"serialNumber", "timestamp"} & {*shown, *shown["metadata"]}
    assert b"/simple" not in content


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A machine without any of the libraries, whose apt-get only writes down what it was asked."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name, body in {
        "ldconfig": "exit 0",
        "id": "echo 0",
        "apt-get": f'echo "$@" >> "{tmp_path}/asked"',
    }.items():
        program = bin_folder / name
        program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        program.chmod(0o755)
    return {"PATH": f"{bin_folder}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)}


def asked(machine: dict[str, str]) -> str:
    path = Path(machine["TMPDIR"]) / "asked"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_no_apt_installs_nothing_and_says_what_is_missing(machine: dict[str, str]) -> None:
    for value in ("1", "yes"):
        done = subprocess.run(
            ["sh", str(SCRIPT), "demo"], env={**machine, "NO_APT": value},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert "sudo apt-get install libpango-1.0-0 " in done.stderr
    assert asked(machine) == ""


def test_without_a_terminal_it_goes_on_and_says_so(machine: dict[str, str]) -> None:
    for value in ("", "0"):
        done = subprocess.run(
            ["sh", str(SCRIPT), "demo"], env={**machine, "NO_APT": value},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Installing system packages (NO_APT=1 forbids it): libpango-1.0-0 " in done.stdout
    assert "install -y -qq --no-install-recommends libpango-1.0-0 " in asked(machine)


@pytest.mark.parametrize(
    ("answer", "installs"),
    [(b"y\n", True), (b"ya\n", True), (b"n\n", False), (b"\n", False), (b"\x04", False)],
)
def test_at_a_terminal_it_asks(machine: dict[str, str], answer: bytes, installs: bool) -> None:
    master, slave = pty.openpty()
    try:
        os.write(master, answer)
        done = subprocess.run(
            ["sh", str(SCRIPT), "demo"], env=machine,
            stdin=slave, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    finally:
        os.close(master)
        os.close(slave)
    assert "[y/N]" in done.stdout
    assert done.returncode == (0 if installs else 1)
    assert bool(asked(machine)) == installs
    assert ("Nothing was installed" in done.stderr) != installs
