"""What the portal takes over of a batch."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.errors import InputError
from pks_kit.pipelines.batch import BatchPlanRequest, batch_plan
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.web.work import batches
from support.branch import facility, write_branch


def test_a_row_whose_data_were_changed_keeps_no_other_out_of_the_portal(tmp_path: Path) -> None:
    """A new plan is refused for it; after a run the others come in without it."""
    write_branch(tmp_path, {"a": facility(1), "b": facility(2)})
    folder = BatchFolder(tmp_path / "rencana")
    batch_plan(
        BatchPlanRequest(
            sources=[tmp_path / "faskes.xlsx"], folder=folder.path, by="Sari Contohwati", sample=0
        )
    )
    rows = tuple(folder.plan().plan.ready())
    assert [row.number for row, _ in batches._facts(folder.path)] == [one.number for one in rows]
    at = rows[0].data
    assert at is not None
    content = bytearray(folder.data.read_bytes())
    content[at.offset + at.size // 2] ^= 1
    folder.data.chmod(0o600)
    folder.data.write_bytes(content)
    with pytest.raises(InputError):
        list(batches._facts(folder.path))
    left = [row.number for row, _ in batches._facts(folder.path, whole=False)]
    assert left == [one.number for one in rows[1:]]
