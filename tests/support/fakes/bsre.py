"""A BSrE Esign Client Service on loopback: version 1, version 2 and the seal, with faults.

Built after the public facts (docs/sumber.md E1 and E8), without the adapters: it signs
for real with the keys it is given, in a new field ``esc_<ms>`` at the place asked for, PAdES with
a timestamp. ``fault("sign", "lost_answer")`` spoils the next request of that kind; ``book`` lists
what the service really did, whatever it answered.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any, Self

import pikepdf
import pypdfium2
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from pks_kit.signing.keys.files import LocalKey
from pks_kit.signing.sandbox.authority import SandboxTimestamps

LATE_SECONDS = 30
FILLING = SimpleBoxLayoutRule(x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID)
OTHER_STATUS_CODE = 1199
"""Invented: nobody published the v1 code of these states."""

WORDS = {
    2011: "Penandatangan tidak terdaftar",
    2021: "Penandatangan belum memiliki sertifikat",
    2031: "Proses signing gagal : Passphrase anda salah",
    4014: "NIK harus diisi",
    4015: "Data tidak sesuai ketentuan : signatureProperties",
    4044: "File tidak tersedia, pastikan bahwa dokumen belum di download",
}
REBUILD = (
    "Proses signing gagal : com.itextpdf.text.exceptions.InvalidPdfException: "
    "Rebuild failed: trailer not found."
)


@dataclass(kw_only=True)
class Person:
    """A registered signer."""

    nik: str
    email: str
    passphrase: str
    key: LocalKey
    status: str = "ISSUE"
    totp: str = ""


@dataclass(kw_only=True)
class Seal:
    """An activated seal of an institution."""

    id_subscriber: str
    activation: str
    key: LocalKey
    totp: str = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One line of the book."""

    action: str
    who: str
    outcome: str
    sent_sha256: str = ""
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What one request asks for; ``rect`` None is an invisible signature."""

    page: int
    rect: tuple[float, float, float, float] | None
    picture: bytes | None
    reason: str
    location: str


class RefusedError(Exception):
    """The service answers with an error."""

    def __init__(self, status: int, body: Mapping[str, Any] | bytes) -> None:
        super().__init__(status)
        self.status = status
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


def business(code: int, status: int = 400) -> RefusedError:
    return RefusedError(status, {"error": WORDS[code], "status_code": code})


def spring(status: int, path: str) -> RefusedError:
    error = {401: "Unauthorized", 404: "Not Found", 500: "Internal Server Error"}[status]
    body = {"timestamp": "2026-09-01T00:00:00.000+00:00", "status": status, "error": error}
    return RefusedError(status, {**body, "path": path})


@dataclass(kw_only=True)
class FakeBsre:
    """The service; use it as a context manager.

    Attributes:
        user, password: HTTP Basic account of the application.
        people, seals: Who may sign.
        others: Keys used by faults: ``other_signer``, ``expired_certificate``.
        timestamps: Authority of the timestamps.
        now: Time of every act.
        v1_means: What width and height of version 1 mean here: ``ukuran`` or ``sudut``.
        v2_origin: Corner from which version 2 counts here.
        tag_name: Name of the field for a mark that this installation reads.
        long_tags: Whether marks of several characters work.
        status_path: Path of the status question of version 2.
        with_dss: Whether a revision with validation data follows the signature (B-LT).
    """

    user: str
    password: str
    people: list[Person]
    timestamps: SandboxTimestamps
    now: datetime
    seals: list[Seal] = field(default_factory=list)
    others: dict[str, LocalKey] = field(default_factory=dict)
    v1_means: str = "ukuran"
    v2_origin: str = "atas"
    tag_name: str = "tag_koordinat"
    long_tags: bool = False
    status_path: str = "check/status"
    with_dss: bool = False
    book: list[Act] = field(default_factory=list)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    _faults: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    _documents: dict[str, bytes] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        fake = self

        class Handler(_Handler):
            service = fake

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def fault(self, action: str, name: str) -> None:
        """Spoil the next request of a kind: sign, status, download, totp.

        Before the act: ``unauthorized``, ``crash``, ``html_504``, ``drop``, ``late``,
        ``error_200``, ``error_200_without_code``, ``nonsense_200``, ``unknown_code``,
        ``rule_4015``, ``rebuild``, ``redirect``, ``echo`` (shows what it got).
        Wrong acts: ``unchanged``, ``rewrite``, ``extra_field``, ``two_signatures``,
        ``no_timestamp``, ``hidden``, ``changed_byte``, ``invisible``, ``speck``, ``other_page``,
        ``certify``, and any key of ``others``.
        After the act: ``lost_answer``, ``late_answer``, ``huge``, ``cut``, ``cut_quietly``,
        ``no_id_cut`` (version 1), ``bad_base64``, ``wrapped_base64`` (harmless), ``no_files``.
        Of a download: ``given_out`` (to somebody else before).
        """
        self._faults[action].append(name)

    def acts(self, action: str) -> list[str]:
        """Return the outcomes of one kind of act."""
        return [act.outcome for act in self.book if act.action == action]

    # --- what the requests do ---------------------------------------------------------------

    def take(self, action: str) -> str:
        return self._faults[action].popleft() if self._faults[action] else ""

    def write(self, action: str, who: str, outcome: str, **more: str) -> None:
        self.book.append(Act(action=action, who=who, outcome=outcome, **more))

    def person(self, request: Mapping[str, Any]) -> Person:
        if not request.get("nik") and not request.get("email"):
            raise business(4014)
        if not isinstance(request.get("nik", ""), str):
            raise business(4015)
        for one in self.people:
            if one.nik == request.get("nik") or one.email == request.get("email"):
                return one
        raise business(2011)

    def willing(self, request: Mapping[str, Any]) -> Person:
        one = self.person(request)
        if one.status == "NO_CERTIFICATE":
            raise business(2021)
        right = request.get("passphrase") == one.passphrase
        if request.get("totp"):
            right = request["totp"] == one.totp
            one.totp = ""
        if not right:
            self.write("sign", one.nik, "wrong passphrase")
            raise business(2031)
        return one

    def sign(self, pdf: bytes, wanted: Wanted, who: str, key: LocalKey, fault: str) -> bytes:
        """Sign, spoiled as the fault says, and write it into the book."""
        if not pdf.startswith(b"%PDF-"):
            raise RefusedError(400, {"error": REBUILD})
        given = pdf
        key = self.others.get(fault, key)
        if fault == "unchanged":
            self.write("sign", who, "nothing")
            return pdf
        if fault == "rewrite":
            pdf = rewritten(pdf)
        if fault == "extra_field":
            pdf = with_empty_field(pdf)
        wanted = spoiled(wanted, fault)
        with self._lock:
            signed = pdf
            for _ in range(2 if fault == "two_signatures" else 1):
                name = f"esc_{int(self.now.timestamp() * 1000) + len(self.book)}"
                signed = self._append(signed, wanted, name, key, fault)
                digest = hashlib.sha256(given).hexdigest()
                self.write("sign", who, "signed", sent_sha256=digest, field=name)
        if fault == "hidden":
            signed = with_hidden_widget(pdf, wanted, self, key)
        if self.with_dss:
            signed = with_validation_data(signed, key)
        if fault == "changed_byte":
            at = signed.rindex(b"/Reason") + 10
            signed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        return signed

    def _append(self, pdf: bytes, wanted: Wanted, name: str, key: LocalKey, fault: str) -> bytes:
        spec = SigFieldSpec(sig_field_name=name, on_page=wanted.page - 1, box=wanted.rect)
        style = None
        if wanted.rect is not None and wanted.picture:
            drawn = PdfImage(Image.open(BytesIO(wanted.picture)).convert("RGB"), name="Ttd")
            style = StaticStampStyle(
                border_width=0, background=drawn, background_opacity=1, background_layout=FILLING
            )
        signer = PdfSigner(
            PdfSignatureMetadata(
                field_name=name, md_algorithm="sha256", reason=wanted.reason,
                location=wanted.location or None, subfilter=SigSeedSubFilter.PADES,
                certify=fault == "certify", docmdp_permissions=MDPPerm.NO_CHANGES,
            ),
            key.signer(),
            timestamper=self.timestamps.timestamper() if fault != "no_timestamp" else None,
            stamp_style=style,
            new_field_spec=spec,
        )  # fmt: skip
        out = asyncio.run(
            signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), in_place=False)
        )
        return bytes(out.getvalue())

    def place(
        self, pdf: bytes, numbers: Mapping[str, Any], tag: str, *, version: int, path: str
    ) -> tuple[int, tuple[float, float, float, float] | None]:
        """Return page and rectangle in PDF points; None where this service draws nothing."""
        width, height = numbers.get("width"), numbers.get("height")
        if tag and (len(tag) == 1 or self.long_tags):
            found = first_match(pdf, tag)
            if found is not None:
                page, x, y = found
                return page, (x, y, x + float(width), y + float(height))
        if tag or numbers.get("x") is None:
            return 1, None
        page, x, y = int(numbers["page"]), float(numbers["x"]), float(numbers["y"])
        width, height = float(width), float(height)
        if version == 1 and self.v1_means == "sudut":
            width, height = width - x, height - y
        reader = PdfFileReader(BytesIO(pdf))
        if not 1 <= page <= int(reader.root["/Pages"]["/Count"]):
            raise spring(500, path)
        with pikepdf.open(BytesIO(pdf)) as opened:
            box = [float(side) for side in opened.pages[page - 1].mediabox]
        if version == 2 and self.v2_origin == "atas":
            y = box[3] - y - height
        if x < 0 or y < 0 or x + width > box[2] or y + height > box[3] or min(width, height) <= 0:
            raise spring(500, path)
        return page, (x, y, x + width, y + height)


def spoiled(wanted: Wanted, fault: str) -> Wanted:
    if fault == "invisible":
        return replace(wanted, rect=None)
    if fault == "speck" and wanted.rect:
        x, y = wanted.rect[:2]
        return replace(wanted, rect=(x + 1, y + 1, x + 5, y + 5))
    if fault == "other_page":
        return replace(wanted, page=wanted.page % 3 + 1)
    return wanted


def rewritten(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(out)
    return out.getvalue()


def with_empty_field(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec("TAMBAHAN", on_page=0, box=(10, 10, 90, 60)))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_hidden_widget(pdf: bytes, wanted: Wanted, fake: FakeBsre, key: LocalKey) -> bytes:
    """Sign in a field whose widget is told not to show."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec("esc_1", on_page=wanted.page - 1, box=wanted.rect))
    widget = writer.root["/AcroForm"]["/Fields"][-1]
    from pyhanko.pdf_utils.generic import NameObject, NumberObject

    widget[NameObject("/F")] = NumberObject(2)
    writer.update_container(widget)
    signer = PdfSigner(
        PdfSignatureMetadata(field_name="esc_1", subfilter=SigSeedSubFilter.PADES),
        key.signer(),
        timestamper=fake.timestamps.timestamper(),
        stamp_style=StaticStampStyle(
            border_width=0,
            background=PdfImage(Image.open(BytesIO(wanted.picture or b"")).convert("RGB")),
        ),
    )
    return bytes(asyncio.run(signer.async_sign_pdf(writer, in_place=False)).getvalue())


