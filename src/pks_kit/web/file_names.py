"""What a file of an agreement is called where it is downloaded: its issued one told from a signed.

All of them have the name of the draft. The covering letter tells that name of the file that goes
out, so what is sent keeps it until everything is complete.
"""

from __future__ import annotations

from pathlib import PurePath

from sqlalchemy import Connection

from pks_kit.messages import lookup
from pks_kit.web.scope import Reach
from pks_kit.web.state import agreements, files
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.state.due import is_awaited
from pks_kit.web.state.files import StoredFile


def download_name(connection: Connection, file: StoredFile, reach: Reach) -> str:
    """Return the name of a file, for whoever saves it."""
    if not file.perjanjian or not file.nama.lower().endswith(".pdf"):
        return file.nama
    one = agreements.find(connection, file.perjanjian, reach)
    issued = files.find(connection, one.terbit, reach) if one is not None else None
    return file.nama if one is None or issued is None else named_by_ink(file, one, issued)


def named_by_ink(file: StoredFile, one: StoredAgreement, issued: StoredFile) -> str:
    """Return the name of a file of an agreement, by whether it holds signatures.

    Args:
        file: The file.
        one: The agreement that it belongs to.
        issued: The agreement's file as it was issued.
    """
    if file.nama != issued.nama:
        return file.nama  # a scan, a letter, a receipt
    if file.sha256 == issued.sha256:
        code = "unsigned"
    elif is_awaited(one.tahap):
        return file.nama
    else:
        code = "signed"
    path = PurePath(file.nama)
    return f"{path.stem} - {lookup(f'file_name.{code}').id}{path.suffix}"
