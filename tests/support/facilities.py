"""Invented facilities of all kinds and methods, as many as wanted and never two alike.

Each is made from a sample in ``contoh/``: other names (some a line longer), numbers, codes,
addresses, accounts and dates, five to fifty staff with sessions, up to ten members of the network,
users of the applications. The same seed and number give the same facility, and none of them has a
blocking finding. ``PYTHONPATH=tests python -m support.facilities 100 FOLDER`` writes them as YAML.
"""

from __future__ import annotations

import copy
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs import load_kontrak
from pks_kit.inputs.yaml_writer import write_kontrak
from pks_kit.resources import samples_root
from support.facility_rows import add_members, add_staff, add_users
from support.invented import Invented

ELECTRONIC, DIGITAL, MANUAL = "elektronik", "digital", "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What decides which words an agreement has.

    Attributes:
        sample: Name of the sample in ``contoh/``, without its suffix.
        cara_kontrak: Method.
        jenis: Kind of facility, where it is another than that of the sample.
    """

    sample: str
    cara_kontrak: str
    jenis: str = ""

    @property
    def name(self) -> str:
        """Return a name for messages."""
        return f"{self.jenis or self.sample.removesuffix('-manual')} {self.cara_kontrak}"


_BY_ANY_METHOD = (
    "klinik-pratama-rawat-inap",
    "puskesmas-blud",
    "tpmd",
    "rs-d-pratama",
    "klinik-pratama-rawat-jalan",
    "puskesmas-non-blud",
    "tpmdg",
)
_BY_PEN_ONLY = ("klinik-tni-polri-manual", "apotek-manual", "laboratorium-manual")

STRUCTURES = (
    *(Structure(sample=one, cara_kontrak=ELECTRONIC) for one in _BY_ANY_METHOD),
    *(Structure(sample=one, cara_kontrak=MANUAL) for one in _BY_PEN_ONLY),
    Structure(sample="apotek-manual", cara_kontrak=MANUAL, jenis="ruang_farmasi"),
    *(Structure(sample=one, cara_kontrak=DIGITAL) for one in _BY_ANY_METHOD),
    *(Structure(sample=one, cara_kontrak=MANUAL) for one in _BY_ANY_METHOD),
)
"""All kinds by all methods that they may have; the first eleven are all kinds."""

_ROOM = {
    ("faskes", "jenis"): "ruang_farmasi",
    ("pihak_kedua", "nama_faskes"): "UPT Puskesmas Rembulan Contoh",
    ("pihak_kedua", "jabatan_penandatangan"): "Kepala UPT Puskesmas Rembulan Contoh",
    ("pihak_kedua", "dasar_penetapan", "jenis"): "Surat Keputusan",
    ("pihak_kedua", "dasar_penetapan", "penerbit"): "Bupati Cakrawala",
    ("pemilik",): {
        "jenis": "pemerintah_daerah",
        "nama": "Pemerintah Kota Lembayung",
        "alamat": "Jalan Balai Contoh Nomor 1, Kota Lembayung, Provinsi Nusa Rekaan",
    },
}
"""What turns the sample pharmacy into the pharmacy room of a puskesmas."""

_KIND_WORDS = re.compile(
    r"^(?:UPT |RSUD |Kelas D |Klinik |Pratama |Puskesmas |Apotek |Laboratorium |Praktik Mandiri "
    r"|Bidan )+"
)
_TITLES = re.compile(r"^(?:(?:dr|drg|apt|Ns|Bd)\. )+")
_INVENTED = re.compile(r"contoh|reka|misal|umpama|andai", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:Jalan|Kelurahan|Desa|Kecamatan|Kota|Kabupaten) "
    r"((?!Rekaan|Contoh)[A-Z][a-z]+(?: (?!Nomor)[A-Z][a-z]+)?)"
)
_DOMAIN = re.compile(r"@[a-z0-9.-]+\.example")

_PEOPLE = ("nama_penandatangan", "nama_kepala_cabang", "pemberi", "notaris", "pimpinan", "pic")
_AS_NAME = ("petugas_informasi_pengaduan", "pic_ti")
_KEEPS = ("jenis", "cara_kontrak", "versi_templat", "kunci", "tenaga", "kode_antrean", "sistem")


def facility(number: int, structure: Structure, *, seed: int = 0) -> Kontrak:
    """Return one facility.

    Args:
        number: Its number, which stands in its code; no two of a run share it.
        structure: Kind and method.
        seed: Another one gives others of the same numbers.
    """
    dice = random.Random(f"{seed}:{number}")  # noqa: S311 - invented, no secret
    words = Invented(dice, long=dice.random() < 0.25)
    data = _renamed(_plain(structure), words)
    data["cara_kontrak"] = structure.cara_kontrak
    data["pihak_kesatu"]["dasar_penetapan"] = _plain(structure)["pihak_kesatu"]["dasar_penetapan"]
    old, letter = data["faskes"]["kode"], data["faskes"]["kode"][4]
    code = f"99{number // 1000 % 100:02d}{letter}{number % 1000:03d}"
    for user in data.get("pengguna_aplikasi") or ():
        user["nama_pengguna"] = user["nama_pengguna"].replace(old, code)
    data["faskes"]["kode"] = code
    _number_and_date(data, number, words)
    add_staff(data, words)
    if data.get("pengguna_aplikasi"):
        add_members(data, words)
        add_users(data, words)
    return Kontrak.model_validate(data)


def facilities(count: int, *, seed: int = 0, first: int = 0) -> Iterator[tuple[Structure, Kontrak]]:
    """Yield facilities of all structures in turn.

    Args:
        count: How many.
        seed: As :func:`facility`.
        first: Number of the first.
    """
    for number in range(first, first + count):
        structure = STRUCTURES[number % len(STRUCTURES)]
        yield structure, facility(number, structure, seed=seed)


def as_yaml(kontrak: Kontrak) -> str:
    """Return the data file that a branch would keep."""
    return write_kontrak(kontrak, preface=("Fasilitas rekaan untuk pengukuran dan pengujian.",))


def save(kontrak: Kontrak, folder: Path) -> Path:
    """Write the data file into a folder under the code of the facility, and return its path."""
    path = folder / f"{kontrak.faskes.kode}-{kontrak.cara_kontrak}.yml"
    path.write_text(as_yaml(kontrak), encoding="utf-8")
    return path


@cache
def _sample(name: str) -> dict[str, Any]:
    kontrak = load_kontrak(samples_root() / f"{name}.yml").kontrak
    return kontrak.model_dump(mode="json", exclude_none=True, exclude_unset=True)


def _plain(structure: Structure) -> dict[str, Any]:
    data = copy.deepcopy(_sample(structure.sample))
    if structure.jenis:
        for path, value in _ROOM.items():
            holder = data
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = copy.deepcopy(value)
    return data


def _renamed(data: dict[str, Any], words: Invented) -> dict[str, Any]:
    """Return the data with other people, places and numbers; who was one person stays one."""
    said = dict.fromkeys(_names(data))
    new: dict[str, str] = {}
    for old in said:
        new[old] = words.person()
    core = _KIND_WORDS.sub("", data["pihak_kedua"]["nama_faskes"])
    if _TITLES.sub("", core) not in new:
        new[core] = words.place()
    for text in _texts(data):
        for old in _PLACE.findall(text):
            new.setdefault(old, words.town())
    pattern = re.compile(
        r"\b(?:" + "|".join(map(re.escape, sorted(new, key=len, reverse=True))) + r")\b"
    )
    domain = f"@{_slug(words.town())}.example"
    town = f"kc-{_slug(words.town())}@bpjs-kesehatan.example"

    def text(key: str, old: str) -> str:
        if key == "email":
            return town if "bpjs" in old else _DOMAIN.sub(domain, old)
        if key == "nik":
            return words.nik(old)
        if key == "npwp":
            return words.npwp(old)
        if key.startswith("hp"):
            return words.mobile(old)
        if key in ("nomor", "nomor_pks_jejaring", "bukti"):
            return words.account(old) if old.isdigit() and len(old) > 5 else words.number(old)
        return pattern.sub(lambda found: new[found[0]], old)

    renamed: dict[str, Any] = _mapped(data, "", text)
    return renamed


def _names(data: dict[str, Any]) -> Iterator[str]:
    """Yield the names of all people, without titles."""
    people = [*data["tenaga_kesehatan"], *data.get("pengguna_aplikasi", ())]
    people.append(data.get("cons_id", {}).get("pejabat_struktural", {}))
    if data.get("pemilik", {}).get("jenis") == "perorangan":
        people.append(data["pemilik"])
    given = [one["nama"] for one in people if one]
    given += [value for key, value in _pairs(data) if key in (*_PEOPLE, *_AS_NAME)]
    for name in given:
        bare = _TITLES.sub("", name.split(",")[0])
        if _INVENTED.search(bare) and len(bare.split()) > 1:
            yield bare


def _pairs(data: Any) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str):
                yield key, value
            else:
                yield from _pairs(value)
    elif isinstance(data, list):
        for one in data:
            yield from _pairs(one)


def _texts(data: Any) -> Iterator[str]:
    return (value for key, value in _pairs(data) if key not in _KEEPS)


def _mapped(data: Any, key: str, text: Callable[[str, str], str]) -> Any:
    if isinstance(data, dict):
        return {name: _mapped(value, name, text) for name, value in data.items()}
    if isinstance(data, list):
        return [_mapped(one, key, text) for one in data]
    return text(key, data) if isinstance(data, str) and key not in _KEEPS else data


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _number_and_date(data: dict[str, Any], number: int, words: Invented) -> None:
    """Give numbers of their own, and other days that stay in order."""
    first, second, care = data["pihak_kesatu"], data["pihak_kedua"], data["faskes"]
    signed = date.fromisoformat(first["tanggal_tanda_tangan"])
    first["tanggal_tanda_tangan"] = str(signed.replace(day=words.dice.randint(16, 29)))
    first["nomor_pks"] = f"{1000 + number}/" + first["nomor_pks"].split("/", 1)[1]
    second["nomor_pks"] = f"{number:04d}/{_initials(second['nama_faskes'])}/PKS/XII/{signed.year}"
    if "jumlah_peserta_terdaftar" in care:
        care["jumlah_peserta_terdaftar"] += words.dice.randint(1, 900)
    for one in (*data["tenaga_kesehatan"], *data.get("jejaring", ())):
        licence = one.get("sip") or one["izin"]
        ends = date.fromisoformat(licence["berlaku_sampai"])
        licence["berlaku_sampai"] = str(ends + timedelta(days=words.dice.randint(0, 200)))


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())[:6] or "F"


def main(count: int, folder: Path) -> None:
    """Write so many data files."""
    folder.mkdir(parents=True, exist_ok=True)
    for _, kontrak in facilities(count):
        save(kontrak, folder)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
