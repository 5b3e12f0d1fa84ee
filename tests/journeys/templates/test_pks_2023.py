"""PKS 2023 as a second real version: its order, its wording, and that it shares the rest."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from pks_kit.errors import FindingsError, NotInForceError
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.catalogue import list_versions, load_version
from pks_kit.naskah.tree import Naskah
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.render.text import render_text
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import load_parameters
from support.agreement import naskah_of
from support.linting import lint_fully
from support.sample import changed_at

FACTS = yaml.safe_load((Path(__file__).parent / "facts_2023.yml").read_text(encoding="utf-8"))
IN_FORCE = date(2024, 1, 1)
SHINGLE = 4
SHORT = 20
NEARLY_THE_SAME = 0.7
BRANCHES: dict[str, dict[str, Any]] = {
    "apa adanya": {},
    "digital": {"cara_kontrak": "digital"},
    "manual": {"cara_kontrak": "manual"},
    "tanpa rawat inap": {"faskes.rawat_inap": False, "jadwal.rawat_inap_24_jam": False},
    "tanpa jejaring": {"jejaring": []},
    "tanpa vendor": {"cons_id.vendor": None},
}


def assemble(versi: str, changes: dict[str, Any], as_of: date = IN_FORCE) -> Naskah:
    kontrak = changed_at({"versi_templat": versi} | changes)
    return assemble_naskah(
        versi,
        kontrak.faskes.jenis,
        build_context(kontrak, load_parameters().resolve_all(as_of)),
        cara_kontrak=kontrak.cara_kontrak,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        templates_root=templates_root(),
    )


@cache
def text_of(versi: str) -> str:
    return " ".join(render_text(assemble(versi, {})).split())


def titles(naskah: Naskah, jenis: str) -> dict[str, str]:
    return {b.label: b.judul for b in naskah.bagian if b.jenis == jenis}


def test_eighteen_pasal_in_the_order_of_2023() -> None:
    expected = {
        f"Pasal {old}": old_title or title
        for _, title, old, old_title, _ in FACTS["pasal"]
        if old is not None
    }
    found = titles(assemble("pks_2023", {}), "pasal")
    assert found == expected
    assert list(found) == [f"Pasal {number}" for number in range(1, 19)]


def test_nine_lampiran_with_the_titles_of_2024() -> None:
    found = titles(assemble("pks_2023", {}), "lampiran")
    later = titles(assemble("pks_2024", {}), "lampiran")
    assert len(found) == 9
    assert len(later) == 12
    assert found.items() <= later.items()
    assert sorted(later.keys() - found.keys()) == [
        f"Lampiran {number}" for number in FACTS["lampiran_baru"]
    ]


@pytest.mark.parametrize("words", FACTS["hanya_2023"])
def test_words_of_2023_only(words: str) -> None:
    assert words in text_of("pks_2023")
    assert words not in text_of("pks_2024")


@pytest.mark.parametrize("words", FACTS["hanya_2024"])
def test_words_of_2024_only(words: str) -> None:
    assert words in text_of("pks_2024")
    assert words not in text_of("pks_2023")


@pytest.mark.parametrize("name", BRANCHES)
def test_every_branch_gives_a_whole_agreement(name: str) -> None:
    naskah = assemble("pks_2023", BRANCHES[name])
    assert all(bagian.isi for bagian in naskah.bagian)
    assert naskah.versi_templat == "pks_2023"


@pytest.mark.parametrize("versi", ["pks_2023", "pks_2024"])
def test_lint_finds_nothing(versi: str) -> None:
    parameters = load_parameters()
    found = lint_fully(
        versi,
        templates_root=templates_root(),
        parameter_names=parameters.names(),
        context=build_context(changed_at({}), parameters.resolve_all(IN_FORCE)),
        jenis_faskes="klinik_pratama",
    )
    assert [f"{f.file}:{f.line} {f.text.en}" for f in found] == []


def test_both_versions_list_the_same_features() -> None:
    features = [
        load_version(versi, templates_root()).manifest.fitur
        for versi in ("pks_2023", "pks_2024", "pks_penunjang_2024")
    ]
    assert set(features[0]) == set(features[1]) == set(features[2])
    assert not features[2]["fktp"]
    # Both are agreements with an FKTP; supporting facilities have a version without that.
    assert [name for name, present in features[0].items() if present] == ["fktp"]
    assert all(features[1].values())


def test_it_looks_like_its_parent_and_has_a_hash_of_its_own() -> None:
    old, new = (load_version(versi, templates_root()) for versi in ("pks_2023", "pks_2024"))
    assert old.asset("style.css") == new.asset("style.css")
    assert old.asset("naskah.docx").is_file()
    assert old.kinds() == new.kinds()
    assert old.sha256("klinik_pratama") != new.sha256("klinik_pratama")


def test_a_date_without_parameters_is_refused_with_its_dates() -> None:
    with pytest.raises(NotInForceError) as caught:
        assemble("pks_2023", {}, as_of=date(2012, 1, 1))
    assert caught.value.exit_code == 11
    assert caught.value.params["as_of"] == date(2012, 1, 1)
    assert re.match(r"\d+ [A-Z][a-z]+ 20\d\d – ", caught.value.params["periods"].id)


TERM_2023 = {
    "versi_templat": "pks_2023",
    "jangka_waktu.tanggal_mulai": "2023-05-01",
    "jangka_waktu.tanggal_selesai": "2023-12-31",
    "pihak_kesatu.tanggal_tanda_tangan": "2023-04-28",
    "dokumen[3].tanggal": "2022-12-05",
    "dokumen[5].tanggal": "2022-12-05",
}
"""The term that the screen in docs/sumber.md 1.5 shows."""


def test_it_is_drafted_for_2023_with_the_values_of_2023() -> None:
    naskah = naskah_of(TERM_2023)
    assert naskah.versi_templat == "pks_2023"
    assert "1 Mei 2023 sampai dengan tanggal 31 Desember 2023" in render_text(naskah)


LATER = (
    "berlaku sejak tanggal 9 Januari 2023; bagi pelayanan sebelum tanggal tersebut, "
    "biaya dibayar menurut ketentuan yang berlaku"
)


def test_the_usual_agreement_of_2023_is_drafted_without_invented_figures() -> None:
    """Whole year: figures hold from the decree on, and no decree of later is cited."""
    naskah = naskah_of(TERM_2023 | {"jangka_waktu.tanggal_mulai": "2023-01-01"})
    text = " ".join(render_text(naskah).split())
    assert "1 Januari 2023 sampai dengan tanggal 31 Desember 2023" in text
    assert LATER in text
    assert "Peraturan Menteri Kesehatan Nomor 3 Tahun 2023" not in text
    assert "Peraturan Direksi BPJS Kesehatan Nomor 5 Tahun 2023" not in text


def test_from_the_decree_on_nothing_is_left_open() -> None:
    text = " ".join(render_text(naskah_of(TERM_2023)).split())
    assert LATER not in text
    assert "Peraturan Menteri Kesehatan Nomor 3 Tahun 2023" in text


def test_a_term_that_ends_before_any_known_figure_is_refused() -> None:
    dates = {
        "jangka_waktu.tanggal_mulai": "2023-01-01",
        "jangka_waktu.tanggal_selesai": "2023-01-08",
    }
    with pytest.raises(FindingsError) as caught:
        naskah_of(TERM_2023 | dates | {"pihak_kesatu.tanggal_tanda_tangan": "2023-01-02"})
    assert "term.figures_unknown" in {one.code for one in caught.value.findings}


@pytest.mark.parametrize(
    ("versi", "start", "end", "periods"),
    [
        ("pks_2023", "2024-01-01", "2024-12-31", "1 Januari 2023 – 31 Desember 2023"),
        ("pks_2024", "2023-12-31", "2024-12-30", "1 Januari 2024 – …"),
    ],
)
def test_a_version_is_not_used_for_another_year(
    versi: str, start: str, end: str, periods: str
) -> None:
    dates = {"jangka_waktu.tanggal_mulai": start, "jangka_waktu.tanggal_selesai": end}
    with pytest.raises(NotInForceError) as caught:
        naskah_of(TERM_2023 | dates | {"versi_templat": versi})
    assert caught.value.code == "naskah.version_not_in_force"
    assert caught.value.params["periods"].id == periods


# --- shared text ---------------------------------------------------------------------------------


def passages(path: Path) -> list[frozenset[tuple[str, ...]]]:
    """Return the paragraphs and items of more than twenty words, as sets of four-word runs."""
    body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    body = re.sub(
        r"\{\{ *tanda_tangan\(.*?\) *\}\}|\{%.*?%\}|\{:[^}]*\}", " ", body, flags=re.DOTALL
    )
    found = []
    for passage in re.split(r"\n\s*\n|\n(?=\s*(?:1\.|-|#+|:|\|) )", body):
        words = re.findall(r"\w+", passage.lower())
        if len(words) > SHORT:
            found.append(frozenset(zip(*(words[n:] for n in range(SHINGLE)), strict=False)))
    return found


def alternatives(root: Path) -> list[tuple[Path, Path]]:
    """Return pairs of files that never stand in one agreement: other years or other kinds.

    A lampiran may repeat what its own pasal says; another year or kind may repeat nothing.
    """
    together: set[tuple[str, str]] = set()
    files: set[str] = set()
    for versi in list_versions(root):
        version = load_version(versi, root)
        if version.manifest.naskah != "perjanjian":
            continue
        for jenis in version.kinds():
            names = sorted({part.file for part in version.parts(jenis)})
            files |= set(names)
            together |= set(combinations(names, 2))
    pairs = combinations(sorted(files), 2)
    return [(root / a, root / b) for a, b in pairs if (a, b) not in together]


def duplicates(pairs: list[tuple[Path, Path]]) -> list[str]:
    cut = {path: passages(path) for pair in pairs for path in pair}
    return [
        f"{a.name}, {b.name}"
        for a, b in pairs
        for one in cut[a]
        for other in cut[b]
        if len(one & other) >= NEARLY_THE_SAME * len(one | other)
    ]


def test_no_text_stands_twice_for_another_year_or_kind() -> None:
    assert duplicates(alternatives(templates_root())) == []


def test_a_copied_pasal_would_be_found(tmp_path: Path) -> None:
    root = templates_root()
    source = root / "pks_2024" / "pasal" / "sanksi.md"
    copy = tmp_path / "sanksi.md"
    copy.write_text(source.read_text("utf-8").replace("lisan", "ucapan"), encoding="utf-8")
    assert len(duplicates([(source, copy)])) == 2


def test_the_folder_of_2023_holds_only_what_differs() -> None:
    files = [path.name for path in (templates_root() / "pks_2023").rglob("*") if path.is_file()]
    assert files == ["manifest.yml"]
