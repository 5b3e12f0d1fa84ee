"""Hold the two judges of later revisions against each other: bytes alone, and the parsers.

``FUZZ_SECONDS`` (30) and ``FUZZ_SEED`` (the time) as in the other fuzzers. What the grammar of
``pks_kit.pdf.prefix`` knows, pyHanko's comparison and our judge of objects must call the same; of
everything else the grammar must know nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from pks_kit.pdf.opening import OpenedFile, open_pdf  # noqa: E402
from pks_kit.pdf.parsing import ParserFailure, guarded  # noqa: E402
from pks_kit.pdf.prefix.opened import OwnUpdates, own_updates  # noqa: E402
from pks_kit.pdf.revisions import cut_revisions, unlisted_parts  # noqa: E402
from pks_kit.signing.step.revisions import _policy  # noqa: E402
from pks_kit.verification.limits import Limits  # noqa: E402
from pks_kit.verification.revisions.objects import judge_objects  # noqa: E402
from pks_kit.verification.revisions.own import added_by  # noqa: E402
from support.own_files import archived_files, own_files  # noqa: E402
from support.own_mutations import last_update, mutated, with_each_update  # noqa: E402


def disagreement(content: bytes, issued: int) -> str | None:
    """Return what the parsers hold against a last revision that the grammar knows.

    Returns:
        Empty when they agree; None when the grammar knows nothing of the file.
    """
    opened = open_pdf(content, Limits()).opened
    if opened is None:
        return None
    own = own_updates(opened, issued)
    if own is None or not own.revisions:
        return None
    found = guarded(lambda: _against(opened, own))
    return found.text if isinstance(found, ParserFailure) else found


def _against(opened: OpenedFile, own: OwnUpdates) -> str:
    number = len(own.revisions)
    last = own.revisions[-1]
    filled = [last.signature.field] if last.signature else []
    judged = judge_objects(opened, number, filled, None)
    if judged != added_by(last):
        return f"objects: {judged}"
    spans: Any = cut_revisions(opened)
    if flaws := unlisted_parts(opened, spans[-1]):
        return f"table: {flaws}"
    states = [opened.reader.get_historical_resolver(one) for one in (number - 1, number)]
    # the signer's policy: it knows that the first signature turns the flags of the form
    level = _policy().apply(*states).modification_level.name.lower()
    return "" if level == last.level else f"level: {level}"


def fuzz(seconds: float, seed: int) -> Counter[str]:
    """Try mutations until the time is over; return how they ended.

    Raises:
        AssertionError: The judges do not agree; the seed repeats it.
    """
    files, random = own_files(), Random(seed)  # noqa: S311 - no secret
    states = with_each_update((files.steps[-1], *archived_files()), files.issued)
    updates = [(one, *last_update(one, files.issued)) for one in states]
    tally: Counter[str] = Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        content, update, before = random.choice(updates)
        changed = mutated(content, deepcopy(update), before, random)
        found = disagreement(changed, len(files.issued))
        assert not found, f"seed {seed}: {found}"
        tally["aside" if found is None else "known"] += 1
    return tally


if __name__ == "__main__":
    chosen = int(os.environ.get("FUZZ_SEED") or time.time())
    told = dict(fuzz(float(os.environ.get("FUZZ_SECONDS", "30")), chosen))
    print(f"seed {chosen}:", told)  # noqa: T201
