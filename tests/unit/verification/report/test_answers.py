"""Every answer has words in both languages; names, trust and containers are judged finely."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pks_kit.errors import InputError
from pks_kit.messages import known_codes, lookup
from pks_kit.pki.anchors import pinned_anchors, read_anchors, read_pins
from pks_kit.pki.test_marks import is_test
from pks_kit.verification.agreement.names import compare_names
from pks_kit.verification.report.verdict import worst
from pks_kit.verification.signatures.cms_encoding import container_flaws, read_gap
from support import signed_files, tamper
from support.judging import SIGNING_ROOT

SOURCE = Path(__file__).resolve().parents[4] / "src" / "pks_kit" / "verification"


def _answers() -> set[str]:
    """Collect the answers that the source can give, read from its syntax trees."""
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            codes = _local_codes(function)
            for call in ast.walk(function):
                if isinstance(call, ast.Call):
                    found |= _of_call(call, codes)
    return found


def _local_codes(function: ast.FunctionDef) -> list[str]:
    strings = [n.value for n in ast.walk(function) if isinstance(n, ast.Constant)]
    return [s for s in strings if isinstance(s, str) and s in (
        "signature.integrity", "signature.coverage", "signature.changes", "signature.trust",
        "signature.time", "signature.appearance",
    )]  # fmt: skip


def _of_call(call: ast.Call, codes: list[str]) -> set[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    texts = [a.value if isinstance(a, ast.Constant) else None for a in call.args]
    revisions = ("issued.revisions", "file.revisions")
    if name == "refuse" and texts and texts[0]:
        return {f"{code}.{texts[0]}" for code in revisions}
    if name == "RefusedChange":
        reasons = [k.value.value for k in call.keywords if k.arg == "reason"
                   and isinstance(k.value, ast.Constant)]  # fmt: skip
        return {f"{code}.{reason}" for code in revisions for reason in reasons}
    if name in ("passed", "failed", "indeterminate") and len(texts) > 1 and texts[1]:
        if texts[0]:
            return {f"{texts[0]}.{texts[1]}"}
        bases = codes or list(revisions)
        return {f"{code}.{texts[1]}" for code in bases}
    return set()


def test_every_answer_has_words() -> None:
    answers = _answers()
    assert len(answers) > 100
    missing = {f"check.{answer}" for answer in answers} - known_codes()
    assert not missing - {"check.issued.revisions.uncuttable"}


def test_words_stand_in_both_languages_with_hints_where_needed() -> None:
    for code in known_codes():
        if not code.startswith(("check.", "note.", "report.")):
            continue
        text = lookup(code)
        assert text.id, code
        assert text.en, code
        assert bool(text.hint_id) == bool(text.hint_en), code


def test_worst_of_nothing_is_unknown() -> None:
    assert worst([]) == "indeterminate"
    assert worst(["passed", "indeterminate"]) == "indeterminate"
    assert worst(["passed", "failed", "indeterminate"]) == "failed"


@pytest.mark.parametrize(
    ("printed", "certified", "answer"),
    [
        ("drg. Ratna Kusumawardani, M.Kes., AAK", "RATNA KUSUMAWARDANI", "same"),
        ("dr. H. Bagus Wirawan Santosa, Sp.PD", "Bagus Wirawan Santosa", "same"),
        ("Ratna Kusumawardani", "Kusumawardani Ratna", "similar"),
        ("Ratna Kusumawardani", "Ratna Kusumawardhani", "similar"),
        ("Muhammad Iqbal Ramadhan", "M. Iqbal Ramadhan", "similar"),
        ("Ratna Kusumawardani", "Budi Hartono", "different"),
        ("Ratna Kusumawardani", "", "different"),
        ("Ratna Kusumawardani", "Rаtnа Kusumаwаrdаni", "different"),
        ("Ratna", "Ratna Kusumawardani", "similar"),
    ],
)
def test_names(printed: str, certified: str, answer: str) -> None:
    assert compare_names(printed, certified) == answer


# --- trust ------------------------------------------------------------------------------------


def test_pinned_anchor_is_named_and_others_are_not() -> None:
    root = signed_files.world().root
    plain = read_anchors(root.pem, "root.pem", {})[0]
    assert (plain.name, plain.pinned) == ("UJI Root CA", False)
    pins = {plain.sha256: {"name": "Akar contoh", "kind": "production"}}
    named = read_anchors(root.pem, "root.pem", pins)[0]
    assert (named.name, named.pinned, named.kind) == ("Akar contoh", True, "production")


def test_only_the_fingerprint_of_a_production_pin_makes_an_anchor_of_a_file_certificate() -> None:
    root, stranger = signed_files.world().root, signed_files.world("UJI lain").root
    sha256 = read_anchors(root.pem, "root.pem", {})[0].sha256
    pins = {sha256: {"name": "Akar contoh", "kind": "production"}}
    assert [one.sha256 for one in pinned_anchors([root.der, stranger.der], pins)] == [sha256]
    staging = {sha256: {"name": "Akar contoh", "kind": "staging"}}
    assert pinned_anchors([root.der], staging) == []


def test_shipped_pins_are_readable() -> None:
    pins = read_pins(SIGNING_ROOT / "trust" / "anchors.yml")
    root = pins["b5f36672fd7cfd401e01ef640b2fe61f816f32f447b280b76f536244cf42fcdf"]
    assert root["name"] == "Root CA Indonesia DS G1"


@pytest.mark.parametrize("content", [b"", b"bukan sertifikat", signed_files.world().kepala.pem])
def test_what_is_no_authority_is_refused_as_anchor(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_anchors(content, "x.pem", {})
    assert caught.value.code == "trust.no_certificate"


@pytest.mark.parametrize(
    ("common", "organisation", "recognised"),
    [
        ("Dev Anand Coba", "Klinik Sehat", False),
        ("Testing User BSRE CA DS G1", "Balai Sertifikasi Elektronik", True),
        ("Ratna (UJI)", "Klinik Sehat", True),
        ("Ratna", "DJP Dev", True),
        ("Ratna", "Sandbox", True),
    ],
)
def test_test_authorities_are_recognised(common: str, organisation: str, recognised: bool) -> None:
    root = signed_files._certificate(
        signed_files.name("Akar Contoso", "Penyelenggara"), None, ca=True
    )
    signer = signed_files._certificate(signed_files.name(common, organisation), root)
    assert is_test(signed_files._asn1(signer.certificate)) is recognised


# --- containers -------------------------------------------------------------------------------


def _container() -> tuple[bytes, list[object]]:
    done = signed_files.signed_steps()[-1]
    begin, end = tamper.containers(done)[-1]
    return bytes.fromhex(done[begin:end].decode()), [
        signed_files._asn1(signed_files.world().root.certificate)
    ]


def test_honest_container_has_no_flaws() -> None:
    container, known = _container()
    assert container_flaws(container, known) == []  # type: ignore[arg-type]


def test_flaws_are_named() -> None:
    container, known = _container()
    padded = bytearray(container)
    padded[-1] = 1
    assert container_flaws(bytes(padded), known) == ["bytes after the container"]  # type: ignore[arg-type]
    longer = bytearray(container)
    longer[2] |= 0x02  # the length now takes in some of the padding
    assert container_flaws(bytes(longer), known)  # type: ignore[arg-type]
    stamper = signed_files._asn1(signed_files.world().stamper.certificate)
    serial = stamper["tbs_certificate"]["serial_number"].dump()
    named = container.index(stamper.issuer.dump() + serial)  # only in the signer's identifier
    renamed = bytearray(container)
    renamed[container.index(b"UJI Root CA", named)] ^= 0x20  # alike without regard to case
    assert container_flaws(bytes(renamed), known) == [  # type: ignore[arg-type]
        "name of the signer's issuer"
    ]


def test_hole_must_be_one_hex_string_and_unusual_digits_are_told() -> None:
    assert read_gap(b"abc<00ff>def", [0, 3, 9, 3]) == (b"\x00\xff", [])
    assert read_gap(b"abc<00FF>def", [0, 3, 9, 3]) == (b"\x00\xff", [])
    for unusual in (b"abc<00fF>def", b"abc<00 0f >def"):
        found = read_gap(unusual, [0, 3, len(unusual) - 3, 3])
        assert found is not None
        assert len(found[1]) == 1
    for spoiled in (b"abc<00 f>def", b"abc<0xff>def", b"abc(00ff)def"):
        assert read_gap(spoiled, [0, 3, 9, 3]) is None
    for wrong in ([1, 3, 9, 3], [0, 3, 9, 4], [0, 4, 9, 3], [0, 3, 3, 3], [0, 9, 3, 9]):
        assert read_gap(b"abc<00ff>def", wrong) is None
