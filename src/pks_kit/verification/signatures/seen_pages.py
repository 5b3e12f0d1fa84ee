"""Does every page still hold what it held when each signature was made?

The first look judges later revisions with the parsers that read the file first, so a file that took
it over could call anything "validation material". Here the states that the byte ranges name are
opened again, by themselves, and their pages compared with those of the file: contents, resources,
sizes, and annotations but the widgets of signatures that somebody filled in.

Nothing is answered when all is as it was; this only ever speaks against a file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.objects import ObjectKey, annotations_of, read_all, words_in
from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.report.answers import failed, indeterminate
from pks_kit.verification.signatures.signed_ranges import find_ranges

if TYPE_CHECKING:
    from pks_kit.verification.report.verdict import Check

_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_NOT_SEEN = frozenset({"/Parent", "/P", "/Annots", "/StructParent", "/StructParents", "/Popup"})
_OF_CATALOG = ("/OCProperties", "/OpenAction", "/AA")
_OF_STREAM = frozenset({"/Length"})
_TREE = frozenset({"/Page", "/Pages"})
_REFERENCE = re.compile(rb"(?<![0-9])([0-9]{1,10}) ([0-9]{1,5}) R(?![A-Za-z0-9])")
_MOST_STATES = 64
_MOST_DEPTH = 60
_MOST_PARENTS = 50


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page shows.

    Attributes:
        body: Digest of all but its annotations.
        others: Digests of its annotations but signatures.
        signatures: Digest of the look of each widget of a signature field by name, and whether it
            is signed.
    """

    body: bytes
    others: frozenset[bytes]
    signatures: dict[str, tuple[bytes, bool]]


def check_seen_pages(content: bytes) -> list[Check]:
    """Compare the pages of each signed state with those of the file.

    Args:
        content: The file.
    """
    ends = sorted({one[2] + one[3] for one, _, _ in find_ranges(content)} - {len(content)})
    ends = [end for end in ends if content[end:].strip(b"\0\t\n\f\r ")]
    if not ends:
        return []
    now = guarded(lambda: _state(content))
    if isinstance(now, ParserFailure) or len(ends) > _MOST_STATES:
        return [indeterminate("content.signed", "not_compared", "visual")]
    for end in ends:
        was = guarded(lambda end=end: _state(content[:end]))  # type: ignore[misc]
        if isinstance(was, ParserFailure):
            return [indeterminate("content.signed", "not_compared", "visual")]
        page = _first_difference(was, now)
        if page is not None:
            return [failed("content.signed", "changed", "visual", page=page)]
    return []


def _first_difference(was: tuple[bytes, list[_Page]], now: tuple[bytes, list[_Page]]) -> int | None:
    """Return the first page that shows something else; None when there is none."""
    if was[0] != now[0]:
        return 1
    for number, (old, new) in enumerate(zip(was[1], now[1], strict=False), start=1):
        if (old.body, old.others) != (new.body, new.others) or not _only_signed(old, new):
            return number
    return None if len(was[1]) == len(now[1]) else min(len(was[1]), len(now[1])) + 1


def _only_signed(old: _Page, new: _Page) -> bool:
    """Return whether signatures came, and nothing that was signed or empty looks different."""
    if old.signatures.keys() - new.signatures.keys():
        return False
    for name, (look, is_signed) in new.signatures.items():
        earlier = old.signatures.get(name)
        if earlier is None or not earlier[1]:
            if not is_signed and (earlier is None or earlier[0] != look):
                return False
        elif earlier != (look, is_signed):
            return False
    return True


def _state(content: bytes) -> tuple[bytes, list[_Page]]:
    """Return what the catalog and all pages show."""
    pdf = open_with_qpdf(content)
    read_all(pdf)
    digests = _Digests(pdf)
    catalog = b"".join(digests.of(pdf.Root.get(entry)) for entry in _OF_CATALOG)
    form = pdf.Root.get("/AcroForm")
    for entry in ("/NeedAppearances", "/XFA"):
        catalog += digests.of(None if form is None else form.get(entry))
    return catalog, [_page(page.obj, digests) for page in pdf.pages]


def _page(page: Any, digests: _Digests) -> _Page:
    body = digests.of_top(page, _NOT_SEEN.union(_INHERITED))
    for entry in _INHERITED:
        body += digests.of(_inherited(page, entry))
    others: set[bytes] = set()
    signatures: dict[str, tuple[bytes, bool]] = {}
    for one in annotations_of(page):
        if str(_inherited(one, "/FT")) != "/Sig":
            others.add(digests.of_top(one))
            continue
        name = "/".join(words_in(part) for part in _up(one, "/T"))
        look = digests.of(one.get("/AP")) + digests.of(one.get("/Rect")) + digests.of(one.get("/F"))
        signatures[name] = look, _inherited(one, "/V") is not None
    return _Page(body, frozenset(others), signatures)


def _up(value: Any, entry: str) -> Iterator[Any]:
    """Yield an entry of a page or field, then those of what is above it."""
    for _ in range(_MOST_PARENTS):
        if entry in value:
            yield value[entry]
        above = value.get("/Parent")
        if above is None:
            return
        value = above
    raise ValueError("too many levels above a page or field")


def _inherited(value: Any, entry: str) -> Any:
    return next(_up(value, entry), None)


class _Digests:
    """Digests of values and of all that they lead to; later revisions keep numbers of objects.

    qpdf writes whatever has no number of its own, which is many times faster than to walk it.
    """

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf
        self._known: dict[ObjectKey, bytes] = {}

    def of(self, value: Any, depth: int = 0) -> bytes:
        """Return the digest of a value; a page inside of another value is only named."""
        if depth > _MOST_DEPTH:
            raise ValueError("nested too deeply")
        key: ObjectKey = getattr(value, "objgen", (0, 0))
        if not key[0]:
            return self._fresh(value, depth)
        if key not in self._known:
            self._known[key] = b"on the way"  # objects that lead to themselves
            self._known[key] = self._fresh(value, depth)
        return self._known[key]

    def of_top(self, value: Any, without: frozenset[str] = _NOT_SEEN) -> bytes:
        """Return the digest of a page or annotation without what says where it hangs."""
        return b"".join(
            entry.encode() + b"\0" + self.of(value[entry])
            for entry in sorted(value.keys())
            if entry not in without
        )

    def _fresh(self, value: Any, depth: int) -> bytes:
        import pikepdf

        if isinstance(value, pikepdf.Stream):
            told = self.of_top(value, _OF_STREAM)
            return hashlib.sha256(told + b"stream" + value.read_raw_bytes()).digest()
        if not isinstance(value, pikepdf.Object):
            return hashlib.sha256(repr(value).encode()).digest()
        if isinstance(value, pikepdf.Dictionary) and str(value.get("/Type", "")) in _TREE:
            return b"a page"
        written = bytes(value.unparse(resolved=True))
        running = hashlib.sha256(written)
        for number, generation in _REFERENCE.findall(written):
            inside = self._pdf.get_object((int(number), int(generation)))
            running.update(self.of(inside, depth + 1))
        return running.digest()
