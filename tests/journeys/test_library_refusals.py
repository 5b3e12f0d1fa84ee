"""What a portal's handler may give by mistake: always an error of ours, never another one."""

from __future__ import annotations

import errno
import math

import pytest

import pks_kit
from pks_kit import pipelines
from pks_kit.errors import PksKitError, UsageError
from pks_kit.resources import samples_root

SAMPLE = samples_root() / "tpmd.yml"


def test_a_verdict_can_be_shown_as_json() -> None:
    shown = pks_kit.as_json(pks_kit.verify(pks_kit.VerifyRequest(pdf=b"x")))
    assert shown["verdict"] == "failed"


def deep(levels: int) -> dict[str, object]:
    data: dict[str, object] = {}
    for _ in range(levels):
        data = {"a": data}
    return data


def test_data_that_holds_itself_or_is_too_deep() -> None:
    circle: dict[str, object] = {}
    circle["a"] = circle
    for data in (circle, deep(100), deep(100_000)):
        with pytest.raises(UsageError) as caught:
            pks_kit.check(pks_kit.CheckRequest(source=data))
        assert caught.value.code == "request.too_deep"


def test_a_number_that_nobody_means() -> None:
    for number in (10**5000, -(10**5000)):
        with pytest.raises(PksKitError) as caught:
            pks_kit.check(pks_kit.CheckRequest(source={"versi_templat": number}))
        assert caught.value.code == "request.out_of_range"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cpu_seconds", 0), ("cpu_seconds", -1), ("cpu_seconds", "1"), ("cpu_seconds", math.nan),
        ("cpu_seconds", 10**30), ("memory_bytes", 0), ("wall_seconds", math.inf),
        ("wall_seconds", None), ("pixels", True), ("file_bytes", None), ("depth", 0),
    ],
)  # fmt: skip
def test_what_is_no_limit(field: str, value: object) -> None:
    with pytest.raises(UsageError) as caught:
        pks_kit.Limits(**{field: value})
    assert (caught.value.code, caught.value.http_status) == ("request.limit", 400)


def test_days_beyond_the_calendar() -> None:
    with pytest.raises(PksKitError):
        pks_kit.law_stale(pks_kit.LawStaleRequest(older_than=10**12))


def test_a_machine_without_room_is_not_the_fault_of_the_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pipelines.draft, "prepare", full)
    with pytest.raises(PksKitError) as caught:
        pks_kit.draft(pks_kit.DraftRequest(source=SAMPLE))
    assert (caught.value.code, caught.value.http_status) == ("system.unavailable", 503)
