"""Requests of wrong types are refused by name, before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, Protocol

import pytest

from pks_kit.errors import UsageError
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import moment, system_clock


class Port(Protocol):
    @property
    def name(self) -> str: ...

    def act(self, what: int) -> int: ...


class Fitting:
    name = "a"

    def act(self, what: int) -> int:
        return what


class Bare:
    """Has only half of the port."""

    name = "a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Request):
    source: str | bytes | Path | Mapping[str, object]
    day: date | None = None
    trust: Sequence[bytes | Path] = ()
    count: int = 1
    share: float = 1.0
    language: Literal["id", "en"] = "id"
    port: Port | None = None
    tools: Mapping[str, Port] = field(default_factory=dict)
    progress: Callable[[str], None] | None = None
    force: bool = False


@verb
def ask(request: Asked) -> str:
    """Return what was asked."""
    return str(request.source)


def refusal(**given: object) -> tuple[object, object, object]:
    with pytest.raises(UsageError) as caught:
        Asked(**{"source": "x", **given})  # type: ignore[arg-type]
    assert caught.value.code == "request.type"
    params = caught.value.params
    return params["field"], params["expected"], params["given"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"source": 1}, ("Asked.source", "str | bytes | Path | Mapping[str, object]", "int")),
        ({"source": {1: "a"}}, ("Asked.source (key)", "str", "int")),
        ({"day": "2024-01-01"}, ("Asked.day", "date | None", "str")),
        ({"day": datetime(2024, 1, 1, tzinfo=UTC)}, ("Asked.day", "date | None", "datetime")),
        ({"trust": b"PEM"}, ("Asked.trust", "Sequence[bytes | Path]", "bytes")),
        ({"trust": (b"", "root.pem")}, ("Asked.trust[1]", "bytes | Path", "str")),
        ({"count": True}, ("Asked.count", "int", "bool")),
        ({"share": "1"}, ("Asked.share", "float", "str")),
        ({"language": "fr"}, ("Asked.language", "'id' | 'en'", "str")),
        ({"port": Bare()}, ("Asked.port", "Port | None", "Bare")),
        ({"tools": {"kesatu": Bare()}}, ("Asked.tools['kesatu']", "Port", "Bare")),
        ({"progress": "print"}, ("Asked.progress", "Callable | None", "str")),
        ({"force": 1}, ("Asked.force", "bool", "int")),
    ],
)
def test_the_field_is_named(given: dict[str, object], told: tuple[str, str, str]) -> None:
    assert refusal(**given) == told


def test_what_fits_is_taken_as_it_is() -> None:
    port, source = Fitting(), {"a": [1]}
    made = Asked(
        source=source,
        day=date(2024, 1, 1),
        trust=[b"", Path("a")],
        share=2,
        language="en",
        port=port,
        tools={"kesatu": port},
        progress=print,
    )
    assert (made.source, made.port, made.share) == (source, port, 2)


def test_a_verb_takes_its_own_request_alone() -> None:
    assert ask(Asked(source="x")) == ask(request=Asked(source="x")) == "x"
    for wrong in ("x", None, {"source": "x"}):
        with pytest.raises(UsageError) as caught:
            ask(wrong)  # type: ignore[arg-type]
        assert caught.value.params["field"] == "ask"
        assert caught.value.params["expected"] == "Asked"
    with pytest.raises(UsageError):
        ask()  # type: ignore[call-arg]


def test_words_name_types_and_never_values() -> None:
    with pytest.raises(UsageError) as caught:
        Asked(source="x", day="3171012345678901")  # type: ignore[arg-type]
    assert "3171" not in str(caught.value)
    assert str(caught.value) == "Asked.day must be date | None, not str."


def test_a_clock_must_know_its_zone() -> None:
    assert moment(system_clock).utcoffset() is not None
    with pytest.raises(UsageError) as caught:
        moment(lambda: datetime(2024, 1, 1))  # noqa: DTZ001
    assert caught.value.code == "request.clock"
    with pytest.raises(UsageError):
        moment(lambda: date(2024, 1, 1))  # type: ignore[arg-type, return-value]
