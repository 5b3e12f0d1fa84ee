"""What Jinja makes of templates, kept for later processes: compiling them costs a fifth of a draft.

A template becomes code of Python, the same as long as its text, Jinja, Python and the modules here
are the same; all of them are in the name under which it is kept. Whoever could write such code
could run it as the user who drafts, as with the files that Python itself keeps beside every module.
So only what a store of the user alone hands over comes here, whole to the last bit.
"""

from __future__ import annotations

import base64
import hashlib
import marshal
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType
from typing import Final

_PACKAGES: Final = ("jinja2", "markupsafe", "markdown-it-py", "mdit-py-plugins")
_HERE: Final = Path(__file__).resolve().parent

_told: dict[str, str] = {}
"""Code in the form in which it is kept, by its name; what one process asks for is little."""


@cache
def code_key() -> str:
    """Return what code rests on beside the template, as the name of a store."""
    digest = hashlib.sha256(b"code of templates 1\n" + MAGIC_NUMBER)
    digest.update(sys.version.encode())
    for name in _PACKAGES:
        digest.update(f"{name} {version(name)}\n".encode())
    for path in sorted(_HERE.glob("*.py")):
        digest.update(f"{path.name}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def code_name(file: str, source: str) -> str:
    """Return the name under which the code of a template is kept.

    Args:
        file: Name of the template file, which its code bears too.
        source: Its text.
    """
    return f"code\n{file}\n{source}"


def code_form(code: CodeType) -> str:
    """Return code as text, as a store keeps it."""
    return base64.b64encode(marshal.dumps(code)).decode("ascii")


def tell_code(kept: Mapping[str, str]) -> None:
    """Take code over that a store of the user alone has kept under :func:`code_key`.

    Args:
        kept: What :func:`code_form` made, by :func:`code_name`.
    """
    _told.update(kept)


def code_of(file: str, source: str, make: Callable[[], CodeType]) -> CodeType:
    """Return the code of a template: what was told of it, else what is made now."""
    form = _told.pop(code_name(file, source), None)
    found = None if form is None else _code(form)
    return make() if found is None else found


def _code(form: str) -> CodeType | None:
    try:
        found = marshal.loads(base64.b64decode(form))  # noqa: S302 - see above who may write it
    except (ValueError, EOFError, TypeError):
        return None
    return found if isinstance(found, CodeType) else None
