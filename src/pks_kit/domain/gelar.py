"""Titles and degrees in the writing of a name, with and without dots, and what may be one.

Degrees stand behind a comma or at the end of a name, titles before it. Three kinds are told apart:
words that are surely a degree (``M.Kes.``, ``SpOG``, ``SKM``), words that may be a degree or a name
(``SE``, ``MARS``, ``R.``), and names. What may be both is a degree where the writing says so: it
stands behind a comma, among other degrees, or in capitals beside a name that is not.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_APOSTROPHES = re.compile("['’‘‛`´ʼʻʽʾʿˈ′‵＇]")
_HYPHENS = re.compile("[-‐‑‒–—―−﹣－_/]")
_LETTERS = re.compile(r"[^\W\d_]+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set(
    "dr drg drh drs dra ir prof h hj hjh haji hajah kh rr raden rm rngt krt ns ners apt bd bdn hc"
    " tn ny sdr sdri bpk ibu ust pdt kolonel kol letkol mayor kapten lettu letda serka serma sertu"
    " serda pelda peltu brigjen kombes akbp kompol akp iptu ipda aiptu aipda bripka brigadir ckm"
)
"""What stands before a name, dots left out."""
_RANKS = _set(
    "kolonel kol letkol mayor kapten lettu letda serka serma sertu serda pelda peltu"
    " marsma laksma brigjen"
)
_CORPS = _set("ckm kes laut k kh tni tnial tniau tniad inf cba cpl caj cpm")
"""What may stand behind a rank: ``Letkol Laut (K)``, ``Kapten Kes``."""
_PERHAPS_TITLES = _set("r")
"""``R. Bagus`` is Raden Bagus or Rahmat Bagus."""
_TITLES_BEHIND = _set("dr drg drh drs dra ir prof hj ns ners apt bd bdn")
"""Titles that lists put behind the name, to sort by it: ``Ratna Widyaningrum, dr., Sp.A``."""
_FIELDS = (
    "kes ked kep keb farm si sc h hkes kom e pd pdi t hum ak akt sos ap ip gz gizi tr psi biomed"
    " epid or m md kg kp kn ag i ars kkk klin med an ft kl th sn st rmik fis tl rad pub km d mt"
    " clin pharm"
)
_DOTTED = re.compile(
    rf"(?:[smdab]\.(?:(?:{_FIELDS.replace(' ', '|')})(?:\.|$))++|sp\.[a-z.]{{1,12}}$|ph\.?d"
    r"|subsp\.?[a-z.]{0,12}$|dr\.[a-z.]{2,8}$)[a-z.]*"
)
"""A degree with its dots, folded: ``s.ked``, ``a.md.keb.``, ``sp.pd-kemd``."""
_SPECIALIST = re.compile(
    r"sp(?:a|ak|akp|an|anti|and|b|ba|bm|bp|bpre|bs|btkv|d|dv|dve|dvea|ek|em|ep|f|fk|fm|for|gk|jp"
    r"|k|kf|kfr|kg|kga|kgj|kj|kk|kkl|kkv|kl|kn|kn|kp|m|mk|n|ob|of|og|ok|on|onk|onkrad|ort|ot|p|pa"
    r"|pd|perio|pk|pm|park|pros|rad|rkg|rm|s|t|tht|thtbkl|thtkl|u)(?:k[a-z]{0,5})?"
)
"""A specialist without dots: ``SpOG``, ``SpPDKEMD``."""
_DEGREES = _set(
    "skm mkm mkes mked mkep mkeb mkom mfarm msi msc mph mhkes mhum mmr mmrs mba mbiomed mkkk mgizi"
    " mpd mpdi mpsi magr mkn mth sked skep skeb sfarm skom sgz ssi ssit sst ssos spd spdi spsi shum"
    " sstkeb strkeb strkep strkes strgz strft strrmik strak amk amf amg amkl amkep amkeb amd amdkeb"
    " amdkep amdfarm amdkes amdgz amdak amdrmik amdft aak aaak aaaij aaij ners phd skg smf finasim"
    " faaap fisqua finacs fics fihea facs facc fesc fiscm cphm cphr crmp qrma cfra skpm mha bsc"
)
"""Surely a degree, also without dots and in small letters."""
_BEHIND_COMMA = _TITLES_BEHIND | _set("ak ca cpa cma cfp cia bkp cht ci ct aifo aifok or")
"""What is a title or a degree behind a comma, and may be a name elsewhere."""
_PERHAPS_DEGREES = _set(
    "se sh st si sag sip sap sab sak sds sd mm mh mt ma me mp mars mak mag map mab msn mn mkp mikom"
    " ba apt spa spd bd dr drg drh hc dra drs ir prof ns"
)
"""A degree or title, or a name: ``Budi MARS``, ``Joko SE``."""
_ORGANISATIONS = _set(
    "pt cv ud tbk persero perum koperasi firma yayasan perkumpulan klinik poliklinik rs rsu rsud"
    " rsia rsup rumah sakit praktek tpmd tpmdg keluarga puskesmas uptd upt blud apotek apotik"
    " laboratorium lab optik praktik"
    " dinas kantor cabang badan balai lembaga instansi bpjs kementerian direktorat pemerintah"
    " kabupaten kecamatan universitas fakultas sekolah bank toko ltd inc gmbh corp company hospital"
    " clinic organization organisation"
)
"""Words that no person is called."""
_SPACED = re.compile(
    r"\b((?:[SMDABsmdab]|[Ss][Pp]|[Ss]ubsp|[Aa]\.\s?[Mm]d|[Ss]\.\s?[Tt]r)\.)\s+(?=[^\W\d_])"
)
_SPACED_SPECIALIST = re.compile(r"\b(Sp|SP)\s+([A-Z]{1,6}(?:\([A-Za-z]{1,5}\))?)(?=[\s,.;]|$)")
_CONSULTANT = re.compile(r"\((?:K|[Kk]ons|[A-Z]{1,3})\)")


@dataclass(frozen=True, slots=True)
class NameParts:
    """The words of a name, folded.

    Attributes:
        words: What is surely no title and no degree.
        before: Words before it that may be a title or the begin of the name.
        behind: Words behind it that may be a degree or the end of the name.
        degrees: Degrees that were left out, without dots.
    """

    words: tuple[str, ...]
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    degrees: frozenset[str] = frozenset()

    @property
    def all_words(self) -> tuple[str, ...]:
        """Return all words, those that may be titles or degrees among them."""
        return (*self.before, *self.words, *self.behind)

    @property
    def is_organisation(self) -> bool:
        """Return whether a word stands among them that no person is called."""
        words = self.all_words
        if words[:1] in (("i",), ("ni",)) and words[1:2] == ("pt",):
            words = words[2:]  # Ni Pt. is Ni Putu, a Balinese name
        return not _ORGANISATIONS.isdisjoint(words)


@lru_cache(maxsize=256)
def name_parts(name: str) -> NameParts:
    """Return the words of a name without titles and degrees.

    A title or degree that is all there is stays. What stands behind a comma and is no degree
    stays as well: it may be another person.
    """
    head, *parts = _joined(name).split(",")
    # in a name that is in capitals throughout, capitals do not tell an abbreviation
    abbreviates = not head.isupper()
    words, behind = _of_head(head.split(), abbreviates=abbreviates)
    further = [word for part in parts for word in _behind_comma(part, abbreviates=abbreviates)]
    if further:  # then what stands before the comma is no end of the name
        words, behind = [*words, *behind, *further], []
    before, words = _without_titles(words)
    kept = {*words, *behind}
    degrees = frozenset(_plain(one) for one in _joined(name).replace(",", " ").split()) - kept
    return NameParts(tuple(words), tuple(before), tuple(behind), degrees)


def folded_words(text: str) -> tuple[str, ...]:
    """Return all words of a text, folded as names are, nothing taken away."""
    return tuple(word for token in text.split() for word in _LETTERS.findall(_folded(token)))


def _without_titles(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the words before a name that may be a title, and the rest without titles."""
    before: list[str] = []
    rest = list(words)
    ranked = False
    while len(rest) > 1:
        first = rest[0]
        if first in _PERHAPS_TITLES:
            before.append(first)
        elif not (first in _TITLES or first in _RANKS or (ranked and first in _CORPS)):
            break
        ranked = ranked or first in _RANKS
        rest.pop(0)
    return before, rest


