"""What the library advises, said for whoever sits at the desk: buttons and pages, no commands.

Messages advise a command where the command line is meant, also those that stand in plans, jobs and
findings. At the desk a sentence that names one is replaced by what to do there, or left out where
the desk itself shows it. So is one that names a folder of a batch, which nobody at a desk has.
"""

from __future__ import annotations

import re

from pks_kit.messages import lookup
from pks_kit.web.words_of_http import SENTENCES

_COMMAND = re.compile(
    r"\bpks-kit (batch run FOLDER --until sent|"
    r"batch [a-z]+|ledger|law|verify|paper|sign-all|sign|check|draft|renew|renewals|"
    r"template|init|workbook|letter|evidence|extend|cover|addendum)\b"
)
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
}
"""What is said instead of a command or folder; one that is not here the desk shows anyway."""


def at_desk(text: str, language: str) -> str:
    """Return a text without commands and folders; one that was nothing else names who can do it.

    Args:
        text: What a message says or advises.
        language: ``id`` or ``en``.
    """
    if "pks-kit " not in text and "folder " not in text:  # most texts, and quickly told
        return text
    if _COMMAND.search(text) is None and _PLACE.search(text) is None:
        return text
    told: dict[str, None] = {}
    for sentence in SENTENCES.split(text):
        found = _COMMAND.search(sentence) or _PLACE.search(sentence)
        code = _INSTEAD.get(found[1]) if found else None
        if found is None:
            told[sentence] = None
        elif code is not None:
            told[_instead(code, language)] = None
    return " ".join(one[:1].upper() + one[1:] for one in told) or _instead("manager", language)


def _instead(code: str, language: str) -> str:
    return lookup(f"desk.instead.{code}").in_language(language)
