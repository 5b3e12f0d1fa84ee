"""What one test process made of a document is taken over by the others of the run.

Layout is nine tenths of a draft, and reading the Markdown of its parts half of the rest; the same
samples are drafted in many tests. This process and its neighbours share. A program that a test
starts makes everything anew, so that proofs that another process gives the same bytes stay proofs;
only one that proves something else takes part, by :func:`taking_part`. A test that makes the same
document twice in one process does so where nothing is taken over, by :func:`anew`.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, wraps
from multiprocessing import forkserver
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

try:
    import fcntl
except ModuleNotFoundError:  # a program of a test that is to lack what Windows lacks
    fcntl = None  # type: ignore[assignment]

_VARIABLE = "PKS_KIT_TEST_PAGES"
_IN_MEMORY = 96
_PARTS_IN_MEMORY = 1024
_PATIENCE = 60.0

_ANEW: list[bool] = []

Make = Callable[..., Any]


@contextmanager
def anew() -> Iterator[None]:
    """Make everything in this block, and keep nothing of it."""
    _ANEW.append(True)
    try:
        yield
    finally:
        _ANEW.pop()


def folder_of_the_run() -> Path:
    """Return the folder of this run; the process that starts the others makes it."""
    if _VARIABLE not in os.environ:
        os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="pks-kit-pages-")
    return Path(os.environ[_VARIABLE])


def is_shared() -> bool:
    """Return whether this process belongs to a run; what a benchmark starts shares nothing."""
    return _VARIABLE in os.environ


def end_of_the_run() -> None:
    """Remove the folder; only for the process that started the others."""
    shutil.rmtree(os.environ.pop(_VARIABLE), ignore_errors=True)


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Let one process of the run make something, while others that want it too wait for it.

    Whoever waited too long, for one that was frozen perhaps, makes it too: nothing else is lost.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + _PATIENCE
    if fcntl is None:
        yield
        return
    with place.with_name(f"{place.name}.lock").open("wb") as held:
        while time.monotonic() < ends:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.05)
        try:
            yield
        finally:
            fcntl.flock(held, fcntl.LOCK_UN)  # also where a process was forked meanwhile


def kept(make: Make, folder: Path, told_by: Callable[..., str] = repr) -> Make:
    """Return a function that keeps what ``make`` gave; failures are never kept.

    Args:
        make: A function whose answer depends on its arguments alone.
        folder: Where to keep the answers.
        told_by: The text of the arguments in which every difference shows.
    """

    @wraps(make)
    def taken(*arguments: Any, **named: Any) -> Any:
        if _ANEW:
            return make(*arguments, **named)
        key = hashlib.sha256(told_by((arguments, named)).encode("utf-8", "surrogatepass"))
        place = folder / f"{make.__name__}-{key.hexdigest()}"
        if not place.exists():
            with alone(place):
                if not place.exists():
                    made = make(*arguments, **named)
                    unfinished = place.with_name(f"{place.name}.{os.getpid()}")
                    unfinished.write_bytes(pickle.dumps(made))
                    unfinished.replace(place)
                    return made
        return pickle.loads(place.read_bytes())  # noqa: S301 - written by this run alone

    return taken


def share() -> None:
    """Let every part that this process reads or lays out be read and laid out once in the run."""
    from pks_kit.render.pdf import parts

    share_layout(parts)  # before anything else imports the name
    from pks_kit.render.pdf import roads

    share_leaves(roads)
    from pks_kit.naskah import assemble

    share_reading(assemble)
    share_with_pools()


def share_with_pools() -> None:
    """Let the processes of a batch, which all come from one server, share with this run.

    Tests of a batch kill it and let it go on; that another process makes the same pages is proved
    by programs that share nothing.
    """
    begin = forkserver.ForkServer.ensure_running

    @wraps(begin)
    def begin_sharing(server: forkserver.ForkServer) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", taking_part(os.environ)["PYTHONPATH"])
            begin(server)

    forkserver.ForkServer.ensure_running = begin_sharing  # type: ignore[method-assign]
    # the module keeps a bound method, which a portal calls
    forkserver.ensure_running = forkserver._forkserver.ensure_running  # type: ignore[attr-defined]


def share_layout(parts: ModuleType) -> None:
    """Share what the module that lays parts out gives."""
    shared = kept(parts.render_part, folder_of_the_run())
    held = lru_cache(maxsize=_IN_MEMORY)(shared)

    @wraps(shared)
    def render(*arguments: Any) -> Any:
        return (shared if _ANEW else held)(*arguments)

    parts.render_part = render  # type: ignore[attr-defined]


class _Noted:
    """A book that notes what it learns."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.learnt: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self.book, name)
        if not name.startswith("add_"):
            return asked

        def noted(*arguments: Any) -> None:
            self.learnt.append((name, arguments))
            asked(*arguments)

        return noted


