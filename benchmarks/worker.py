"""A warm process that does what it is asked, one line of JSON in, one line of JSON out.

``python worker.py road FOLDER`` knows the acts of ``road``, ``python worker.py peers FOLDER`` those
of ``peers``. Each answer holds the CPU seconds of its stages and what else the act tells.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from cpu import Watch, peaks  # noqa: E402


class Worker:
    """The other end: starts such a process and asks it.

    Args:
        name: Module with the acts.
        folder: Where it may write.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), name, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, act: str, **words: Any) -> dict[str, Any]:
        """Return the answer to one act.

        Raises:
            SystemExit: The act failed; the words say where.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise SystemExit(f"{self.name}: no pipes")
        self._process.stdin.write(json.dumps({"act": act, **words}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            raise SystemExit(f"{self.name} ended during {act} {words}, exit code {code}")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise SystemExit(f"{self.name}.{act} {words}:\n{answer['failed']}")
        return answer

    def close(self) -> None:
        """Let it end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


def serve(name: str, folder: Path) -> None:
    """Answer until the input ends; what an act prints goes to the error output."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        module = importlib.import_module(name)
        state = module.State(folder)
        for line in sys.stdin:
            words = json.loads(line)
            act = words.pop("act")
            watch = Watch()
            try:
                told = peaks() if act == "peaks" else getattr(module, act)(state, watch, **words)
                answer = {"cpu": watch.spent, **(told or {})}
            except (Exception, SystemExit):  # noqa: BLE001 - told to whoever asked
                answer = {"failed": traceback.format_exc()[-4000:]}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]))
