"""One definition gives the public form, the form between processes, and what may be read."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Literal

import pytest
from pydantic import Field
from pydantic_core import PydanticSerializationError

from pks_kit.json_form import HasJsonForm, from_json, from_wire, to_json, to_wire
from pks_kit.json_schema import attribute_words, json_schema, summary
from pks_kit.json_types import HIDDEN, IF_KNOWN, Count, EmptyAsNull, HexBytes, Moment, Number, shown
from support.schema_check import problems

NOON = datetime(2026, 1, 2, 12, tzinfo=timezone(timedelta(hours=7)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lid:
    """A lid."""

    colour: Literal["red", "blue"] = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box.

    It stands somewhere.

    Attributes:
        weight: Grams, as :class:`~decimal.Decimal` would say; ``0`` when empty,
            None when nobody knows.
        is_old: True when old.
    """

    weight: Count
    is_old: Annotated[bool, Field(alias="old")] = False
    owner: EmptyAsNull = ""
    key: HexBytes = b""
    since: Moment = NOON
    width: Number = 1.0
    lid: Annotated[Lid | None, IF_KNOWN] = None
    secret: Annotated[str, HIDDEN] = "s"

    @shown("heavy")
    def is_heavy(self) -> bool:
        """More than a kilogram."""
        return self.weight > 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel(HasJsonForm):
    """What is sent."""

    inner: object

    def json_form(self) -> tuple[str, Box]:
        return "box", Box(weight=int(str(self.inner)))


BOX = Box(weight=2000, is_old=True, key=b"\x01\xff", lid=Lid(colour="blue"))
FORM = {
    "weight": 2000,
    "old": True,
    "owner": None,
    "key": "01ff",
    "since": "2026-01-02T12:00:00+07:00",
    "width": 1.0,
    "lid": {"colour": "blue"},
    "heavy": True,
}


def test_public_form() -> None:
    assert to_json(BOX) == FORM
    assert "lid" not in to_json(Box(weight=1))
    midnight = datetime(2026, 1, 2, tzinfo=UTC)
    assert to_json(Box(weight=1, since=midnight))["since"] == "2026-01-02T00:00:00+00:00"
    assert BOX.is_heavy is True


def test_another_shape() -> None:
    assert to_json(Parcel(inner=5)) == ["box", to_json(Box(weight=5))]


def test_between_processes_nothing_computed_travels() -> None:
    line = to_wire(BOX)
    assert b"\n" not in line
    assert set(json.loads(line)) == set(FORM) - {"heavy"}
    assert from_wire(Box, line) == BOX


def test_later_versions_may_say_more() -> None:
    kept = json.dumps(FORM | {"heavy": "other words", "new": 1, "lid": {"colour": "red", "x": []}})
    assert from_json(Box, kept) == Box(weight=2000, is_old=True, key=b"\x01\xff", lid=Lid())


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"weight": -1}, "weight"),
        ({"weight": "2000"}, "weight"),
        ({"weight": True}, "weight"),
        ({"weight": 1.5}, "weight"),
        ({"width": float("nan")}, "width"),
        ({"width": float("inf")}, "width"),
        ({"key": "0g"}, "key"),
        ({"since": "2026-01-02T12:00:00"}, "since"),
        ({"since": 5}, "since"),
        ({"lid": {"colour": "green"}}, "lid.colour"),
        ({"lid": {"colour": "red", "more": 1}}, "lid.more"),
        ({"heavy": True}, "heavy"),
        ({"old": None}, "old"),
    ],
)
def test_what_no_process_of_ours_writes_is_refused(change: dict[str, object], place: str) -> None:
    said = json.loads(to_wire(BOX)) | change
    with pytest.raises(ValueError, match=rf"Box: {place}: "):
        from_wire(Box, json.dumps(said))


@pytest.mark.parametrize("text", ["", "null", "[]", "{", "{}", "[" * 100_000, b"\xff"])
def test_what_is_no_form_at_all(text: str | bytes) -> None:
    for read in (from_json, from_wire):
        with pytest.raises(ValueError, match="Box: "):
            read(Box, text)


def test_refusals_do_not_repeat_what_stands_there() -> None:
    with pytest.raises(ValueError, match="Box: weight") as caught:
        from_wire(Box, to_wire(BOX).replace(b"2000", b'"3174010101010001"'))
    assert "3174" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_a_wrong_type_of_our_own_never_leaves() -> None:
    with pytest.raises(PydanticSerializationError):
        to_json(Box(weight=1, owner=5))  # type: ignore[arg-type]


def test_schema_says_what_docstrings_say() -> None:
    schema = json_schema(Box, title="A box", description="Read it.")
    assert schema["title"] == "A box"
    assert schema["description"] == "A box. It stands somewhere. Read it."
    words = {name: one.get("description") for name, one in schema["properties"].items()}
    assert words["weight"] == "Grams, as Decimal would say; 0 when empty, null when nobody knows."
    assert words["old"] == "true when old."
    assert words["heavy"] == "More than a kilogram."
    assert schema["required"] == [*(name for name in FORM if name != "lid")]
    assert schema["properties"]["lid"]["$ref"].endswith("/Lid")
    assert schema["properties"]["owner"]["type"] == ["string", "null"]
    assert not schema["additionalProperties"]
    assert "secret" not in schema["properties"]
    assert problems(to_json(BOX), schema, schema) == []
    assert problems(to_json(BOX) | {"weight": -1, "x": 1}, schema, schema) != []


def test_words_of_a_docstring() -> None:
    assert summary(Lid) == "A lid."
    assert attribute_words(Lid) == {}
    assert list(attribute_words(Box)) == ["weight", "is_old"]


def test_mechanism_and_errors_load_no_pydantic() -> None:
    code = "import sys, pks_kit.json_form, pks_kit.errors; print('pydantic' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
