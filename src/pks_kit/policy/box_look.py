"""How a signature box looks: which lines it has and where its code leads (``*.yml``, one per look).

The proof is the signature in the file; the box is for readers. A verification address makes the
code a link that a phone opens; without one the code names agreement and time.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pks_kit.errors import InputError, UsageError
from pks_kit.files import read_limited
from pks_kit.messages.yaml_reason import yaml_reason_with_line
from pks_kit.strict_yaml.model import load_model
from pks_kit.strict_yaml.nodes import YamlError

LOOK_FILE_LIMIT = 16_384
LONGEST_ADDRESS = 56
"""Characters of a verification address. With the agreement id the code then has at most 37 modules
a side, which a printer and a phone still tell apart at 13 mm."""

DEFAULT_LOOK = "tanda_tangan"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_ADDRESS = re.compile(
    r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*"
)


class BoxLook(BaseModel):
    """The look of a signature box; every line that is not shown leaves its room to the others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    nama: bool = Field(default=True, description="Nama menurut perjanjian")
    jabatan: bool = Field(default=True, description="Jabatan menurut perjanjian")
    penerbit: bool = Field(default=True, description="Nama pada sertifikat dan penerbitnya")
    waktu: bool = Field(default=True, description="Waktu tanda tangan")
    zona: Literal["WIB", "WITA", "WIT"] = Field(default="WIB", description="Zona waktunya")
    alasan: bool = Field(default=False, description="Alasan tanda tangan")
    qr: bool = Field(default=True, description="Kode QR")
    alamat_verifikasi: str | None = Field(
        default=None, description="Alamat https halaman verifikasi; kode QR menuju ke sana"
    )
    bentuk_alamat: Literal["jalur", "kueri"] = Field(
        default="jalur", description="«jalur»: alamat/ID; «kueri»: alamat?kode=ID"
    )

    @field_validator("alamat_verifikasi")
    @classmethod
    def _only_https(cls, value: str | None) -> str | None:
        if value is None:
            return None
        address = value.rstrip("/")
        if len(address) > LONGEST_ADDRESS:
            raise ValueError(f"longer than {LONGEST_ADDRESS} characters")
        if not _ADDRESS.fullmatch(address):
            raise ValueError("not a plain https address without query")
        return address

    def shows_anything(self) -> bool:
        """Return whether the box has at least one line or the code."""
        lines = (self.nama, self.jabatan, self.penerbit, self.waktu, self.alasan, self.qr)
        return any(lines)

    def address_of(self, agreement_id: str) -> str | None:
        """Return where the code of one agreement leads; None without a verification address."""
        if self.alamat_verifikasi is None:
            return None
        joint = "/" if self.bentuk_alamat == "jalur" else "?kode="
        return f"{self.alamat_verifikasi}{joint}{agreement_id}"


def look_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the looks in a folder, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.yml") if _NAME.fullmatch(path.stem)))


def load_box_look(folder: Path, nama: str = DEFAULT_LOOK) -> BoxLook:
    """Read a look by name.

    Args:
        folder: Folder of looks: ``signing/appearance`` or one of the user's own.
        nama: Name of the file without ``.yml``.

    Raises:
        UsageError: ``tampilan.unknown`` when there is no such look.
        InputError: ``tampilan.invalid`` when the file does not follow the model or shows nothing.
    """
    known = look_names(folder)
    if nama not in known:
        raise UsageError("tampilan.unknown", name=nama, known=", ".join(known) or "-")
    path = folder / f"{nama}.yml"
    try:
        look = load_model(BoxLook, read_limited(path, LOOK_FILE_LIMIT).decode("utf-8"))
    except YamlError as error:
        reason = yaml_reason_with_line(error.first)
        raise InputError("tampilan.invalid", file=str(path), reason=reason) from error
    except UnicodeDecodeError as error:
        raise InputError("tampilan.invalid", file=str(path), reason="UTF-8") from error
    if not look.shows_anything():
        raise InputError("tampilan.invalid", file=str(path), reason="nothing is shown")
    return look