def share_leaves(roads: ModuleType) -> None:
    """Share what the layout engine made of leaves: each is laid out once in the run."""
    learn, book_of = roads.learn, roads.book_of
    taken: set[Path] = set()

    def taught(folder: Path, book: Any, parts: Any, css: str, nama: str) -> int:
        """Take over what others learnt, learn what is left, and tell it to them."""
        for place in sorted(set(folder.glob("*.learnt")) - taken):
            taken.add(place)
            # written by this run alone
            for name, arguments in pickle.loads(place.read_bytes()):  # noqa: S301
                getattr(book, name)(*arguments)
        noted = _Noted(book)
        count = learn(noted, parts, css, nama)
        if noted.learnt:
            place = folder / f"{os.getpid()}-{len(taken)}.learnt"
            unfinished = place.with_suffix(".unfinished")
            folder.mkdir(parents=True, exist_ok=True)  # whoever ended last may have tidied it away
            unfinished.write_bytes(pickle.dumps(noted.learnt))
            unfinished.replace(place)
            taken.add(place)
        return count

    @wraps(learn)
    def shared(book: Any, parts: Any, css: str, nama: str) -> int:
        if _ANEW:
            return learn(book, parts, css, nama)
        folder = folder_of_the_run() / f"leaves-{hashlib.sha256(css.encode()).hexdigest()}"
        with alone(folder / "all"):
            return taught(folder, book, parts, css, nama)

    @wraps(book_of)
    def book(css: str) -> Any:
        return book_of.__wrapped__(css) if _ANEW else book_of(css)

    roads.learn, roads.book_of = shared, book
    # the proof of a draft lays all of it out on the plain road
    roads.plain_part = kept(roads.plain_part, folder_of_the_run())


def share_reading(assemble: ModuleType) -> None:
    """Share what the Markdown of a part gives where documents are assembled from parts."""
    inner = kept(assemble.read_blocks, folder_of_the_run())
    held: dict[str, Any] = {}

    @wraps(inner)
    def read(source: Any, *, headings: bool) -> Any:
        if _ANEW:
            return inner(source, headings=headings)
        told = repr((source, headings))
        if told not in held:
            if len(held) >= _PARTS_IN_MEMORY:
                held.clear()
            held[told] = inner(source, headings=headings)
        return held[told]

    assemble.read_blocks = read  # type: ignore[attr-defined]


SHARED = {
    "pks_kit.render.pdf.parts": share_layout,
    "pks_kit.render.pdf.roads": share_leaves,
    "pks_kit.naskah.assemble": share_reading,
}
"""Modules whose answers are shared, and how."""


def taking_part(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment whose Python programs share with this run.

    For programs that prove something else than that another process makes the same document.
    """
    here = Path(__file__).resolve().parent
    paths = [str(here / "in_programs"), str(here.parent), environment.get("PYTHONPATH", "")]
    return {
        **environment,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        _VARIABLE: str(folder_of_the_run()),
    }
