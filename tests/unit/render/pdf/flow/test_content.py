from __future__ import annotations

from pks_kit.render.pdf.flow.content import parsed, skeleton

PARAGRAPH = (
    '<span class="label w40" id="pasal_1__ayat_2">(2)</span>Kata &amp; <strong>tebal</strong><br>'
    '<a href="pks:pasal_2"> ayat</a>'
)


def test_inline_elements() -> None:
    label, words, strong, line_break, link = parsed(PARAGRAPH).inside
    assert not isinstance(label, str)
    assert (label.name, label.steps, label.anchor) == ("span label", 40, "pasal_1__ayat_2")
    assert words == "Kata & "
    assert not isinstance(strong, str)
    assert (strong.name, strong.inside) == ("strong", ["tebal"])
    assert not isinstance(line_break, str)
    assert (line_break.tag, line_break.inside) == ("br", [])
    assert not isinstance(link, str)
    assert (link.link, link.inside) == ("pks:pasal_2", [" ayat"])


def test_what_lines_are_made_of_is_no_part_of_the_skeleton() -> None:
    assert skeleton(parsed(PARAGRAPH)) == ""


def test_blocks_and_places_are() -> None:
    row = parsed('<td class="kiri">a<em>b</em></td><td class="tengah"></td>')
    assert skeleton(row) == "td kiri();td tengah()"
    box = parsed('<div class="kata" style="left:2mm">Tanggal</div>')
    assert skeleton(box) == "div kata|left:2mm(Tanggal)"
