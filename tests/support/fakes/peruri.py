"""Peruri and its adapter on loopback, after docs/sumber.md E2 and E8 (tests only).

A real HTTP server in a thread that keeps a book: which serial numbers were sold, under which name,
in which state, for which bytes. It stamps with a key that is given to it. Faults are queued per
endpoint and used up one per request::

    fake.fault("stampv2", "lost_after")      # the next purchase happens, its answer does not
    fake.fault("stamp", "code:97")

Endpoints: login, jenisdoc, saldo, stampv2, status, list, qrimage, upload, root, stamp, file.

Faults of every endpoint: ``500``, ``html``, ``401``, ``404``, ``slow`` (answers after
``slow_seconds``), ``lost_before`` (hangs up, does nothing), ``lost_after`` (acts, hangs up),
``double`` (acts twice, answers the last), ``refused:<words>``. The others are at their endpoints.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import random
import threading
import time
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pks_kit.signing.sandbox.authority import Sandbox
from pks_kit.signing.sandbox.specimen import specimen
from support.fakes.peruri_stamps import Style, make_stamp

PRICE = 10_000
JENIS = (("3", "Surat Pernyataan"), ("3", "Surat Perjanjian"), ("2", "Akta Notaris"))


@dataclass
class Sold:
    """One line of the book."""

    sn: str
    file: str
    body: dict[str, Any]
    status: str = "NOTSTAMP"
    sha256: str = ""
    signatures: int = 0


@dataclass
class Book:
    """What was sold; money is counted here and nowhere else."""

    sold: list[Sold] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def money(self) -> int:
        return PRICE * len(self.sold)

    def of(self, sn: str) -> Sold | None:
        return next((one for one in self.sold if one.sn == sn), None)

    def count(self, endpoint: str) -> int:
        return sum(name == endpoint for name, _ in self.calls)


class HungUp(Exception):
    """The connection is closed without an answer."""


class FakePeruri:
    """The server; ``start`` it, ``stop`` it.

    Attributes:
        user, password: The only account.
        quota: How many may still be sold.
        token_seconds: Lifetime of a token.
        sharefolder: Folder shared with the adapter, ``/app/sharefolder`` in its container.
        style: How stamps look unless a fault says otherwise.
    """

    def __init__(self, sandbox: Sandbox, now: datetime, sharefolder: Path) -> None:
        self.sandbox, self.now, self.sharefolder = sandbox, now, sharefolder
        self.user, self.password, self.user_id = "uji@contoh.example", "rahasia", "u-77"
        self.quota, self.token_seconds, self.slow_seconds = 5, 3600, 1.0
        self.jenis, self.style = JENIS, Style()
        self.has_token_end = True
        self.book, self.cloud = Book(), {}
        self.images: dict[str, bytes] = {}
        self._tokens: dict[str, bool] = {}
        self._faults: dict[str, deque[str]] = defaultdict(deque)
        self._random = random.Random(7)  # noqa: S311 repeatable on purpose
        self._lock = threading.RLock()
        self._threads: list[threading.Thread] = []
        self.busy = self.most_busy = 0

    def start(self) -> FakePeruri:
        for name in ("UNSIGNED", "STAMP", "SIGNED"):
            (self.sharefolder / name).mkdir(parents=True, exist_ok=True)
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake._answer(self)

            do_POST = do_GET

            def log_message(self, *_arguments: object) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for thread in self._threads:
            thread.join()

    def fault(self, endpoint: str, *faults: str) -> None:
        """Queue faults for the next requests of an endpoint, ``ok`` for none."""
        self._faults[endpoint].extend(faults)

    def expire_tokens(self) -> None:
        """Refuse every token given out so far."""
        with self._lock:
            self._tokens = dict.fromkeys(self._tokens, False)

    # --- requests ------------------------------------------------------------------------------

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        raw = handler.rfile.read(length)
        parts = urlsplit(handler.path)
        endpoint = _endpoint(handler.command, parts.path)
        try:
            body = _parsed(handler.headers.get("Content-Type", ""), raw)
            with self._lock:
                faults = self._faults[endpoint]
                fault = faults.popleft() if faults else "ok"
                self.book.calls.append((endpoint, body))
            token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
            status, content = self._handled(endpoint, fault, token, parts, body)
        except HungUp:
            handler.close_connection = True
            return
        kind = "application/json" if content[:1] in (b"{", b"[") else "application/octet-stream"
        with suppress(BrokenPipeError, ConnectionResetError):
            handler.send_response(status)
            handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(content)))
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.wfile.write(content)

    def _handled(
        self, endpoint: str, fault: str, token: str, parts: Any, body: dict[str, Any]
    ) -> tuple[int, bytes]:
        if fault == "lost_before":
            raise HungUp
        if fault == "500":
            error = {"timestamp": "x", "status": 500, "error": "Internal Server Error", "path": "/"}
            return 500, _json(error)
        if fault == "html":
            return 200, b"<html>pemeliharaan</html>"
        if fault == "404":
            return 404, b"<html>tidak ada</html>"
        if fault.startswith("refused:"):
            words = fault.partition(":")[2]
            return 200, _json({"statusCode": "01", "message": "failed", "result": {"err": words}})
        needs_token = endpoint not in ("login", "root")
        if fault == "401" or (needs_token and not self._tokens.get(token)):
            return 401, _json({"statusCode": "401", "message": "Unauthorized"})
        if endpoint == "stamp" and not self._tokens.get(body.get("jwToken", "")):
            return 200, _json({"status": "False", "errorCode": "93", "errorMessage": "jwt expired"})
        act = getattr(self, f"_do_{endpoint}")
        answer: tuple[int, bytes] = act(fault, parts, body)
        if fault == "double":
            answer = act(fault, parts, body)
        if fault == "lost_after":
            raise HungUp
        if fault == "slow":
            time.sleep(self.slow_seconds)
        return answer

    def _do_login(self, fault: str, _parts: Any, body: dict[str, Any]) -> tuple[int, bytes]:
        if fault == "wrong" or (body.get("user"), body.get("password")) != (
            self.user,
            self.password,
        ):
            # a careless server repeats what it was sent
            words = f"User {body.get('user')} password {body.get('password')} salah"
            return 200, _json({"statusCode": "01", "message": words})
        token = self._new_token()
        login = {"token": token, "user": {"id": self.user_id, "email": self.user}}
        return 200, _json(
            {
                "statusCode": "00",
                "message": "success",
                "token": token,
                "result": {"data": {"login": login}},
            }
        )

    def _new_token(self) -> str:
        ends = datetime.now(UTC) + timedelta(seconds=self.token_seconds)
        claims: dict[str, Any] = {"sub": self.user_id, "n": len(self._tokens)}
        if self.has_token_end:
            claims["exp"] = int(ends.timestamp())
        token = ".".join(_base64url(one) for one in (_json({"alg": "HS256"}), _json(claims), b"s"))
        with self._lock:
            self._tokens[token] = True
        return token

    def _do_jenisdoc(self, _fault: str, _parts: Any, _body: dict[str, Any]) -> tuple[int, bytes]:
        rows = [{"id": str(n), "kode": k, "nama": name} for n, (k, name) in enumerate(self.jenis)]
        return 200, _json({"statusCode": "00", "message": "success", "result": rows})

    def _do_saldo(self, fault: str, _parts: Any, _body: dict[str, Any]) -> tuple[int, bytes]:
        if fault == "no_number":
            return 200, _json({"result": {"status": "00"}})
        unused = sum(one.status == "NOTSTAMP" for one in self.book.sold)
        saldo = {"status": "00", "saldo": self.quota, "notstamp": unused}
        return 200, _json({"statusCode": "00", "result": saldo})

    def _do_stampv2(self, fault: str, _parts: Any, body: dict[str, Any]) -> tuple[int, bytes]:
        if body.get("namadoc") not in {kode for kode, _ in self.jenis}:
            return 200, _json({"statusCode": "01", "result": {"err": "jenis dokumen salah"}})
        with self._lock:
            if self.quota < 1:
                return 200, _json({"statusCode": "01", "result": {"err": "Saldo tidak cukup"}})
            self.quota -= 1
            letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            sn = "UJI" + "".join(self._random.choice(letters) for _ in range(19))
            self.book.sold.append(Sold(sn=sn, file=str(body["namafile"]), body=body))
        picture = _jpeg(specimen(sn))
        self.images[sn] = picture
        self.cloud[f"{sn}.png"] = picture
        result: dict[str, Any] = {"sn": sn}
        text = base64.b64encode(picture).decode()
        if body["isUpload"]:
            result["filenameQR"] = f"{sn}.png"
        else:
            result["image"] = text
        match fault:
            case "data_url":
                result["image"] = f"data:image/png;base64,{text}"
            case "filename_holds_base64":
                result = {"sn": sn, "filenameQR": text}
            case "real_png":
                result["image"] = base64.b64encode(specimen(sn)).decode()
            case "no_image":
                result = {"sn": sn}
            case "bad_image":
                result["image"] = base64.b64encode(b"GIF89a" + bytes(90)).decode()
            case "oblong_image":
                result["image"] = base64.b64encode(_jpeg(specimen(sn), (80, 60))).decode()
            case "no_sn":
                result = {"image": text}
            case "bad_sn":
                result["sn"] = "../../etc"
        return 200, _json({"statusCode": "00", "message": "success", "result": result})

    def _do_qrimage(self, fault: str, parts: Any, _body: dict[str, Any]) -> tuple[int, bytes]:
        sn = parse_qs(parts.query)["serialNumber"][0]
        picture = self.images.get(sn, b"")
        if fault == "raw":
            return 200, picture
        result = {"sn": sn, "image": base64.b64encode(picture).decode(), "filenameQR": f"{sn}.png"}
        if fault == "other_sn":
            result["sn"] = "X" * 22
        if fault == "only_name":
            del result["image"]
        return 200, _json({"statusCode": "00", "result": result})

    def _do_status(self, fault: str, parts: Any, _body: dict[str, Any]) -> tuple[int, bytes]:
        sold = self.book.of(parse_qs(parts.query)["filter"][0])
        rows = [] if sold is None else [{**_row(sold), "status": sold.status}]
        if fault == "odd":
            rows = [{"status": "PENDING"}]
        result = {"total": len(rows), "data": rows}
        return 200, _json({"statusCode": "00", "message": "success", "result": result})

    def _do_list(self, fault: str, parts: Any, _body: dict[str, Any]) -> tuple[int, bytes]:
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if unquote(parts.path.rpartition("/")[2]) != self.user_id:
            return 200, _json({"statusCode": "01", "message": "user tidak dikenal"})
        rows = [_row(one) for one in self.book.sold if one.status == query["status"]]
        for row in rows:
            if fault == "unnamed":
                row["file"] = ""
            if fault == "renamed":
                row["file"] = "doc_4471.pdf"
            if fault == "no_sn":
                del row["serialnumber"]
        start = int(query["start"])
        page = rows[start : start + min(int(query["length"]), 2)]
        result: dict[str, Any] = {"total": len(rows), "data": page}
        if fault == "short":
            result = {"total": len(rows) + 1, "data": [] if start else page}
        if fault == "not_a_list":
            result = {"total": len(rows), "data": "x"}
        return 200, _json({"statusCode": "00", "message": "success", "result": result})

    def _do_upload(self, fault: str, _parts: Any, body: dict[str, Any]) -> tuple[int, bytes]:
        doc_id = f"d{len(self.cloud):03}"
        self.cloud[f"doc_{doc_id}.pdf"] = body["file"]
        if fault == "bad_id":
            doc_id = "../x"
        return 200, _json({"statusCode": "00", "id": doc_id, "name": "x.pdf"})

    def _do_root(self, fault: str, _parts: Any, _body: dict[str, Any]) -> tuple[int, bytes]:
        words = "welcome to nginx" if fault == "other" else "welcome to signadapter v2.0.9"
        return 200, _json({"message": words, "documentationUrl": "/docs"})

    def _do_file(self, fault: str, parts: Any, _body: dict[str, Any]) -> tuple[int, bytes]:
        if fault == "empty":
            return 200, b""
        return 200, self.cloud[parts.path.rpartition("/")[2]]

    # --- stamping ------------------------------------------------------------------------------

    def _do_stamp(self, fault: str, parts: Any, body: dict[str, Any]) -> tuple[int, bytes]:
        with self._lock:
            self.busy += 1
            self.most_busy = max(self.busy, self.most_busy)
        try:
            return self._stamp(fault, parts, body)
        finally:
            with self._lock:
                self.busy -= 1

    def _stamp(self, fault: str, parts: Any, body: dict[str, Any]) -> tuple[int, bytes]:
        whole = all(type(body[f"vis{side}"]) is int for side in ("LLX", "LLY", "URX", "URY"))
        if not whole or body["certificatelevel"] != "NOT_CERTIFIED" or not body["location"]:
            return 200, _refused("90", "Mandatory field(s) should not be empty")
        if fault.startswith("code:"):
            code, _, words = fault.removeprefix("code:").partition(":")
            return 200, _refused(code, words or f"kesalahan {code}")
        if fault == "false_without_code":
            return 200, _json({"status": "False", "errorMessage": "?"})
        source, picture = self._read(parts, body["src"]), self._read(parts, body["spesimenPath"])
        if source is None or picture is None:
            return 200, _refused("92", f"java.io.FileNotFoundException: /app/{body['src']}")
        sold = self.book.of(body["refToken"])
        if sold is None:
            return 200, _refused("S04", "refToken tidak dikenal")
        sha256 = hashlib.sha256(source).hexdigest()
        if sold.status == "STAMP" and (body.get("retryFlag") != "1" or sold.sha256 != sha256):
            return 200, _refused("S07", "serial number sudah terpakai")
        if fault == "late_97":  # the hash was signed, then the adapter broke down
            sold.status, sold.sha256 = "STAMP", sha256
            return 200, _refused("97", "you can retry signing request, using same api")
        style = self.style.with_fault(fault)
        stamped = asyncio.run(make_stamp(source, picture, body, self.sandbox, self.now, style))
        sold.status, sold.sha256 = "STAMP", sha256
        sold.signatures += 1
        answer = {"status": "True", "errorCode": "00", "errorMessage": "-"}
        if "keystamp" in parts.path:
            name = body["dest"].rpartition("/")[2]
            self.cloud[name] = stamped
            base = "https://jahat.example" if fault == "other_host" else self.url
            answer["urlFile"] = "" if fault == "no_url" else f"{base}/getfile3/{name}"
        else:
            self._write(self.sharefolder / "SIGNED" / Path(body["dest"]).name, stamped, fault)
        return 200, _json(answer)

    def _read(self, parts: Any, path: str) -> bytes | None:
        if "keystamp" in parts.path:
            return self.cloud.get(path.removeprefix("/sharefolder/"))
        inside = "/app/" + path.lstrip("/")  # the adapter prefixes by itself
        if not inside.startswith("/app/sharefolder/"):
            return None
        local = self.sharefolder / inside.removeprefix("/app/sharefolder/")
        return local.read_bytes() if local.is_file() else None

    def _write(self, path: Path, content: bytes, fault: str) -> None:
        def late() -> None:
            time.sleep(0.3)
            path.write_bytes(content)

        match fault:
            case "no_file":
                return
            case "half_forever":
                path.write_bytes(content[: len(content) - 3000])
            case "late" | "half":
                if fault == "half":
                    path.write_bytes(content[: len(content) // 2])
                thread = threading.Thread(target=late)
                thread.start()
                self._threads.append(thread)
            case _:
                path.write_bytes(content)


def _endpoint(method: str, path: str) -> str:
    known = {
        "/api/users/login": "login",
        "/jenisdoc": "jenisdoc",
        "/function/saldopos": "saldo",
        "/sale/saldo-scm": "saldo",
        "/chanel/stampv2": "stampv2",
        "/api/chanel/stamp/ext": "status",
        "/snqr/qrimage": "qrimage",
        "/uploaddoc2": "upload",
        "/": "root",
        "/adapter/pdfsigning/rest/docSigningZ": "stamp",
        "/keystamp/adapter/docSigningZ": "stamp",
    }
    if path.startswith("/chanel/sale/stamp/ext/"):
        return "list"
    return "file" if path.startswith("/getfile3/") else known[path]


def _parsed(content_type: str, raw: bytes) -> dict[str, Any]:
    if content_type.startswith("application/json"):
        return json.loads(raw)
    if content_type.startswith("multipart/"):
        message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + raw)
        parts = message.get_payload()
        return {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in parts
        }
    return {}


def _row(sold: Sold) -> dict[str, Any]:
    day = "2026-11-21T00:00:00Z"
    row = {"serialnumber": sold.sn, "status": sold.status, "file": sold.file, "tgl": day}
    return {**row, "tglupdate": day, "email": "uji@contoh.example"}


def _refused(code: str, words: str) -> bytes:
    return _json({"status": "False", "errorCode": code, "errorMessage": words})


def _json(content: object) -> bytes:
    return json.dumps(content).encode()


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _jpeg(png: bytes, size: tuple[int, int] = (183, 183)) -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").resize(size).save(out, format="JPEG")
    return out.getvalue()
