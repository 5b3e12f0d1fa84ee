"""Children that were taken over: the real guard, whose children say what an attacker wrote.

A fork server is started with the look of a child replaced, as code in the parsers could replace it
once it runs; what happens before any parser runs stays as it is.
"""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pks_kit.json_form import from_wire, to_wire
from pks_kit.verification.isolation.pool import GuardedPool
from pks_kit.verification.report.added import Added
from pks_kit.verification.report.verdict import VerifyReport

TESTS = Path(__file__).resolve().parents[1]
SERVER = "pks_kit.verification.isolation.fork_server"


@contextmanager
def guard(
    folder: Path, *, first: VerifyReport | None = None, second: Added | str | None = None
) -> Iterator[GuardedPool]:
    """Yield a guard whose children were taken over.

    Args:
        folder: Where to write what they say.
        first: The report of the first child; None: it is honest.
        second: What the second child adds; a text: it dies in that way; None: it is honest.
    """
    told = {
        "first": None if first is None else to_wire(first).decode(),
        "second": second if isinstance(second, str | None) else to_wire(second).decode(),
        "dies": isinstance(second, str),
    }
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")
    python = folder / "python"
    lines = [
        f"#!{sys.executable}",
        "import sys",
        f"sys.path.insert(0, {str(TESTS)!r})",
        "from support.taken_over import take_over",
        f"take_over({str(folder / 'told.json')!r})",
    ]
    python.write_text("\n".join(lines) + "\n", encoding="utf-8")
    python.chmod(0o755)
    with GuardedPool(python=str(python)) as pool:
        yield pool


def take_over(path: str) -> None:
    """Replace the looks, then serve as the fork server does; runs in the server's process."""
    told: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    from pks_kit.verification import examine, second_look

    if told["first"] is not None:
        report = from_wire(VerifyReport, told["first"])
        examine.examine = lambda *_: report  # type: ignore[assignment]
    if told["dies"]:
        second_look.look_again = lambda *_: _die()  # type: ignore[assignment]
    elif told["second"] is not None:
        added = from_wire(Added, told["second"])
        second_look.look_again = lambda *_: added  # type: ignore[assignment]
    arguments = sys.argv[sys.argv.index(SERVER) + 1 :]
    sys.argv = [SERVER, *arguments]
    runpy.run_module(SERVER, run_name="__main__", alter_sys=True)


def _die() -> Added:
    import os

    os.abort()
