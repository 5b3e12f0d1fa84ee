"""The library is whole: every command, every name with its type, every request checked."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any, ForwardRef, Union, get_args, get_origin

import click
import pytest

import pks_kit
from pks_kit.cli.main import main
from pks_kit.domain.secret import Secret
from pks_kit.errors import UsageError
from pks_kit.pipelines.requests.checked import Request, field_type
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.pipelines.signing.tools import SigningTools
from pks_kit.settings.model import SigningSettings
from support.own_sources import nodes_of

ROOT = Path(__file__).resolve().parents[2]
CONSUMER = Path(__file__).with_name("consumer.py")
REQUESTS = sorted(
    (
        kind
        for kind in (getattr(pks_kit, name) for name in pks_kit.__all__)
        if isinstance(kind, type) and issubclass(kind, Request)
    ),
    key=lambda kind: kind.__name__,
)


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the name that each command has in the library."""
    if not isinstance(command, click.Group):
        yield "_".join(path).replace("-", "_")
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from commands(inner, (*path, name))


def test_every_command_is_a_verb_of_the_library() -> None:
    wanted = set(commands(main)) - {"completion", "serve"}  # of the terminal, a door of its own
    assert len(wanted) == 51
    missing = {name for one in wanted for name in (one, f"{one}_async")} - set(pks_kit.__all__)
    assert missing == set()
    assert not [one for one in wanted if inspect.iscoroutinefunction(getattr(pks_kit, one))]
    waiting = [f"{one}_async" for one in wanted]
    assert all(inspect.iscoroutinefunction(getattr(pks_kit, one)) for one in waiting)


def test_every_verb_takes_one_request() -> None:
    odd = []
    for name in pks_kit.__all__:
        if f"{name}_async" in pks_kit.__all__:
            (one,) = inspect.signature(getattr(pks_kit, name)).parameters.values()
            if one.name != "request" or not str(one.annotation).endswith("Request"):
                odd.append(name)
    assert odd == []


def test_the_consumer_uses_every_name() -> None:
    text = CONSUMER.read_text(encoding="utf-8")
    used = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    used |= {
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "pks_kit"
        for alias in node.names
    }
    assert sorted(set(pks_kit.__all__) - used) == []


@pytest.mark.slow
def test_the_consumer_sees_types_and_no_any(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import pks_kit\npks_kit.tidak_ada()\npks_kit.draft('kontrak.yml')\n"
        "pks_kit.DraftRequest(source=1)\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--disallow-any-expr", "--config-file", "",
         "--cache-dir", str(ROOT / ".mypy_cache" / "consumer"), "--follow-imports", "silent",
         str(CONSUMER), str(wrong)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env={"MYPYPATH": str(ROOT / "src"), "PATH": ""},
    )  # fmt: skip
    said = [line for line in run.stdout.splitlines() if ": error:" in line]
    assert [line for line in said if "consumer.py" in line] == []
    lines = {int(found[1]) for line in said if (found := re.search(r"wrong\.py:(\d+):", line))}
    assert lines == {2, 3, 4}


class AnyPort:
    """Has every attribute, so it fits every port."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_given: None


def fitting(wanted: Any) -> object:
    """Return some value of a type."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return fitting(next(one for one in arguments if not isinstance(one, ForwardRef)))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {}
    if origin is not None and isinstance(origin, type) and issubclass(origin, Sequence):
        return ()
    simple: dict[object, object] = {
        str: "a: b\n",
        bytes: b"",
        date: date(2024, 1, 1),
        Path: Path("x"),
        SigningTools: SigningTools(
            settings=SigningSettings(),
            base=Path(),
            secret=lambda _origin, _name: Secret(""),
            clock=system_clock,
        ),
    }
    if wanted in simple:
        return simple[wanted]
    if getattr(wanted, "_is_protocol", False):
        return AnyPort()
    if wanted is pks_kit.WithSettings:
        return pks_kit.WithSettings(settings=SigningSettings(), base=Path(), secrets={})
    return Path("buku.sqlite")  # a ledger: where it is


@pytest.mark.parametrize("kind", REQUESTS, ids=lambda kind: kind.__name__)
def test_no_field_takes_a_wrong_type(kind: type[Request]) -> None:
    required = {
        one.name: fitting(field_type(kind, one.name))
        for one in fields(kind)  # type: ignore[arg-type]
        if one.default is MISSING and one.default_factory is MISSING
    }
    kind(**required)
    for one in fields(kind):  # type: ignore[arg-type]
        with pytest.raises(UsageError) as caught:
            kind(**{**required, one.name: object()})
        assert caught.value.code == "request.type", one.name
        assert str(caught.value.params["field"]) == f"{kind.__name__}.{one.name}"
        assert caught.value.params["given"] == "object"


def test_no_verb_takes_another_request() -> None:
    verbs = [name for name in pks_kit.__all__ if f"{name}_async" in pks_kit.__all__]
    for name in verbs:
        with pytest.raises(UsageError) as caught:
            getattr(pks_kit, name)("kontrak.yml")
        assert caught.value.code == "request.type"
        with pytest.raises(UsageError) as awaited:
            asyncio.run(getattr(pks_kit, f"{name}_async")(None))
        assert awaited.value.code == "request.type"


WRITERS = {
    "files.py": "holds the writing itself, and NamedFile.save",
    "pipelines/batching/folder.py": "a batch outlives its process",
    "pipelines/sign_all.py": "a session publishes the file reached so far, whatever comes after",
    "signing/session_places.py": "a session keeps each revision before it is written down",
    "signing/services/peruri/shared_folder.py": "the adapter of Peruri is spoken to by files",
    "render/docx/blank.py": "makes the blank DOCX that lies in the repository, run by hand",
    "verification/isolation/yielding.py": "tells the kernel how much the session of a guard yields",
}
LOOKS_AROUND = {
    "pipelines/requests/clock.py": "the clock of a verb that was called without one",
    "messages/__init__.py": "the language of the command line, which alone calls it",
    "signing/services/peruri/shared_folder.py": "a name that no file set aside has yet",
    "verification/isolation/kernel/environment.py": "overwrites what a copy of a command inherited",
    "verification/isolation/exercise.py": "a certificate that lives for the moment of a warm-up",
}
_WRITES = frozenset({"write_atomic", "write_together", "write_new", "atomic_stream", "write_bytes",
                     "write_text", "mkstemp", "NamedTemporaryFile"})  # fmt: skip
_LOOKS = frozenset({"now", "utcnow", "today", "time_ns", "environ", "getenv"})


def named_in(path: Path, names: frozenset[str]) -> bool:
    """Return whether a module calls one of some functions, or a module's or class's own one."""
    for node in nodes_of(path):
        match node:
            case ast.Name(id=name) if name in names & _WRITES:
                return True
            case ast.Attribute(attr=name) if name in names & _WRITES:
                return True
            case ast.Attribute(value=owner, attr=name) if name in names & _LOOKS:
                if ast.unparse(owner).rpartition(".")[2] in {"datetime", "date", "time", "os"}:
                    return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "allowed"), [(_WRITES, WRITERS), (_LOOKS, LOOKS_AROUND)], ids=["writing", "looking"]
)
def test_only_doors_write_and_look_around(names: frozenset[str], allowed: dict[str, str]) -> None:
    package = ROOT / "src" / "pks_kit"
    found = {
        path.relative_to(package).as_posix()
        for path in sorted(package.rglob("*.py"))
        if path.relative_to(package).parts[0] not in ("cli", "web") and named_in(path, names)
    }
    assert found == set(allowed)
