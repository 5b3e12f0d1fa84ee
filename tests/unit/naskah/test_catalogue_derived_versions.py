"""A version that shares its parent's files: manifest, titles, features, hash, lint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pks_kit.errors import TemplateError
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.lint import LintFinding
from pks_kit.naskah.tree import Naskah
from support.linting import lint_fully
from support.tiny_version import HEAD, TinyVersion, outline

Tiny = Callable[..., TinyVersion]
CHILD = (
    'versi: anak\nnama: "Anak"\nberlaku: {mulai: 2023-01-01, selesai: 2023-12-31}\n'
    "induk: mini\nfitur: {tambahan: false}\npembukaan: pembukaan\npenutup: penutup\n"
    'pasal: [{subjek: dua, judul: "Judul Lama"}, satu]\nlampiran: [x]\n'
)
SATU = (
    "1. Ayat tetap.\n{% if fitur.tambahan %}\n1. Ayat baru menurut [](lampiran:y).\n{% endif %}\n"
    "1. {% if not fitur.tambahan %}Dahulu{% else %}Sekarang{% endif %}.\n"
)


def family(tiny: Tiny, child: str = CHILD, satu: str = SATU) -> Path:
    version = tiny(
        pasal={"satu": satu, "dua": "1. Dua.\n"},
        lampiran={"x": "Isi x.\n", "y": "Isi y.\n"},
        manifest_extra="fitur: {tambahan: true}\n",
        raw={"anak/manifest.yml": child, "mini/style.css": "p{}\n"},
    )
    version.write()
    return version.root


def assembled(root: Path, versi: str) -> Naskah:
    return assemble_naskah(
        versi, "klinik_pratama", {}, cara_kontrak="manual", nomor_kesatu="1", nomor_kedua="2",
        templates_root=root,
    )  # fmt: skip


def lint(root: Path, versi: str) -> list[LintFinding]:
    return list(lint_fully(versi, templates_root=root, context={}))


def test_order_titles_and_branches_are_its_own(tiny: Tiny) -> None:
    root = family(tiny)
    child, parent = assembled(root, "anak"), assembled(root, "mini")
    assert [(b.label, b.judul) for b in child.bagian] == [
        ("", ""), ("Pasal 1", "Judul Lama"), ("Pasal 2", "satu"), ("", ""), ("Lampiran I", "x"),
    ]  # fmt: skip
    assert outline(child.bagian[2].isi) == ["(1) Ayat tetap.", "(2) Dahulu."]
    assert outline(parent.bagian[1].isi) == [
        "(1) Ayat tetap.", "(2) Ayat baru menurut Lampiran II.", "(3) Sekarang.",
    ]  # fmt: skip
    assert parent.bagian[2].judul == "dua"


def test_lint_follows_the_branch_that_the_version_has(tiny: Tiny) -> None:
    root = family(tiny)
    assert lint(root, "anak") == []
    assert lint(root, "mini") == []
    forgotten = SATU.replace("{% if fitur.tambahan %}\n", "").replace("{% endif %}\n1. {%", "1. {%")
    root = family(tiny, satu=forgotten)
    assert {found.code for found in lint(root, "anak")} == {"naskah.reference_unresolved"}
    assert lint(root, "mini") == []


@pytest.mark.parametrize(
    "test",
    ["fitur.tambahn", 'fitur["tambahn"]', "fitur.tambahan and fitur.tambahn", "not fitur.tambahn"],
)
def test_a_feature_that_the_manifest_does_not_list(tiny: Tiny, test: str) -> None:
    root = family(tiny, satu="1. A{% if " + test + " %} b{% endif %}.\n")
    found = [f for f in lint_fully("mini", templates_root=root) if f.code.startswith("lint.")]
    assert [(f.code, f.params["name"], f.params["near"]) for f in found] == [
        ("lint.unknown_feature", "tambahn", "tambahan")
    ]


def test_a_mixed_condition_is_still_looked_at_in_both_branches(tiny: Tiny) -> None:
    body = (
        "1. {% if fitur.tambahan and cara %}{{ aturan.tidak_ada }}{% else %}30 hari{% endif %}.\n"
    )
    found = lint_fully("mini", templates_root=family(tiny, satu=body), parameter_names=["a.b"])
    assert {f.code for f in found} == {"lint.unknown_parameter", "lint.handwritten_parameter"}


def test_an_own_file_goes_before_the_shared_one(tiny: Tiny) -> None:
    root = family(tiny)
    own = root / "anak" / "pasal" / "dua.md"
    own.parent.mkdir()
    own.write_text(HEAD.format(title="dua") + "1. Milik anak.\n", encoding="utf-8")
    assert outline(assembled(root, "anak").bagian[1].isi) == ["(1) Milik anak."]
    assert outline(assembled(root, "mini").bagian[2].isi) == ["(1) Dua."]


@pytest.mark.parametrize("name", ["mini/manifest.yml", "mini/style.css", "mini/pasal/satu.md"])
def test_the_hash_covers_what_it_takes_from_its_parent(tiny: Tiny, name: str) -> None:
    root = family(tiny)
    before = load_version("anak", root).sha256("klinik_pratama")
    (root / name).write_bytes((root / name).read_bytes() + b"\n")
    assert load_version("anak", root).sha256("klinik_pratama") != before
    assert load_version("anak", root).asset("style.css") == root / "mini" / "style.css"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("induk: mini", "induk: tidak_ada", "naskah.parent"),
        ("induk: mini", "induk: anak", "naskah.parent"),
        ("induk: mini\n", "", "naskah.field"),
        ("lampiran: [x]", "lampiran: [z]", "naskah.unknown_edition"),
        ("tambahan: false", "tambahan: tidak", "naskah.field"),
        ("tambahan: false", "tambahan: 0", "naskah.field"),
        ("tambahan: false", "Tambahan-2: false", "naskah.field"),
        ('judul: "Judul Lama"', 'judul: ""', "naskah.field"),
        ("subjek: dua", "subjek: ../dua", "naskah.field"),
        ("pasal: [", "pasal: [satu, ", "naskah.field"),
    ],
)
def test_mistakes_of_the_manifest(tiny: Tiny, old: str, new: str, code: str) -> None:
    assert old in CHILD
    root = family(tiny, child=CHILD.replace(old, new))
    with pytest.raises(TemplateError) as caught:
        load_version("anak", root).parts("klinik_pratama")
    assert caught.value.code == code
    assert caught.value.params["file"] == "anak/manifest.yml"


def test_a_feature_that_the_manifest_lacks_stops_the_draft(tiny: Tiny) -> None:
    root = family(tiny, child=CHILD.replace("fitur: {tambahan: false}\n", ""))
    with pytest.raises(TemplateError) as caught:
        assembled(root, "anak")
    assert caught.value.code == "naskah.undefined"
