"""CPU seconds and peak memory of one draft, one signature, one verification.

Each task runs in a process of its own, so that its peak memory is its own. ``CPU s`` counts the
whole process with imports and children; ``task s`` leaves out set-up (making test keys) where the
task measures itself. The ratios compare a task with a named alternative of the same run: the same
pages rendered by WeasyPrint in one pass with nothing added, pyHanko's own high-level calls, which
sign and validate without knowing what was issued, and starting an isolated interpreter, which any
other guard would pay at least (both fifty times).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TASKS = (
    "draft",
    "draft-pdf-only",
    "one-pass-render",
    "sign",
    "pyhanko-sign",
    "verify",
    "pyhanko-validate",
    "enter-guard",
    "start-python",
)
RATIOS = (
    ("draft-pdf-only", "one-pass-render"),
    ("sign", "pyhanko-sign"),
    ("verify", "pyhanko-validate"),
    ("enter-guard", "start-python"),
)


def measure(task: str, folder: Path) -> dict[str, float]:
    """Run one task in a child process and return its figures."""
    run = subprocess.run(
        [sys.executable, str(HERE / "tasks.py"), task, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        raise SystemExit(f"{task} failed:\n{run.stderr[-3000:]}")
    figures: dict[str, float] = json.loads(run.stdout.strip().splitlines()[-1])
    return figures


def main() -> None:
    """Print a table of all tasks and the ratios."""
    print(f"{'task':<18}{'CPU s':>8}{'task s':>8}{'peak MiB':>10}{'pages':>7}")
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        for task in TASKS:
            results[task] = figures = measure(task, Path(name))
            print(
                f"{task:<18}{figures['cpu']:>8.2f}{figures['task']:>8.2f}"
                f"{figures['peak_mib']:>10.0f}{figures.get('pages', 0) or '':>7}",
                flush=True,
            )
    print()
    for ours, other in RATIOS:
        ratio = results[ours]["task"] / results[other]["task"]
        print(f"{ours} / {other}: {ratio:.2f} (task seconds)")


if __name__ == "__main__":
    main()