def with_validation_data(pdf: bytes, key: LocalKey) -> bytes:
    out = BytesIO(pdf)
    signer = key.signer()
    DocumentSecurityStore.add_dss(out, None, certs=list(signer.cert_registry))
    return out.getvalue()


def first_match(pdf: bytes, tag: str) -> tuple[int, float, float] | None:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            words = document[number].get_textpage()
            hit = words.search(tag, match_case=True).get_next()
            if hit is not None:
                left, bottom, _, _ = words.get_charbox(hit[0])
                return number + 1, left, bottom
    finally:
        document.close()
    return None


class _Handler(BaseHTTPRequestHandler):
    service: FakeBsre
    protocol_version = "HTTP/1.1"
    content = b""

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, content: bytes) -> None:
        self.content = content
        try:
            self._check_basic()
            self._route(content)
        except RefusedError as error:
            # a gateway behind https sends everybody there, with the whole path
            onward = {"Location": f"https://contoh.test{self.path}"} if error.status == 302 else {}
            self._reply(error.status, error.body, headers=onward)
        except OSError:
            self.close_connection = True

    def _check_basic(self) -> None:
        pair = f"{self.service.user}:{self.service.password}".encode()
        if self.headers.get("Authorization") != "Basic " + base64.b64encode(pair).decode():
            raise spring(401, self.path)

    def _route(self, content: bytes) -> None:
        service, path = self.service, self.path
        if path.startswith("/api/user/status/"):
            self._status({"nik": path.rsplit("/", 1)[1]}, version=1)
        elif path == "/api/sign/pdf":
            self._sign_v1(content)
        elif path.startswith("/api/sign/download/"):
            self._download(path.rsplit("/", 1)[1])
        elif path.startswith("/api/v2/user/certificate/chain/"):
            self._chain(path.rsplit("/", 1)[1])
        elif path.startswith("/api/v2/"):
            request = json.loads(content)
            service.requests.append((self.command, path, request))
            calls = {
                f"/api/v2/user/{service.status_path}": lambda: self._status(request, version=2),
                "/api/v2/sign/get/totp": lambda: self._totp(request),
                "/api/v2/sign/pdf": lambda: self._sign_v2(request),
                "/api/v2/seal/get/totp": lambda: self._seal_totp(request),
                "/api/v2/seal/pdf": lambda: self._seal(request),
            }
            if path not in calls:
                raise spring(404, path)
            calls[path]()
        else:
            raise spring(404, path)

    # --- questions ---------------------------------------------------------------------------

    def _status(self, request: Mapping[str, Any], *, version: int) -> None:
        self._before("status")
        try:
            one = self.service.person(request)
            status = one.status
        except RefusedError as error:
            if json.loads(error.body)["status_code"] != 2011:
                raise
            status = "NOT_REGISTERED"
        codes = {"ISSUE": 1111, "NOT_REGISTERED": 2011, "NO_CERTIFICATE": 2021}
        code = codes.get(status, OTHER_STATUS_CODE)
        body = {"message": f"User {status} {request.get('nik', '')}", "status": status}
        self._json({**body, "status_code": code if version == 1 else str(code)})

    def _chain(self, number: str) -> None:
        self._before("status")
        if all(seal.id_subscriber != number for seal in self.service.seals):
            raise RefusedError(400, b"id tidak dikenal")
        self._json({"success": True, "data": ["MIIC...", "MIIC...", "MIIC..."]})

    def _download(self, document: str) -> None:
        fault = self._before("download")
        if fault == "given_out":
            self.service._documents.pop(document, None)
        pdf = self.service._documents.pop(document, None)
        self.service.write("download", document, "given" if pdf else "4044")
        if pdf is None:
            raise business(4044)
        self._reply(200, pdf, kind="application/pdf", fault=fault)

    def _totp(self, request: Mapping[str, Any]) -> None:
        self._before("totp")
        one = self.service.person(request)
        one.totp = "550199"
        self._json({"success": True, "message": "TOTP berhasil dikirim"})

    def _seal_totp(self, request: Mapping[str, Any]) -> None:
        if self._before("totp") == "nonsense":
            self._json({"message": "ok"})
            return
        seal = self._find_seal(request)
        if request["totp"] != seal.activation:
            raise RefusedError(400, {"error": f"TOTP {request['totp']} salah", "status_code": 2032})
        seal.totp = "660288"
        body = {"message": "TOTP berhasil dibuat", "totp": seal.totp, "result": True}
        self._json({**body, "expires": "2026-09-01T00:05:00.000+0000"})

    def _find_seal(self, request: Mapping[str, Any]) -> Seal:
        for seal in self.service.seals:
            if seal.id_subscriber == request["idSubscriber"]:
                return seal
        raise business(2011)

    # --- acts --------------------------------------------------------------------------------

    def _sign_v1(self, content: bytes) -> None:
        service, path = self.service, self.path
        fault = self._before("sign")
        kind, options = parse_options_header(self.headers["Content-Type"])
        parser = FormDataParser(stream_factory=lambda **_: BytesIO())
        _, form, files = parser.parse(BytesIO(content), kind, len(content), options)
        service.requests.append((self.command, path, dict(form)))
        one = service.willing(form)
        pdf = files["file"].read()
        with_picture = form["image"] == "true"
        if not with_picture and not form.get("linkQR"):
            raise business(4015)
        picture = files["imageTTD"].read() if with_picture else code_picture()
        rect = None
        page = 1
        if form["tampilan"].lower() == "visible":
            numbers = {
                "x": form.get("xAxis"), "y": form.get("yAxis"), "page": form.get("page"),
                "width": form.get("width"), "height": form.get("height"),
            }  # fmt: skip
            tag = form.get("tag_koordinat", "")
            page, rect = service.place(pdf, numbers, tag, version=1, path=path)
        wanted = Wanted(
            page=page, rect=rect, picture=picture, reason=form.get("reason", ""),
            location=form.get("location", ""),
        )  # fmt: skip
        signed = service.sign(pdf, wanted, one.nik, one.key, fault)
        document = f"dok{len(service.book):04d}"
        service._documents[document] = signed
        headers = {"id_dokumen": document, "signing_time": "1234"}
        if fault == "no_id_cut":
            headers, fault = {}, "cut"
        self._reply(200, signed, kind="application/pdf", headers=headers, fault=fault)

    def _sign_v2(self, request: Mapping[str, Any]) -> None:
        fault = self._before("sign")
        one = self.service.willing(request)
        self._sign_json(request, one.nik, one.key, fault)

    def _seal(self, request: Mapping[str, Any]) -> None:
        fault = self._before("sign")
        seal = self._find_seal(request)
        if not seal.totp or request["totp"] != seal.totp:
            raise RefusedError(400, {"error": f"TOTP {request['totp']} salah", "status_code": 2032})
        seal.totp = ""
        self._sign_json(request, seal.id_subscriber, seal.key, fault)

    def _sign_json(self, request: Mapping[str, Any], who: str, key: LocalKey, fault: str) -> None:
        service, path = self.service, self.path
        (asked,) = request["signatureProperties"]
        (encoded,) = request["file"]
        pdf = base64.b64decode(encoded, validate=True)
        page, rect = 1, None
        if asked["tampilan"] == "VISIBLE":
            numbers = {
                "x": asked.get("originX"), "y": asked.get("originY"), "page": asked.get("page"),
                "width": asked.get("width"), "height": asked.get("height"),
            }  # fmt: skip
            tag = asked.get(service.tag_name, "")
            page, rect = service.place(pdf, numbers, tag, version=2, path=path)
        wanted = Wanted(
            page=page, rect=rect, picture=base64.b64decode(asked["imageBase64"], validate=True),
            reason=asked["reason"], location=asked["location"] or "",
        )  # fmt: skip
        signed = service.sign(pdf, wanted, who, key, fault)
        files = [base64.b64encode(signed).decode()]
        if fault == "bad_base64":
            files = [files[0][:400] + "@@@@" + files[0][400:]]
        if fault == "wrapped_base64":
            files = [base64.encodebytes(signed).decode()]
        if fault == "no_files":
            files = []
        body = json.dumps({"time": 1234, "file": files}).encode()
        self._reply(200, body, fault=fault)

    # --- answers -----------------------------------------------------------------------------

    def _before(self, action: str) -> str:
        """Return the fault of this request; those that need no act happen here."""
        fault = self.service.take(action)
        if fault == "unauthorized":
            raise spring(401, self.path)
        if fault == "echo":
            raise RefusedError(400, {"error": f"Ditolak: {self._secrets()}", "status_code": 2098})
        if fault == "redirect":
            raise RefusedError(302, b"")
        if fault == "rebuild":
            raise RefusedError(400, {"error": REBUILD})
        if fault == "crash":
            self.service.write(action, "-", "crash")
            raise spring(500, self.path)
        if fault == "html_504":
            raise RefusedError(504, b"<html>Gateway Time-out</html>")
        if fault == "drop":
            self.close_connection = True
            raise ConnectionError
        if fault == "late":
            self.service._stopping.wait(LATE_SECONDS)
        if fault == "error_200":
            raise RefusedError(200, {"error": "Proses signing gagal : kuota", "status_code": 2999})
        if fault == "error_200_without_code":
            raise RefusedError(200, {"error": "Proses signing gagal"})
        if fault == "nonsense_200":
            raise RefusedError(200, b"<html>selamat datang</html>")
        if fault == "unknown_code":
            raise RefusedError(400, {"error": "Sertifikat dikunci", "status_code": 2099})
        if fault == "rule_4015":
            raise business(4015)
        return fault

    def _secrets(self) -> str:
        """Return the secrets of this request, as a careless service shows them."""
        service = self.service
        known = [service.password]
        for one in service.people:
            known += [one.nik, one.email, one.passphrase, one.totp]
        for seal in service.seals:
            known += [seal.activation, seal.totp]
        sent = self.path.encode() + self.content
        return " ".join(
            word for word in known if word == service.password or (word and word.encode() in sent)
        )

    def _json(self, body: Mapping[str, Any]) -> None:
        self._reply(200, json.dumps(body).encode())

    def _reply(
        self,
        status: int,
        body: bytes,
        *,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
        fault: str = "",
    ) -> None:
        if fault == "lost_answer":
            self.close_connection = True
            return
        if fault == "late_answer":
            self.service._stopping.wait(LATE_SECONDS)
        if fault == "huge":
            body += b" " * (3 << 20)
        size = len(body)
        if fault in ("cut", "cut_quietly"):
            body = body[: size // 2]
            size = len(body) if fault == "cut_quietly" else size
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(size))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True


def code_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 60), (30, 30, 30)).save(out, "PNG")
    return out.getvalue()
