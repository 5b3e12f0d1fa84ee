"""Invented people, places and numbers, never two alike in one facility; nobody real has them.

Family names are made of the words that the samples use (``Contoh``, ``Reka``, ``Misal``,
``Umpama``, ``Andai``), mobile numbers, NIK and accounts begin as theirs do.
"""

from __future__ import annotations

import random
import re


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "Abimanyu Adinda Agni Aksara Alya Anjani Arkana Asmara Bagaskara Banyu Batari Cahya "
    "Candra Daksa Danastri Dewandaru Ekawira Elok Fajar Galuh Gayatri Gemintang Hanum Harsa "
    "Ikal Indurasmi Jaladri Jenar Kalandra Kaluna Kencana Kinasih Lazuardi Lembayu Lintang "
    "Maharani Mandala Mayang Nala Naraya Nirwasita Pandu Paramita Pertiwi Praba Raditya "
    "Rembulan Ruminta Sagara Sekar Selendra Senandung Taruna Tirta Udara Wening Widuri "
    "Wiratama Yudhistira Zamrud"
)
_STEMS = ("Contoh", "Reka", "Misal", "Umpama", "Andai")
_ENDS = _words(
    "adhi arum asih atmaja baruna buana cakra darma dewata gita hapsara harja jati kartika "
    "kusuma laras laksana lestari mahardika mulya nagara ningrum pratama puspa putra rini "
    "sakti sasmita sentosa sukma surya utama wardhana wati wibawa wicaksana yasa"
)
_PLACES = _words(
    "Anggrek Aruna Bayu Biru Cempaka Cendana Delima Gading Hujan Jingga Kabut Karang Kemuning "
    "Kenari Langit Lazuli Lembah Mentari Merapah Nirmala Nyiur Ombak Pasir Permata Purnama "
    "Rawa Samudra Sawo Senggani Seroja Tanjung Telaga Teratai Ufuk Wijaya Wulung"
)
_LONG = "Sentosa Abadi Mandiri Sejahtera Bersama Nusantara Permai"

_DIGITS = re.compile(r"\d{3,}")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Invented:
    """Gives new words and numbers.

    Args:
        dice: Where chance comes from; the same dice give the same words.
        long: Make names so long that most of them take a further line.
    """

    def __init__(self, dice: random.Random, *, long: bool) -> None:
        self.dice = dice
        self._long = long
        self._given: set[str] = set()
        self._numbers: dict[str, str] = {}

    def person(self) -> str:
        """Return a name without titles."""
        words = [self.dice.choice(_FIRST), self._family()]
        if self._long:
            words[1:1] = [self.dice.choice(_FIRST), self._family()]
        return self._once(words, self.person)

    def place(self) -> str:
        """Return the name of a place, a house or a firm, of two to seven words."""
        words = [self.dice.choice(_PLACES), self._family()]
        if self._long:
            words += _LONG.split()[: self.dice.randint(3, 5)]
        return self._once(words, self.place)

    def town(self) -> str:
        """Return the name of a street, a village or a town, one or two words."""
        words = [self.dice.choice(_PLACES) + self.dice.choice(_ENDS)]
        if self._long:
            words.append(self.dice.choice(_PLACES))
        return self._once(words, self.town)

    def number(self, old: str) -> str:
        """Return another number of the same form; years stay, and equal ones stay equal."""
        return self._known(old, lambda: _DIGITS.sub(self._other_digits, old))

    def account(self, old: str) -> str:
        """Return another account of as many digits."""
        return self._known(old, lambda: "99" + self.digits(len(old) - 2))

    def mobile(self, old: str) -> str:
        """Return another mobile number."""
        return self._known(old, lambda: "08990" + self.digits(7))

    def npwp(self, old: str) -> str:
        """Return another tax number in the same writing; one that is a NIK changes as that does."""
        if old.isdigit():
            return self.nik(old)
        d = self.digits
        return self._known(old, lambda: f"99.{d(3)}.{d(3)}.{d(1)}-999.000")

    def nik(self, old: str) -> str:
        """Return another NIK of the same place and birthday."""
        return self._known(old, lambda: old[:12] + self.digits(4))

    def digits(self, count: int) -> str:
        """Return so many digits, the first of them no zero."""
        first = str(self.dice.randint(1, 9))
        return first + "".join(str(self.dice.randint(0, 9)) for _ in range(count - 1))

    def _family(self) -> str:
        return self.dice.choice(_STEMS) + self.dice.choice(_ENDS)

    def _once(self, words: list[str], again: object) -> str:
        made = " ".join(words)
        if made in self._given and callable(again):
            return str(again())
        self._given.add(made)
        return made

    def _other_digits(self, found: re.Match[str]) -> str:
        old = found[0]
        return (
            old
            if _YEAR.fullmatch(old)
            else "0" * (old[0] == "0") + self.digits(len(old) - (old[0] == "0"))
        )

    def _known(self, old: str, make: object) -> str:
        while old not in self._numbers and callable(make):
            made = str(make())
            if made not in self._numbers.values():
                self._numbers[old] = made
        return self._numbers[old]
