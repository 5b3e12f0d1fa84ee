"""Pasal 1 of every kind and method defines exactly what that agreement uses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs import load_kontrak
from pks_kit.naskah.assemble import parse_part, with_names
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.lint.spelling import read_names
from pks_kit.naskah.lint.terms import terms_of, use_findings
from pks_kit.naskah.parsed import ParsedPart
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import load_parameters
from support.sample_years import pinned_samples

SAMPLES = sorted(
    path for path in pinned_samples().glob("*.yml") if not path.name.startswith("addendum")
)
METHODS = ("elektronik", "digital", "manual")


@cache
def contract(path: Path) -> Kontrak:
    return load_kontrak(path).kontrak


def years(kontrak: Kontrak) -> tuple[str, ...]:
    versi = kontrak.versi_templat
    return ("pks_2023", versi) if versi == "pks_2024" else (versi,)


def parts(kontrak: Kontrak, versi: str, method: str) -> list[ParsedPart]:
    version = load_version(versi, templates_root())
    changed = kontrak.model_copy(update={"cara_kontrak": method, "versi_templat": versi})
    aturan = load_parameters().resolve_all(kontrak.jangka_waktu.tanggal_mulai)
    values = with_names(version.manifest, build_context(changed, aturan))
    return [parse_part(version, part, values) for part in version.parts(kontrak.faskes.jenis)]


@cache
def known() -> frozenset[str]:
    """Every term that some kind, year or method defines."""
    return frozenset(
        name
        for path in SAMPLES
        for versi in years(contract(path))
        for term in terms_of(parts(contract(path), versi, METHODS[0]))
        for name in term.names
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_term_is_used_and_every_used_term_defined(path: Path, method: str) -> None:
    kontrak = contract(path)
    proper = read_names(templates_root()).nama_diri
    for versi in years(kontrak):
        text = parts(kontrak, versi, method)
        found = use_findings(text, known().difference(proper), kontrak.faskes.jenis)
        assert [f"{versi} {one.code} {one.params['term']}" for one in found] == []
        assert len(terms_of(text)) > 25


def test_a_dental_practice_defines_no_programme_of_the_chronically_ill() -> None:
    (path,) = [one for one in SAMPLES if one.stem == "tpmdg"]
    names = {name for term in terms_of(parts(contract(path), "pks_2024", "digital"))
             for name in term.names}  # fmt: skip
    assert not names & {"PRB", "Prolanis", "Kegiatan Kelompok Prolanis"}
    assert {"SIP", "Kapitasi", "Klaim"} <= names
