"""Template versions on disk: manifest, editions, hash, overview."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pks_kit.errors import InputError, TemplateError
from pks_kit.json_form import to_json
from pks_kit.naskah.catalogue import list_versions, load_version
from pks_kit.naskah.overview import show_version
from support.tiny_version import TinyVersion

Tiny = Callable[..., TinyVersion]


def two_kinds(tiny: Tiny) -> TinyVersion:
    version = tiny(pasal={"satu": "1. A.", "dua": "1. B."}, lampiran={"tarif": "Tarif."})
    version.write()
    manifest = version.root / "mini" / "manifest.yml"
    manifest.write_text(
        manifest.read_text().replace("klinik_pratama: satu", "klinik_pratama: satu, tpmd: lain")
    )
    (version.root / "lampiran" / "tarif" / "lain.md").write_text(
        "---\njudul: Tarif lain\nsumber: hfis\n---\n1. {: sumber=susunan } Lain.\n"
    )
    return version


def test_parts_stand_in_the_order_of_the_agreement(tiny: Tiny) -> None:
    version = load_version("mini", two_kinds(tiny).write().parent)
    assert [(p.jenis, p.subjek, p.urutan) for p in version.parts("klinik_pratama")] == [
        ("pembukaan", "pembukaan", 1),
        ("pasal", "satu", 1),
        ("pasal", "dua", 2),
        ("penutup", "penutup", 1),
        ("lampiran", "tarif", 1),
    ]


def test_editions_by_kind_of_facility(tiny: Tiny) -> None:
    root = two_kinds(tiny).root
    version = load_version("mini", root)
    assert version.kinds() == ("klinik_pratama", "tpmd")
    assert version.parts("tpmd")[-1].file == "lampiran/tarif/lain.md"
    assert version.sha256("tpmd") != version.sha256("klinik_pratama")
    with pytest.raises(TemplateError) as caught:
        version.parts("puskesmas_blud")
    assert caught.value.code == "naskah.unknown_edition"
    assert caught.value.params["line"] == 10
    assert caught.value.params["known"] == "klinik_pratama, tpmd"


@pytest.mark.parametrize(
    "name",
    [
        "mini/manifest.yml",
        "mini/pembukaan.md",
        "mini/penutup.md",
        "mini/pasal/satu.md",
        "lampiran/tarif/satu.md",
        "mini/style.css",
        "mini/naskah.docx",
    ],
)
def test_hash_covers_every_used_file(tiny: Tiny, name: str) -> None:
    root = two_kinds(tiny).root
    before = load_version("mini", root).sha256("klinik_pratama")
    path = root / name
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")
    assert load_version("mini", root).sha256("klinik_pratama") != before


def test_hash_ignores_unused_files(tiny: Tiny) -> None:
    root = two_kinds(tiny).root
    before = load_version("mini", root).sha256("klinik_pratama")
    (root / "lampiran" / "tarif" / "lain.md").write_text("berubah")
    (root / "mini" / "pasal" / "tidak-dipakai.md").write_text("x")
    assert load_version("mini", root).sha256("klinik_pratama") == before
    assert len(before) == 64


@pytest.mark.parametrize("versi", ["tidak_ada", "../mini", "", "mini/", "MINI", "x" * 500])
def test_unknown_version(tiny: Tiny, versi: str) -> None:
    root = two_kinds(tiny).root
    with pytest.raises(InputError) as caught:
        load_version(versi, root)
    assert caught.value.code == "naskah.unknown_version"
    assert caught.value.params["known"] == "mini"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("nama: ", "nma: ", "naskah.field", 2),
        ("pasal: [satu, dua]", "pasal: [satu, dua, satu]", "naskah.field", 1),
        ("pasal: [satu, dua]", "pasal: [satu, ../dua]", "naskah.field", 8),
        ("edisi: {klinik_pratama: satu}", "edisi: {warung: satu}", "naskah.field", 10),
        ("{mulai: 2024-01-01}", "{mulai: kemarin}", "naskah.field", 3),
        ("versi: mini", "versi: lain", "naskah.version_name", 1),
        ("penutup: penutup", "penutup: penutup\npenutup: dua", "naskah.yaml", 8),
        ("pasal: [satu, dua]", "pasal: [satu, dua", "naskah.yaml", 9),
        ("pasal: [satu, dua]", "pasal: &a [*a]", "naskah.yaml", 8),
        ("pasal: [satu, dua]", "pasal: !!python/name:os.system x", "naskah.yaml", 8),
    ],
)
def test_manifest_errors_name_their_line(
    tiny: Tiny, old: str, new: str, code: str, line: int
) -> None:
    version = tiny(pasal={"satu": "1. A.", "dua": "1. B."}, lampiran={"tarif": "Tarif."})
    manifest = version.write() / "manifest.yml"
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new))
    with pytest.raises(TemplateError) as caught:
        load_version("mini", version.root)
    assert caught.value.code == code
    assert caught.value.params["file"] == "mini/manifest.yml"
    assert caught.value.params["line"] == line


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("1. Tanpa kepala.", "naskah.no_front_matter", 1),
        ("---\njudul: A\nsumber: susunan\n", "naskah.no_front_matter", 1),
        ("---\njudul: A\nsumber: susunan\nwarna: merah\n---\n1. A.", "naskah.field", 4),
        ("---\njudul: 5\nsumber: susunan\n---\n1. A.", "naskah.field", 2),
        ("---\nsumber: susunan\n---\n1. A.", "naskah.no_title", 1),
        ("---\njudul: A\n---\n1. A.", "naskah.no_sumber", 1),
        ("---\njudul: A\nsumber: karangan\n---\n1. A.", "naskah.unknown_sumber", 1),
        ("---\njudul: A\nsumber: susunan\norientasi: mendatar\n---\n1. A.", "naskah.landscape", 1),
        ("---\njudul: A\nsumber: susunan\norientasi: miring\n---\n1. A.", "naskah.field", 4),
        ("---\njudul: A\nsumber: susunan\n---\n", "naskah.empty_part", 1),
    ],
)
def test_head_errors_name_their_line(tiny: Tiny, content: str, code: str, line: int) -> None:
    version = tiny(raw={"mini/pasal/contoh.md": content})
    with pytest.raises(TemplateError) as caught:
        version.assemble()
    assert (caught.value.code, caught.value.params["line"]) == (code, line)
    assert caught.value.params["file"] == "mini/pasal/contoh.md"


def test_missing_and_unreadable_files(tiny: Tiny) -> None:
    version = tiny()
    version.write()
    path = version.root / "mini" / "pasal" / "contoh.md"
    path.write_bytes(b"---\njudul: A\nsumber: susunan\n---\n1. \xff\n")
    loaded = load_version("mini", version.root)
    part = loaded.parts("klinik_pratama")[1]
    with pytest.raises(TemplateError) as caught:
        loaded.read(part)
    assert (caught.value.code, caught.value.params["line"]) == ("naskah.file_unreadable", 5)
    path.unlink()
    with pytest.raises(TemplateError) as caught:
        loaded.read(part)
    assert caught.value.code == "naskah.file_unreadable"
    with pytest.raises(TemplateError):
        loaded.sha256("klinik_pratama")


def test_landscape_lampiran(tiny: Tiny) -> None:
    head = "---\njudul: Laporan\nsumber: hfis\norientasi: mendatar\ncatatan: x\n---\n"
    version = tiny(lampiran={"laporan": ""}, raw={"lampiran/laporan/satu.md": f"{head}Isi."})
    lampiran = version.assemble().bagian[-1]
    assert (lampiran.orientasi, lampiran.judul, lampiran.sumber) == ("mendatar", "Laporan", "hfis")
    assert (lampiran.label, lampiran.alamat) == ("Lampiran I", "lampiran_1")
    assert lampiran.berkas == "lampiran/laporan/satu.md"


@pytest.mark.parametrize(
    ("body", "orientation", "shares"),
    [("| A |\n|---|\n| b |", "mendatar", False), ("Tidak berlaku.", "tegak", True)],
)
def test_a_lampiran_turned_by_its_content(
    tiny: Tiny, body: str, orientation: str, shares: bool
) -> None:
    head = "---\njudul: Laporan\nsumber: hfis\norientasi: menurut_isi\n---\n"
    version = tiny(lampiran={"laporan": ""}, raw={"lampiran/laporan/satu.md": f"{head}{body}"})
    lampiran = version.assemble().bagian[-1]
    assert (lampiran.orientasi, lampiran.lembar_bersama) == (orientation, shares)


def test_windows_line_ends_change_nothing(tiny: Tiny) -> None:
    head = "---\njudul: A\nsumber: susunan\n---\n"
    unix = tiny(raw={"mini/pasal/contoh.md": f"{head}1. Satu\n   dua.\n"}).part("contoh")
    windows = tiny()
    windows.write()
    path = windows.root / "mini" / "pasal" / "contoh.md"
    path.write_bytes(f"{head}1. Satu\n   dua.\n".replace("\n", "\r\n").encode())
    from pks_kit.naskah.assemble import assemble_naskah

    again = assemble_naskah(
        "mini",
        "klinik_pratama",
        {},
        cara_kontrak="manual",
        nomor_kesatu="1",
        nomor_kedua="2",
        templates_root=windows.root,
    )
    assert again.bagian[1] == unix


def test_overview_lists_parts_titles_and_provenance(tiny: Tiny) -> None:
    root = two_kinds(tiny).root
    shown = show_version("mini", "tpmd", root)
    assert [part.label for part in shown.bagian] == ["", "Pasal 1", "Pasal 2", "", "Lampiran I"]
    assert shown.bagian[-1].judul == "Tarif lain"
    assert shown.bagian[-1].sumber == ("hfis", "susunan")
    assert shown.jenis_tersedia == ("klinik_pratama", "tpmd")
    assert to_json(shown)["mulai"] == "2024-01-01"
    assert shown.sha256 == load_version("mini", root).sha256("tpmd")
    assert list_versions(root) == ("mini",)


def test_no_versions(tmp_path: Path) -> None:
    assert list_versions(tmp_path) == ()
