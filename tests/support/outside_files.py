"""Files of others that are made to swell whoever opens them, and every act that opens one.

Run as a program it does each act with such a file, in a process of its own, and prints what came
out and the most memory that this process took (tests only).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf

from pks_kit import cover, extend, sign
from pks_kit.domain.receipt import IssuedFile
from pks_kit.errors import PksKitError
from pks_kit.foreign import Looks
from pks_kit.ledger.store import open_ledger
from pks_kit.pdf.prefix.own_files import own_files as written_by_us
from pks_kit.pipelines.cover import CoverRequest
from pks_kit.pipelines.extend import ExtendRequest
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.sign import SignRequest
from pks_kit.signing.sandbox.authority import Sandbox
from pks_kit.signing.step import state
from pks_kit.signing.step.revisions import PassedBefore
from support.bsre_gateway import P1, adapter, expired_key, make_gateway
from support.fakes.peruri import FakePeruri
from support.peruri_world import Step, lokal, run
from support.scenario import new_scenario
from support.signing_world import (
    NOW,
    Issued,
    make_issued,
    make_sandbox,
    sandbox_timestamps,
    signed_by_both,
)

SWELLS_MIB = 1536
"""What the bomb swells to, as in the attack that was tried; it takes 1.5 MB in the file."""

_BLOCK = 64 << 20

Change = Callable[[bytes], bytes]


@cache
def zeros(mib: int) -> bytes:
    """Return zlib data of so many MiB of zeros, without making them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(_BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    count = (mib << 20) // _BLOCK
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    check = (count * _BLOCK % 65521) << 16 | 1
    return b"\x78\xda" + block * count + end + check.to_bytes(4, "big")


def with_bomb(pdf: bytes, mib: int = SWELLS_MIB) -> bytes:
    """Return a file with one revision more, whose table of references is a bomb."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        root = opened.Root.objgen[0]
        size = int(opened.trailer.Size)
    before = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    swollen = zeros(mib)
    head = (
        f"{size} 0 obj\n<< /Type /XRef /Size {size + 1} /W [1 4 2] /Root {root} 0 R "
        f"/Prev {before} /Filter /FlateDecode /Length {len(swollen)} >>\nstream\n"
    )
    tail = f"\nendstream\nendobj\nstartxref\n{len(pdf)}\n%%EOF\n"
    return pdf + head.encode() + swollen + tail.encode()


def with_information(issued: Issued) -> Issued:
    """Return an agreement that names itself, as drafted ones do; its files are written again."""
    written = BytesIO()
    with pikepdf.open(BytesIO(issued.pdf)) as pdf:
        pdf.docinfo["/Title"] = "Perjanjian contoh"
        pdf.docinfo["/CreationDate"] = "D:20240102000000Z"
        pdf.save(written, deterministic_id=True)
    content = written.getvalue()
    record = IssuedFile(
        file=issued.path.name, sha256=hashlib.sha256(content).hexdigest(), size=len(content)
    )
    receipt = issued.receipt.model_copy(update={"issued": record})
    issued.path.write_bytes(content)
    issued.receipt_path.write_bytes(receipt.to_json())
    return Issued(pdf=content, receipt=receipt, path=issued.path)


def unchanged(pdf: bytes) -> bytes:
    return pdf


@cache
def _signed_before() -> tuple[Sandbox, tuple[bytes, ...]]:
    """Return a sandbox, and the agreement after each step; keys take long to make."""
    sandbox = make_sandbox()
    with TemporaryDirectory() as folder:
        return sandbox, signed_by_both(make_issued(Path(folder)), sandbox)


def seen_nothing() -> None:
    """Make this process one that has looked at no file, as one is to which a file comes."""
    state._SEEN = state.StatesSeen()
    state._PASSED = PassedBefore()
    written_by_us._issued.clear()
    written_by_us._grown.clear()


class Acts:
    """Every act of the public verbs that opens a file of others, none of which was seen before.

    Args:
        folder: Where files lie.
        change: What becomes of the file that comes from others.
        looks: Where the distributor's answer is opened.
    """

    def __init__(self, folder: Path, change: Change, looks: Looks) -> None:
        self.folder, self.change, self.looks = folder, change, looks
        self.issued = make_issued(folder / "a")
        self.manual = with_information(make_issued(folder / "b", profile="manual"))
        self.blank = make_issued(folder / "c", areas=frozenset({P1}))
        self.sandbox, self.steps = _signed_before()
        self.stamps = sandbox_timestamps(self.sandbox)
        self.scenario = new_scenario(self.issued, self.sandbox, folder / "sesi")
        self.step = Step(self.issued, self.steps[0])
        seen_nothing()  # making the files looked at all of them, here

    def all(self) -> dict[str, Callable[[], Any]]:
        """Return them by name."""
        names = ("sign", "stamp", "sign_all", "extend", "cover", "gateway", "distributor")
        return {name: getattr(self, name) for name in names}

    def _signed(self, **tools: Any) -> Any:
        given: dict[str, Any] = {
            "receipt": self.issued.receipt_path, "clock": lambda: NOW, "peran": "pihak_kesatu",
            **tools,
        }  # fmt: skip
        return sign(SignRequest(**given))

    def sign(self) -> Any:
        return self._signed(
            pdf=self.change(self.steps[1]),
            peran="pihak_kedua",
            signer=self.sandbox.signers["pihak_kedua"],
            timestamps=self.stamps,
        )

    def stamp(self) -> Any:
        with open_ledger(self.folder / "buku.sqlite") as ledger:
            return self._signed(
                pdf=self.change(self.steps[0]), meterai=self.scenario.distributor, ledger=ledger
            )

    def sign_all(self) -> Any:
        path = self.folder / "kembali.pdf"
        path.write_bytes(self.change(self.steps[0]))
        return self.scenario.run(pdf=path)

    def extend(self) -> Any:
        root = self.folder / "root.pem"
        root.write_bytes(self.sandbox.root_pem)
        lists = []
        for number, crl in enumerate(self.sandbox.crls):
            lists.append(self.folder / f"{number}.crl")
            lists[-1].write_bytes(crl)
        request = ExtendRequest(
            pdf=self.change(self.steps[-1]), receipt=self.issued.receipt_path, crls=lists,
            timestamps=self.stamps, trust=(root,), clock=lambda: NOW + timedelta(minutes=30),
        )  # fmt: skip
        return extend(request)

    def cover(self) -> Any:
        request = CoverRequest(
            pdf=self.change(self.manual.pdf), receipt=self.manual.receipt_path, sertakan=True,
            batas_waktu=self.manual.receipt.tanggal_mulai,
        )  # fmt: skip
        return cover(request)

    def gateway(self) -> Any:
        with make_gateway(self.sandbox, expired_key()) as fake:
            honest = fake.sign
            fake.sign = lambda *asked: self._answer(asked[0], honest(*asked))  # type: ignore[method-assign]
            service = adapter("v1", fake.url, limits={"answer_limit": 8 << 20})
            return self._signed(
                pdf=self.blank.pdf, receipt=self.blank.receipt_path, service=service
            )

    def distributor(self) -> Any:
        fake = FakePeruri(self.sandbox, NOW, self.folder / "berbagi").start()
        try:
            provider = lokal(fake)
            meterai = run(provider.issue(self.step.order))
            self.result = fake.sharefolder / "SIGNED" / f"{meterai.sn}.pdf"
            if self.change is not unchanged:
                self.result.write_bytes(self.change(self.step.pdf))
            return run(provider.stamp(replace(self.step.job(meterai), looks=self.looks)))
        finally:
            fake.stop()

    def _answer(self, sent: bytes, honest: bytes) -> bytes:
        return honest if self.change is unchanged else self.change(sent)


def told(act: Callable[[], Any]) -> dict[str, Any]:
    """Return what an act came to."""
    try:
        act()
    except PksKitError as error:
        return {"code": error.code, "kind": type(error).__name__, "text": error.text.en}
    return {"code": ""}


def peak_kib() -> int:
    """Return the peak of this program; the figure of the process counts who started it as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def main(folder: Path, names: list[str]) -> None:
    """Do acts once with an honest file, then with one that swells; print what came out."""
    honest = Acts(folder / "jujur", unchanged, LooksInside()).all()
    for name in names:
        honest[name]()
    before = peak_kib()
    hostile = Acts(folder / "bom", with_bomb, LooksInside()).all()
    found: dict[str, Any] = {name: told(hostile[name]) for name in names}
    after = peak_kib()
    summary = {"acts": found, "peak_mib": after >> 10, "grown_mib": (after - before) >> 10}
    sys.stdout.write(json.dumps(summary))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
