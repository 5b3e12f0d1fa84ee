"""A child that a file has taken over: it says what it likes, in a real child of a real guard.

Run as a program this is a fork server whose children lie. :func:`server` makes an interpreter that
starts it in place of the honest one. Which lie a child tells stands in the version of its job, so
that one server tells them all. The best lie is the whole report of the untouched file under the
hash of the changed one: nothing in it is wrong but the file.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import math
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pks_kit.json_form import to_wire
from pks_kit.verification import examine as module
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.protocol import OUT_OF_MEMORY, Answers, encode_answer
from pks_kit.verification.report.answers import passed
from pks_kit.verification.report.verdict import JudgedFile, VerifyReport
from pks_kit.verification.signatures.signed_ranges import SignedRanges

ANSWERS = 3
"""Descriptor to which a child answers."""

MASK = 0x01
examine = module.examine
Tell = Callable[[VerifyReport], None]


def named(job: Examination, lie: str, place: int = 0) -> Examination:
    """Return a job whose child tells a lie.

    Args:
        job: An honest job.
        lie: A name of :data:`LIES`.
        place: Where a bit of the file was changed.
    """
    return replace(job, kit_version=f"{lie}@{place}")


def server(folder: Path) -> str:
    """Return an interpreter whose guarded children lie."""
    script = folder / "python"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -P -B {__file__} "$@"\n')
    script.chmod(0o700)
    return str(script)


def tell(said: bytes) -> None:
    rest = memoryview(said)
    while rest:
        rest = rest[os.write(ANSWERS, rest) :]


def say(**answer: VerifyReport) -> None:
    tell(encode_answer(Answers(**answer)))  # type: ignore[arg-type]


def perfect(job: Examination) -> VerifyReport:
    """Return what would be true of the untouched file, as if it were true of this one."""
    content = bytearray(job.content)
    content[int(job.kit_version.partition("@")[2])] ^= MASK
    report = examine(replace(job, content=bytes(content)))
    own = JudgedFile(
        sha256=hashlib.sha256(job.content).hexdigest(),
        size=len(job.content),
        pages=report.file.pages,
    )
    return replace(report, file=own)


def single(job: Examination) -> VerifyReport:
    """Return a report with one passed check."""
    size = len(job.content)
    return VerifyReport(
        file=JudgedFile(sha256=hashlib.sha256(job.content).hexdigest(), size=size, pages=1),
        kit_version=job.kit_version,
        checks=(passed("file.size", "within", size=size, limit=size),),
        compared_with_issued=job.knows_issued,
    )


def fault() -> None:
    """Die as after a fault in memory."""
    ctypes.string_at(0)


def changed(job: Examination, *path: str | int, to: Any) -> None:
    """Say the perfect report with another value at a place of its JSON."""
    said: Any = json.loads(to_wire(perfect(job)))
    inside = said
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = to
    tell(json.dumps({"report": said}, separators=(",", ":")).encode() + b"\n")


def _more_checks(job: Examination, **check: Any) -> None:
    one = {"evidence": "file", "status": "passed", "params": {}, "details": {}} | check
    said = json.loads(to_wire(perfect(job)))
    changed(job, "checks", to=[*said["checks"], one])


def _with_honest_partials(job: Examination) -> None:
    examine(job, lambda so_far: say(partial=so_far))
    say(report=perfect(job))


def _honest_then_perfect(job: Examination) -> None:
    say(report=examine(job))
    say(report=perfect(job))


def _twice(job: Examination) -> None:
    say(report=perfect(job))
    say(report=perfect(job))


def _then(job: Examination, *more: bytes) -> None:
    say(report=perfect(job))
    for one in more:
        tell(one)


def _then_fault(job: Examination) -> None:
    say(report=perfect(job))
    fault()


def _single_then_fault(job: Examination) -> None:
    say(report=single(job))
    fault()


def _then_exit(job: Examination) -> None:
    say(report=perfect(job))
    os._exit(7)


def _without_end(job: Examination) -> None:
    """600 MB in one line that looks like a report."""
    tell(b'{"report":{"checks":"')
    for _ in range(600):
        tell(b"x" * 1_000_000)


def _short_lines(job: Examination) -> None:
    for _ in range(15_000):
        tell(b"{}\n" * 1_000)


def _many_partials(job: Examination) -> None:
    line = encode_answer(Answers(partial=single(job)))
    for _ in range(15_000):
        tell(line)


def _nested(job: Examination) -> None:
    """As many small values as fit into the longest report."""
    tell(b'{"report":{"checks":[' + b"[]," * 2_700_000 + b"[]]}}\n")


def _full(job: Examination) -> None:
    """All lines as long and as full of values as they may be."""
    check = b'{"code":"file.size","reason":"within","status":"passed","evidence":"file",'
    check += b'"params":{},"details":{}},'
    said = to_wire(replace(single(job), checks=()))
    filled = said.replace(b'"checks":[]', b'"checks":[' + check * 24_000 + check[:-1] + b"]")
    for name in (b"partial",) * 5 + (b"report",):
        tell(b'{"' + name + b'":' + filled + b"}\n")


HTML = '<meta http-equiv="refresh" content="0;url=//x"><form action="//x">'

LIES: dict[str, Callable[[Examination], None]] = {
    "one check": lambda job: say(report=single(job)),
    "one check, then a fault": _single_then_fault,
    "perfect, then a fault": _then_fault,
    "perfect, then another exit code": _then_exit,
    "perfect after honest partials": _with_honest_partials,
    "perfect after an honest report": _honest_then_perfect,
    "perfect twice": _twice,
    "perfect, then junk": lambda job: _then(job, b"selesai dengan baik\n"),
    "perfect, then an empty line": lambda job: _then(job, b"\n"),
    "perfect, then half a line": lambda job: _then(job, b'{"changes":'),
    "perfect, then a few bytes": lambda job: _then(job, b"{"),
    "perfect, then partial": lambda job: _then(job, encode_answer(Answers(partial=single(job)))),
    "perfect, then ready": lambda job: _then(job, b'{"ready":{}}\n'),
    "perfect, then out of memory": lambda job: _then(job, OUT_OF_MEMORY),
    "perfect, then pictures twice": lambda job: _then(job, b'{"pictures":[]}\n' * 2),
    "perfect, then changes after pictures": lambda job: _then(
        job, b'{"pictures":[]}\n', b'{"changes":{}}\n'
    ),
    "perfect, then an answer to something else": lambda job: _then(
        job, b'{"embedded":{"data":null,"receipt":null}}\n'
    ),
    "an unknown code": lambda job: _more_checks(job, code="no.such", reason="within"),
    "an unknown reason": lambda job: _more_checks(job, code="file.size", reason="fine"),
    "a reason that never passes": lambda job: _more_checks(
        job, code="issued.prefix", reason="differs_at"
    ),
    "passed by another evidence": lambda job: _more_checks(
        job, code="file.size", reason="within", evidence="cryptographic"
    ),
    "an unknown evidence": lambda job: _more_checks(
        job, code="file.size", reason="within", evidence="faith"
    ),
    "an answer of the ledger": lambda job: _more_checks(job, code="issued.ledger", reason="found"),
    "an answer of the evidence file": lambda job: _more_checks(
        job, code="bundle.hashes", reason="same"
    ),
    "a note of the host": lambda job: changed(
        job, "notes", to=[{"code": "revocation_fetched", "params": {}}]
    ),
    "an unknown note": lambda job: changed(
        job, "notes", to=[{"code": "all_is_well", "params": {}}]
    ),
    "compared with another answer": lambda job: changed(
        job, "compared_with_issued", to=job.issued is None
    ),
    "an anchor that nobody gave": lambda job: changed(
        job, "signatures", 0, "anchor", to="Root CA saya"
    ),
    "another hash": lambda job: changed(job, "file", "sha256", to="0" * 64),
    "another size": lambda job: changed(job, "file", "size", to=len(job.content) + 1),
    "another version": lambda job: changed(job, "kit_version", to="9"),
    "another agreement": lambda job: changed(job, "agreement_id", to="0" * 26),
    "another kind": lambda job: changed(job, "jenis", to="pks_final_manual"),
    "any kind": lambda job: changed(job, "jenis", to="umum"),
    "an evidence file": lambda job: changed(job, "bundle", to={"sha256": "0" * 64, "size": 1}),
    "not a number": lambda job: changed(job, "signatures", 0, "rect", 0, to=math.nan),
    "endless": lambda job: changed(job, "signatures", 0, "rect", 0, to=math.inf),
    "a list for a number": lambda job: changed(job, "file", "size", to=[1]),
    "markup for a size": lambda job: changed(job, "file", "size", to=HTML),
    "markup for a start": lambda job: changed(job, "revisions", 0, "start", to=HTML),
    "markup for an end": lambda job: changed(job, "revisions", 0, "end", to=HTML),
    "markup for a revision": lambda job: changed(job, "revisions", 0, "number", to=HTML),
    "truth for a number": lambda job: changed(job, "revisions", 0, "number", to=True),
    "a huge number": lambda job: changed(job, "revisions", 0, "end", to=10**40),
    "a huge text": lambda job: changed(job, "signatures", 0, "signer", to="x" * 70_000),
    "no revisions": lambda job: changed(job, "revisions", to=[]),
    "no signatures": lambda job: changed(job, "signatures", to=[]),
    "no end": _without_end,
    "short lines": _short_lines,
    "many partials": _many_partials,
    "nested": _nested,
    "full": _full,
}


def lie(
    job: Examination, honestly: Tell = lambda _: None, ranges: SignedRanges | None = None
) -> VerifyReport:
    """Stand for ``examine``: tell the lie of the job and end at once, or be honest.

    Called as ``examine`` is, also by the server itself, which else would end with its third file.
    """
    name = job.kit_version.partition("@")[0]
    if name not in LIES:
        return examine(job, honestly, ranges)
    LIES[name](job)
    os._exit(0)


if __name__ == "__main__":
    from pks_kit.verification.isolation.fork_server import main

    module.examine = lie
    main(*map(int, sys.argv[-3:]))
