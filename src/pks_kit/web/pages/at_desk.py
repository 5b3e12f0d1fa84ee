"""What the library advises, said for whoever sits at the desk: buttons and pages, no commands.

Messages advise a command where the command line is meant, also those that stand in plans, jobs and
findings. At the desk a sentence that names one is replaced by what to do there, or left out where
the desk itself shows it. So is one that names an option of a command, or a folder of a batch, which
nobody at a desk has. Keys and places have the words of the form (:mod:`.plain_names`).
"""

from __future__ import annotations

import re
from pathlib import PureWindowsPath

from pks_kit.messages import lookup
from pks_kit.web.pages.plain_names import plain_names
from pks_kit.web.words_of_http import SENTENCES

_COMMAND = re.compile(
    r"\bpks-kit (batch run FOLDER --until sent|"
    r"batch [a-z]+|ledger|law|verify|paper|sign-all|sign|check|draft|renew|renewals|"
    r"template|init|workbook|letter|evidence|extend|cover|addendum|sandbox|serve|shrink|cache)\b"
)
_OPTION = re.compile(
    r"(?<![\w-])(--(?:alasan|apply|as-of|bubblewrap|check|crl|data-binary|deadline|except|force|head|"
    r"issued|jenis|json|kunci|ledger|marked|max|memory|meterai|oleh|p12|passphrase-env|"
    r"passphrase-fd|password-env|password-fd|pem-cert|pem-chain|pem-key|pihak|port|receipt|"
    r"reference|rehearsal|remind-days|sebelumnya|seconds|sertakan|sessions|settings|sort|split|"
    r"tampilan|tempat|trust|tsa|until|urutan-tanggal|versi|waktu))(?![\w-])"
)
"""Options that messages name; what somebody typed with two dashes stays."""
_SERVER_PATH = re.compile(r"«(?:/|[A-Za-z]:\\)([^«»]+)»")
"""A file or folder of the server with where it lies, which is nobody's concern at a desk."""
_PROGRAM = re.compile(r"(?<![\w./@-])pks-kit(?![\w/@-]|\.\w)")
_PLACE = re.compile(r"\b(?:in the|dalam|dari|from the) folder (hasil|kirim-balik|kirim)\b")
_INSTEAD = {
    "batch plan": "plan",
    "batch approve": "approve",
    "batch run": "run",
    "batch run FOLDER --until sent": "letters",
    "batch status": "see",
    "batch report": "report",
    "batch retry": "retry",
    "batch cancel": "cancel",
    "batch receive": "receive",
    "batch rebuild": "manager",
    "batch enqueue": "manager",
    "batch worker": "manager",
    "ledger": "manager",
    "sign-all": "manager",
    "verify": "verify",
    "paper": "paper",
    "sign": "sign",
    "hasil": "download",
    "kirim": "download",
    "kirim-balik": "returned",
    "serve": "serve",
    "sandbox": "manager",
    "--issued": "issued",
    "--receipt": "issued",
    "--sessions": "issued",
    "--ledger": "issued",
    "--oleh": "name",
    "--deadline": "deadline",
    "--sort": "paper_batch",
    "--jenis": "",
}
"""What is said instead of a command, option or folder; the desk itself shows what is not here."""


def at_desk(text: str, language: str) -> str:
    """Return a text without commands and folders; one that was nothing else names who can do it.

    Args:
        text: What a message says or advises.
        language: ``id`` or ``en``.
    """
    text = plain_names(_without_paths(text, language), language)
    if "pks-kit" not in text and "folder " not in text and "--" not in text:  # most texts
        return text
    told: dict[str, None] = {}
    for sentence in SENTENCES.split(text):
        option = _OPTION.search(sentence)
        found = _COMMAND.search(sentence) or _PLACE.search(sentence) or option
        if found is None:
            told[sentence] = None
        elif (code := _INSTEAD.get(found[1], "manager" if found is option else "")) != "":
            told[_instead(code, language)] = None
    if list(told) == [text]:
        return _PROGRAM.sub("PKS Kit", text)
    said = ""
    for one in told:  # what stands behind a semicolon stays small
        said += f" {one}" if said.endswith(";") else f" {one[:1].upper()}{one[1:]}"
    return _PROGRAM.sub("PKS Kit", said.strip() or _instead("manager", language))


def _without_paths(text: str, language: str) -> str:
    """Return a text in which no place of the server stands, nor the folder of a batch."""
    if "«" not in text:
        return text
    no_plan = lookup("batch.no_plan").fill({"folder": "FOLDER"})
    begins, _, ends = no_plan.in_language(language).partition("FOLDER")
    if text.startswith(begins) and ends in text:
        return _instead("no_plan", language) + text[text.index(ends) + len(ends) :]
    return _SERVER_PATH.sub(_without_folders, text)


def _without_folders(path: re.Match[str]) -> str:
    return f"«{PureWindowsPath(path[1]).name}»"  # it knows both kinds of stroke


def _instead(code: str, language: str) -> str:
    return lookup(f"desk.instead.{code}").in_language(language)
