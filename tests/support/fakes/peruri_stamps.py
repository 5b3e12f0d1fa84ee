"""Stamps as the adapters make them, and stamps as they must not be (tests only)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import ArrayObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
)
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore

from pks_kit.signing.sandbox.authority import Sandbox, SandboxTimestamps
from pks_kit.signing.step.appearance import filling_box, image

OTHER_SN = "UJI" + "9" * 19


@dataclass(frozen=True, kw_only=True)
class Style:
    """One way to stamp.

    Attributes:
        legacy: Field ``sig<millis>``, ``adbe.pkcs7.detached``, no DSS revision.
        fault: ``wrong_sn``, ``wrong_reason``, ``odd_field``, ``certify``, ``moved``, ``rewrite``,
            ``two``, ``none``, ``drawn``, ``drawn_after``, ``flipped``, ``no_dss`` or anything else
            for none.
    """

    legacy: bool = False
    fault: str = ""

    def with_fault(self, fault: str) -> Style:
        return replace(self, fault=fault)


async def make_stamp(
    source: bytes,
    picture: bytes,
    body: dict[str, Any],
    sandbox: Sandbox,
    now: datetime,
    style: Style,
) -> bytes:
    """Return the stamped document as the adapter would write it."""
    sn, fault = body["refToken"], style.fault
    if fault == "none":
        return source + b"\n"
    if fault == "rewrite":
        source = _rewritten(source)
    if fault == "wrong_sn":
        sn = OTHER_SN
    field = f"sig{int(now.timestamp() * 1000)}" if style.legacy else f"Emet{sn}"
    if fault == "odd_field":
        field = "Signature1"
    reason_sn = OTHER_SN if fault == "wrong_reason" else sn
    low, high = sorted((body["visLLY"], body["visURY"]))  # iText normalises
    aside = 90 if fault == "moved" else 0
    box = (body["visLLX"], low - aside, body["visURX"], high - aside)
    out = await _signed(source, field, reason_sn, picture, box, body, sandbox, now, style)
    if fault == "two":
        low_box = (box[0], box[1] - 200, box[2], box[3] - 200)
        out = await _signed(
            out, f"Emet{OTHER_SN}", OTHER_SN, picture, low_box, body, sandbox, now, style
        )
    if not style.legacy and fault != "no_dss":
        out = _with_dss(out, sandbox)
    if fault == "drawn_after":
        writer = IncrementalPdfFileWriter(BytesIO(out))
        _draw(writer)
        stream = BytesIO()
        writer.write(stream)
        out = stream.getvalue()
    if fault == "flipped":
        where = out.index(b"/Location", len(source)) + 11
        out = out[:where] + b"#" + out[where + 1 :]
    return out


async def _signed(
    source: bytes,
    field: str,
    sn: str,
    picture: bytes,
    box: tuple[int, int, int, int],
    body: dict[str, Any],
    sandbox: Sandbox,
    now: datetime,
    style: Style,
) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(source))
    if style.fault == "drawn":
        _draw(writer)
    subfilter = SigSeedSubFilter.PADES
    if style.legacy:
        subfilter = SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    locks = style.fault == "certify"
    pages = int(writer.root["/Pages"]["/Count"])
    page = min(max(body["visSignaturePage"], 1), pages)  # silently, as the adapter does
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            name="e-meterai_signatures",
            reason=f"[{sn}] {body['reason']}",
            location=body["location"],
            subfilter=subfilter,
        ),
        sandbox.meterai.signer(),
        timestamper=SandboxTimestamps(key=sandbox.tsa, clock=lambda: now).timestamper(),
        stamp_style=filling_box(image(picture)),
        new_field_spec=SigFieldSpec(
            sig_field_name=field,
            on_page=page - 1,
            box=box,
            field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL) if locks else None,
            doc_mdp_update_value=MDPPerm.NO_CHANGES if locks else None,
        ),
    )
    return (await signer.async_sign_pdf(writer, bytes_reserved=15_000 * 2)).getvalue()


def _with_dss(pdf: bytes, sandbox: Sandbox) -> bytes:
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader

    last = PdfFileReader(BytesIO(pdf)).embedded_signatures[-1]
    stream = BytesIO(pdf)
    chain = sandbox.meterai.chain
    certificates = [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in chain]
    DocumentSecurityStore.add_dss(
        stream,
        sig_contents=last.pkcs7_content.hex().encode("ascii"),
        certs=certificates,
    )
    return stream.getvalue()


def _draw(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    drawing = writer.add_object(StreamObject(stream_data=b"1 0 0 rg 70 700 400 80 re f"))
    page["/Contents"] = ArrayObject([page.raw_get("/Contents"), drawing])
    writer.update_container(page)


def _rewritten(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(out, min_version="1.7")
    return out.getvalue()
