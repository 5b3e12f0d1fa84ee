"""Do two names mean the same person? One answer for checks, signing and verification.

Certificates carry a name without degrees, often in capitals; agreements print
``dr. Ratna Widyaningrum, M.Kes.``. The same person is meant when the words that are left without
titles and degrees are the same in the same order; capitals, accents, apostrophes and hyphens do not
count. Whatever a person could explain (another order, initials, further names, another spelling,
the name of an organisation that holds the person's) is ``unsure``. The table of cases is
``tests/rules/nama_orang.yml``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Outcome = Literal["same", "unsure", "different"]
Reason = Literal["equal", "order", "initials", "further", "spelling", "organisation", "other"]

_SIMILAR = 0.78
"""Likeness of the letters from which two names may be two spellings of one."""
_APOSTROPHES = re.compile("['’‘‛`´ʼʻʽʾʿˈ′‵＇]")
_HYPHENS = re.compile("[-‐‑‒–—―−﹣－_/]")
_LETTERS = re.compile(r"[^\W\d_]+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set(
    "dr drg drh drs dra ir prof h hj hjh haji hajah kh r rr raden rm rngt krt ns ners apt bd bdn hc"
    " tn ny sdr sdri bpk ibu ust pdt kolonel kol letkol mayor kapten lettu letda serka serma sertu"
    " serda pelda peltu brigjen kombes akbp kompol akp iptu ipda aiptu aipda bripka brigadir ckm"
)
"""What stands before a name, dots left out."""
_FIELDS = (
    "kes ked kep keb farm si sc h hkes kom e pd pdi t hum ak akt sos ap ip gz gizi tr psi biomed"
    " epid or m md kg kp kn ag i ars kkk klin med an ft kl th sn st rmik fis tl rad pub km d mt"
)
_DOTTED = re.compile(
    rf"(?:[smdab]\.(?:(?:{_FIELDS.replace(' ', '|')})(?:\.|$))++|sp\.[a-z.]{{1,12}}$|ph\.?d"
    r"|dr\.[a-z.]{2,8}$)[a-z.]*"
)
"""A degree with its dots, folded: ``s.ked``, ``a.md.keb.``, ``sp.pd-kemd``."""
_DEGREES = _set(
    "skm mkm mars mm mkes mkep mked mfarm msi msc mph mh mhkes mhum mmr mba skep sked skeb sfarm"
    " sgz ssi sst se sh amk amkep amkeb amd aak ners phd apt spa spb spm span spog sppd spkg spkk"
    " spjp fisqua finasim faaap"
)
"""Degrees that stand without dots as well."""
_ORGANISATIONS = _set(
    "pt cv ud tbk persero perum koperasi firma yayasan perkumpulan klinik poliklinik rs rsu rsud"
    " rsia rsup rumah sakit puskesmas uptd upt blud apotek apotik laboratorium lab optik praktik"
    " dinas kantor cabang badan balai lembaga instansi bpjs kementerian direktorat pemerintah"
    " kabupaten kecamatan universitas fakultas sekolah bank toko ltd inc gmbh corp company hospital"
    " clinic organization organisation"
)
"""Words that no person is called."""
_MUHAMMAD = _set("m muh moh mohd muhd md moch mochd mhd")
_SHORT = {
    "muhammad": _MUHAMMAD,
    "mohammad": _MUHAMMAD,
    "mochammad": _MUHAMMAD,
    "muhamad": _MUHAMMAD,
    "mohamad": _MUHAMMAD,
    "abdul": _set("abd"),
    "siti": _set("st sit"),
}
"""Words that are shortened by more than their first letter."""


@dataclass(frozen=True, slots=True)
class NameComparison:
    """What became of comparing two names.

    Attributes:
        outcome: ``same``, ``different``, or ``unsure``: a person must decide.
        reason: ``equal``; ``order`` (words in another order or divided otherwise); ``initials``
            (words shortened); ``further`` (one has names more); ``spelling``; ``organisation``
            (one is the name of an organisation); ``other`` (nothing in common).
    """

    outcome: Outcome
    reason: Reason


def compare_names(one: str, other: str) -> NameComparison:
    """Return whether two spellings name the same person; which stands first does not matter.

    Args:
        one: A name, with or without titles and degrees.
        other: Another spelling.
    """
    first, second = name_words(one), name_words(other)
    if not first or not second:
        return NameComparison("different", "other")
    if _ORGANISATIONS.isdisjoint(first) != _ORGANISATIONS.isdisjoint(second):
        shared = not set(first).isdisjoint(second)
        return NameComparison("unsure" if shared else "different", "organisation")
    if first == second:
        return NameComparison("same", "equal")
    if sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return NameComparison("unsure", "order")
    contained = _contained(first, second)
    if contained is not None:
        return NameComparison("unsure", contained)
    one_line, other_line = sorted((" ".join(first), " ".join(second)))
    ratio = SequenceMatcher(None, one_line, other_line).ratio()
    if ratio >= _SIMILAR:
        return NameComparison("unsure", "spelling")
    return NameComparison("different", "other")


def same_person(one: str, other: str) -> bool:
    """Return whether two spellings surely name the same person; see :func:`compare_names`."""
    return compare_names(one, other).outcome == "same"


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without titles and degrees, folded for comparison.

    A title or degree that is all there is stays. What stands behind a comma and is no degree
    stays as well: it may be another person.
    """
    head, *behind = name.split(",")
    # in a name that is in capitals throughout, capitals do not tell an abbreviation
    abbreviates = not head.isupper()
    words = _of_part(head, behind=False, abbreviates=abbreviates)
    for part in behind:
        words += _of_part(part, behind=True, abbreviates=abbreviates)
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    return tuple(words)


