"""What a server needs from an error: a status, and a JSON pointer into the data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pks_kit import errors
from pks_kit.errors import (
    InputError,
    InputProblemsError,
    LedgerError,
    PksKitError,
    Problem,
    SigningError,
    TemplateError,
    UnknownOutcomeError,
    pointer_of,
)
from pks_kit.inputs import parse_kontrak
from pks_kit.inputs.yaml_tree import format_path
from pks_kit.json_form import to_json
from pks_kit.messages import known_codes
from pks_kit.pipelines.error_form import as_json
from pks_kit.statuses import STATUS_OF_CODE


def test_every_class_of_error_has_a_status_of_an_error() -> None:
    classes = [one for one in vars(errors).values() if isinstance(one, type)]
    kinds = [one for one in classes if issubclass(one, PksKitError)]
    assert len(kinds) == 14
    assert all(400 <= one.http_status < 600 for one in kinds)


def test_a_code_says_more_than_its_class() -> None:
    assert InputError("receipt.invalid", file="x").http_status == 422
    assert InputError("file.not_found", file="x").http_status == 404
    assert InputError("file.too_large", file="x", limit=1).http_status == 413
    assert LedgerError("store.busy").http_status == 409
    assert LedgerError("ledger.not_a_ledger").http_status == 422  # the caller named the file
    assert LedgerError("ledger.empty").http_status == 404
    assert TemplateError("naskah.unknown_edition").http_status == 422  # the caller named the kind
    assert LedgerError("ledger.chain_broken").http_status == 500
    assert SigningError("token.removed").http_status == 503  # all of a group
    assert SigningError("signing.out_of_turn").http_status == 409


def test_an_unknown_outcome_is_never_told_as_a_plain_refusal() -> None:
    assert SigningError("meterai.answer_unclear").http_status == 502
    assert UnknownOutcomeError("meterai.answer_unclear").http_status == 504


def test_every_status_belongs_to_a_code_that_exists() -> None:
    known = known_codes()
    groups = {f"{code.rpartition('.')[0]}." for code in known}
    assert [code for code in STATUS_OF_CODE if code not in known | groups] == []


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("", ""),
        ("rekening", "/rekening"),
        ("pihak_kedua.dasar_penetapan.nomor", "/pihak_kedua/dasar_penetapan/nomor"),
        ("tenaga_kesehatan[2].sip.nomor", "/tenaga_kesehatan/2/sip/nomor"),
        (format_path(("faskes", "a.b[1]/c~d", 0)), "/faskes/a.b[1]~1c~0d/0"),
    ],
)
def test_pointer_of_a_place(path: str, pointer: str) -> None:
    assert pointer_of(path) == pointer
    assert to_json(Problem("input.bad_format", path, 1))["pointer"] == pointer


def test_pointers_lead_to_the_values_of_the_file(sample_path: Path) -> None:
    text = sample_path.read_text(encoding="utf-8").replace("tanggal_mulai: ", "tanggal_mulai: x", 1)
    with pytest.raises(InputProblemsError) as caught:
        parse_kontrak(text.replace("\nfaskes:", "\nlain.nya: 1\nfaskes:", 1).encode(), "k.yml")
    shown = {problem.pointer: problem.path for problem in caught.value.problems}
    assert shown == {
        "/lain.nya": "lain.nya",
        "/jangka_waktu/tanggal_mulai": "jangka_waktu.tanggal_mulai",
    }


def test_the_json_form_holds_codes_and_numbers() -> None:
    problem = Problem("input.empty_value", "faskes.kode", 3, field="kode", expected="-")
    whole = as_json(InputProblemsError("input.problems", (problem,), file="k.yml"))
    assert json.loads(json.dumps(whole)) == whole
    shown = whole["error"]
    assert isinstance(shown, dict)
    assert (shown["code"], shown["exit_code"], shown["http_status"]) == ("input.problems", 3, 422)
    assert shown["problems"] == [to_json(problem)]