def _joined(name: str) -> str:
    """Return a name whose degrees are written without blanks: ``S. Kep.``, ``Sp. OG (K)``."""

    def joined(found: re.Match[str]) -> str:
        rest = found.string[found.end() :].split(",")[0].split()[:1]
        together = "".join(found[1].split())
        return together if rest and _is_degree(together + rest[0]) else found[0]

    text = _SPACED_SPECIALIST.sub(r"\1.\2", name.replace(";", ","))
    before = None
    while before != text:  # ``A. Md. Keb.`` has two blanks
        before, text = text, _SPACED.sub(joined, text)
    return re.sub(r"(?<!\s)\s++(?=\((?:K|[Kk]ons)\))", "", text)


def _of_head(tokens: list[str], *, abbreviates: bool) -> tuple[list[str], list[str]]:
    """Return the folded words of a name up to its first comma, and those that may be a degree."""
    end = len(tokens)
    sure = len(tokens)
    while end > 1:
        token = tokens[end - 1]
        if _is_degree(token):
            sure = end = end - 1
        elif _may_be_degree(token):
            end -= 1
            if abbreviates and _capitals(token):
                sure = end
        else:
            break
    if sure - end > 1:  # no name ends with two such words
        sure = end
    return _folded_all(tokens[:end]), _folded_all(tokens[end:sure])


