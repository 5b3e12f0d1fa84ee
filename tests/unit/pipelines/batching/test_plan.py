"""A plan never changes: its id is the hash of its bytes, and its folder knows it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pks_kit.errors import InputError, UsageError
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import (
    DataAt,
    Plan,
    PlannedRow,
    Said,
    chosen_rows,
    exceptions_first,
    parse_plan,
    written,
)
from support.planned import planned_row


def plan(*rows: PlannedRow) -> Plan:
    return Plan(
        kit="1",
        made_at=datetime(2026, 12, 1, tzinfo=UTC),
        made_by="Sari Contohwati",
        sources=(),
        data_sha256="0" * 64,
        settings_sha256=None,
        law_sha256="1" * 64,
        as_of=None,
        parties=("pihak_kesatu",),
        texts=(),
        unread=(),
        rows=rows or (planned_row(1), planned_row(2)),
    )


def said(level: str) -> Said:
    return Said(level=level, code="a.b", place="", path="", id="", en="", hint_id="", hint_en="")  # type: ignore[arg-type]


def test_equal_plans_have_equal_bytes_and_are_read_as_they_were() -> None:
    one, other = written(plan()), written(plan())
    assert one.content == other.content
    assert parse_plan(one.content, "x").plan == one.plan
    assert parse_plan(one.content, "x").id == one.id


def test_a_plan_of_another_version_or_with_lost_rows_is_refused() -> None:
    content = written(plan()).content
    for broken in (
        content.replace(b"pks-kit-plan/1", b"pks-kit-plan/2"),
        content.replace(b'"number":2', b'"number":3'),
        content[:-20],
        b"{}",
    ):
        with pytest.raises(InputError) as caught:
            parse_plan(broken, "rencana.json")
        assert caught.value.code == "batch.bad_plan"


def test_the_folder_refuses_a_plan_whose_bytes_changed(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    path = folder.save_plan(written(plan()))
    assert folder.plan().plan.made_by == "Sari Contohwati"
    assert path.stat().st_mode & 0o222 == 0
    changed = path.read_bytes().replace(b"Sari Contohwati", b"Sari Contohwaty")
    path.chmod(0o600)
    path.write_bytes(changed)
    with pytest.raises(InputError) as caught:
        folder.plan()
    assert caught.value.code == "batch.changed_plan"


def test_one_folder_holds_one_plan(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    with pytest.raises(UsageError, match="no plan"):
        folder.plan()
    folder.save_plan(written(plan()))
    with pytest.raises(UsageError) as caught:
        folder.save_plan(written(plan(planned_row(1))))
    assert caught.value.code == "batch.planned"


def test_the_data_of_a_row_are_compared_with_their_hash(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    folder.data.write_bytes(b"first{second}third")
    at = DataAt(offset=5, size=8, sha256=hashlib.sha256(b"{second}").hexdigest())
    assert folder.row_data(at) == b"{second}"
    folder.data.write_bytes(b"first{sec0nd}third")
    with pytest.raises(InputError) as caught:
        folder.row_data(at)
    assert caught.value.code == "batch.changed_data"


def test_two_coordinators_do_not_work_in_one_folder(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    with folder.alone(), pytest.raises(UsageError) as caught, folder.alone():
        pass
    assert caught.value.code == "batch.busy"


def test_exceptions_stand_first() -> None:
    import dataclasses

    blocked = dataclasses.replace(planned_row(3), said=(said("blocking"),))
    to_look_at = dataclasses.replace(planned_row(2), said=(said("manual"),))
    fine = dataclasses.replace(planned_row(1), said=(said("warning"),))
    assert [one.number for one in exceptions_first([fine, to_look_at, blocked])] == [3, 2, 1]
    assert not blocked.is_ready
    assert to_look_at.is_ready
    assert plan(fine, to_look_at).meterai() == 4


def test_a_plan_of_before_is_read_under_the_names_of_the_agreements() -> None:
    row = replace(planned_row(1), jenis="klinik_pratama", name="Klinik Embun")
    content = written(plan(row)).content.replace(b',"called":""', b"")
    found = parse_plan(content, "x")
    assert b"called" not in content
    assert found.id == hashlib.sha256(content).hexdigest()
    (read,) = found.plan.rows
    assert (read.name, read.called) == ("Klinik Pratama Embun", "Klinik Embun")
    for key in ("klinik embun", "Klinik Pratama Embun"):
        assert chosen_rows(found.plan, [key]) == [read]
