"""Every answer has words in both languages; names, trust and containers are judged finely."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pks_kit.errors import InputError
from pks_kit.messages import known_codes, lookup
from pks_kit.pki.anchors import pinned_anchors, read_anchors, read_pins
from pks_kit.pki.test_marks import is_test
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
    is_other = b"BEGIN CERTIFICATE" in content
    assert caught.value.code == ("trust.not_authority" if is_other else "trust.no_certificate")


@pytest.mark.parametrize(
    ("issuer", "organisation", "recognised"),
    [
        ("Akar Contoso", "Penyelenggara", False),
        ("Akar Contoso (Demo)", "Penyelenggara", True),
        ("UJI Root CA", "Penyelenggara", True),
        ("Akar Contoso", "Laboratorium Sandbox", True),
        ("Akar Contoso", "DJP Dev", True),
        ("Emeterai Intermediary CA", "Penyelenggara", True),
        ("Akar Testimoni", "Devona", False),
    ],
)
def test_test_authorities_are_recognised(issuer: str, organisation: str, recognised: bool) -> None:
    root = signed_files._certificate(signed_files.name(issuer, organisation), None, ca=True)
    signer = signed_files._certificate(signed_files.name("Ratna", "Klinik Sehat"), root)
    assert is_test(signed_files._asn1(signer.certificate)) is recognised


@pytest.mark.parametrize(
    ("common", "organisation"),
    [
        ("Dev Anand Coba", "Klinik Sehat"),
        ("Ratna", "UPTD Puskesmas Tes"),
        ("Ratna Uji", "Klinik Demo"),
        ("Ratna", "Laboratorium Uji dan Pengujian"),
        ("Testing User", "Sandbox"),
    ],
)
def test_words_in_the_name_of_a_subject_make_no_test(common: str, organisation: str) -> None:
    """Tes is a place, Demo a village: a real signer keeps being real, and is never mixed."""
    root = signed_files._certificate(
        signed_files.name("Akar Contoso", "Penyelenggara"), None, ca=True
    )
    middle = signed_files._certificate(signed_files.name("Antara", "Penyelenggara"), root, ca=True)
    signer = signed_files._certificate(signed_files.name(common, organisation), middle)
    asn1 = signed_files._asn1
    chain = [asn1(one.certificate) for one in (signer, middle, root)]
    assert is_test(chain[0]) is is_test(chain[0], chain) is False


def test_a_test_root_far_above_counts_and_one_beside_does_not() -> None:
    asn1, name = signed_files._asn1, signed_files.name
    demo = signed_files._certificate(name("Akar Demo", "Penyelenggara"), None, ca=True)
    middle = signed_files._certificate(name("Antara", "Penyelenggara"), demo, ca=True)
    signer = signed_files._certificate(name("Ratna", "Klinik Sehat"), middle)
    assert is_test(asn1(signer.certificate)) is False  # nobody knows what stands above
    known = [asn1(demo.certificate), asn1(middle.certificate)]
    assert is_test(asn1(signer.certificate), known) is True
    root = signed_files._certificate(name("Akar Contoso", "Penyelenggara"), None, ca=True)
    real = signed_files._certificate(name("Ratna", "Klinik Sehat"), root)
    assert is_test(asn1(real.certificate), known) is False


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
