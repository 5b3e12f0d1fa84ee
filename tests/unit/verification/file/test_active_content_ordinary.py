"""Files as honest programs write them, with a trait each that looked like a fault once."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from pks_kit.json_form import to_json
from pks_kit.verification.report.verdict import VerifyReport
from support import judging, odd_pdfs, signed_files, tamper
from support.judging import judge, unknowns


def failures(report: VerifyReport) -> set[str]:
    """Return what failed, but for the question of who had to sign."""
    return judging.failures(report) - {"parties.missing/no_signature"}


def told(report: VerifyReport, code: str) -> set[str]:
    return {f"{one.status}/{one.reason}" for one in report.checks if one.code == code}


def saved(change: Callable[[Pdf], None]) -> bytes:
    pdf = odd_pdfs.plain()
    change(pdf)
    return odd_pdfs.saved(pdf)


# --- Flate data with something behind its end -----------------------------------------------------


def stream_object(entries: bytes, body: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(body), body)


@pytest.mark.parametrize("behind", [b"\n", b"\r\n", b"lain"])
@pytest.mark.parametrize("size", [1_210_000, 3 << 20])
def test_bytes_behind_flate_data_end_nothing_and_cost_nothing(size: int, behind: bytes) -> None:
    picture = b"/Type /XObject /Subtype /Image /Width 1100 /Height %d /BitsPerComponent 8 " % (
        -(-size // 1100)
    )
    packed = zlib.compress(bytes(size)) + behind
    twice = zlib.compress(zlib.compress(bytes(size)) + behind) + behind
    flate = b"/Filter /FlateDecode"
    content = tamper.raw_pdf(
        [
            *tamper.PLAIN,
            stream_object(picture + b"/ColorSpace /DeviceGray " + flate, packed),
            stream_object(flate, packed),
            stream_object(b"/Filter [/FlateDecode /FlateDecode]", twice),
        ]
    )
    report = judge(content)
    assert told(report, "file.decompression") == {"passed/within"}
    assert failures(report) == set()


def test_data_behind_a_full_block_still_counts() -> None:
    """What is weighed is weighed to the end, also where the input is used up before the output."""
    from pks_kit.pdf.stream_weight import _inflated_size

    for size in (1 << 20, (1 << 20) + 1, (5 << 20) + 7):
        packed = zlib.compress(bytes(size), 9)
        assert _inflated_size(packed, ["/FlateDecode"], 1 << 30) == size
        assert _inflated_size(packed, ["/FlateDecode"], 1 << 16) > 1 << 16
        double = zlib.compress(packed, 9)
        names = ["/FlateDecode", "/FlateDecode"]
        assert _inflated_size(double, names, 1 << 30) == size + len(packed)


# --- attachments ----------------------------------------------------------------------------------


def attached(name: str, start: bytes, *, listed: str = "", direct: bool = True) -> bytes:
    def change(pdf: Pdf) -> None:
        stream = pdf.make_stream(start + b" isi", Type=Name.EmbeddedFile)
        spec: pikepdf.Object = Dictionary(
            Type=Name.Filespec, F=pikepdf.String(name), UF=pikepdf.String(name),
            EF=Dictionary(F=stream),
        )  # fmt: skip
        if not direct:
            spec = pdf.make_indirect(spec)
        tree = Dictionary(Names=Array([pikepdf.String(listed or name), spec]))
        pdf.Root.Names = Dictionary(EmbeddedFiles=tree)

    return saved(change)


@pytest.mark.parametrize("direct", [True, False])
def test_attachment_is_seen_wherever_its_dictionary_stands(direct: bool) -> None:
    program = judge(attached("setup.exe", b"MZ", direct=direct))
    assert "content.attachments/program" in failures(program)
    table = judge(attached("rincian.csv", b"a;b", direct=direct))
    assert told(table, "content.attachments") == {"indeterminate/unexpected"}


def test_attachment_is_judged_by_every_name_and_every_stream() -> None:
    other = judge(attached("rincian.csv", b"a;b", listed="setup.exe"))
    assert "content.attachments/program" in failures(other)

    def two(pdf: Pdf) -> None:
        spec = Dictionary(
            Type=Name.Filespec, F=pikepdf.String("a.csv"),
            EF=Dictionary(F=pdf.make_stream(b"a;b"), UF=pdf.make_stream(b"MZ\x90\x00")),
        )  # fmt: skip
        pdf.pages[0].obj.AF = Array([spec])

    assert "content.attachments/program" in failures(judge(saved(two)))


def test_a_list_of_attachments_that_cannot_be_read_is_open() -> None:
    def change(pdf: Pdf) -> None:
        pdf.Root.Names = Dictionary(EmbeddedFiles=Array([1, 2]))

    assert told(judge(saved(change)), "content.attachments") == {"indeterminate/unexpected"}


# --- linearised files -----------------------------------------------------------------------------


def linearised() -> bytes:
    content = odd_pdfs.saved(odd_pdfs.plain(2), "linearised")
    root = re.findall(rb"/Root (\d+ 0 R)", content)[0]
    last = content.rindex(b"trailer <<") + len(b"trailer <<")
    assert b"/Root" not in content[last:]
    return content[:last] + b" /Root %s" % root + content[last:]


def test_linearised_file_has_lost_no_signature() -> None:
    report = judge(linearised())
    assert told(report, "signature.lost") == set()
    assert failures(report) == set()


# --- reference tables -----------------------------------------------------------------------------


def with_offset_at_the_line_end(content: bytes, less: int = 1) -> bytes:
    """The last table points at the white space before one of its objects."""
    start = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    entry = next(re.finditer(rb"(\d{10}) 00000 n", content[start:]))
    place = int(entry[1])
    assert content[place - less : place].strip(b"\r\n") == b""
    begin = start + entry.start(1)
    return content[:begin] + b"%010d" % (place - less) + content[begin + 10 :]


def test_entry_that_points_at_the_line_end_before_its_object_is_listed() -> None:
    one = signed_files.sign(signed_files.plain_pdf(), "A", signed_files.world().kepala,
                            new_field=field_spec("A"))  # fmt: skip
    plain = judge(odd_pdfs.with_material(one))
    moved = judge(with_offset_at_the_line_end(odd_pdfs.with_material(one)))
    assert "file.revisions/unlisted" not in failures(moved)
    assert failures(moved) == failures(plain)


def field_spec(name: str) -> object:
    from pyhanko.sign.fields import SigFieldSpec

    return SigFieldSpec(name, on_page=0, box=(50, 50, 250, 110))


# --- annotations ----------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", [b"null", b"null 7", b"9 0 R"])
def test_null_among_the_annotations_is_nothing(empty: bytes) -> None:
    page = tamper.PLAIN[2][:-2] + b"/Annots [%s] >>" % empty
    content = tamper.raw_pdf([*tamper.PLAIN[:2], page])
    report = judge(content)
    assert failures(report) == set()
    assert told(report, "content.concealed") == {"passed/none"}
    assert told(report, "signature.integrity") == set()


# --- parts of a web page --------------------------------------------------------------------------


def with_first_object(text: bytes) -> bytes:
    note = b"<< /Type /Annot /Subtype /FreeText /Rect [9 9 90 90] /F 4 /Contents (a) /RC (%s) >>"
    page = tamper.PLAIN[2][:-2] + b"/Annots [4 0 R] >>"
    content = tamper.raw_pdf([*tamper.PLAIN[:2], page, note % text])
    first = content.index(b"4 0 obj")
    end = content.index(b"endobj\n", first) + 7
    return moved_to_front(content, first, end)


def moved_to_front(content: bytes, first: int, end: int) -> bytes:
    """Return the file with one object in front of all others, its table made again."""
    head = content.index(b"1 0 obj")
    body = content[:head] + content[first:end] + content[head:first]
    rows = b"".join(b"%010d 00000 n \n" % body.index(b"%d 0 obj" % one) for one in (1, 2, 3, 4))
    return (
        body
        + b"xref\n0 5\n0000000000 65535 f \n"
        + rows
        + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    )


def test_rich_text_of_a_comment_is_no_web_page() -> None:
    rich = b'<?xml version="1.0"?><body xmlns="http://www.w3.org/1999/xhtml"><p>a</p></body>'
    assert "file.type/polyglot" not in failures(judge(with_first_object(rich)))
    assert "file.type/polyglot" in failures(judge(with_first_object(b"<html><body>")))


def test_web_page_in_a_comment_in_front_is_one() -> None:
    done = with_first_object(b"a")
    for inside in (b"%<script>x</script>\n", b"%1 0 obj <body >\n", b"%1 0 obj\r\n%<script>\n"):
        assert "file.type/polyglot" in failures(judge(done[:9] + inside + done[9:])), inside


# --- forms that list each other -------------------------------------------------------------------


def faces(content: bytes) -> bytes:
    """Faces of buttons that share one dictionary of resources, which lists them all."""

    def change(pdf: Pdf) -> None:
        shared = pdf.make_indirect(Dictionary(XObject=Dictionary()))
        for name in ("/A", "/B"):
            made = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form)
            made.BBox, made.Resources = Array([0, 0, 9, 9]), shared
            shared.XObject[name] = made
        pdf.pages[0].obj.Resources.XObject = shared.XObject

    return saved(change)


def test_forms_that_share_resources_are_no_loop_unless_they_draw_each_other() -> None:
    assert failures(judge(faces(b"0 0 9 9 re f"))) == set()
    for drawing in (b"/A Do", b"/#41 Do", b"/A % x\n Do", b"q/B Do Q", b"/A %5\nDo"):
        assert "file.decompression/too_much" in failures(judge(faces(drawing))), drawing
    for harmless in (
        b"q /A gs",
        b"(/A Dot)",
        b" /A Donut",
        b"/A BMC EMC",
        b"q /AA Do",
        b"q 0.5 scn",
    ):
        assert failures(judge(faces(harmless))) == set(), harmless
    assert unknowns(judge(faces(b"/C Do"))) == unknowns(judge(faces(b"0 0 9 9 re f")))


def tower(levels: int, drawing: bytes) -> bytes:
    """Forms that draw the one below them, each as often as its content says."""

    def change(pdf: Pdf) -> None:
        below = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form)
        below.BBox = Array([0, 0, 9, 9])
        for _ in range(levels):
            made = pdf.make_stream(drawing, Type=Name.XObject, Subtype=Name.Form)
            made.BBox = Array([0, 0, 9, 9])
            made.Resources = Dictionary(XObject=Dictionary(A=below))
            below = made
        pdf.pages[0].obj.Resources.XObject = Dictionary(A=below)

    return saved(change)


def test_forms_drawn_too_often_are_refused_however_few_are_listed() -> None:
    assert failures(judge(tower(12, b"/A Do"))) == set()
    assert failures(judge(tower(2, b"/A Do\n" * 100))) == set()
    for levels, drawing in (
        (3, b"/A Do\n" * 100),
        (20, b"q/A Do Q/#41\tDo%x\n"),
        (1, b"/A Do " * 30_000),
    ):
        report = judge(tower(levels, drawing))
        assert "file.decompression/too_much" in failures(report), (levels, drawing[:20])


# --- damaged objects ------------------------------------------------------------------------------


def with_action(action: bytes) -> bytes:
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A 4 0 R >>"
    page = tamper.PLAIN[2][:-2] + b"/Annots [%s] >>" % link
    return tamper.raw_pdf([*tamper.PLAIN[:2], page, action])


@pytest.mark.parametrize(
    "action",
    [
        b"<< /S /JavaScript /JS (app.alert(1))",
        b"<< /S /JavaScript /JS (app.alert(1)) >",
        b"<< /S /JavaScript /JS (app.alert(1) >>",
        b"<< /S /JavaScript /JS (a) /X [ 1 2 >>",
        b"<< /S /JavaScript /S /URI /URI (a) >>",
        b"<< /S /URI /URI (a)) >>",
    ],
)
def test_a_damaged_object_may_run_what_nobody_saw(action: bytes) -> None:
    report = judge(with_action(action))
    assert told(report, "content.active") == {"indeterminate/damaged"}
    assert told(report, "content.attachments") == {"indeterminate/damaged"}


def test_a_catalogue_that_says_twice_what_opens_is_damaged() -> None:
    """It was read before the walk, while the file was opened."""
    twice = b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R /OpenAction [3 0 R /Fit] >>"
    script = b"<< /S /GoTo /D [3 0 R /Fit] >>"
    report = judge(tamper.raw_pdf([twice, *tamper.PLAIN[1:3], script]))
    assert "passed/none" not in told(report, "content.active")


def test_what_runs_beside_a_damaged_object_is_found() -> None:
    other = b"<< /S /JavaScript /JS (a) >>"
    content = with_action(b"<< /S /URI /URI (a)) >>")
    broken = tamper.with_object(content, 5, other)
    assert "content.active/found" in failures(judge(broken))
    assert told(judge(with_action(b"<< /S /URI /URI (a) >>")), "content.active") == {"passed/none"}


# --- what differs from run to run -----------------------------------------------------------------


def damaged() -> bytes:
    """A file about which both parsers have something to say."""
    content = tamper.raw_pdf([*tamper.PLAIN, b"<< /A (x) /A (y) >>"])
    return content.replace(b"/Kids [3 0 R]", b"/Kids [9 0 R]")


@pytest.mark.parametrize("content", [damaged(), b"%PDF-1.7\n1 0 obj\n%%EOF\n"])
def test_two_reports_of_the_same_file_are_the_same_bytes(content: bytes) -> None:
    first = to_json(judge(content))
    kept = io.BytesIO(content), judge(content)  # memory is laid out otherwise the second time
    assert to_json(judge(content)) == first == to_json(kept[1])
    parsers = [one.details["parser"] for one in kept[1].checks if "parser" in one.details]
    assert parsers
    assert not [one for one in parsers if "0x" in one]


def test_blanks_outside_the_page_are_no_words() -> None:
    def outside(words: bytes) -> set[str]:
        def change(pdf: Pdf) -> None:
            drawn = b"BT /F1 12 Tf 900 700 Td (%s) Tj ET" % words
            pdf.pages[0].Contents = pdf.make_stream(drawn)

        return told(judge(saved(change)), "content.concealed")

    assert outside(b"   ") == {"passed/none"}
    assert outside(b"Tarif") == {"indeterminate/outside"}


@pytest.mark.parametrize("place", ["key", "UF", "F"])
def test_what_stands_for_a_name_is_never_described(place: str) -> None:
    """A stream where a name belongs would carry the file's data into the report."""

    def change(pdf: Pdf) -> None:
        odd = pdf.make_stream(b'{"nik": "3171010101010001"}')
        spec = Dictionary(Type=Name.Filespec, EF=Dictionary(F=pdf.make_stream(b"a;b")))
        if place != "key":
            spec["/" + place] = odd
        key = odd if place == "key" else pikepdf.String("daftar.csv")
        pdf.Root.Names = Dictionary(
            EmbeddedFiles=Dictionary(Names=Array([key, pdf.make_indirect(spec)]))
        )

    report = judge(saved(change))
    assert told(report, "content.attachments") == {"indeterminate/unexpected"}
    assert "3171" not in json.dumps(to_json(report))
    assert "pikepdf" not in repr(report)


def test_address_of_a_link_that_is_no_text_is_not_described() -> None:
    def change(pdf: Pdf) -> None:
        pdf.pages[0].Annots = Array([
            Dictionary(
                Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]),
                A=Dictionary(S=Name.URI, URI=pdf.make_stream(b"3171010101010001")),
            )
        ])  # fmt: skip

    report = judge(saved(change))
    assert [one.params for one in report.notes if one.code == "links"] == [{"links": "?"}]
