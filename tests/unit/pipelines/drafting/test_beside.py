"""What settings of a signer refuse is told when data are checked, not at the first signature."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.errors import FindingsError
from pks_kit.inputs.settings_file import load_settings, parse_settings
from pks_kit.pipelines.draft import CheckRequest, DraftRequest, check, draft
from pks_kit.resources import settings_sample
from support.sample import SAMPLE, changed_at, sample

KEY_ALONE = b"""
waktu: {t: {jenis: http, alamat: "https://tsa.contoh.example"}}
penanda_tangan: {p: {jenis: pkcs12, berkas: a.p12, kata_sandi: tanya, waktu: t}}
pihak: {pihak_kesatu: {penanda_tangan: p}}
"""
OWN = {"tanda_tangan_elektronik": {"pihak_kesatu": {"bidang": "layanan"}}}


def codes(changes: dict[str, object], settings: bytes | None) -> list[tuple[str, str]]:
    given = parse_settings(settings, "s.yml") if settings else None
    found = check(CheckRequest(source=changed_at(changes), settings=given)).findings
    return [(one.level, one.code) for one in found if one.code.startswith("certificate.")]


GATEWAY = settings_sample().read_bytes()


@pytest.mark.parametrize(
    ("changes", "settings", "expected"),
    [
        ({}, None, [("info", "certificate.prepared_field")]),
        ({}, GATEWAY, [("blocking", "certificate.service_refuses_field")]),
        ({}, KEY_ALONE, []),
        (OWN, GATEWAY, []),
        ({"cara_kontrak": "digital"}, GATEWAY, [("blocking", "certificate.service_refuses_field")]),
        ({"cara_kontrak": "manual"}, GATEWAY, []),
        ({"cara_kontrak": "manual"}, None, []),
    ],
)
def test_prepared_fields(
    changes: dict[str, object], settings: bytes | None, expected: list[tuple[str, str]]
) -> None:
    assert codes(changes, settings) == expected


def test_a_draft_that_the_gateway_would_refuse_is_not_made() -> None:
    settings = load_settings(settings_sample())
    with pytest.raises(FindingsError) as caught:
        draft(DraftRequest(source=sample(), formats=("txt",), settings=settings))
    assert "certificate.service_refuses_field" in [one.code for one in caught.value.findings]


def test_the_option_of_the_command() -> None:
    arguments = ["check", str(SAMPLE), "--settings", str(settings_sample())]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 10
    assert "bidang: layanan" in result.stderr
    missing = CliRunner().invoke(main, [*arguments[:3], str(Path("tidak-ada.yml"))])
    assert missing.exit_code == 3
