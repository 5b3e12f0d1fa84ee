"""What a certificate is called when its subject holds several names."""

from __future__ import annotations

import pytest
from asn1crypto import x509

from pks_kit.domain.nama_orang import compare_names
from pks_kit.pki.names import common_name

PRINTED = "dr. Ratna Widyaningrum, M.Kes."


def subject(*parts: tuple[str, str]) -> x509.Name:
    return x509.Name(
        "",
        x509.RDNSequence(
            [
                x509.RelativeDistinguishedName(
                    [x509.NameTypeAndValue({"type": kind, "value": _text(kind, value)})]
                )
                for kind, value in parts
            ]
        ),
    )


def _text(kind: str, value: str) -> object:
    return x509.DirectoryString(name="utf8_string", value=x509.UTF8String(value))


@pytest.mark.parametrize(
    ("parts", "shown", "outcome"),
    [
        ([("common_name", "RATNA WIDYANINGRUM")], "RATNA WIDYANINGRUM", "same"),
        (
            [("common_name", "Ratna Widyaningrum"), ("common_name", "Budi Hartono")],
            "Ratna Widyaningrum + Budi Hartono",
            "unsure",
        ),
        (
            [("common_name", "Ratna Widyaningrum"), ("common_name", "Klinik Senja")],
            "Ratna Widyaningrum + Klinik Senja",
            "unsure",
        ),
        (
            [
                ("common_name", "Ratna Widyaningrum"),
                ("given_name", "RATNA"),
                ("surname", "WIDYANINGRUM"),
            ],
            "Ratna Widyaningrum",
            "same",
        ),
        (
            [
                ("common_name", "Ratna Widyaningrum"),
                ("given_name", "Budi"),
                ("surname", "Hartono"),
            ],
            "Ratna Widyaningrum + Budi Hartono",
            "unsure",
        ),
        (
            [("given_name", "Ratna"), ("surname", "Widyaningrum")],
            "Ratna Widyaningrum",
            "same",
        ),
        (
            [("surname", "Widyaningrum"), ("given_name", "Ratna"), ("given_name", "Sri")],
            "Ratna Sri Widyaningrum",
            "unsure",
        ),
        ([("common_name", ""), ("given_name", "Ratna")], "Ratna", "unsure"),
    ],
)
def test_all_names_of_a_subject_count(
    parts: list[tuple[str, str]], shown: str, outcome: str
) -> None:
    assert common_name(subject(*parts)) == shown
    assert compare_names(PRINTED, shown).outcome == outcome


def test_an_organisation_without_a_common_name_is_no_person() -> None:
    name = common_name(subject(("organization_name", "Klinik Ratna Widyaningrum")))
    found = compare_names(PRINTED, name)
    assert (found.outcome, found.reason) == ("unsure", "organisation")


@pytest.mark.parametrize(
    "parts",
    [(), (("common_name", " "),), (("common_name", ""), ("organization_name", ""))],
)
def test_a_certificate_without_a_name_is_called_so(parts: tuple[tuple[str, str], ...]) -> None:
    shown = common_name(subject(*parts))
    assert shown == "(tanpa nama / no name)"
    found = compare_names(PRINTED, shown)
    assert (found.outcome, found.reason) == ("different", "unnamed")


def test_several_names_are_told_as_such() -> None:
    both = common_name(
        subject(("common_name", "Ratna Widyaningrum"), ("common_name", "Klinik Senja"))
    )
    assert compare_names(PRINTED, both).reason == "several"


def test_the_same_name_twice_is_one_name() -> None:
    twice = common_name(subject(("common_name", "A"), ("common_name", "A")))
    assert twice == "A"
