"""Names, numbers, orders and messages that signing and verifying share."""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import pks_kit.signing
from pks_kit.cli import passphrase as passphrase_module
from pks_kit.cli import sign as sign_module
from pks_kit.domain.meterai import (
    is_sn,
    meterai_field,
    meterai_reason,
    sn_of_field,
    sn_of_reason,
)
from pks_kit.domain.nama_orang import name_words
from pks_kit.errors import InputError, SigningError
from pks_kit.messages import known_codes, lookup
from pks_kit.pdf.box import Box
from pks_kit.pipelines import sign as pipeline_module
from pks_kit.pki.test_marks import UJI_POLICY_SIGNER, is_uji_policy
from pks_kit.policy.signing_profile import load_profile, next_steps, out_of_order
from pks_kit.resources import signing_root
from pks_kit.signing.sandbox.meterai import new_sn
from pks_kit.signing.sandbox.specimen import specimen
from pks_kit.signing.step.appearance import image, pdf_page
from pks_kit.signing.step.embedded_receipt import embedded_receipt
from support.signing_world import build_pdf

PROFILE = load_profile(signing_root(), "elektronik")
ORDER = [step.tempat for step in PROFILE.langkah]


def test_a_title_alone_stays_a_name():
    assert name_words("Dr.") == ("dr",)
    assert name_words("Rm. Ir. Andaru") == ("andaru",)


def test_serial_numbers():
    sn = "AXCWSRL5JS0HJ15Z000299"
    assert is_sn(sn)
    assert sn_of_field(meterai_field(sn)) == sn
    assert sn_of_reason(meterai_reason(sn, "Akta")) == sn
    for wrong in (sn.lower(), sn[:-1], sn + "0", f"{sn}\n"):
        assert not is_sn(wrong)
        assert sn_of_field(f"Emet{wrong}") is None
        assert sn_of_reason(f"[{wrong}] x") is None


def test_made_numbers_have_the_shape_and_come_from_the_given_source():
    assert is_sn(new_sn(os.urandom))
    assert new_sn(lambda size: bytes(range(size))) == "UJI0123456789ABCDEFGHI"
    # bytes that would favour some characters are skipped
    assert new_sn(lambda size: bytes([255, 252, 251] * size)[:size]) == "UJI" + "Z" * 19


def test_the_order_of_the_profile():
    assert [step.kode for step in next_steps(PROFILE, ())] == [
        "p1_tanda_tangan",
        "p1_meterai",
        "p2_tanda_tangan",
        "p2_meterai",
    ]
    assert next_steps(PROFILE, ORDER) == ()
    assert next_steps(PROFILE, ORDER[:1])[0].kode == "p1_meterai"
    assert out_of_order(PROFILE, ORDER) is None
    assert out_of_order(PROFILE, ["TTD_LAIN", *ORDER[:2], "X", *ORDER[2:]]) is None
    assert out_of_order(PROFILE, [ORDER[0], ORDER[2]]).kode == "p2_tanda_tangan"


def test_what_is_a_test_certificate():
    assert is_uji_policy(["1.2.3", UJI_POLICY_SIGNER])
    assert not is_uji_policy(["2.999.80.75.830", "2.999", "2.16.360.1.1.1.7.1"])


def test_boxes():
    box = Box(page=1, rect=(10, 10, 80, 60))
    assert box.square().rect == (20, 10, 70, 60)
    assert box.square().inside(box)
    assert not box.inside(box.square())
    assert box.overlaps(Box(page=1, rect=(79, 10, 99, 60)))
    assert not box.overlaps(Box(page=1, rect=(80, 10, 99, 60)))
    assert not box.overlaps(Box(page=2, rect=(10, 10, 80, 60)))
    assert box.equals(Box(page=1, rect=(10.3, 9.8, 80, 60)))
    assert not box.equals(Box(page=1, rect=(11, 10, 80, 60)))


def test_the_specimen_is_square_small_and_not_the_same_twice():
    one, two = specimen("UJI0000000000000000000"), specimen("UJI0000000000000000001")
    with Image.open(BytesIO(one)) as picture:
        assert picture.format == "PNG"
        assert picture.width == picture.height == 320
    assert len(one) < 15_000
    assert one != two
    assert one == specimen("UJI0000000000000000000")


def _picture(kind: str, size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 120, 20)).save(out, format=kind)
    return out.getvalue()


def test_images_are_judged_by_their_bytes():
    for kind in ("PNG", "JPEG"):
        assert image(_picture(kind, (183, 183))).box.width == 183
    for content in (
        _picture("GIF", (183, 183)),
        _picture("PNG", (183, 90)),
        _picture("PNG", (2001, 2001)),
        b"",
        b"\x89PNG\r\n\x1a\n",
    ):
        with pytest.raises(SigningError) as caught:
            image(content)
        assert caught.value.code == "meterai.image"
    with pytest.raises(SigningError):
        pdf_page(b"no pdf")


def test_a_receipt_inside_that_is_missing_or_far_too_large(issued):
    import pikepdf

    assert embedded_receipt(issued.pdf, "x") == issued.receipt.without_issued()
    with pikepdf.open(BytesIO(issued.pdf)) as pdf:
        del pdf.attachments["pks-kit-receipt.json"]
        out = BytesIO()
        pdf.save(out)
    with pytest.raises(SigningError) as caught:
        embedded_receipt(out.getvalue(), "x")
    assert caught.value.code == "signing.no_receipt_inside"
    bomb = issued.receipt.model_copy(update={"versions": {"x": "0" * 20_000_000}})
    with pytest.raises((SigningError, InputError)):
        embedded_receipt(build_pdf(bomb), "x")


def test_every_code_that_is_raised_has_words_in_both_languages():
    folder = Path(pks_kit.signing.__file__).parent
    doors = (sign_module, passphrase_module, pipeline_module)
    files = [*folder.glob("*.py"), *(folder / "step").glob("*.py")]
    files += [Path(module.__file__) for module in doors]
    raised = set()
    for file in files:
        raised |= set(re.findall(r"Error\(\s*\"([a-z_.]+)\"", file.read_text()))
        raised |= set(re.findall(r"say\(\"([a-z_.]+)\"", file.read_text()))
    assert len(raised) > 40
    assert raised <= known_codes()
    for code in raised:
        text = lookup(code)
        assert text.id != text.en
        places = [set(re.findall(r"{(\w+)}", words)) for words in (text.id, text.en)]
        assert places[0] == places[1], code
