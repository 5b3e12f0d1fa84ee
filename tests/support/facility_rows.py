"""Rows of an invented facility: further staff with sessions, members of the network, users."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from support.invented import Invented

LEAST_STAFF, MOST_STAFF = 5, 50
MOST_MEMBERS, MOST_USERS, MOST_SESSIONS = 10, 10, 300

_TITLES = {
    "dokter": ("dr. {}", "SIP-D"),
    "dokter_gigi": ("drg. {}", "SIP-DG"),
    "bidan": ("{}, A.Md.Keb.", "SIPB"),
    "perawat": ("Ns. {}, S.Kep.", "SIPP"),
    "apoteker": ("apt. {}, S.Farm.", "SIPA"),
    "tenaga_teknis_kefarmasian": ("{}, A.Md.Farm.", "SIPTTK"),
    "ahli_teknologi_laboratorium_medik": ("{}, A.Md.Kes.", "SIP-ATLM"),
}
_SEES_PATIENTS = {"dokter": ("umum", "A"), "dokter_gigi": ("gigi", "G"), "bidan": ("kia", "K")}
_MEMBERS: dict[str, tuple[str, str, str]] = {
    "bidan": ("Praktik Mandiri Bidan {}", "{}, A.Md.Keb.", "Bidan Praktik Mandiri"),
    "laboratorium": ("Laboratorium Klinik {}", "dr. {}, Sp.PK.", "Penanggung Jawab Laboratorium"),
    "apotek": ("Apotek {}", "apt. {}, S.Farm.", "Apoteker Penanggung Jawab"),
    "dokter_gigi": ("Praktik Mandiri Dokter Gigi {}", "drg. {}", "Dokter Gigi"),
    "optik": ("Optik {}", "{}, A.Md.RO.", "Penanggung Jawab Optik"),
}
_JOBS = (("Petugas Pendaftaran", "Pendaftaran"), ("Petugas Administrasi Klaim", "Administrasi"))


def add_staff(data: dict[str, Any], words: Invented) -> None:
    """Add health workers until there are five to fifty; those who see patients get sessions."""
    dice, staff = words.dice, data["tenaga_kesehatan"]
    care = bool(data.get("pengguna_aplikasi"))
    known = {one["profesi"] for one in staff}
    professions = [one for one in _TITLES if one in known or (care and one == "perawat")]
    wanted = dice.randint(LEAST_STAFF, MOST_STAFF)
    for index in range(len(staff), wanted):
        profession = dice.choice(professions)
        staff.append(_worker(data, words, profession, f"tambahan_{index}"))
        if care and profession in _SEES_PATIENTS:
            _sessions(data, words, profession, staff[-1]["kunci"], index)


def _worker(data: dict[str, Any], words: Invented, profession: str, key: str) -> dict[str, Any]:
    dice, person = words.dice, words.person()
    title, licence = _TITLES[profession]
    born = date(dice.randint(1975, 1998), dice.randint(1, 12), dice.randint(1, 28))
    woman = 40 * (profession == "bidan" or dice.random() < 0.5)
    nik = f"9901{dice.randint(1, 9):02d}{born.day + woman:02d}{born:%m%y}{words.digits(4)}"
    signed = date.fromisoformat(data["pihak_kesatu"]["tanggal_tanda_tangan"])
    given = signed - timedelta(days=dice.randint(100, 900))
    worker: dict[str, Any] = {
        "kunci": key,
        "nama": title.format(person),
        "nik": nik,
        "profesi": profession,
        "sip": {
            "nomor": f"503/{words.digits(4)}/{licence}/{given.year}",
            "berlaku_sampai": str(given.replace(year=given.year + 5, day=min(given.day, 28))),
        },
        "hp": words.mobile(key),
    }
    if profession.startswith("dokter"):
        worker["tahun_lulus"] = born.year + 25
    if profession == "bidan":
        account = {"bank": "Bank Niaga Rekaan", "nomor": "99" + words.digits(8)}
        worker |= {"npwp": nik, "rekening": {**account, "atas_nama": person}}
    return worker


def _sessions(data: dict[str, Any], words: Invented, profession: str, key: str, index: int) -> None:
    """Give one to four days a week, in opening hours."""
    poli, letter = _SEES_PATIENTS[profession]
    if poli not in {one["poli"] for one in data["jadwal"]["praktik"]}:
        return
    hours = {row["hari"]: row for row in data["jadwal"]["operasional"]}
    for day in words.dice.sample(sorted(hours), min(words.dice.randint(1, 4), len(hours))):
        if len(data["jadwal"]["praktik"]) < MOST_SESSIONS:
            data["jadwal"]["praktik"].append(
                {
                    "tenaga": key,
                    "poli": poli,
                    "hari": day,
                    "mulai": hours[day]["buka"],
                    "selesai": hours[day]["tutup"],
                    "kode_antrean": f"{letter}{index + 20}",
                }
            )


def add_members(data: dict[str, Any], words: Invented) -> None:
    """Give the network none to ten members, each with its agreement among the documents."""
    dice = words.dice
    own, year = data.pop("jejaring", []), data["pihak_kesatu"]["tanggal_tanda_tangan"][:4]
    data["dokumen"] = [one for one in data.get("dokumen", ()) if one["jenis"] != "pks_jejaring"]
    practice = "izin_operasional" not in data["faskes"]
    wanted = dice.randint(1 if practice else 0, MOST_MEMBERS)  # its documents must name one
    members = own[:wanted]
    while len(members) < wanted:
        members.append(_member(data, words, dice.choice(tuple(_MEMBERS))))
    for index, one in enumerate(members):
        one["nomor_pks_jejaring"] = f"446/{words.digits(4)}/PKS-J{index + 1}/XII/{year}"
        data["dokumen"].append(
            {
                "jenis": "pks_jejaring",
                "nomor": one["nomor_pks_jejaring"],
                "berlaku_sampai": data["jangka_waktu"]["tanggal_selesai"],
                "berkas": f"pks-jejaring-{index + 1}.pdf",
                "ukuran_bita": dice.randint(100_000, 900_000),
            }
        )
    data["jejaring"] = members


def _member(data: dict[str, Any], words: Invented, kind: str) -> dict[str, Any]:
    dice = words.dice
    house, head, office = _MEMBERS[kind]
    person = words.person()
    signed = date.fromisoformat(data["pihak_kesatu"]["tanggal_tanda_tangan"])
    given = (signed - timedelta(days=dice.randint(100, 900))).replace(day=dice.randint(1, 28))
    region = data["faskes"]["kabupaten_kota"]
    return {
        "jenis": kind,
        "nama": house.format(person if kind in ("bidan", "dokter_gigi") else words.place()),
        "pimpinan": head.format(person),
        "jabatan_pimpinan": office,
        "izin": {
            "nomor": f"503/{words.digits(4)}/SI/{given.year}",
            "tanggal": str(given),
            "penerbit": f"Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu {region}",
            "berlaku_sampai": str(given.replace(year=given.year + 5)),
        },
        "alamat": f"Jalan {words.town()} Nomor {dice.randint(2, 199)}, {region}",
    }


def add_users(data: dict[str, Any], words: Invented) -> None:
    """Add users of the applications, one pact each, until there are up to ten."""
    users = data["pengguna_aplikasi"]
    applications = users[0]["aplikasi"][:1]
    wanted = words.dice.randint(len(users), max(len(users), MOST_USERS))
    for index in range(len(users), wanted):
        job, unit = words.dice.choice(_JOBS)
        person = words.person()
        users.append(
            {
                "nama": person,
                "nik": f"990101{words.dice.randint(1, 28):02d}0690{words.digits(4)}",
                "jabatan": job,
                "unit": unit,
                "nama_pengguna": f"{data['faskes']['kode']}.{person.split()[0].lower()}{index}",
                "aplikasi": list(applications),
            }
        )
