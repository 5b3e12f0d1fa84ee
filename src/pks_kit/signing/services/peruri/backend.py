"""What the backend of Peruri is asked: document type, quota, purchase, and what was bought before.

Shapes marked [I] are inferred from public clients, [?] are not documented anywhere that was found;
an answer of another shape is never read as "nothing was bought".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pks_kit.domain.meterai import is_sn
from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.foreign import HERE, Looks
from pks_kit.signing.ports import BookLine, MeteraiOrder, MeteraiState
from pks_kit.signing.services.peruri.answers import (
    checked_picture,
    picture_of,
    result_of,
    rows_of,
    safe_words,
    server_file_of,
    text_of,
)
from pks_kit.signing.services.peruri.call import Call
from pks_kit.signing.services.peruri.login import PeruriLogin
from pks_kit.signing.services.peruri.options import PeruriOptions

PAGE_ROWS = 100
MOST_PAGES = 300
"""30,000 serial numbers; a longer list is not searched but left to a person."""

_STATES: Mapping[str, MeteraiState] = {"STAMP": "stamped", "NOTSTAMP": "unused"}
_OURS = re.compile(r"(?i)pks-kit-([a-z0-9-]{1,120})\.pdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType:
    """A document type: Peruri's code (``namadoc``) with the name that it was found by."""

    kode: str
    nama: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many may be bought, and how many are bought and not stamped (None: not told)."""

    saldo: int
    belum_dibubuhkan: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A serial number with its picture, or (cloud) the name of its picture on the server."""

    sn: str
    picture: bytes | None
    server_file: str


