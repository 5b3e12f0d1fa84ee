"""The template language is closed: no escape from the sandbox, every mistake with its line."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from pks_kit.errors import NotInForceError, TemplateError, UsageError
from pks_kit.naskah.environment import MAX_OUTPUT_CHARACTERS, render_template
from pks_kit.naskah.line_ends import keep_line_ends
from pks_kit.naskah.source_text import SourceText
from support.processes import ending


def text_of(source: SourceText) -> str:
    return source.values.fill(source.text)


@pytest.mark.parametrize(
    "template",
    [
        "{{ v.__class__ }}",
        "{{ v.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ v.format(v) }}",
        "{{ '{0.__class__}'.format(v) }}",
        "{{ [v] | map(attribute='__class__') | list | first }}",
        "{{ tempat.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ v | attr('__class__') }}",
        "{{ lipsum() }}",
        "{{ cycler.__init__ }}",
        "{{ f() }}",
        "{{ '%c' % 65 * 3 }}",
        "{% include 'x.md' %}",
        "{% import 'x.md' as x %}",
        "{% extends 'x.md' %}",
        "{% macro m() %}x{% endmacro %}",
        "{% block b %}x{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% set x %}a{% endset %}",
        "{{ v | safe }}",
        "{{ v | tojson }}",
        "{{ v | e }}",
        "{{ baris.append(1) }}",
    ],
)
def test_what_templates_may_not_do(template: str) -> None:
    def forbidden() -> str:
        raise AssertionError("called from a template")

    with pytest.raises(TemplateError) as caught:
        render_template("uji.md", f"satu\ndua\n{template}", {"v": "x", "f": forbidden, "baris": []})
    assert (caught.value.params["file"], caught.value.params["line"]) == ("uji.md", 3)
    assert caught.value.exit_code == 12


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'x' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 9 ** 9999999 }}",
        "{% for a in range(1000000000) %}{% endfor %}",
        "{% for a in range(9) %}" * 5 + "{% endfor %}" * 5,
        "{{ 'x'.ljust(2000000000) }}",
        "{{ 'x'.rjust(2000000000) }}",
        "{{ 'x'.center(2000000000) }}",
        "{{ '1'.zfill(2000000000) }}",
        "{{ '\t'.expandtabs(2000000000) }}",
        "{{ '%2000000000d' % 1 }}",
        "{{ '%*d' % (2000000000, 1) }}",
        "{{ '{:2000000000}'.format(1) }}",
        "{{ (1, 2) * 1000000000 }}",
        "{{ [1] | slice(1000000000) | list | length }}",
        "{{ [1] | slice(slices=1000000000) | list | length }}",
        "{{ [1] | batch(1000000000, 'x') | list | length }}",
        "{{ [1] | batch(linecount=1000000000, fill_with='x') | list | length }}",
        "{% for a in range(-10 ** 30, 10 ** 30) %}{% endfor %}",
        "{% for a in range(500) %}" * 4 + "{% endfor %}" * 4,
        "{% for a in range(500) %}" * 3 + "{{ a }}" + "{% endfor %}" * 3,
        "{% for a in range(500) if false %}{% endfor %}" * 50,
        "{% set x = 'xxxxxxxxxx' %}" + "{% set x = x ~ x %}" * 40,
        "{% set x = 'xxxxxxxxxx' %}" + "{% set x = x + x %}" * 40,
        "{% set x = ['x', 'x'] %}" + "{% set x = x + x %}" * 40,
        "{% set x = ['x', 'x'] %}" + "{% set x = [x, x, x] %}" * 40 + "{{ x | upper }}",
        "{% set x = {'a': 1} %}" + "{% set x = {'a': x, 'b': x} %}" * 40 + "{{ x | upper }}",
        "{% with x = ['x'] %}" + "{% with x = [x, x, x] %}" * 12 + "{% endwith %}" * 13,
        "{% set n = 999999999 %}" + "{% set n = n * n %}" * 40,
        "{% set n = 999999999 %}" + "{% set n = n + n * n %}" * 40,
        "{{ 'x' " + "| replace('x', 'xxxxxxxx')" * 40 + " }}",
        "{{ 'x' " + "| replace('', 'xxxxxxxx')" * 40 + " }}",
        "{{ " + " ~ ".join(["range(500) | join('x' | replace('', 'zzzz'))"] * 90) + " }}",
        "{{ range(500) | join('" + "x" * 1000 + "') }}",
        "{% set x = range(500) | join('" + "x" * 30 + "') %}"
        "{% for a in range(200) %}{{ x }}{% endfor %}",
    ],
)  # fmt: skip
def test_nothing_grows_without_limit(template: str) -> None:
    with ending(), pytest.raises(TemplateError) as caught:
        render_template("uji.md", f"satu\n{template}", {})
    if "{% with" not in template:  # Jinja forgets the line of that tag
        assert caught.value.params["line"] == 2
    assert caught.value.text.hint_id


def test_what_an_honest_template_does_stays_possible() -> None:
    values = {"hari": {"senin": "08.00", "selasa": "09.00"}, "nama": "dr. Mega", "n": 7}
    for template, expected in {
        "{% for a, b in hari.items() %}{{ a }}{{ loop.index }}{{ loop.last }} {% endfor %}": None,
        "{{ hari.get('rabu', 'tutup') }}": "tutup",
        "{{ nama.upper() ~ '-' ~ n ~ (n * 2 + 1) }}": "DR. MEGA-715",
        "{{ [1, 2, 3, 4] | batch(2) | map('join', '.') | join(', ') }}": "1.2, 3.4",
        "{{ [1, 2, 3] | slice(2) | map('join', '.') | join(', ') }}": "1.2, 3",
        "{{ ['a', 'b'] | join(d='+') | replace('a', 'bb') }}": "bb+b",
        "{{ ([1] + [2]) | sum }}": "3",
        "{% for a in range(500) %}{{ loop.cycle('x', 'y') }}{% endfor %}": "xy" * 250,
        "{% for a in [] %}x{% else %}kosong{% endfor %}": "kosong",
        "{% with x = 3 %}{{ x // 2 }}{{ 7 % 4 }}{% endwith %}": "13",
    }.items():
        if expected is not None:
            assert text_of(render_template("uji.md", template, values)) == expected


def test_long_output_stops() -> None:
    line = "x" * 1000
    template = (
        f"{{% for a in range(50) %}}{{% for b in range(50) %}}{line}{{% endfor %}}{{% endfor %}}"
    )
    with pytest.raises(TemplateError) as caught:
        render_template("uji.md", template, {})
    assert caught.value.code == "naskah.output_too_long"
    assert caught.value.params["limit"] == MAX_OUTPUT_CHARACTERS


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("3 | bilangan", "3 (tiga)"),
        ("'1.16' | desimal", "1,16"),
        ("97 | persen", "97% (sembilan puluh tujuh persen)"),
        ("pecahan | persen_angka", "2,5%"),
        ("10000 | rupiah", "Rp10.000,00"),
        ("10000 | rupiah_terbilang", "Rp10.000,00 (sepuluh ribu rupiah)"),
        ("hari | tanggal", "31 Desember 2024"),
        ("hari | tanggal_angka", "31-12-2024"),
        (
            "hari | tanggal_terbilang",
            "hari Selasa, tanggal Tiga Puluh Satu, bulan Desember, tahun Dua Ribu Dua Puluh Empat",
        ),
        ("jam | pukul", "08.00"),
        ("21 | terbilang", "dua puluh satu"),
        ("'klinik' | kapital", "KLINIK"),
        ("'praktik drg. Awan dan dr. Mega' | kapital", "PRAKTIK drg. AWAN DAN dr. MEGA"),
        ("'Yayasan Dr. Mega Dr.' | kapital", "YAYASAN DR. MEGA DR."),
        ("['a', 'b'] | join(', ')", "a, b"),
        ("kosong | default('–', true)", "–"),
    ],
)
def test_filters(expression: str, expected: str) -> None:
    values = {
        "hari": date(2024, 12, 31),
        "jam": time(8, 0),
        "pecahan": Decimal("2.50"),
        "kosong": None,
    }
    assert text_of(render_template("uji.md", f"{{{{ {expression} }}}}", values)) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "'3' | bilangan",
        "1.5 | bilangan",
        "true | bilangan",
        "'x' | tanggal",
        "-1 | rupiah",
        "none | pukul",
        "0.5 | desimal",
        "3 | kapital",
        "-5 | terbilang",
    ],
)
def test_filters_refuse_wrong_values(expression: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render_template("uji.md", f"satu\n{{{{ {expression} }}}}", {})
    assert (caught.value.code, caught.value.params["line"]) == ("naskah.filter_failed", 2)


def test_source_lines_survive_loops_and_trimmed_tags() -> None:
    template = (
        "satu\n{% if true %}\ntiga\n{% endif %}\n\n{%- for n in range(2) %}\n\ntujuh {{ n }}\n"
        "  {% for m in range(2) -%}\n  sepuluh\n  {% endfor %}\n{% endfor %}\n"
        "{# catatan\n dua baris #}\nlima belas {{\n n0 }}\ntujuh belas\n"
    ).replace("n0", "1")
    source = render_template("uji.md", template, {})
    lines = dict(zip(text_of(source).split("\n"), source.lines, strict=True))
    numbers = {"satu": 1, "tiga": 3, "tujuh 0": 8, "tujuh 1": 8, "sepuluh": 10}
    assert {name: lines[name] for name in numbers} == numbers
    assert lines["lima belas 1"] == 15
    assert lines["tujuh belas"] == 17


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a{% if v %} b{% endif %}\nc", "a b\nc"),
        ("{% if v %}\na\n{% endif %}\nc", "a\nc"),
        ("  {% if v %}\na\n  {% endif %}\nc", "a\nc"),
        ("{{ v }}{% if v %}{% endif %}\nc", "x\nc"),
        ("a {# catatan #}\nc", "a\nc"),
        ("{# catatan #}\nc", "c"),
        ("{% set a = {\n 'b': 1} %}\nc", "c"),
        ("a{% if v %} b{% endif -%}\n\n  c", "a bc"),
    ],
)
def test_only_lines_of_tags_vanish(template: str, expected: str) -> None:
    assert text_of(render_template("uji.md", template, {"v": "x"})) == expected


def test_line_ends_are_left_alone_where_the_author_chose() -> None:
    assert keep_line_ends("a{% endif -%}\nb{% endif +%}\n") == "a{% endif -%}\nb{% endif +%}\n"


def test_a_parameter_not_in_force_is_no_template_error() -> None:
    class Aturan:
        @property
        def lama(self) -> int:
            raise NotInForceError("rules.not_in_force", name="lama", as_of="2030", periods="-")

        @property
        def salah(self) -> int:
            raise UsageError("rules.unknown_parameter", name="salah", nearest="lama")

    with pytest.raises(NotInForceError):
        render_template("uji.md", "{{ aturan.lama }}", {"aturan": Aturan()})
    with pytest.raises(TemplateError) as caught:
        render_template("uji.md", "\n{{ aturan.salah }}", {"aturan": Aturan()})
    assert caught.value.params["line"] == 2


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("tempat('A', peran='pihak_kesatu', judul='x', nama='x')", "naskah.signature_kode"),
        ("tempat('a', peran='raja', judul='x', nama='x')", "naskah.signature_peran"),
        ("tempat('a', peran='pihak_kesatu', judul='x', nama='')", "naskah.signature_words"),
        ("tempat('a', peran='pihak_kesatu', judul='x', nama=none)", "naskah.value_missing"),
        ("tempat('a', peran='pihak_kesatu', judul='x')", "naskah.expression_failed"),
        ("tanda_tangan()", "naskah.signature_count"),
        ("tanda_tangan('x')", "naskah.signature_count"),
    ],
)
def test_signature_functions_check_their_arguments(call: str, code: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render_template("uji.md", f"\n\n{{{{ tanda_tangan({call}) }}}}", {})
    assert (caught.value.code, caught.value.params["line"]) == (code, 3)


def test_three_places_do_not_fit_side_by_side() -> None:
    place = "tempat('{}', peran='jejaring', judul='x', nama='x')"
    places = ", ".join(place.format(kode) for kode in "abc")
    with pytest.raises(TemplateError) as caught:
        render_template("uji.md", f"{{{{ tanda_tangan({places}) }}}}", {})
    assert caught.value.code == "naskah.signature_count"


@pytest.mark.parametrize(
    "template",
    [
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "not " * 3000 + "1 }}",
        "{{ " + " and ".join(["1"] * 5000) + " }}",
        "{% if 1 %}" * 200 + "x" + "{% endif %}" * 200,
    ],
    ids=["brackets", "not", "and", "if"],
)
def test_what_is_nested_too_deep_is_an_error_of_the_template(template: str) -> None:
    with pytest.raises(TemplateError) as refused:
        render_template("uji.md", template, {})
    assert refused.value.code in ("naskah.too_deep", "naskah.syntax", "naskah.expression_failed")
    assert refused.value.text.en
