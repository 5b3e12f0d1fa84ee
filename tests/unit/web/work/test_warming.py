"""What a process does before anybody asks it; there an error of a step is told to nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.files import read_limited
from pks_kit.inputs.settings_file import MAXIMUM_BYTES, parse_settings
from pks_kit.pipelines.batching.workshop import WithSettings
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import ShopOrder
from pks_kit.web.work.warming import steps
from support.portal_server import write_portal


@pytest.mark.slow
def test_every_step_goes_well_and_opens_the_ledger(tmp_path: Path) -> None:
    settings = write_portal(tmp_path)
    content = read_limited(settings, MAXIMUM_BYTES)
    signing = WithSettings(
        settings=parse_settings(content, settings.name), base=tmp_path, secrets={}
    )
    order = ShopOrder(signing=signing, folder=tmp_path, compiled=None, settings_bytes=content)
    shop = Shop(order, tell=lambda _: None)
    try:
        done = [step() for step in steps(shop)]
        assert len(done) > 5
        assert (tmp_path / "buku.sqlite").is_file()
    finally:
        shop.close()