class PeruriBackend:
    """The calls that need only the login.

    Args:
        login: The account.
        options: What differs between installations.
    """

    __slots__ = ("_jenis", "login", "options")

    def __init__(self, login: PeruriLogin, options: PeruriOptions | None = None) -> None:
        self.login = login
        self.options = options or PeruriOptions()
        self._jenis: DocumentType | None = None

    async def jenis_dokumen(self) -> DocumentType:
        """Return the document type of the settings, looked up by its name.

        ``/jenisdoc`` answers ``result: [{id, kode, nama}]`` [C].

        Raises:
            SigningError: ``meterai.jenisdoc_unknown``, ``meterai.jenisdoc_ambiguous``.
        """
        if self._jenis is None:
            url = f"{self.login.hosts.stampv2}/jenisdoc"
            answer = await self.login.ask(self._call(what="jenisdoc", method="GET", url=url))
            self._jenis = self._chosen(rows_of(answer) or [])
        return self._jenis

    async def quota(self) -> Quota:
        """Return the quota of the account.

        ``saldopos`` answers ``result.status``, ``result.saldo``, ``result.notstamp`` [C];
        ``saldo-scm`` is read the same way, also inside ``result.data`` [?].

        Raises:
            SigningError: ``meterai.answer_unclear`` when no number is told.
        """
        account, hosts = self.login.account, self.login.hosts
        if account.jenis == "pos":
            url = f"{hosts.backend}/function/saldopos"
            call = self._call(
                what="saldopos", method=self.options.saldo_pos, url=url, lenient=True, csrf=True
            )
        else:
            collector = quote(account.id_pemungut, safe="")
            url = f"{hosts.backend}/sale/saldo-scm?idLoc={collector}&db=true"
            call = self._call(what="saldo-scm", method="GET", url=url, lenient=True)
        answer = await self.login.ask(call)
        rows = rows_of(answer)
        result: Mapping[str, Any] = rows[0] if rows else result_of(answer)
        saldo = text_of(result, "saldo")
        if text_of(result, "status") not in ("", "00") or not re.fullmatch(r"-?\d{1,9}", saldo):
            raise SigningError("meterai.answer_unclear", what=call.what, detail="saldo")
        unused = text_of(result, "notstamp")
        return Quota(saldo=int(saldo), belum_dibubuhkan=int(unused) if unused.isdigit() else None)

    async def check_ready(self) -> None:
        """Make sure that one can be bought: login, document type, quota.

        Raises:
            SigningError: Also ``meterai.quota_empty``.
        """
        await self.login.token()
        await self.jenis_dokumen()
        quota = await self.quota()
        if quota.saldo < 1:
            raise SigningError("meterai.quota_empty", left=str(quota.saldo))

    async def buy(self, order: MeteraiOrder, idfile: str = "") -> Bought:
        """Buy one serial number. This is the call that costs money; it is sent once.

        Args:
            order: Document and party; its key becomes part of ``namafile``.
            idfile: Id of the uploaded document in the cloud flow.

        Raises:
            SigningError: Refused, or not sent at all; nothing was bought.
            UnknownOutcomeError: The answer was lost or names no serial number;
                ``meterai.bought_without_image`` when it does but the picture cannot be had.
        """
        jenis = await self.jenis_dokumen()
        url = f"{self.login.hosts.stampv2}/chanel/stampv2"
        body = self._order_body(order, jenis) | {"isUpload": bool(idfile)}
        if idfile:
            body["idfile"] = idfile
        call = self._call(what="stampv2", method="POST", url=url, json=body, acts=True)
        result = result_of(await self.login.ask(call))
        sn = text_of(result, "sn")
        if not is_sn(sn):
            raise UnknownOutcomeError("meterai.answer_unclear", what="stampv2", detail="sn")
        try:
            picture = picture_of(result, order.looks)
        except SigningError:
            picture = None
        server_file = server_file_of(result)
        if picture is None and not server_file:
            return await self.bought(sn, order.looks)
        return Bought(sn=sn, picture=picture, server_file=server_file)

    async def bought(self, sn: str, looks: Looks = HERE) -> Bought:
        """Return the picture of a serial number that is bought already.

        Read as the result of a purchase, or as the picture itself [?].

        Raises:
            UnknownOutcomeError: ``meterai.bought_without_image``.
        """
        path = self.options.gambar.format(sn=quote(sn, safe=""))
        call = self._call(what="qrimage", method="GET", url=f"{self.login.hosts.stampv2}{path}")
        try:
            reply = await self.login.send(call)
            answer = reply.json_object()
            if answer is None and reply.status == 200:
                return Bought(sn=sn, picture=checked_picture(reply.body, looks), server_file="")
            result = result_of(answer or {}) or (answer or {})
            found = Bought(
                sn=sn, picture=picture_of(result, looks), server_file=server_file_of(result)
            )
            other = text_of(result, "sn")
        except SigningError as error:
            raise _without_image(sn, error.code) from error
        if other not in ("", sn) or (found.picture is None and not found.server_file):
            raise _without_image(sn, f"HTTP {reply.status}")
        return found

    async def state(self, sn: str) -> MeteraiState:
        """Return what Peruri knows of a serial number.

        ``result: {total, data: [{status, file, tglupdate}]}`` [C].

        Raises:
            SigningError: It cannot be asked, or ``meterai.answer_unclear``.
        """
        url = f"{self.login.hosts.backend}/api/chanel/stamp/ext?filter={quote(sn, safe='')}"
        answer = await self.login.ask(self._call(what="stamp/ext", method="GET", url=url))
        rows = rows_of(answer)
        if rows is None:
            if text_of(result_of(answer), "total") == "0":
                return "unknown"
            raise SigningError("meterai.answer_unclear", what="stamp/ext", detail="data")
        own = [row for row in rows if _sn_of(row) in ("", sn)]
        if not own:
            return "unknown"
        state = _STATES.get(text_of(own[0], "status").upper())
        if state is None or len(own) > 1:
            raise SigningError("meterai.answer_unclear", what="stamp/ext", detail="status")
        return state

    async def unused(self, order: MeteraiOrder) -> tuple[str, ...]:
        """Return the serial numbers that were bought for an order and are not stamped, sorted.

        Usually none or one; more when a purchase was delivered twice on its way.

        Raises:
            SigningError: The list cannot be had.
            UnknownOutcomeError: ``meterai.list_unclear`` when the list does not tell,
                ``meterai.already_stamped`` when one of this order is used up.
        """
        wanted = re.compile(rf"(?i)(?<![a-z0-9-]){re.escape(file_name(order))}")
        rows = await self._listed("NOTSTAMP")
        own = {_sn_of(row) for row in rows if wanted.search(text_of(row, "file"))}
        numbers = sorted(own - order.on_record)
        if not all(is_sn(sn) for sn in numbers):
            raise UnknownOutcomeError("meterai.list_unclear", detail="serialnumber")
        if numbers:
            return tuple(numbers)
        unnamed = [row for row in rows if not text_of(row, "file")]
        foreign = [row for row in rows if not _OURS.search(text_of(row, "file"))]
        if unnamed or (foreign and not self.login.account.akun_bersama):
            raise UnknownOutcomeError("meterai.list_unclear", detail=f"{len(foreign)} x ?")
        for row in await self._listed("STAMP"):
            sn = _sn_of(row)
            if wanted.search(text_of(row, "file")) and sn not in order.on_record:
                raise UnknownOutcomeError("meterai.already_stamped", sn=sn if is_sn(sn) else "?")
        return ()

    async def find(self, order: MeteraiOrder) -> Bought | None:
        """Return what was bought for an order and is unused, or None when surely nothing was.

        Raises:
            SigningError: It cannot be asked.
            UnknownOutcomeError: The answers do not tell.
        """
        for sn in await self.unused(order):
            if await self.state(sn) != "unused":
                raise UnknownOutcomeError("meterai.already_stamped", sn=sn)
            return await self.bought(sn, order.looks)
        return None

    async def book(self) -> tuple[BookLine, ...]:
        """Return every serial number in the list whose name is one of ours; see ``MeteraiBook``.

        Raises:
            SigningError: The list cannot be had.
            UnknownOutcomeError: ``meterai.list_unclear``.
        """
        found: dict[str, BookLine] = {}
        for status, state in _STATES.items():
            for row in await self._listed(status):
                ours, sn = _OURS.search(text_of(row, "file")), _sn_of(row)
                if ours is None:
                    continue
                if not is_sn(sn):
                    raise UnknownOutcomeError("meterai.list_unclear", detail="serialnumber")
                found[sn] = BookLine(sn=sn, state=state, key=ours[1])
        return tuple(found[sn] for sn in sorted(found))

    async def _listed(self, status: str) -> list[Mapping[str, Any]]:
        """Return all rows of the user's list in one state.

        ``result: {total, data: [{serialnumber, status, file, tgl, tglupdate, email}]}``, asked
        for page by page [C].
        """
        user = quote(await self.login.user_id(), safe="")
        rows: list[Mapping[str, Any]] = []
        for _ in range(MOST_PAGES):
            path = self.options.daftar.format(
                user=user, start=len(rows), length=PAGE_ROWS, status=status
            )
            call = self._call(
                what="sale/stamp/ext", method="GET", url=self.login.hosts.stampv2 + path
            )
            answer = await self.login.ask(call)
            page = rows_of(answer)
            total = text_of(result_of(answer), "total")
            if page is None or not total.isdigit():
                raise UnknownOutcomeError(
                    "meterai.list_unclear", detail="result.data, result.total"
                )
            rows += [row for row in page if text_of(row, "status").upper() in ("", status)]
            if len(rows) >= int(total):
                return rows
            if not page:
                break
        raise UnknownOutcomeError("meterai.list_unclear", detail=f"{len(rows)} < {total[:9]}")

    def _call(self, **parts: Any) -> Call:
        return Call(**parts, seconds=self.options.batas_detik)

    def _chosen(self, rows: list[Mapping[str, Any]]) -> DocumentType:
        wanted = self.login.account.nama_jenisdoc
        known = {text_of(row, "nama"): text_of(row, "kode") for row in rows}
        codes = {
            text_of(row, "kode")
            for row in rows
            if text_of(row, "nama").casefold() == wanted.casefold() and text_of(row, "kode")
        }
        if not codes:
            names = safe_words(", ".join(sorted(name for name in known if name)))
            raise SigningError("meterai.jenisdoc_unknown", name=wanted, known=names)
        if len(codes) > 1:
            listed = safe_words(", ".join(sorted(codes)))
            raise SigningError("meterai.jenisdoc_ambiguous", name=wanted, codes=listed)
        return DocumentType(kode=codes.pop(), nama=wanted)

    def _order_body(self, order: MeteraiOrder, jenis: DocumentType) -> dict[str, Any]:
        account = self.login.account
        body: dict[str, Any] = {
            "namadoc": jenis.kode,
            "namafile": file_name(order),
            "nodoc": order.document_number or "0",
            "tgldoc": order.document_date.isoformat(),
            "snOnly": False,
        }
        if account.nilai_dokumen:
            body["nilaidoc"] = account.nilai_dokumen
        for owing in account.terutang:
            if owing.peran == order.peran:
                body |= {"namejidentitas": owing.jenis, "noidentitas": owing.nomor.reveal()}
                body["namedipungut"] = order.payer
        return body


def file_name(order: MeteraiOrder) -> str:
    """Return ``namafile``: the idempotency key, so that the purchase can be found in the list."""
    return f"pks-kit-{order.key}.pdf"


def _sn_of(row: Mapping[str, Any]) -> str:
    return text_of(row, "serialnumber", "sn", "serialNumber")


def _without_image(sn: str, reason: str) -> UnknownOutcomeError:
    return UnknownOutcomeError("meterai.bought_without_image", sn=sn, reason=reason)
