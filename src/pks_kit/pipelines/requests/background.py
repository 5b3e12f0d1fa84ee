"""The asynchronous form of a verb: the same work in a worker thread.

A thread and not a process: requests hold ports (keys, ledgers, callbacks) that cannot be sent to
another process. What is long in a verb is either Python, during which the interpreter lets the
event loop run every five milliseconds, or waiting for a child process or a network. The thread
comes from the default executor of the running loop, so a server sets how many verbs run at once
with ``loop.set_default_executor``.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import ParamSpec, TypeVar

from pks_kit.errors import UsageError

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def in_background(
    function: Callable[_Given, _Result], *, stops: bool = False
) -> Callable[_Given, Coroutine[object, object, _Result]]:
    """Return a verb as a coroutine function that leaves the event loop free.

    Args:
        function: The verb.
        stops: What happens to the work of a call that is cancelled. False: it goes on to its end
            while nobody waits, because a signature or a purchase must not be left half done. True,
            for a verb that only reads: its guarded child is killed and the work ends.
    """

    @wraps(function)
    async def waiting(*given: _Given.args, **named: _Given.kwargs) -> _Result:
        if stops:
            from pks_kit.verification.isolation.cancellation import run_cancellable

            return await run_cancellable(None, function, *given, **named)
        import asyncio

        return await asyncio.to_thread(function, *given, **named)

    waiting.__name__ = f"{function.__name__}_async"
    waiting.__qualname__ = waiting.__name__
    waiting.__doc__ = (
        f"Do as ``{function.__name__}``, in a worker thread that leaves the event loop free."
    )
    return waiting


def in_own_loop(work: Coroutine[object, object, _Result]) -> _Result:
    """Run the coroutine of a verb that talks to services, in an event loop of its own.

    Raises:
        UsageError: ``sign.running_loop`` inside a running event loop, which would stand still.
    """
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    work.close()
    raise UsageError("sign.running_loop")
