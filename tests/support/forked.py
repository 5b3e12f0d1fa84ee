"""Do something in a process that can be bound for ever, and hear what it found."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any


def in_child(function: Callable[[], Any]) -> Any:
    """Return what a function returns in a forked process, as JSON values.

    Raises:
        AssertionError: It raised, or the process was ended.
    """
    told, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            said = json.dumps({"returned": function()})
        except BaseException as error:  # noqa: BLE001 - told to the test
            said = json.dumps({"raised": repr(error)})
        os.write(tells, said.encode())
        os._exit(0)
    os.close(tells)
    with os.fdopen(told, "rb") as answers:
        said = answers.read().decode()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code == 0, f"exit code {code}"
    answer = json.loads(said)
    assert "returned" in answer, answer
    return answer["returned"]
