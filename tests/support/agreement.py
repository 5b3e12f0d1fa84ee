"""Whole agreements from the sample, changed where a test needs it, without any file."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from pks_kit.inputs import LoadedKontrak, load_kontrak
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.tree import Naskah
from pks_kit.pipelines.draft import prepare
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import load_parameters
from support.sample import SAMPLE, changed_at, sample


@cache
def _loaded() -> LoadedKontrak:
    return load_kontrak(SAMPLE)


def naskah_of(changes: dict[str, Any]) -> Naskah:
    """Return the tree of the sample with values replaced (paths as in ``sampel.changed_at``).

    Raises:
        FindingsError: The changed data has blocking findings.
    """
    return prepare(replace(_loaded(), kontrak=changed_at(changes))).naskah


@cache
def naskah(cara_kontrak: str = "elektronik") -> Naskah:
    """Return the tree of the sample for a contract method; made once.

    Only the electronic method goes through the checks: the others may still lack a signing
    profile, but their text exists and must be right.
    """
    if cara_kontrak == "elektronik":
        return naskah_of({})
    kontrak = changed_at({"cara_kontrak": cara_kontrak})
    return assemble_naskah(
        kontrak.versi_templat,
        kontrak.faskes.jenis,
        build_context(kontrak, load_parameters().resolve_all(kontrak.jangka_waktu.tanggal_mulai)),
        cara_kontrak=cara_kontrak,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        templates_root=templates_root(),
    )


def without_inpatient_care() -> Naskah:
    """Return the tree of a clinic that has no inpatient care at all."""
    sessions = sample().jadwal.model_dump(mode="json")["praktik"]
    return naskah_of(
        {
            "faskes.rawat_inap": False,
            "faskes.jumlah_tempat_tidur": 0,
            "jadwal.rawat_inap_24_jam": False,
            "jadwal.praktik": [sesi for sesi in sessions if sesi["poli"] != "rawat_inap"],
        }
    )
