"""What supporting facilities are not asked for in the contract data.

Pharmacies, pharmacy rooms and laboratories have an agreement of their own, which is no PKS FKTP
(docs/sumber.md 1.2). The sections of the contract data that only an FKTP has may be left out for
them and stay required for every other kind.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from pks_kit.domain.sifat_faskes import JENIS_PENUNJANG

TIDAK_DIMINTA_DARI_PENUNJANG = ("pengguna_aplikasi", "integrasi", "cons_id")
"""Sections that supporting facilities may leave out; every other kind must fill them."""


class _TidakDiminta(tuple[Any, ...]):
    """Stands for a section that the kind of facility is not asked for; no file can write it."""

    __slots__ = ()


_TIDAK_DIMINTA = _TidakDiminta()


def _rows_or_not_asked(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    return () if isinstance(value, _TidakDiminta) else handler(value)


def _group_or_not_asked(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    return None if isinstance(value, _TidakDiminta) else handler(value)


BarisFktp = WrapValidator(_rows_or_not_asked)
"""Marks a list that supporting facilities may leave out; it is empty then."""
KelompokFktp = WrapValidator(_group_or_not_asked)
"""Marks a group of fields that supporting facilities may leave out; it is ``None`` then."""


class DimintaMenurutJenis(BaseModel):
    """Contract data that asks pharmacies and laboratories only for what they have."""

    @model_validator(mode="before")
    @classmethod
    def _ask_supporting_facilities_less(cls, content: Any) -> Any:
        faskes = content.get("faskes") if isinstance(content, dict) else None
        if not isinstance(faskes, dict) or faskes.get("jenis") not in JENIS_PENUNJANG:
            return content
        jadwal = content.get("jadwal")
        absent: dict[str, Any] = {
            name: _TIDAK_DIMINTA
            for name in TIDAK_DIMINTA_DARI_PENUNJANG
            if _is_empty(content.get(name))
        }
        if isinstance(jadwal, dict) and not jadwal.get("praktik"):
            absent["jadwal"] = jadwal | {"praktik": _TIDAK_DIMINTA}
        care = {"rawat_inap": False, "jumlah_peserta_terdaftar": 0}
        return content | absent | {"faskes": care | faskes}


def _is_empty(value: Any) -> bool:
    """Return whether a section holds nothing, also when its groups are laid out."""
    if isinstance(value, dict):
        return all(_is_empty(inner) for inner in value.values())
    return value is None or value in ("", [], ())
