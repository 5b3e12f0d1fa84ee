"""What is made of a report for an evidence file; made again by whoever checks one.

The same report and pictures give the same bytes, as long as words, layout and version are the same.
:func:`maker` tells whether they are: only then can a page be compared byte for byte.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import json
import re
import textwrap
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pks_kit
from pks_kit.json_form import to_json
from pks_kit.messages import lookup
from pks_kit.resources import templates_root
from pks_kit.verification import evidence_file as bundle
from pks_kit.verification.report.headline import headline
from pks_kit.verification.report.html import html_report
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import VerifyReport
from pks_kit.visible_text import json_text, reveal_hidden

_CERTIFICATE = re.compile(
    rb"-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]{1,200000})-----END CERTIFICATE-----\n"
)
_ACTIVE = re.compile(
    rb"<\s*(?:script|iframe|object|embed|form|input|base|link|meta\s+http-equiv=.?refresh)\b"
    rb"|\son[a-z]+\s*+=|javascript:|\b(?:src|href)\s*+=\s*+[\"']?\s*+(?:https?:|//)",
    re.IGNORECASE,
)
"""What stands in no page of any version."""


@cache
def maker() -> str:
    """Return a hash of what shapes the pages: layout and words of this version."""
    digest = hashlib.sha256()
    words = Path(pks_kit.__file__).parent / "messages" / "catalogue"
    for path in (*sorted((templates_root() / "laporan").iterdir()), *sorted(words.iterdir())):
        if path.suffix in (".j2", ".yml"):
            content = path.read_bytes()
            digest.update(f"{path.name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def report_file(report: VerifyReport) -> bytes:
    """Return the report for programs."""
    text = json_text(to_json(report))
    return text.encode() + b"\n"


def pages(examined: Examined, moment: datetime) -> dict[str, bytes]:
    """Return the report for people, a page in each language, by file name."""
    return {
        name: html_report(examined, bundle.FINAL, language, moment).encode()
        for language, name in bundle.HTML.items()
    }


def anchors_file(certificates: Iterable[bytes]) -> bytes:
    """Return certificates (DER) as PEM; they are kept for people, never believed again."""
    lines = []
    for der in sorted(certificates, key=lambda one: hashlib.sha256(one).digest()):
        body = "\n".join(textwrap.wrap(base64.b64encode(der).decode("ascii"), 64))
        lines.append(f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    return "".join(lines).encode()


def certificates_in(content: bytes) -> tuple[bytes, ...]:
    """Return the certificates (DER) of :func:`anchors_file`, without reading them."""
    found = []
    for body in _CERTIFICATE.findall(content):
        try:
            found.append(base64.b64decode(body.replace(b"\n", b""), validate=True))
        except binascii.Error:
            return ()
    return tuple(found)


def readme(report: VerifyReport, names: Iterable[str]) -> bytes:
    """Return what lies in the file and how to check it, in both languages.

    Args:
        report: The report in it.
        names: Names of the files beside manifest and this one.
    """
    listed = {*names, bundle.MANIFEST, bundle.README}
    parts = []
    for language in ("id", "en"):
        lines = [
            lookup("evidence.readme.title").in_language(language),
            "",
            lookup("evidence.readme.agreement")
            .fill({"agreement": report.agreement_id or "-"})
            .in_language(language),
            headline(report).in_language(language),
            "",
        ]
        for name in bundle.NAMES:
            if name in listed:
                words = lookup(f"evidence.file.{_kind_of(name)}").in_language(language)
                lines.append(f"{name:<18} {words}")
        lines += ["", lookup("evidence.readme.check").in_language(language)]
        parts.append("\n".join(lines))
    return (("\n\n" + "-" * 72 + "\n\n").join(parts) + "\n").encode()


def _kind_of(name: str) -> str:
    """Return under which code the words for a file stand; scans and crops are many."""
    return name.partition("-")[0] if name.startswith(("pindaian-", "potongan-")) else name


def other_than_made(
    files: dict[str, bytes], examined: Examined, earlier: VerifyReport, moment: datetime
) -> list[str]:
    """Return the names of files that are not what this version makes of the report inside.

    Args:
        files: The files of the evidence file.
        examined: The file judged again, with pictures.
        earlier: The report inside, which was found to say what the new one says.
        moment: When it was judged.
    """
    made = {
        bundle.REPORT: report_file(earlier),
        **pages(replace(examined, report=earlier), moment),
        bundle.README: readme(earlier, files),
    }
    return [name for name, content in made.items() if files[name] != content]


def not_of_any_version(files: dict[str, bytes], earlier: VerifyReport) -> list[str]:
    """Return the pages that no version can have made of the report inside.

    Another version lays out and words a page otherwise, so it cannot be made again. But none ever
    had a script or reached outside, and each shows every answer and signer of its report; and the
    first file to read always named the agreement and the other files.
    """
    said = [one.get("message") for one in json.loads(files[bundle.REPORT])["checks"]]
    wrong = []
    if not all(one is None or isinstance(one, dict) for one in said):
        said = []
        wrong.append(bundle.REPORT)
    for language, name in bundle.HTML.items():
        text = _seen(html.unescape(files[name].decode("utf-8", "replace")))
        wanted = [one.get(language, "") for one in said if one]
        wanted += [one.signer for one in earlier.signatures]
        shows_all = all(_seen(str(one)) in text for one in wanted)
        if _ACTIVE.search(files[name]) or not shows_all:
            wrong.append(name)
    told = files[bundle.README].decode("utf-8", "replace")
    if not all(name in told for name in (*files, earlier.agreement_id)):
        wrong.append(bundle.README)
    return wrong


def _seen(text: str) -> str:
    """Return a text as pages show it, where what hides is written as its number."""
    return " ".join(reveal_hidden(text).split())
