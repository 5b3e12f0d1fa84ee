"""The four steps of the profile make four signatures that others call valid, too."""

from __future__ import annotations

import asyncio
import hashlib
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from pks_kit.domain.meterai import is_sn, sn_of_field, sn_of_reason
from pks_kit.pdf.box import place_box
from pks_kit.pdf.layout import layout_of, open_sound
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.step.state import read_state
from support.signing_world import KEPALA_CABANG, PIMPINAN, later, sign_once


def _signatures(pdf: bytes):
    return {found.field_name: found for found in PdfFileReader(BytesIO(pdf)).embedded_signatures}


def test_each_step_appends_to_the_bytes_before(issued, steps):
    before = issued.pdf
    for after in steps:
        assert after.startswith(before)
        assert len(after) > len(before)
        before = after


def test_the_state_names_places_people_and_times_in_order(issued, steps):
    state = read_state(steps[-1], issued.receipt, load_profile(signing_root(), "elektronik"))
    assert state.filled == (
        "TTD_PIHAK_KESATU",
        "METERAI_PIHAK_KESATU",
        "TTD_PIHAK_KEDUA",
        "METERAI_PIHAK_KEDUA",
    )
    assert [seen.time for seen in state.signatures] == [later(0), later(2), later(10), later(12)]
    assert [seen.signer for seen in state.signatures] == [
        KEPALA_CABANG,
        "UJI Meterai Elektronik SPESIMEN",
        PIMPINAN,
        "UJI Meterai Elektronik SPESIMEN",
    ]
    assert all(seen.is_uji and seen.trouble is None for seen in state.signatures)


def test_a_signature_dictionary_is_pades_with_names_and_without_certification(steps):
    found = _signatures(steps[-1])["TTD_PIHAK_KESATU"]
    dictionary = found.sig_object
    assert dictionary["/SubFilter"] == "/ETSI.CAdES.detached"
    assert dictionary["/Name"] == KEPALA_CABANG
    assert dictionary["/Reason"] == "Menandatangani perjanjian contoh"
    assert dictionary["/Location"] == "Kota Contoh"
    assert dictionary["/Prop_Build"]["/App"]["/Name"] == "/pks-kit"
    assert "/Reference" not in dictionary
    assert found.md_algorithm == "sha256"
    assert "/Perms" not in PdfFileReader(BytesIO(steps[-1])).root


def test_a_stamp_has_the_shape_of_the_adapter(issued, steps):
    stamps = {name: sig for name, sig in _signatures(steps[-1]).items() if sn_of_field(name)}
    assert len(stamps) == 2
    layout = layout_of(open_sound(steps[-1]))
    for (name, stamp), reserved in zip(
        stamps.items(), ("METERAI_PIHAK_KESATU", "METERAI_PIHAK_KEDUA"), strict=True
    ):
        sn = sn_of_field(name)
        assert is_sn(sn)
        assert sn.startswith("UJI")
        assert sn_of_reason(stamp.sig_object["/Reason"]) == sn
        assert stamp.sig_object["/Reason"] == f"[{sn}] Perjanjian contoh"
        assert stamp.sig_object["/Name"] == "e-meterai_signatures"
        assert stamp.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        assert stamp.sig_field["/F"] == 132
        box = layout.field(name).box
        assert box.inside(place_box(issued.receipt.place(reserved)))
        assert box.width == box.height


def test_the_appearance_fills_the_box_exactly(issued, steps):
    with pikepdf.open(BytesIO(steps[0])) as pdf:
        widget = next(f for f in pdf.Root.AcroForm.Fields if f.T == "TTD_PIHAK_KESATU")
        form = widget.AP.N
        content = form.read_bytes().decode()
        x1, y1, x2, y2 = (float(side) for side in widget.Rect.as_list())
        left, top, right, bottom = (float(side) for side in form.BBox.as_list())
        assert (left, bottom, right, top) == (0, 0, x2 - x1, y2 - y1)
        assert re.search(r"\b1 0 0 1 0 0 cm\b", content)  # 180 x 80 onto 180 x 80
        inner = form.Resources.XObject["/Tampilan"]
        assert b"178" in inner.read_bytes()


def test_information_and_metadata_stay_untouched(issued, steps):
    first = PdfFileReader(BytesIO(issued.pdf))
    last = PdfFileReader(BytesIO(steps[-1]))
    info = first.trailer.raw_get("/Info").reference
    assert last.xrefs.get_last_change(info) == 0
    assert "/Metadata" not in last.root


def test_poppler_calls_all_four_signatures_valid(steps, tmp_path):
    file = tmp_path / "signed.pdf"
    file.write_bytes(steps[-1])
    said = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 4
    assert said.count("Total document signed") == 1
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors" in checked.stdout


@pytest.mark.slow
def test_the_pyhanko_tool_calls_it_valid_only_with_the_sandbox_root(steps, sandbox, tmp_path):
    file, root = tmp_path / "signed.pdf", tmp_path / "root.pem"
    file.write_bytes(steps[-1])
    root.write_bytes(sandbox.root_pem)
    tool = [str(Path(sys.executable).with_name("pyhanko")), "sign", "validate"]
    trusting = [*tool, "--trust", str(root), "--trust-replace", str(file)]
    said = subprocess.run(trusting, capture_output=True, text=True, check=False)
    assert said.stdout.count("INTACT:TRUSTED,TIMESTAMP_TOKEN<INTACT:TRUSTED>") == 4, said
    strict = subprocess.run([*tool, str(file)], capture_output=True, text=True, check=False)
    assert "INTACT:UNTRUSTED" in strict.stdout


def test_the_xmp_packet_is_not_rewritten(issued, sandbox):
    """It carries the PDF/A identification; pyHanko would write it anew with its own clock."""
    with pikepdf.open(BytesIO(issued.pdf)) as pdf:
        with pdf.open_metadata() as packet:
            packet["pdfaid:part"] = "3"
        out = BytesIO()
        pdf.save(out)
    content = out.getvalue()
    record = issued.receipt.issued.model_copy(
        update={"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    )
    receipt = issued.receipt.model_copy(update={"issued": record})
    step = asyncio.run(sign_once(content, receipt, sandbox, "pihak_kesatu"))
    reader = PdfFileReader(BytesIO(step.pdf))
    packet_ref = reader.root.raw_get("/Metadata").reference
    assert reader.xrefs.get_last_change(packet_ref) == 0
