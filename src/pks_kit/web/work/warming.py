"""What a process that people wait for does before anybody asks it: it loads what they will need.

Otherwise the first draft would take seconds, as would the first picture, since the guard loads what
it needs with the first files; and the first page of an agreement opens the ledger.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pks_kit.foreign import Question
from pks_kit.pipelines.draft import CheckRequest, DraftRequest, check, draft
from pks_kit.pipelines.inside.page_view import PageView, PageWords
from pks_kit.pipelines.renewals import RenewalsRequest, renewals
from pks_kit.policy.signing_profile import load_profile, profile_names
from pks_kit.resources import contract_samples, signing_root
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

SAMPLES = ("klinik-pratama-rawat-inap", "puskesmas-blud")
"""Samples whose drafts use most of what other drafts use."""

_DPI = 96


def one_step(shop: Shop, task: Task) -> Done:
    """Do the next short step; the result says whether there is none left (``hangat``)."""
    del task  # nothing is asked
    if shop.to_warm is None:
        shop.to_warm = steps(shop)
    step = next(shop.to_warm, None)
    if step is not None:
        step()
    return Done(hasil={"hangat": step is None})


def steps(shop: Shop) -> Iterator[Callable[[], object]]:
    """Yield what is to be done, one short step after another; each may fail by itself."""
    yield partial(_open_books, shop)
    samples = {path.stem: path for path in contract_samples()}
    drafted: list[bytes] = []
    for name in SAMPLES:
        # its text alone, then its pages: half as long each as both together
        yield partial(check, CheckRequest(source=samples[name]))
        yield partial(_text, shop, samples[name])
        yield partial(_draft, shop, samples[name], drafted)
    # a guard loads more with its second and third file
    for question in (
        PageView(page=1, dpi=_DPI, cover=True),
        PageWords(first=1, last=1),
        PageView(page=1, dpi=_DPI, cover=True),
    ):
        yield partial(_look, shop, question, drafted)
    yield partial(renewals, RenewalsRequest(places=[samples[SAMPLES[0]]], window="60m"))
    yield keep_what_is_here


def keep_what_is_here() -> None:
    """Let what is in memory stay: the search for garbage need not look there any more.

    It looks there this once, which takes as long as a draft: never while somebody waits.
    """
    gc.collect()
    gc.freeze()


def _open_books(shop: Shop) -> None:
    shop.ledger.events("")
    for name in profile_names(signing_root()):
        load_profile(signing_root(), name)


def _text(shop: Shop, sample: Path) -> None:
    draft(DraftRequest(source=sample, formats=("txt",), compiled=shop.compiled))


def _draft(shop: Shop, sample: Path, drafted: list[bytes]) -> None:
    result = draft(DraftRequest(source=sample, formats=("pdf",), compiled=shop.compiled))
    drafted.append(result.files["pdf"].content)


def _look(shop: Shop, question: Question[Any], drafted: list[bytes]) -> None:
    shop.looks.ask(question, drafted[-1])
