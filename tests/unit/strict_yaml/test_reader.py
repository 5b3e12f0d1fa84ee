"""YAML becomes a tree that knows its places; what is more than plain data is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.strict_yaml.nodes import (
    YamlError,
    YamlMapping,
    YamlPath,
    YamlProblem,
    YamlScalar,
    YamlSequence,
    line_of,
)
from pks_kit.strict_yaml.reader import MAXIMUM_DEPTH, MAXIMUM_NODES, read_document, read_mapping
from pks_kit.strict_yaml.values import as_text

TEXT = """\
# catatan
nama: Klinik É "Melati"
alamat: {jalan: 'Jl. Kenanga', rt: 007}
hari:
  - senin
  - "selasa"
kosong:
panjang: |
  satu
  dua
akhir: ~
"""


def refusal(text: str) -> YamlProblem:
    with pytest.raises(YamlError) as caught:
        read_mapping(text)
    assert len(caught.value.problems) == 1
    return caught.value.first


def test_every_scalar_stays_the_text_that_was_written() -> None:
    assert as_text(read_mapping(TEXT)) == {
        "nama": 'Klinik É "Melati"',
        "alamat": {"jalan": "Jl. Kenanga", "rt": "007"},
        "hari": ["senin", "selasa"],
        "kosong": None,
        "panjang": "satu\ndua\n",
        "akhir": None,
    }


def test_a_byte_order_mark_before_the_text_changes_nothing() -> None:
    marked = read_mapping("\ufeff" + TEXT)
    assert as_text(marked) == as_text(read_mapping(TEXT))
    assert marked.key_lines == read_mapping(TEXT).key_lines


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_lines_and_places(line_end: str) -> None:
    text = TEXT.replace("\n", line_end)
    top = read_mapping(text)
    assert top.key_lines == {
        "nama": 2, "alamat": 3, "hari": 4, "kosong": 7, "panjang": 8, "akhir": 11,
    }  # fmt: skip
    days, address = top.entries["hari"], top.entries["alamat"]
    assert isinstance(days, YamlSequence)
    assert [item.line for item in days.items] == [5, 6]
    assert isinstance(address, YamlMapping)
    scalars = [top.entries["nama"], address.entries["jalan"], days.items[1], top.entries["kosong"]]
    written = [text[one.start : one.end] for one in scalars if isinstance(one, YamlScalar)]
    assert written == ['Klinik É "Melati"', "'Jl. Kenanga'", '"selasa"', ""]
    styles = [one.style for one in scalars if isinstance(one, YamlScalar)]
    assert styles == ["", "'", '"', ""]
    block = top.entries["panjang"]
    assert isinstance(block, YamlScalar)
    assert block.style == "|"
    assert text[block.start :].startswith("|")
    assert text[block.end :].startswith("akhir")


def test_the_line_of_a_path_or_of_what_is_nearest_above_it() -> None:
    top = read_mapping(TEXT)
    paths: dict[YamlPath, int] = {
        (): 2, ("hari",): 4, ("hari", 1): 6, ("hari", 9): 4, ("hari", "x"): 4,
        ("alamat", "rt"): 3, ("tidak_ada", 0): 2,
    }  # fmt: skip
    assert {path: line_of(top, path) for path in paths} == paths


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: &x 1", "input.anchor_refused", 2),
        ("a: 1\nb: *x", "input.anchor_refused", 2),
        ("a: 1\nb: [*x]", "input.anchor_refused", 2),
        ("a: 1\nb: &x {c: 1}", "input.anchor_refused", 2),
        ("a: 1\n<<: *x", "input.anchor_refused", 2),
        ("a: 1\nb: !!str 1", "input.tag_refused", 2),
        ("a: 1\nb: !x [1]", "input.tag_refused", 2),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", "input.tag_refused", 2),
        ("a: 1\n? [b]\n: 1", "input.key_not_text", 2),
        ("a: 1\n&x b: 1", "input.key_not_text", 2),
        ("a: 1\n*x : 1", "input.key_not_text", 2),
        ("a: 1\n!!str b: 1", "input.key_not_text", 2),
        ("a: 1\n---\nb: 1", "input.several_documents", 2),
        ("a: 1\nb: 2\na: 3", "input.duplicate_key", 3),
        ("a:\n  b: 1\n  b: 2", "input.duplicate_key", 3),
        ('a: 1\n"a": 2', "input.duplicate_key", 2),
        ("a: 1\nb: [\n", "input.yaml_syntax", 3),
        ("a: 1\nb: c: d", "input.yaml_syntax", 2),
        ("a: 1\n\tb: 2", "input.yaml_syntax", 2),
        ('a: 1\nb: "\\ud800"', "input.yaml_syntax", 2),
        ('a: 1\n"\\ud800": b', "input.yaml_syntax", 2),
        ('a: 1\nb: "\\U00110000"', "input.yaml_syntax", 2),
        ("%YAML 9.9\n---\na: 1", "input.yaml_syntax", 1),
        ("é: 1\nb: \x00", "input.control_character", 2),
        ("é: 1\nb: \x1b", "input.control_character", 2),
        ("é: 1\nb: \ud800", "input.control_character", 2),
        ("é: 1\nb: \ufffe", "input.control_character", 2),
        ("", "input.empty_file", 1),
        ("# hanya catatan\n---\n...", "input.empty_file", 1),
        ("\n- a", "input.top_not_mapping", 2),
        ("teks", "input.top_not_mapping", 1),
    ],
)
def test_what_is_refused_and_where(text: str, code: str, line: int) -> None:
    problem = refusal(text)
    assert (problem.code, problem.line) == (code, line)


def test_limits() -> None:
    deepest = "[" * MAXIMUM_DEPTH + "]" * MAXIMUM_DEPTH
    assert read_document(deepest) is not None
    with pytest.raises(YamlError) as caught:
        read_document("\n" + "[" * 100_000)
    assert (caught.value.first.code, caught.value.first.line) == ("input.too_deep", 2)
    rows = MAXIMUM_NODES - 2
    assert read_mapping("a:\n" + "- x\n" * rows)
    too_many = refusal("a:\n" + "- x\n" * (rows + 1))
    assert (too_many.code, too_many.line) == ("input.too_many_nodes", rows + 2)
    assert too_many.params == {"limit": MAXIMUM_NODES}


def test_billion_laughs_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert refusal("\n".join(lines)).code == "input.anchor_refused"


def test_keys_that_stand_twice_can_be_collected() -> None:
    found: list[YamlProblem] = []
    top = read_mapping("a: 1\nb:\n  - c: 1\n    c: 2\na: 3", found=found)
    assert as_text(top) == {"a": "1", "b": [{"c": "1"}]}
    assert [(one.path, one.line, one.params) for one in found] == [
        (("b", 0, "c"), 4, {"key": "c", "first": 3}),
        (("a",), 5, {"key": "a", "first": 1}),
    ]


def test_every_value_is_shown_with_its_path_and_may_be_changed() -> None:
    seen: list[YamlPath] = []

    def upper(scalar: YamlScalar, path: YamlPath) -> None:
        seen.append(path)
        scalar.text = (scalar.text or "").upper()

    top = read_mapping("a: x\nb: [y, {c: z}]", each=upper)
    assert as_text(top) == {"a": "X", "b": ["Y", {"c": "Z"}]}
    assert seen == [("a",), ("b", 0), ("b", 1, "c")]


@given(st.text(alphabet="a:-[]{}&*!|>'\"%@`#?,\n \t~\\u0é\x85\u2028\u202e\ufeff", max_size=80))
def test_any_text_is_a_tree_or_a_problem_with_a_line(text: str) -> None:
    line = 1
    try:
        read_document(text)
    except YamlError as error:
        line = error.first.line
    assert 1 <= line <= len(text.splitlines()) + 1