def folded_words(text: str) -> tuple[str, ...]:
    """Return all words of a text, folded as names are, nothing taken away."""
    return tuple(word for token in text.split() for word in _LETTERS.findall(_folded(token)))


def _of_part(part: str, *, behind: bool, abbreviates: bool) -> list[str]:
    """Return the folded words of a name, or of what stands behind one of its commas."""
    tokens = part.split()
    if behind:
        short = abbreviates and len(tokens) == 1
        tokens = [one for one in tokens if not (_is_degree(one) or (short and _is_short(one)))]
    while len(tokens) > 1 and not behind and _is_degree(tokens[-1]):
        tokens.pop()
    return [word for token in tokens for word in _LETTERS.findall(_folded(token))]


def _is_degree(token: str) -> bool:
    plain = _folded(token).replace(" ", "").strip("().;")
    return plain.replace(".", "") in _DEGREES or _DOTTED.fullmatch(plain) is not None


def _is_short(token: str) -> bool:
    """Return whether a word alone behind a comma is an abbreviation, so a degree: ``FISQua``."""
    letters = "".join(_LETTERS.findall(token))
    capitals = sum(letter.isupper() for letter in letters)
    return capitals >= 2 and len(letters) <= 8 and letters.casefold() not in _ORGANISATIONS


def _folded(text: str) -> str:
    plain = _HYPHENS.sub(" ", _APOSTROPHES.sub("", text))
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(one for one in decomposed if not unicodedata.combining(one)).casefold()


def _contained(
    first: tuple[str, ...], second: tuple[str, ...]
) -> Literal["initials", "further"] | None:
    """Return how one name leaves words of the other away or shortens them; None: it does not.

    At least one whole word must be the same.
    """
    short, long = sorted((first, second), key=len)
    if not any(len(word) > 2 and word in long for word in short):
        return None
    rest = list(long)
    shortened = False
    for word in sorted(short, key=len, reverse=True):
        fitting = word if word in rest else next((one for one in rest if _fits(word, one)), None)
        if fitting is None:
            return None
        shortened = shortened or fitting != word
        rest.remove(fitting)
    return "initials" if shortened else "further"


def _fits(one: str, other: str) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return one in _SHORT.get(other, ()) or other in _SHORT.get(one, ())