def _behind_comma(part: str, *, abbreviates: bool) -> list[str]:
    """Return the folded words behind a comma that are no degree."""
    tokens = part.split()
    short = abbreviates and len(tokens) == 1
    return _folded_all(
        [
            one
            for one in tokens
            if not (
                _is_degree(one)
                or _may_be_degree(one)
                or _plain(one) in _BEHIND_COMMA
                or (short and _is_short(one))
            )
        ]
    )


def _folded_all(tokens: list[str]) -> list[str]:
    words: list[str] = []
    for token in tokens:
        plain = _plain(token)
        is_short = "." in token and plain in _ORGANISATIONS  # ``P.T.``
        words += [plain] if is_short else _LETTERS.findall(_folded(token))
    return words


def _is_degree(token: str) -> bool:
    if _reads_as_name(token):
        return False
    dotted = _folded(_CONSULTANT.sub("", token)).replace(" ", "").strip("().;")
    plain = dotted.replace(".", "")
    if plain in _PERHAPS_DEGREES and "." not in dotted:
        return False
    return (
        plain in _DEGREES
        or _DOTTED.fullmatch(dotted) is not None
        or _SPECIALIST.fullmatch(plain) is not None
    )


def _may_be_degree(token: str) -> bool:
    return _plain(token) in _PERHAPS_DEGREES or _reads_as_name(token)


def _reads_as_name(token: str) -> bool:
    """Return whether a specialist's degree is written as a name is: ``Spok``, not ``SpOK``."""
    return token.istitle() and "." not in token and _SPECIALIST.fullmatch(_plain(token)) is not None


def _capitals(token: str) -> bool:
    letters = "".join(_LETTERS.findall(token))
    return sum(letter.isupper() for letter in letters) > 1


def _plain(token: str) -> str:
    return _folded(token).replace(" ", "").replace(".", "").strip("();")


def _is_short(token: str) -> bool:
    """Return whether a word alone behind a comma is an abbreviation, so a degree: ``FISQua``."""
    letters = "".join(_LETTERS.findall(token))
    capitals = sum(letter.isupper() for letter in letters)
    return capitals >= 2 and len(letters) <= 8 and letters.casefold() not in _ORGANISATIONS


def _folded(text: str) -> str:
    plain = _HYPHENS.sub(" ", _APOSTROPHES.sub("", text))
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(one for one in decomposed if not unicodedata.combining(one)).casefold()
